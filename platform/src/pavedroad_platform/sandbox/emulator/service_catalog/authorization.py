"""The resource that IAM checks for calls to Service Catalog: the product, where the action has one.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsservicecatalog.html
"""

import json
from collections.abc import Callable
from typing import Any, Final

from ministack.core import iam_actions
from ministack.core.responses import get_account_id, get_region

from pavedroad_platform.sandbox.emulator.service_catalog.state import catalog

_PRODUCT_ACTIONS: Final = {
    "DescribeProduct": ("Id", "Name"),
    "DescribeProvisioningArtifact": ("ProductId", "ProductName"),
    "DescribeProvisioningParameters": ("ProductId", "ProductName"),
    "ListLaunchPaths": ("ProductId", "ProductName"),
    "ListProvisioningArtifacts": ("ProductId", "ProductName"),
    "ProvisionProduct": ("ProductId", "ProductName"),
}
"""The actions on a product that people may be allowed, and what names it in them."""


def install() -> None:
    """Let IAM see the product that a call is about."""
    iam_actions.extract_resource_arn = _completed(iam_actions.extract_resource_arn)


def _completed(original: Callable[..., str]) -> Callable[..., str]:
    def resource_arn(service: str, method: str, path: str, headers: Any, body: bytes, *others: Any) -> str:
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        if service == "servicecatalog" and operation in _PRODUCT_ACTIONS:
            return _product_arn(*_PRODUCT_ACTIONS[operation], body)
        return original(service, method, path, headers, body, *others)

    return resource_arn


def _product_arn(id_member: str, name_member: str, body: bytes) -> str:
    parameters = json.loads(body or b"{}")
    named = (product.id for product in catalog.products.values() if product.name == parameters.get(name_member))
    identifier = parameters.get(id_member) or next(named, "unknown")
    return f"arn:aws:catalog:{get_region()}:{get_account_id()}:product/{identifier}"
