"""Launches one product as a product team does: through the Service Catalog API and nothing else."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.sandbox.loopback import client
from pavedroad_platform.sandbox.progress import Step

_WAIT_SECONDS = 120


@dataclass(frozen=True, kw_only=True)
class Launch:
    """What came of it.

    Attributes:
        product: The product's name.
        version: The launched version.
        name: The provisioned product's name.
        refused: What AWS answered when the same person tried to make a bucket by hand.
        outputs: What the product hands out.
    """

    product: str
    version: str
    name: str
    refused: str
    outputs: Mapping[str, str]


def launch_as_product_team(
    endpoint: str, *, credentials: Mapping[str, str], region: str, product: str, name: str, step: Step
) -> Launch:
    """Show that the role may not make a bucket by itself, then launch ``product`` with its form's defaults.

    Raises:
        PlatformError: The bucket could be made, or the launch failed.
    """
    refused = _try_bucket(endpoint, credentials, region, name)
    step.advance("making a bucket by hand is refused")
    catalog = client("servicecatalog", endpoint, region=region, credentials=credentials)
    version = _newest_version(catalog, product)
    record = _launched_record(catalog, name) or _provision(catalog, product, version, name)
    outputs = _wait(catalog, record, step)
    step.advance(f"{product} {version['Name']} is launched as {name}")
    return Launch(product=product, version=version["Name"], name=name, refused=refused, outputs=outputs)


def _try_bucket(endpoint: str, credentials: Mapping[str, str], region: str, name: str) -> str:
    s3 = client("s3", endpoint, region=region, credentials=credentials)
    try:
        s3.create_bucket(Bucket=f"{name}-by-hand", CreateBucketConfiguration={"LocationConstraint": region})
    except ClientError as error:
        if error.response["Error"]["Code"] == "AccessDenied":
            return error.response["Error"]["Message"]
        raise
    s3.delete_bucket(Bucket=f"{name}-by-hand")
    raise PlatformError(
        Problem(
            path="launch",
            cause="the product team's role could make a bucket by itself",
            fix="look at the permissions of the developer role in stacks/permissions.py",
        )
    )


def _newest_version(catalog: Any, product: str) -> dict[str, Any]:
    try:
        described = catalog.describe_product(Name=product)
    except catalog.exceptions.ResourceNotFoundException:
        raise PlatformError(
            Problem(
                path="launch",
                cause=f"the product team does not see the product {product}",
                fix="see platform/organization/catalog.yaml: is it in a portfolio that is shared with the account?",
            )
        ) from None
    newest: dict[str, Any] = max(described["ProvisioningArtifacts"], key=lambda version: version["CreatedTime"])
    return newest


def _launched_record(catalog: Any, name: str) -> str | None:
    """The last record of the provisioned product, where an earlier run has launched it."""
    try:
        detail = catalog.describe_provisioned_product(Name=name)["ProvisionedProductDetail"]
    except catalog.exceptions.ResourceNotFoundException:
        return None
    return str(detail["LastRecordId"])


def _provision(catalog: Any, product: str, version: Mapping[str, Any], name: str) -> str:
    form = catalog.describe_provisioning_parameters(ProductName=product, ProvisioningArtifactName=version["Name"])
    record = catalog.provision_product(
        ProductName=product,
        ProvisioningArtifactName=version["Name"],
        ProvisionedProductName=name,
        ProvisioningParameters=[
            {"Key": parameter["ParameterKey"], "Value": parameter["DefaultValue"]}
            for parameter in form["ProvisioningArtifactParameters"]
            if "DefaultValue" in parameter
        ],
        # Where a tag option leaves a choice, the team has to make it; the first value is as good as any here.
        Tags=[{"Key": option["Key"], "Value": option["Values"][0]} for option in form.get("TagOptions", [])],
    )
    return str(record["RecordDetail"]["RecordId"])


def _wait(catalog: Any, record_id: str, step: Step) -> dict[str, str]:
    deadline = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < deadline:
        described = catalog.describe_record(Id=record_id)
        status = described["RecordDetail"]["Status"]
        step.detail(status)
        if status == "SUCCEEDED":
            return {output["OutputKey"]: output["OutputValue"] for output in described["RecordOutputs"]}
        if status == "FAILED":
            said = "; ".join(error["Description"] for error in described["RecordDetail"]["RecordErrors"])
            raise PlatformError(
                Problem(path="launch", cause=f"the launch failed: {said}", fix="see pavedroad catalog permissions")
            )
        time.sleep(0.2)
    raise PlatformError(
        Problem(path="launch", cause=f"the launch is not done after {_WAIT_SECONDS} s", fix="run make sandbox again")
    )
