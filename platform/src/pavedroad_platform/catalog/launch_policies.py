"""The IAM policies of a launch role: the computed permissions, each confined as far as its action allows.

CloudFormation names what a product makes after the product's stack, and Service Catalog names that stack
``SC-<account>-<id>``.
Actions on kinds of resources that carry the name are confined to it; on all others to the account and region.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from pavedroad_platform.catalog import iam_actions
from pavedroad_platform.catalog.permissions import Permission
from pavedroad_platform.errors import PlatformError, Problem

POLICY_CHARACTERS = 6144
"""How long a managed policy may be; white space does not count."""

POLICIES_PER_ROLE = 10
"""How many managed policies a role may have."""


@dataclass(frozen=True)
class _Named:
    """A kind of resource that CloudFormation names after its stack.

    Attributes:
        kind: What IAM calls it.
        resource_type: What CloudFormation calls it.
        property: The property that would give it another name.
        prefix: What the name begins with.
    """

    kind: str
    resource_type: str
    property: str
    prefix: str = "SC-"


# S3 takes lower-case names only.
_NAMED_AFTER_STACK = {
    named.kind: named
    for named in (
        _Named("s3:bucket", "AWS::S3::Bucket", "BucketName", "sc-"),
        _Named("s3:object", "AWS::S3::Bucket", "BucketName", "sc-"),
        _Named("iam:role", "AWS::IAM::Role", "RoleName"),
        _Named("iam:policy", "AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
        _Named("iam:instance-profile", "AWS::IAM::InstanceProfile", "InstanceProfileName"),
        _Named("logs:log-group", "AWS::Logs::LogGroup", "LogGroupName"),
        _Named("sns:topic", "AWS::SNS::Topic", "TopicName"),
        _Named("cloudwatch:alarm", "AWS::CloudWatch::Alarm", "AlarmName"),
        _Named("cloudwatch:dashboard", "AWS::CloudWatch::Dashboard", "DashboardName"),
        _Named("events:rule-on-default-event-bus", "AWS::Events::Rule", "Name"),
        _Named("events:rule-on-custom-event-bus", "AWS::Events::Rule", "Name"),
        _Named("lambda:function", "AWS::Lambda::Function", "FunctionName"),
    )
}

# A call that looks through everything in the account; confined to names, it would be refused.
_LOOK_AT_ALL = {"cloudwatch:DescribeAlarms"}

_SERVICE_LINKED_ROLE = re.compile(r"role/aws-service-role/[\w./-]+")
_SERVICE_LINKED_ROLES = "arn:${Partition}:iam::${Account}:role/aws-service-role/*"


@dataclass(frozen=True, order=True)
class Statement:
    """Allows some actions on some resources.

    Attributes:
        actions: The IAM actions.
        resources: ARNs, with ``${Partition}``, ``${Region}`` and ``${Account}`` where the launching account's own
            stand.
        condition: The condition block, as JSON.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    condition: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def as_json(self) -> dict[str, Any]:
        """The statement as it stands in a policy."""
        statement = {"Effect": "Allow", "Action": list(self.actions), "Resource": list(self.resources)}
        return {**statement, "Condition": dict(self.condition)} if self.condition else statement


# What Service Catalog itself does with the role.
# https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html
_SERVICE_CATALOG = (
    Statement(
        (
            "cloudformation:CreateChangeSet",
            "cloudformation:CreateStack",
            "cloudformation:DeleteChangeSet",
            "cloudformation:DeleteStack",
            "cloudformation:DescribeChangeSet",
            "cloudformation:DescribeStackEvents",
            "cloudformation:DescribeStacks",
            "cloudformation:ExecuteChangeSet",
            "cloudformation:GetTemplate",
            "cloudformation:ListStackResources",
            "cloudformation:SetStackPolicy",
            "cloudformation:TagResource",
            "cloudformation:UntagResource",
            "cloudformation:UpdateStack",
        ),
        ("arn:${Partition}:cloudformation:${Region}:${Account}:stack/SC-*",),
    ),
    Statement(("cloudformation:GetTemplateSummary", "cloudformation:ValidateTemplate"), ("*",)),
    Statement(
        ("s3:GetObject",),
        ("*",),
        # Service Catalog keeps templates in a bucket of its own and marks them with this tag.
        {"StringEquals": {"s3:ExistingObjectTag/servicecatalog:provisioning": "true"}},
    ),
)


def statements(permissions: Iterable[Permission], templates: Iterable[Mapping[str, Any]]) -> list[Statement]:
    """What a launch role may do: the fewest statements that say it.

    Args:
        permissions: What CloudFormation needs for ``templates``.
        templates: The templates that the role launches.

    Raises:
        PlatformError: A template gives something a name of its own, which the role could not reach.
    """
    templates = list(templates)
    problems = [problem for template in templates for problem in _naming_problems(template)]
    if problems:
        raise PlatformError(*problems)
    actions = sorted({permission.action for permission in permissions} - {"iam:PassRole"})
    services = {action.partition(":")[0] for action in actions}
    names = _names(templates)
    by_resources: dict[tuple[str, ...], list[str]] = {}
    for action in actions:
        by_resources.setdefault(_resources(action, services, names), []).append(action)
    confined = [Statement(tuple(names), resources) for resources, names in sorted(by_resources.items())]
    given = (*_read_parameters(templates), *_pass_role(templates), *_read_web_acls(templates))
    return [*_SERVICE_CATALOG, *given, *confined]


def policies(allowed: Iterable[Statement]) -> list[list[Statement]]:
    """The statements dealt out to as few managed policies as hold them.

    Raises:
        PlatformError: More policies are needed than a role may have.
    """
    parts = [part for statement in allowed for part in _split(statement)]
    dealt: list[list[Statement]] = []
    # The longest first: what is left over is short and fills the gaps.
    for statement in sorted(parts, key=lambda part: -policy_size([part])):
        roomy = (policy for policy in dealt if policy_size([*policy, statement]) <= POLICY_CHARACTERS)
        policy = next(roomy, None)
        if policy is None:
            dealt.append([statement])
        else:
            policy.append(statement)
    if len(dealt) > POLICIES_PER_ROLE:
        raise PlatformError(
            Problem(
                cause=f"The launch role would need {len(dealt)} managed policies; a role may have {POLICIES_PER_ROLE}.",
                fix="Retire old versions of the product, or make two products of it.",
            )
        )
    return dealt


def policy_size(policy: Iterable[Statement]) -> int:
    """How long a policy is at most, as IAM counts, in any partition and region."""
    document = {"Version": "2012-10-17", "Statement": [statement.as_json() for statement in policy]}
    text = json.dumps(document, separators=(",", ":"))
    longest = {"${Partition}": "aws-us-gov", "${Region}": "ap-southeast-1", "${Account}": "111111111111"}
    for variable, value in longest.items():
        text = text.replace(variable, value)
    return len(text)


# Kinds of which AWS publishes some itself, such as the document AWS-RunPatchBaseline; those have no account.
_PUBLISHED_BY_AWS = {"ssm:document"}

# A resource may be named for these, and where none is named, as metrics have none, only the asterisk allows them.
_READ_WITHOUT_RESOURCE = {"cloudwatch:GetMetricData"}


def _resources(action: str, services: Collection[str], names: Mapping[str, set[str]]) -> tuple[str, ...]:
    """What ``action`` is confined to, in a product that uses ``services`` and these names."""
    if action == "iam:CreateServiceLinkedRole":
        return (_SERVICE_LINKED_ROLES,)
    if action in _READ_WITHOUT_RESOURCE:
        return ("*",)
    kinds = iam_actions.resource_kinds(action)
    named = {} if action in _LOOK_AT_ALL else {kind: kinds[kind] for kind in kinds if kind in _NAMED_AFTER_STACK}
    if named:
        confined = {
            arn.removesuffix("*") + name for kind, arns in named.items() for arn in arns for name in names[kind]
        }
    else:
        # The action says which kind it is for; the services of the product, the account and the region confine it
        # further. What a service makes for another, such as the secret of a database, is none of the product's own.
        parts = [arn.split(":", 5)[:5] for arns in kinds.values() for arn in arns]
        own = [part for part in parts if part[2] in services]
        confined = {":".join([*part, "*"]) for part in own or parts}
        published = [arn.split(":", 5)[:4] for kind in _PUBLISHED_BY_AWS & kinds.keys() for arn in kinds[kind]]
        confined |= {":".join([*part, "", "*"]) for part in published}
    return tuple(sorted(confined)) or ("*",)


def _read_parameters(templates: Iterable[Mapping[str, Any]]) -> Iterator[Statement]:
    """CloudFormation reads the form's SSM parameters with the launch role: those that the form names.

    What AWS publishes is no account's: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
    """
    names = {
        parameter["Default"]
        for template in templates
        for parameter in template.get("Parameters", {}).values()
        if parameter["Type"].startswith(("AWS::SSM::Parameter::Value<", "AWS::SSM::Parameter::Name"))
    }
    if names:
        owners = ((name, "" if name.startswith("/aws/service/") else "${Account}") for name in sorted(names))
        arns = (f"arn:${{Partition}}:ssm:${{Region}}:{owner}:parameter{name}" for name, owner in owners)
        yield Statement(("ssm:GetParameters",), tuple(arns))


def _pass_role(templates: Iterable[Mapping[str, Any]]) -> Iterator[Statement]:
    """Roles of the product itself may be passed, to the services that they trust and no others.

    Service-linked roles may be passed where the template names them; each trusts its own service alone.
    """
    services = sorted({service for template in templates for service in _trusted_services(template)})
    if services:
        yield Statement(
            ("iam:PassRole",),
            ("arn:${Partition}:iam::${Account}:role/SC-*",),
            {"StringEquals": {"iam:PassedToService": services}},
        )
    linked = {name for template in templates for name in _SERVICE_LINKED_ROLE.findall(json.dumps(template))}
    if linked:
        yield Statement(
            ("iam:PassRole",), tuple(f"arn:${{Partition}}:iam::${{Account}}:{name}" for name in sorted(linked))
        )


def _read_web_acls(templates: Iterable[Mapping[str, Any]]) -> Iterator[Statement]:
    """CloudFront reads the web ACL of a distribution for whoever names it; such web ACLs are in us-east-1.

    Source: https://docs.aws.amazon.com/waf/latest/developerguide/security_iam_service-with-iam.html
    """
    distributions = [
        resource["Properties"]["DistributionConfig"]
        for template in templates
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::CloudFront::Distribution"
    ]
    if any("WebACLId" in distribution for distribution in distributions):
        yield Statement(("wafv2:GetWebACL",), ("arn:${Partition}:wafv2:us-east-1:${Account}:global/webacl/*",))


def _trusted_services(template: Mapping[str, Any]) -> Iterator[str]:
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::IAM::Role":
            for statement in resource["Properties"]["AssumeRolePolicyDocument"]["Statement"]:
                services = statement["Principal"].get("Service", [])
                yield from [services] if isinstance(services, str) else services


def _names(templates: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    """The patterns of names by the kind of resource: after the stack, and what templates say themselves."""
    names = {kind: {named.prefix + "*"} for kind, named in _NAMED_AFTER_STACK.items()}
    for template in templates:
        for resource in template["Resources"].values():
            for kind, named in _NAMED_AFTER_STACK.items():
                value = resource.get("Properties", {}).get(named.property)
                if resource["Type"] == named.resource_type and value is not None:
                    names[kind].add(_known_beginning(value) + "*")
    return names


def _known_beginning(name: Any) -> str:
    """A name as far as the template says it; the rest is known at launch only."""
    match name:
        case str():
            return name
        case {"Ref": "AWS::StackName"}:
            return "SC-"
        case {"Fn::Join": ["", [*parts]]}:
            texts = list(takewhile(lambda part: isinstance(part, str), parts))
            following = parts[len(texts) : len(texts) + 1]
            return "".join([*texts, *map(_known_beginning, following)])
        case _:
            return ""


def _naming_problems(template: Mapping[str, Any]) -> Iterator[Problem]:
    types = {named.resource_type: named for named in _NAMED_AFTER_STACK.values()}
    for logical_id, resource in template["Resources"].items():
        named = types.get(resource["Type"])
        if named and not _known_beginning(resource.get("Properties", {}).get(named.property, named.prefix)):
            yield Problem(
                cause=f"{logical_id} has a {named.property} of unknown beginning; a launch role could not reach it.",
                fix=f"Leave {named.property} out, so that CloudFormation names it, or begin it with a fixed text.",
            )


def _split(statement: Statement) -> Iterator[Statement]:
    """The statement, in halves as often as it takes to fit a policy."""
    if policy_size([statement]) <= POLICY_CHARACTERS:
        yield statement
        return
    middle = len(statement.actions) // 2
    for actions in (statement.actions[:middle], statement.actions[middle:]):
        yield from _split(Statement(actions, statement.resources, statement.condition))
