"""Launches one product as a product team does: through the Service Catalog API and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.launching.client import Clients
from pavedroad_platform.launching.form import read_form
from pavedroad_platform.launching.offers import find_offer
from pavedroad_platform.launching.operations import Order, launch
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

    def service(key: str) -> Any:
        return client(key, endpoint, region=region, credentials=credentials)

    account = service("sts").get_caller_identity()["Account"]
    clients = Clients(service=service, account=account, region=region)
    offer = find_offer(clients.catalog, product)
    version, path = offer.version(None), offer.path(None)
    form = read_form(clients, offer, version, path)
    # Where a tag option leaves a choice, the team has to make it; the first value is as good as any here.
    tags = {key: values[0] for key, values in form.tags.items()}
    order = Order(offer=offer, version=version, path=path, name=name, tags=tags)
    outcome = launch(clients, order, lambda event: step.detail(event.resource), at_most=_WAIT_SECONDS)
    step.advance(f"{product} {version.name} is launched as {name}")
    outputs = {output.name: output.value for output in outcome.outputs}
    return Launch(product=product, version=version.name, name=name, refused=refused, outputs=outputs)


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
