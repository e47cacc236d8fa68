"""What EC2 Image Builder tells of the resources that CloudFormation made; MiniStack has no such service."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ministack import app as ministack

from pavedroad_platform.sandbox.emulator import resource_records

_HEADERS: Final = {"Content-Type": "application/json"}


@dataclass(frozen=True, kw_only=True)
class _Kind:
    type_name: str
    argument: str
    answer: str


_OPERATIONS: Final[Mapping[str, _Kind]] = {
    f"Get{name}": _Kind(
        type_name=f"AWS::ImageBuilder::{name}",
        argument=f"{name[0].lower()}{name[1:]}Arn",
        answer=f"{name[0].lower()}{name[1:]}",
    )
    for name in ("ImagePipeline", "ImageRecipe", "DistributionConfiguration", "InfrastructureConfiguration")
}


def install() -> None:
    """Answer the operations that read one resource."""
    ministack.SERVICE_HANDLERS["imagebuilder"] = _handle


async def _handle(_method: str, path: str, _headers: Mapping[str, str], _body: bytes, query: Mapping[str, Any]) -> Any:
    kind = _OPERATIONS.get(path.strip("/"))
    if kind is None:
        return _refused("InvalidRequestException", f"{path} is not emulated.")
    given = query.get(kind.argument, "")
    arn = given[0] if isinstance(given, list) else given
    record = resource_records.find(kind.type_name, arn)
    if record is None:
        return _refused("ResourceNotFoundException", f"The resource {arn} does not exist.")
    described = {"arn": arn, **_in_camel_case(record.properties)}
    return 200, dict(_HEADERS), json.dumps({"requestId": "", kind.answer: described}).encode()


def _refused(code: str, message: str) -> Any:
    headers = {**_HEADERS, "x-amzn-ErrorType": code}
    return 400, headers, json.dumps({"message": message}).encode()


def _in_camel_case(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            f"{name[0].lower()}{name[1:]}": dict(inner) if name.endswith("Tags") else _in_camel_case(inner)
            for name, inner in value.items()
        }
    return [_in_camel_case(each) for each in value] if isinstance(value, list) else value
