"""Finds what could be weakened in a template, without knowing which check would notice.

The operators are general, so that a new construct is covered on the day that it is written: switches are turned over,
protections are taken away, policies are widened. What is no weakening is listed with its reason in ``harmless``.
"""

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pavedroad_platform.checks.findings import FinishedTemplate
from pavedroad_platform.checks.references import neighbourhood
from pavedroad_platform.checks.rules.statements import EVERYBODY, names_principals

Path = tuple[str | int, ...]

# Properties whose very presence protects. Matched against the last name of the path.
_PROTECTS = re.compile(
    r"Encryption|Encrypted|Kms|KMS|Logging|LogDestination|LogExports|CloudwatchLogs|AccessLog|LogConfiguration"
    r"|PublicAccessBlock|Versioning|Lifecycle|ObjectLock|OwnershipControls|PermissionsBoundary|RetentionInDays"
    r"|RetentionPeriod|BackupRetention|SecurityGroups$|SecurityGroupIds|SslPolicy|Certificates|CircuitBreaker"
    r"|HealthCheck|ReadonlyRoot|^User$|LinuxParameters|NetworkMode|DeletionProtection|MonitoringInterval"
    r"|ParameterGroup|NotificationsWithSubscribers|RotationRules|RotationSchedule|ManageMasterUserPassword"
    r"|AlarmActions|AccessConfig|EnabledTypes|MetadataOptions|NodeRepairConfig|UpgradePolicy|UserGroupId"
    r"|AuthenticationMode|CacheSubnetGroup|LogDelivery|SnapshotRetentionLimit|DeadLetter|TracingConfig"
    r"|CodeSigningConfigArn|VpcConfig|^SourceArn$|^SourceAccount$|RollbackConfiguration|AlarmConfiguration"
    r"|DestinationConfig|FunctionResponseTypes|ReservedConcurrentExecutions|GuardrailPolicies|RedrivePolicy"
    r"|DeadLetterConfig|MaxInstanceLifetime|^Groups$|^CmkArn$|^kmsKeyId$|SessionTimeout|SessionDuration"
    r"|LockConfiguration|AccessPolicy|MinRetentionDays|DeleteAfterDays|RedactedFields|OriginConfiguration"
    r"|ResponseHeadersPolicyId|OriginAccessControlId|WebACLId|ViewerCertificate|DefaultRootObject|RemoveHeadersConfig"
    r"|StrictTransportSecurity|ContentSecurityPolicy|ContentTypeOptions|FrameOptions|ReferrerPolicy|CustomHeadersConfig"
)
# What is turned over where it is written as text.
_SWITCHES = {
    "true": "false",
    "false": "true",
    "Enabled": "Suspended",
    "enabled": "disabled",
    "ENABLED": "DISABLED",
    "DISABLED": "ENABLED",
    "on": "off",
    "off": "on",
}
# Values that are weaker than any other: of TLS, of what is done with malformed requests, of retention and backups, of
# who may call a function and what it runs.
_WEAKEST = {
    "SslPolicy": "ELBSecurityPolicy-2016-08",
    "BackupRetentionPeriod": 0,
    "RetentionInDays": 1,
    "RecoveryPeriodInDays": 1,
    "SnapshotRetentionLimit": 0,
    "TransitEncryptionMode": "preferred",
    "AccessString": "on ~* +@all",
    "rds.force_ssl": "0",
    "require_secure_transport": "0",
    "AuthenticationMode": "API_AND_CONFIG_MAP",
    "HttpTokens": "optional",
    "HttpPutResponseHopLimit": 64,
    "SupportType": "EXTENDED",
    "tls": "disabled",
    "AuthType": "NONE",
    "Runtime": "python3.8",
    "UntrustedArtifactOnDeployment": "Warn",
    "ImageTagMutability": "MUTABLE",
    "RestrictionMode": "ALLOW",
    "ViewerProtocolPolicy": "allow-all",
    "MinimumProtocolVersion": "TLSv1",
    "SigningBehavior": "never",
    "AccessControlMaxAgeSec": 0,
}
_WIDE_OPEN = "0.0.0.0/0"


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A template in which one thing is weakened.

    Attributes:
        origin: The template that it was made from.
        resource: The logical id of the weakened resource.
        resource_type: Its type.
        place: The weakened property, as ``Properties.BucketEncryption``.
        change: What was done to it.
        template: The weakened template, cut down to the resource and its neighbours.
        before: The same part of the template as it was, to tell what the change alone brings about.
    """

    origin: str
    resource: str
    resource_type: str
    place: str
    change: str
    template: FinishedTemplate
    before: FinishedTemplate


@dataclass(frozen=True, kw_only=True)
class _Edit:
    place: Path
    change: str
    apply: Callable[[dict[str, Any]], None]


def mutants_of(template: FinishedTemplate) -> Iterator[Mutant]:
    """Every single weakening of ``template``."""
    for logical_id, resource in template.resources.items():
        surroundings = neighbourhood(template.body, logical_id)
        before = replace(template, name=f"{template.name}-{logical_id}", body=surroundings)
        for number, edit in enumerate(_edits(resource)):
            body = copy.deepcopy(surroundings)
            edit.apply(body["Resources"][logical_id])
            yield Mutant(
                origin=template.name,
                resource=logical_id,
                resource_type=resource["Type"],
                place=_dotted(edit.place),
                change=edit.change,
                template=replace(before, name=f"{before.name}-{number}", body=body),
                before=before,
            )


def _edits(resource: Mapping[str, Any]) -> Iterator[_Edit]:
    if resource.get("DeletionPolicy", "Delete") != "Delete":
        yield _Edit(place=("DeletionPolicy",), change="Delete", apply=_set(("DeletionPolicy",), "Delete"))
    for place, value in _walk(resource.get("Properties", {}), ("Properties",)):
        yield from _property_edits(place, value)


def _property_edits(place: Path, value: object) -> Iterator[_Edit]:
    name = str(place[-1])
    if isinstance(value, bool) or (isinstance(value, str) and value in _SWITCHES):
        turned = _turned(value)
        yield _Edit(place=place, change=f"{value} becomes {turned}", apply=_set(place, turned))
    elif isinstance(place[-1], str) and _PROTECTS.search(name):
        yield _Edit(place=place, change="removed", apply=_remove(place))
    if name in _WEAKEST and not isinstance(value, Mapping) and value != _WEAKEST[name]:
        weakest = _WEAKEST[name]
        yield _Edit(place=place, change=f"becomes {weakest}", apply=_set(place, weakest))
    if name in {"Action", "OverrideAction"} and value in ({"Block": {}}, {"None": {}}):
        yield _Edit(place=place, change="only counts", apply=_set(place, {"Count": {}}))
    if name in {"CidrIp", "CidrBlock"} and "Ingress" in _dotted(place) and value != _WIDE_OPEN:
        yield _Edit(place=place, change=f"becomes {_WIDE_OPEN}", apply=_set(place, _WIDE_OPEN))
    if name == "Protocol" and value == "HTTPS":
        yield _Edit(place=place, change="HTTPS becomes HTTP", apply=_set(place, "HTTP"))
    if name == "Statement" and isinstance(value, list):
        for number, statement in enumerate(value):
            yield from _statement_edits((*place, number), statement)


def _statement_edits(place: Path, statement: Mapping[str, Any]) -> Iterator[_Edit]:
    if statement["Effect"] == "Deny":
        yield _Edit(
            place=place, change=f"deny {statement.get('Sid', '')} removed".replace("  ", " "), apply=_remove(place)
        )
        return
    if "Condition" in statement:
        yield _Edit(place=(*place, "Condition"), change="removed", apply=_remove((*place, "Condition")))
    if statement.get("Action") != "*":
        yield _Edit(place=(*place, "Action"), change="becomes *", apply=_set((*place, "Action"), "*"))
    everybody = {**statement, "Principal": {"AWS": "*"}}
    if "Principal" in statement and statement["Principal"] not in EVERYBODY:
        if not names_principals(everybody):  # else its condition names the same principals
            yield _Edit(
                place=(*place, "Principal"), change="becomes *", apply=_set((*place, "Principal"), {"AWS": "*"})
            )
    elif statement.get("Resource", "*") != "*":
        yield _Edit(place=(*place, "Resource"), change="becomes *", apply=_set((*place, "Resource"), "*"))


def _walk(value: object, place: Path) -> Iterator[tuple[Path, object]]:
    """Every property beneath ``value``; intrinsic functions are values, not places."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key == "Ref" or key.startswith("Fn::"):
                continue
            yield (*place, key), part
            if key != "Statement":  # what a policy's statement says is weakened as a whole
                yield from _walk(part, (*place, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _walk(part, (*place, number))


def _turned(value: object) -> object:
    return _SWITCHES[value] if isinstance(value, str) else not value


def _set(place: Path, value: object) -> Callable[[dict[str, Any]], None]:
    def apply(resource: dict[str, Any]) -> None:
        _parent(resource, place)[place[-1]] = value

    return apply


def _remove(place: Path) -> Callable[[dict[str, Any]], None]:
    def apply(resource: dict[str, Any]) -> None:
        del _parent(resource, place)[place[-1]]

    return apply


def _parent(resource: dict[str, Any], place: Path) -> Any:
    node: Any = resource
    for step in place[:-1]:
        node = node[step]
    return node


def _dotted(place: Path) -> str:
    return ".".join(str(step) for step in place)
