"""parliament on every policy document of the finished templates."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pavedroad_platform.checks.findings import Finding, FinishedTemplate
from pavedroad_platform.checks.isolated_tools import run_isolated

_ANALYSE = Path(__file__).with_name("analyse_policies.py")
_PSEUDO = {
    "AWS::AccountId": "111111111111",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::URLSuffix": "amazonaws.com",
}
# What a policy refers to is not known before deployment; the linter compares the form of the ARN.
_ARNS = {
    "AWS::S3::Bucket": "arn:aws:s3:::bucket",
    "AWS::KMS::Key": "arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-000000000000",
    "AWS::IAM::Role": "arn:aws:iam::111111111111:role/role",
    "AWS::Logs::LogGroup": "arn:aws:logs:eu-west-1:111111111111:log-group:group:*",
    "AWS::SNS::Topic": "arn:aws:sns:eu-west-1:111111111111:topic",
    "AWS::SQS::Queue": "arn:aws:sqs:eu-west-1:111111111111:queue",
    "AWS::Lambda::Function": "arn:aws:lambda:eu-west-1:111111111111:function:function",
    "AWS::CodeBuild::Project": "arn:aws:codebuild:eu-west-1:111111111111:project/project",
    "AWS::CodePipeline::Pipeline": "arn:aws:codepipeline:eu-west-1:111111111111:pipeline",
    "AWS::ECS::Cluster": "arn:aws:ecs:eu-west-1:111111111111:cluster/cluster",
    "AWS::SecretsManager::Secret": "arn:aws:secretsmanager:eu-west-1:111111111111:secret:secret-abcdef",
}


class Parliament:
    """parliament's analysis of each identity and resource policy."""

    name = "parliament"

    def run(self, templates: Sequence[FinishedTemplate]) -> list[Finding]:
        """Malformed statements, actions that do not exist, resources that an action does not take, and the like."""
        documents = [
            {"template": template.name, "resource": logical_id, "policy": document}
            for template in templates
            for logical_id, document in policy_documents(template)
        ]
        answer = json.loads(run_isolated("parliament", ["python", "-I", str(_ANALYSE)], said=json.dumps(documents)))
        return [
            Finding(
                check=self.name,
                rule=f"parliament::{row['issue']}",
                template=row["template"],
                resource=row["resource"],
                message=f"{row['title']}: {row['detail']}",
            )
            for row in answer
        ]


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
    """Name the resource that a resource policy is about: a trust policy leaves it out, a key policy writes ``*``."""
    names_itself = "Principal" in statement and statement.get("Resource", "*") == "*"
    return statement | {"Resource": own_arn} if names_itself and "NotResource" not in statement else statement


def _listed(statements: Any) -> list[dict[str, Any]]:
    return statements if isinstance(statements, list) else [statements]


def _documents_in(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        if "Statement" in value:
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
        # IAM takes numbers and booleans as text, and the linter knows them as text only.
        return value if isinstance(value, str) else json.dumps(value)
    if len(value) == 1:
        name, argument = next(iter(value.items()))
        if name == "Ref" or name.startswith("Fn::"):
            return _intrinsic(name, argument, template)
    return {key: _resolve(part, template) for key, part in value.items()}


def _intrinsic(name: str, argument: Any, template: FinishedTemplate) -> Any:
    if name == "Ref":
        return _PSEUDO.get(argument, "*")
    if name == "Fn::GetAtt":
        return _attribute(argument, template)
    if name == "Fn::Join":
        separator, parts = argument
        return separator.join(str(part) for part in _resolve(parts, template)) if isinstance(parts, list) else "*"
    if name == "Fn::Sub":
        text = argument if isinstance(argument, str) else argument[0]
        return re.sub(r"\$\{([^}]+)\}", lambda match: _PSEUDO.get(match[1], "*"), text)
    if name == "Fn::If":
        return _resolve(argument[1], template)
    return "*"


def _attribute(argument: Any, template: FinishedTemplate) -> str:
    logical_id, attribute = argument if isinstance(argument, list) else argument.split(".", 1)
    resource_type = template.resources.get(logical_id, {}).get("Type", "")
    return _ARNS.get(resource_type, "*") if attribute.endswith("Arn") else "*"
