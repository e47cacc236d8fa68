"""Plausible values for what a service would set: identifiers, ARNs and other read-only properties."""

import random
import re
import uuid
from collections.abc import Mapping
from re import _parser  # type: ignore[attr-defined]  # the only parser of patterns that Python has
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import provisioners

from pavedroad_platform.sandbox.emulator.property_validation import compiled
from pavedroad_platform.sandbox.emulator.registry_schemas import ResourceSchema

# The namespaces of ARNs where they are not the CloudFormation service name in lower case.
_ARN_SERVICES = {
    "StepFunctions": "states",
    "ServiceCatalog": "catalog",
    "CertificateManager": "acm",
    "WAFv2": "wafv2",
    "CodeStarNotifications": "codestar-notifications",
    "CodeConnections": "codeconnections",
    "CodeStarConnections": "codestar-connections",
    "ElasticLoadBalancingV2": "elasticloadbalancing",
    "ApplicationAutoScaling": "application-autoscaling",
}
_GLOBAL_SERVICES = {"iam", "organizations", "budgets", "sso", "cloudfront", "route53"}

# The tail of ARNs that are not <kind>/<id>.
_ARN_RESOURCES = {
    "AWS::CodePipeline::Pipeline": "{identifier}",
    "AWS::Config::ConfigRule": "config-rule/{identifier}",
    "AWS::SecurityHub::Hub": "hub/default",
    "AWS::CodeStarNotifications::NotificationRule": "notificationrule/{identifier}",
    "AWS::WAFv2::WebACL": "regional/webacl/{identifier}",
    "AWS::ImageBuilder::Component": "component/{Name}/{Version}/1",
    "AWS::ImageBuilder::ImageRecipe": "image-recipe/{Name}/{Version}",
    "AWS::ImageBuilder::InfrastructureConfiguration": "infrastructure-configuration/{Name}",
    "AWS::ImageBuilder::DistributionConfiguration": "distribution-configuration/{Name}",
    "AWS::ImageBuilder::ImagePipeline": "image-pipeline/{Name}",
}

# The prefixes of identifiers that no pattern in the schema tells.
_PREFIXES = {
    "AWS::EC2::NatGateway": "nat-",
    "AWS::EC2::FlowLog": "fl-",
    "AWS::EC2::EIP": "eipalloc-",
    "AWS::EC2::IPAM": "ipam-",
    "AWS::EC2::IPAMPool": "ipam-pool-",
    "AWS::EC2::IPAMScope": "ipam-scope-",
    "AWS::EC2::NetworkAcl": "acl-",
    "AWS::EC2::SecurityGroupEgress": "sgr-",
    "AWS::EC2::SecurityGroupIngress": "sgr-",
    "AWS::EC2::TransitGateway": "tgw-",
    "AWS::EC2::TransitGatewayAttachment": "tgw-attach-",
}


def attributes(
    schema: ResourceSchema,
    *,
    logical_id: str,
    stack_name: str,
    properties: Mapping[str, Any],
    known: Mapping[str, Any],
) -> dict[str, Any]:
    """The identifiers and read-only properties of a resource, by dotted path.

    Args:
        schema: The resource's schema.
        logical_id: Its name in the template.
        stack_name: The stack that it belongs to; both make up the name where none is given.
        properties: Its properties.
        known: What is set already and stays.
    """
    identifiers, read_only = schema.primary_identifier, schema.read_only
    values = {path: properties[path] for path in identifiers if path in properties}
    for path in identifiers:
        if path not in values and path not in read_only:
            values[path] = known.get(path) or _generated_name(schema, path, stack_name, logical_id)
    name = next((str(values[path]) for path in identifiers if path in values and not _is_arn(values[path])), None)
    name = name or _name(schema, stack_name, logical_id, properties)
    random_source = random.Random(uuid.uuid4().int)  # noqa: S311 - identifiers, not secrets
    # ARNs last: they contain the identifiers.
    for path in sorted({*identifiers, *read_only}, key=lambda path: (path.lower().endswith("arn"), path)):
        if path in values:
            continue
        synthesiser = _Synthesiser(schema, name, random_source, properties)
        values[path] = known[path] if path in known else synthesiser.value(path, schema.property_schema(path))
        if path in identifiers and not _is_arn(values[path]):
            name = str(values[path])
    return values


def _name(schema: ResourceSchema, stack_name: str, logical_id: str, properties: Mapping[str, Any]) -> str:
    """The name that an ARN ends in: the one that is set, or a generated one."""
    kind = schema.type_name.rpartition("::")[2]
    named = [*(path for path in schema.create_only if path.endswith("Name")), f"{kind}Name", "Name"]
    given = next((properties[path] for path in named if isinstance(properties.get(path), str)), None)
    return given or str(provisioners._physical_name(stack_name, logical_id, max_len=64))


def _generated_name(schema: ResourceSchema, path: str, stack_name: str, logical_id: str) -> str:
    limit = schema.property_schema(path).get("maxLength", 128)
    return str(provisioners._physical_name(stack_name, logical_id, max_len=limit))


def _is_arn(value: Any) -> bool:
    return str(value).startswith("arn:")


def arn(type_name: str, identifier: str, properties: Mapping[str, Any]) -> str:
    """The ARN of a resource in the current account and region."""
    _, namespace, kind = type_name.split("::")[:3]
    service = _ARN_SERVICES.get(namespace, namespace.lower())
    region = "" if service in _GLOBAL_SERVICES else get_region()
    pattern = _ARN_RESOURCES.get(type_name, f"{kind.lower()}/{{identifier}}")
    # Image Builder makes the first version that fits: 1.0.0 of 1.0.x.
    version = str(properties.get("Version", "")).replace("x", "0")
    names = {"Name": str(properties.get("Name", "")).lower(), "Version": version}
    return f"arn:aws:{service}:{region}:{get_account_id()}:{pattern.format(identifier=identifier, **names)}"


class _Synthesiser:
    """Makes up the read-only properties of one resource."""

    def __init__(
        self, schema: ResourceSchema, name: str, random_source: random.Random, properties: Mapping[str, Any]
    ) -> None:
        self._schema = schema
        self._name = name
        self._random = random_source
        self._properties = properties

    def value(self, path: str, schema: Any) -> Any:
        schema = self._schema.resolve(schema)
        for alternative in [*schema.get("anyOf", []), *schema.get("oneOf", [])]:
            schema = {**self._schema.resolve(alternative), **schema}
        if "enum" in schema:
            return schema["enum"][0]
        kind = schema.get("type")
        match kind[0] if isinstance(kind, list) else kind:
            case "boolean":
                return False
            case "integer" | "number":
                return schema.get("minimum", 0)
            case "array":
                return [self.value(path, schema.get("items", {}))]
            case "object":
                return {}
            case _:
                return self._text(path, schema)

    def _text(self, path: str, schema: Mapping[str, Any]) -> str:
        token = f"{self._random.getrandbits(68):017x}"
        candidates = [_PREFIXES.get(self._schema.type_name, "") + token, self._name]
        if path.lower().endswith("arn"):
            candidates = [arn(self._schema.type_name, self._name, self._properties)]
        pattern = schema.get("pattern")
        expression = compiled(pattern) if pattern else None
        if expression is None or pattern is None:
            return candidates[0][: schema.get("maxLength", 2048)]
        fitting = next((text for text in candidates if expression.search(text)), None)
        return fitting or matching(pattern, self._random) or candidates[0]


def matching(pattern: str, random_source: random.Random) -> str | None:
    """A string that matches ``pattern`` (enough of it for AWS's identifiers), or ``None``."""
    text = _sample(_parser.parse(pattern), random_source)
    return text if re.search(pattern, text) else None


def _sample(tree: Any, random_source: random.Random) -> str:
    return "".join(_sample_one(str(operation), argument, random_source) for operation, argument in tree)


def _sample_one(operation: str, argument: Any, random_source: random.Random) -> str:  # noqa: PLR0911 - one for each
    match operation:
        case "LITERAL":
            return chr(argument)
        case "IN":
            return random_source.choice(_characters(argument))
        case "MAX_REPEAT" | "MIN_REPEAT":
            return _repeated(argument, random_source)
        case "SUBPATTERN":
            return _sample(argument[-1], random_source)
        case "BRANCH":
            return _sample(argument[1][0], random_source)
        case "ANY" | "CATEGORY":
            return "a"
        case _:
            return ""


def _characters(members: Any) -> list[str]:
    found: list[str] = []
    for operation, argument in members:
        match str(operation):
            case "LITERAL":
                found.append(chr(argument))
            case "RANGE":
                found += [chr(code) for code in range(argument[0], argument[1] + 1)]
            case "CATEGORY":
                found += list("0123456789" if "DIGIT" in str(argument) else "abcdef0123456789")
    return [character for character in found if character in "0123456789abcdef"] or found or ["a"]


def _repeated(argument: Any, random_source: random.Random) -> str:
    lowest, highest, tree = argument
    is_class = len(tree) == 1 and str(tree[0][0]) == "IN"
    # A free repetition of a class of characters is an identifier: long enough not to repeat itself.
    times = lowest if lowest > 1 else min(int(highest), max(lowest, 12 if is_class else lowest))
    return "".join(_sample(tree, random_source) for _ in range(times))
