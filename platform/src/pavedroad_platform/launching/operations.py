"""Launching, upgrading and ending products: each may be repeated, and what runs already is followed."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import uuid4

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.launching.client import Clients
from pavedroad_platform.launching.form import Form
from pavedroad_platform.launching.offers import Offer, Version
from pavedroad_platform.launching.progress import Show, follow
from pavedroad_platform.launching.standing import Standing, find_standing


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be launched.

    Attributes:
        offer: The product.
        version: Its version.
        path: The id of the way to it.
        name: The name of the launch.
        values: The values that are not the form's defaults.
        tags: The tags.
    """

    offer: Offer
    version: Version
    path: str
    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Output:
    """What a launch hands out."""

    name: str
    value: str
    purpose: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of an operation.

    Attributes:
        name: The name of the launch.
        product: Its product.
        version: Its version.
        status: How it stands now.
        outputs: What it hands out.
    """

    name: str
    product: str
    version: str
    status: str
    outputs: Sequence[Output] = ()

    def as_json(self) -> dict[str, Any]:
        """What machines are told."""
        return {**vars(self), "outputs": [vars(output) for output in self.outputs]}


def followed_instead(standing: Standing | None, clients: Clients, kind: str, version_id: str) -> str | None:
    """The running operation of that kind and version, which is followed rather than begun twice.

    Raises:
        PlatformError: Another operation runs.
    """
    if standing is None or not standing.is_changing:
        return None
    detail = clients.catalog.describe_record(Id=standing.record)["RecordDetail"]
    if detail["RecordType"] == kind and detail["ProvisioningArtifactId"] == version_id:
        return standing.record
    running = detail["RecordType"].lower().replace("_", " ")
    raise PlatformError(
        Problem(
            path=standing.name,
            cause=f"{running} of {standing.product} {standing.version} is running under this name",
            fix=f"Wait for its end; see it with: pavedroad status {standing.name}",
        )
    )


def refuse_name_in_use(standing: Standing | None, offer: Offer, version: Version) -> None:
    """Refuse a name that another launch has; one of the same product and version may be a repeated command.

    Raises:
        PlatformError: The name is in use.
    """
    if standing is None or standing.is_changing:
        return
    same = (standing.product_id, standing.version_id) == (offer.id, version.id)
    if not same or standing.status in {"ERROR", "TAINTED"}:
        raise _name_in_use(standing)


def launch(clients: Clients, order: Order, show: Show, *, at_most: float | None = None) -> Outcome:
    """Launch a product and wait; the same order is launched once, however often it is given.

    Raises:
        PlatformError: The name is in use, or the launch failed.
    """
    standing = find_standing(clients, order.name)
    record = followed_instead(standing, clients, "PROVISION_PRODUCT", order.version.id)
    if record is None:
        refuse_name_in_use(standing, order.offer, order.version)
        record = _provision(clients, order)
    described = follow(clients, record, show, at_most=at_most)
    return _outcome(described, order.name, order.offer.name, order.version.name)


def _provision(clients: Clients, order: Order) -> str:
    arguments = {
        "ProductId": order.offer.id,
        "ProvisioningArtifactId": order.version.id,
        "PathId": order.path,
        "ProvisionedProductName": order.name,
        "ProvisioningParameters": [{"Key": key, "Value": value} for key, value in sorted(order.values.items())],
        "Tags": [{"Key": key, "Value": value} for key, value in sorted(order.tags.items())],
    }
    token = _token(arguments)
    exceptions = clients.catalog.exceptions
    try:
        detail = clients.catalog.provision_product(**arguments, ProvisionToken=token)["RecordDetail"]
        if detail["Status"] in {"SUCCEEDED", "FAILED"} and not _stands(clients, detail["ProvisionedProductId"]):
            # The token is that of a launch which was ended since.
            detail = clients.catalog.provision_product(**arguments, ProvisionToken=uuid4().hex)["RecordDetail"]
    except (exceptions.InvalidParametersException, exceptions.DuplicateResourceException):
        standing = find_standing(clients, order.name)
        if standing is None:
            raise
        # Somebody else was quicker.
        record = followed_instead(standing, clients, "PROVISION_PRODUCT", order.version.id)
        if record is None:
            raise _name_in_use(standing) from None
        return record
    return str(detail["RecordId"])


def _stands(clients: Clients, provisioned_id: str) -> bool:
    try:
        clients.catalog.describe_provisioned_product(Id=provisioned_id)
    except clients.catalog.exceptions.ResourceNotFoundException:
        return False
    return True


def _name_in_use(standing: Standing) -> PlatformError:
    advice = {
        "ERROR": f"It does not run: end it with pavedroad terminate {standing.name}, then launch again.",
        "TAINTED": f"Its last change failed: pavedroad upgrade {standing.name}, or choose another name.",
    }
    fix = f"Choose another name, or change this one with: pavedroad upgrade {standing.name}"
    cause = f"the name is in use: {standing.product} {standing.version}, {standing.status}"
    return PlatformError(Problem(path=standing.name, cause=cause, fix=advice.get(standing.status, fix)))


def upgrade_parameters(form: Form, values: Mapping[str, str], kept: Collection[str]) -> list[dict[str, Any]]:
    """The parameters of an upgrade: what is given changes, what was there keeps its value."""
    return [
        {"Key": name, "Value": values[name]} if name in values else {"Key": name, "UsePreviousValue": True}
        for name in form.fields
        if name in values or name in kept
    ]


def kept_parameters(clients: Clients, standing: Standing) -> set[str]:
    """The parameters of the version that runs, whether or not it may still be launched."""
    described = clients.catalog.describe_provisioning_artifact(
        ProductId=standing.product_id,
        ProvisioningArtifactId=standing.version_id,
        IncludeProvisioningArtifactParameters=True,
    )
    return {each["ParameterKey"] for each in described["ProvisioningArtifactParameters"]}


def upgrade(
    clients: Clients,
    standing: Standing,
    *,
    version: Version,
    path: str,
    parameters: Sequence[Mapping[str, Any]],
    show: Show,
) -> Outcome:
    """Give a launch another version and other values, and wait.

    Raises:
        PlatformError: The upgrade failed and was rolled back.
    """
    arguments = {
        "ProvisionedProductId": standing.id,
        "ProductId": standing.product_id,
        "ProvisioningArtifactId": version.id,
        "PathId": path,
        "ProvisioningParameters": list(parameters),
    }
    token = _token({**arguments, "after": standing.record})
    record = clients.catalog.update_provisioned_product(**arguments, UpdateToken=token)["RecordDetail"]["RecordId"]
    return followed_upgrade(clients, record, standing, version, show)


def followed_upgrade(clients: Clients, record: str, standing: Standing, version: Version, show: Show) -> Outcome:
    """Wait for an upgrade that runs."""
    return _outcome(follow(clients, record, show), standing.name, standing.product, version.name)


def unchanged(clients: Clients, standing: Standing) -> Outcome:
    """How a launch stands that is as it was asked for already."""
    return Outcome(
        name=standing.name,
        product=standing.product,
        version=standing.version,
        status=standing.status,
        outputs=outputs_of(clients, standing),
    )


def terminate(clients: Clients, standing: Standing, show: Show) -> Outcome:
    """End a launch and wait; what the product retains stays.

    Raises:
        PlatformError: Another operation runs, or something could not be deleted.
    """
    record = followed_instead(standing, clients, "TERMINATE_PROVISIONED_PRODUCT", standing.version_id)
    if record is None:
        token = _token({"end": standing.id, "after": standing.record})
        answer = clients.catalog.terminate_provisioned_product(ProvisionedProductId=standing.id, TerminateToken=token)
        record = answer["RecordDetail"]["RecordId"]
    follow(clients, record, show)
    return Outcome(name=standing.name, product=standing.product, version=standing.version, status="TERMINATED")


def outputs_of(clients: Clients, standing: Standing) -> list[Output]:
    """What a launch hands out."""
    answer = clients.catalog.get_provisioned_product_outputs(ProvisionedProductId=standing.id)
    return [_output(each) for each in answer["Outputs"]]


def _outcome(described: Mapping[str, Any], name: str, product: str, version: str) -> Outcome:
    outputs = [
        _output(each) for each in described.get("RecordOutputs", []) if each["OutputKey"] != "CloudformationStackARN"
    ]
    return Outcome(name=name, product=product, version=version, status="AVAILABLE", outputs=outputs)


def _output(output: Mapping[str, str]) -> Output:
    return Output(name=output["OutputKey"], value=output["OutputValue"], purpose=output.get("Description", ""))


def _token(arguments: Mapping[str, Any]) -> str:
    """The same for the same request, so that AWS takes a repeated one for the first."""
    return sha256(json.dumps(arguments, sort_keys=True).encode()).hexdigest()
