"""parliament on every policy document of the finished templates."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pavedroad_platform.catalog import iam_actions
from pavedroad_platform.checks.findings import Finding, FinishedTemplate
from pavedroad_platform.checks.isolated_tools import run_isolated

_ANALYSE = Path(__file__).with_name("analyse_policies.py")
_PSEUDO = {
    "AWS::AccountId": "111111111111",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::StackId": "arn:aws:cloudformation:eu-west-1:111111111111:stack/stack/00000000-0000-0000-0000-000000000000",
    "AWS::StackName": "stack",
    "AWS::URLSuffix": "amazonaws.com",
}
# What a policy refers to is not known before deployment; the linter compares the form of the ARN.
_ARNS = {
    "AWS::S3::Bucket": "arn:aws:s3:::bucket",
    "AWS::KMS::Key": "arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-000000000000",
    "AWS::IAM::ManagedPolicy": "arn:aws:iam::111111111111:policy/policy",
    "AWS::IAM::Role": "arn:aws:iam::111111111111:role/role",
    "AWS::IAM::SAMLProvider": "arn:aws:iam::111111111111:saml-provider/provider",
    "AWS::KinesisFirehose::DeliveryStream": "arn:aws:firehose:eu-west-1:111111111111:deliverystream/stream",
    "AWS::Logs::LogGroup": "arn:aws:logs:eu-west-1:111111111111:log-group:group:*",
    "AWS::SNS::Topic": "arn:aws:sns:eu-west-1:111111111111:topic",
    "AWS::SQS::Queue": "arn:aws:sqs:eu-west-1:111111111111:queue",
    "AWS::Events::Rule": "arn:aws:events:eu-west-1:111111111111:rule/rule",
    "AWS::Lambda::Alias": "arn:aws:lambda:eu-west-1:111111111111:function:function:alias",
    "AWS::Lambda::Function": "arn:aws:lambda:eu-west-1:111111111111:function:function",
    "AWS::Config::ConfigurationAggregator": "arn:aws:config:eu-west-1:111111111111:config-aggregator/aggregator",
    "AWS::CodeBuild::Project": "arn:aws:codebuild:eu-west-1:111111111111:project/project",
    "AWS::CodePipeline::Pipeline": "arn:aws:codepipeline:eu-west-1:111111111111:pipeline",
    "AWS::CodeArtifact::Domain": "arn:aws:codeartifact:eu-west-1:111111111111:domain/domain",
    "AWS::CodeArtifact::Repository": "arn:aws:codeartifact:eu-west-1:111111111111:repository/domain/repository",
    "AWS::ECR::Repository": "arn:aws:ecr:eu-west-1:111111111111:repository/repository",
    "AWS::ECS::Cluster": "arn:aws:ecs:eu-west-1:111111111111:cluster/cluster",
    "AWS::ElasticLoadBalancingV2::ListenerRule": (
        "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener-rule/app/balancer/1/2/3"
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": (
        "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/group/1"
    ),
    "AWS::SecretsManager::Secret": "arn:aws:secretsmanager:eu-west-1:111111111111:secret:secret-abcdef",
}
_ANSWER_REF_WITH_THEIR_ARN = {
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::SAMLProvider",
    "AWS::Lambda::Alias",
    "AWS::SNS::Topic",
    "AWS::SecretsManager::Secret",
}
# What is given at deployment only; what it must be follows from the action that is taken on it.
_GIVEN_LATER = "arn:aws:given-at-deployment"
# Who is admitted by an account id that is given at deployment.
_SOME_ACCOUNT = "arn:aws:iam::111111111111:root"
# And what is given as a part of an ARN.
_GIVEN = "given"

# Condition keys that AWS documents and that the linter's list, which is older, does not have for the action.
_CONDITION_KEYS = {
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceorgid
    "aws:SourceOrgID",
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html#example-object-tls-version
    "s3:TlsVersion",
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    "kms:EncryptionContext:aws:logs:arn",
    # https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
    "lambda:SourceFunctionArn",
    # https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-resource-aliases
    "kms:ResourceAliases",
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html#amazonrds-policy-keys
    "rds:DatabaseEngine",
    "rds:StorageEncrypted",
}


# What the linter wants where AWS has come to take another resource: none at all, the documents of Automation, and the
# rules of network load balancers, where those of application load balancers do too.
_OLD_FORMATS = (
    "*",
    "arn:*:ssm:*:*:automation-definition/",
    "arn:*:elasticloadbalancing:*:*:listener-rule/net/",
)


class Parliament:
    """parliament's analysis of each identity and resource policy."""

    name = "parliament"

    def run(self, templates: Sequence[FinishedTemplate]) -> list[Finding]:
        """Malformed statements, actions that do not exist, resources that an action does not take, and the like."""
        documents: list[dict[str, Any]] = [
            {"template": template.name, "resource": logical_id, "policy": document}
            for template in templates
            for logical_id, document in policy_documents(template)
        ]
        answer = json.loads(run_isolated("parliament", ["python", "-I", str(_ANALYSE)], said=json.dumps(documents)))
        by_place = {(document["template"], document["resource"]): document["policy"] for document in documents}
        return [
            Finding(
                check=self.name,
                rule=f"parliament::{row['issue']}",
                template=row["template"],
                resource=row["resource"],
                message=f"{row['title']}: {row['detail']}",
            )
            for row in answer
            if not _is_outdated(row["issue"], row["detail"], by_place[row["template"], row["resource"]])
        ]


def _is_outdated(issue: str, detail: Any, policy: Mapping[str, Any]) -> bool:
    """Whether the linter only does not know what AWS has: newer services, actions, resources and condition keys."""
    match issue:
        case "UNKNOWN_PREFIX" | "UNKNOWN_ACTION":
            _, kind, name = detail.split(" ", 2)
            return {"prefix": iam_actions.has_service, "action": iam_actions.exists}[kind](name)
        case "UNKNOWN_CONDITION_FOR_ACTION":
            return detail.removeprefix("Unknown condition ").partition(" ")[0] in _CONDITION_KEYS
        case "MISMATCHED_TYPE":
            # The encryption context of log groups is an ARN; the linter knows every encryption context as plain text.
            return "ArnLike requires a value of type Arn but given String" in detail
        case "MISMATCHED_TYPE_BUT_USABLE":
            # AWS's own examples compare the ARNs of keys and boundaries as text.
            return True
        case "RESOURCE_MISMATCH":
            return all(
                row["required_format"].startswith(_OLD_FORMATS) and _fits(row["action"], policy) for row in detail
            )
        case _:
            return False


def _fits(action: str, policy: Mapping[str, Any]) -> bool:
    """Whether a statement of ``policy`` grants ``action`` on a resource that AWS says it is taken on."""
    if not iam_actions.exists(action):
        return False
    formats = [form for forms in iam_actions.resource_kinds(action).values() for form in forms]
    patterns = [re.sub(r"\$\{\w+\}", "*", form) for form in formats]
    resources = [
        resource
        for statement in policy["Statement"]
        if action in _listed(statement.get("Action", []))
        for resource in _listed(statement.get("Resource", []))
    ]
    return any(fnmatchcase(resource, pattern) for resource in resources for pattern in patterns)


def policy_documents(template: FinishedTemplate) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every policy document in the template with its resource's logical id, references replaced by likely values."""
    for logical_id, resource in template.resources.items():
        own_arn = _ARNS.get(resource["Type"], "*")
        for document in _documents_in(resource.get("Properties", {})):
            resolved = _resolve(document, template)
            yield (
                logical_id,
                resolved | {"Statement": [_on_resource(s, own_arn) for s in _listed(resolved["Statement"])]},
            )


def _on_resource(statement: dict[str, Any], own_arn: str) -> dict[str, Any]:
    """Name the resource and the accounts that a statement is about, where it leaves out or gets them at deployment.

    A trust policy leaves it out, and a key policy writes ``*`` for the key.
    """
    if "NotResource" in statement:
        return statement
    principals = statement.get("Principal")
    if isinstance(principals, Mapping) and principals.get("AWS") == _GIVEN_LATER:
        statement = statement | {"Principal": {**principals, "AWS": _SOME_ACCOUNT}}
    if "Principal" in statement and statement.get("Resource", "*") == "*":
        return statement | {"Resource": own_arn}
    resources = _listed(statement.get("Resource", "*"))
    if _GIVEN_LATER not in resources:
        return statement
    known = [resource for resource in resources if resource != _GIVEN_LATER]
    return statement | {"Resource": known + [_taken_by(action) for action in _listed(statement["Action"])]}


def _taken_by(action: str) -> str:
    """An ARN of the kind that an action is taken on; any, where the action is a wildcard."""
    if not iam_actions.exists(action):
        return "*"
    service = action.partition(":")[0]
    formats = next(iter(iam_actions.resource_kinds(action).values()), (f"arn:aws:{service}:eu-west-1:111111111111:*",))
    arn = formats[0]
    for placeholder, value in (("Partition", "aws"), ("Region", "eu-west-1"), ("Account", "111111111111")):
        arn = arn.replace(f"${{{placeholder}}}", value)
    return arn


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _documents_in(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        # A web firewall's rules have statements as well; only a policy's have an effect.
        if any("Effect" in statement for statement in _listed(value.get("Statement", []))):
            yield value
        else:
            for part in value.values():
                yield from _documents_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from _documents_in(part)


def _resolve(value: Any, template: FinishedTemplate) -> Any:
    if isinstance(value, list):
        return [_resolve(part, template) for part in value]
    if not isinstance(value, Mapping):
        # The linter knows numbers and booleans as text only, and whole numbers only.
        return value if isinstance(value, str) else json.dumps(int(value) if isinstance(value, float) else value)
    if len(value) == 1:
        name, argument = next(iter(value.items()))
        if name == "Ref" or name.startswith("Fn::"):
            return _intrinsic(name, argument, template)
    return {key: _resolve(part, template) for key, part in value.items()}


def _intrinsic(name: str, argument: Any, template: FinishedTemplate) -> Any:
    match name:
        case "Ref":
            answer: Any = _PSEUDO.get(argument) or _reference(argument, template)
        case "Fn::GetAtt":
            answer = _attribute(argument, template)
        case "Fn::Join" if isinstance(argument[1], list):
            parts = _resolve(argument[1], template)
            answer = _completed(argument[0].join(str(part).replace(_GIVEN_LATER, _GIVEN) for part in parts))
        case "Fn::Sub":
            text = argument if isinstance(argument, str) else argument[0]
            answer = re.sub(r"\$\{([^}]+)\}", lambda variable: _PSEUDO.get(variable[1], "*"), text)
        case "Fn::If":
            answer = _resolve(argument[1], template)
        case _:
            answer = _GIVEN_LATER
    return answer


def _completed(text: str) -> str:
    """An ARN whose region or account is given at deployment, with some region or account."""
    parts = text.split(":", 5)
    for place, value in ((3, _PSEUDO["AWS::Region"]), (4, _PSEUDO["AWS::AccountId"])):
        if parts[0] == "arn" and len(parts) > place and parts[place] == _GIVEN:
            parts[place] = value
    return ":".join(parts)


def _reference(name: str, template: FinishedTemplate) -> str:
    resource_type = template.resources.get(name, {}).get("Type", "")
    if name in template.body.get("Parameters", {}):
        return _GIVEN_LATER
    return _ARNS[resource_type] if resource_type in _ANSWER_REF_WITH_THEIR_ARN else "*"


def _attribute(argument: Any, template: FinishedTemplate) -> str:
    logical_id, attribute = argument if isinstance(argument, list) else argument.split(".", 1)
    if attribute.endswith("SecretArn"):  # a secret that another resource makes, such as a database's
        return _ARNS["AWS::SecretsManager::Secret"]
    resource_type = template.resources.get(logical_id, {}).get("Type", "")
    return _ARNS.get(resource_type, "*") if attribute.endswith("Arn") else "*"
