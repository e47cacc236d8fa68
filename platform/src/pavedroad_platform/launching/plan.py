"""What an upgrade would do, before it does anything."""

import json
import time
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.launching.changes import Change
from pavedroad_platform.launching.client import Clients, is_denied, pages
from pavedroad_platform.launching.comparison import compare
from pavedroad_platform.launching.standing import Standing

_PREFIX: Final = "pavedroad-upgrade-"
_PAUSE: Final = 0.3
_LONGEST: Final = 300

_CERTAIN: Final = "Leave out the value that causes it, or back the data up and add --allow-replacement."
_CONDITIONAL: Final = (
    "CloudFormation decides when it runs: read how the property is updated in the reference of the type. Then leave the"
    " value out, or add --allow-replacement."
)

Parameters = Sequence[Mapping[str, Any]]


def plan_upgrade(
    clients: Clients, standing: Standing, version_id: str, path: str, parameters: Parameters
) -> list[Change]:
    """The changes: as Service Catalog plans them, or by comparing the templates where the caller may make no plan.

    The plan is deleted again; it only tells.

    Raises:
        PlatformError: It cannot be planned, such as where a rule of the product is broken.
    """
    if standing.status == "PLAN_IN_PROGRESS":
        _delete_plans_left_behind(clients, standing)
    try:
        plan = clients.catalog.create_provisioned_product_plan(
            PlanName=f"{_PREFIX}{standing.name}",
            PlanType="CLOUDFORMATION",
            PathId=path,
            ProductId=standing.product_id,
            ProvisionedProductName=standing.name,
            ProvisioningArtifactId=version_id,
            ProvisioningParameters=parameters,
        )
    except ClientError as error:
        if not is_denied(error):
            raise
        return _compared(clients, standing, version_id, parameters)
    try:
        return _planned(clients, plan["PlanId"])
    finally:
        clients.catalog.delete_provisioned_product_plan(PlanId=plan["PlanId"])


def refuse_loss(changes: Sequence[Change]) -> None:
    """Refuse changes that lose what resources hold.

    Raises:
        PlatformError: Each such change is named.
    """
    problems = [
        Problem(
            path=change.resource,
            cause=f"{change.type} would be {change.what}, and it holds data"
            + (f" ({', '.join(change.causes)} would change)" if change.causes else ""),
            fix=_CONDITIONAL if change.replacement == "CONDITIONAL" else _CERTAIN,
        )
        for change in changes
        if change.loses_data
    ]
    if problems:
        raise PlatformError(*problems)


def _delete_plans_left_behind(clients: Clients, standing: Standing) -> None:
    """Delete what an interrupted upgrade left: there may be one plan, and plans of other people stay."""
    arguments = {"ProvisionProductId": standing.id, "AccessLevelFilter": {"Key": "Account", "Value": "self"}}
    for plan in pages(clients.catalog.list_provisioned_product_plans, "ProvisionedProductPlans", **arguments):
        if plan["PlanName"].startswith(_PREFIX):
            clients.catalog.delete_provisioned_product_plan(PlanId=plan["PlanId"])


def _planned(clients: Clients, plan_id: str) -> list[Change]:
    deadline = time.monotonic() + _LONGEST
    while True:
        details = clients.catalog.describe_provisioned_product_plan(PlanId=plan_id)["ProvisionedProductPlanDetails"]
        if details["Status"] == "CREATE_SUCCESS":
            break
        if details["Status"] == "CREATE_FAILED" or time.monotonic() > deadline:
            said = details.get("StatusMessage") or details["Status"]
            if "didn't contain changes" in said or "No updates are to be performed" in said:
                return []
            fix = "Correct the value that it names, then repeat the command."
            raise PlatformError(Problem(path="plan", cause=f"the upgrade cannot be planned: {said}", fix=fix))
        time.sleep(_PAUSE)
    found = pages(clients.catalog.describe_provisioned_product_plan, "ResourceChanges", PlanId=plan_id)
    return [
        Change(
            action=each["Action"],
            resource=each["LogicalResourceId"],
            type=each["ResourceType"],
            replacement=each.get("Replacement", "FALSE"),
            causes=tuple(sorted({name for it in each.get("Details", []) if (name := it["Target"].get("Name"))})),
        )
        for each in found
    ]


def _compared(clients: Clients, standing: Standing, version_id: str, parameters: Parameters) -> list[Change]:
    changed = [each["Key"] for each in parameters if not each.get("UsePreviousValue")]
    before, after = (_template(clients, standing.product_id, each) for each in (standing.version_id, version_id))
    return compare(before, after, changed)


def _template(clients: Clients, product_id: str, version_id: str) -> dict[str, Any]:
    described = clients.catalog.describe_provisioning_artifact(ProductId=product_id, ProvisioningArtifactId=version_id)
    url = urlsplit(described["Info"]["TemplateUrl"])
    try:
        if "X-Amz-Signature" in url.query:
            with urllib.request.urlopen(url.geturl(), timeout=30) as answer:  # noqa: S310 - an https URL that AWS signed
                content = answer.read()
        else:
            host, key = url.hostname or "", unquote(url.path.lstrip("/"))
            bucket = host.partition(".s3")[0]
            if host.startswith(("s3.", "s3-")):
                bucket, _, key = key.partition("/")
            content = clients.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        template: dict[str, Any] = json.loads(content)
    except (BotoCoreError, ClientError, OSError, ValueError) as error:
        raise PlatformError(
            Problem(
                path="plan",
                cause=f"you may make no plan, and the templates cannot be compared: {error}",
                fix="Ask the platform team to allow servicecatalog:CreateProvisionedProductPlan to your role.",
            )
        ) from error
    return template
