"""Rules for functions, and for what calls and deploys them."""

from collections.abc import Mapping
from typing import Any

from pavedroad_platform.checks.findings import FinishedTemplate
from pavedroad_platform.checks.references import references
from pavedroad_platform.checks.rules.rule import Rule, equals, is_true, present
from pavedroad_platform.checks.rules.statements import conditions_everybody, denies

_FAILURES = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html"
_DEPLOYMENTS = "https://docs.aws.amazon.com/codedeploy/latest/userguide/deployments-rollback-and-redeploy.html"


def _refers_to(value: object, template: FinishedTemplate, *resource_types: str) -> bool:
    return any(template.resources.get(name, {}).get("Type") in resource_types for name in references(value))


def _calls_a_function(resource: Mapping[str, Any], template: FinishedTemplate) -> bool:
    targets = resource["Properties"].get("Targets")
    return _refers_to(targets, template, "AWS::Lambda::Alias", "AWS::Lambda::Function")


def _moves_a_function(resource: Mapping[str, Any], template: FinishedTemplate) -> bool:
    """Whether the deployment group is of an application for Lambda."""
    names = references(resource["Properties"].get("ApplicationName"))
    applications = [template.resources.get(name, {}).get("Properties", {}) for name in names]
    return any(application.get("ComputePlatform") == "Lambda" for application in applications)


def _roles_of_functions(template: FinishedTemplate) -> set[str]:
    functions = [each for each in template.resources.values() if each["Type"] == "AWS::Lambda::Function"]
    return {name for function in functions for name in references(function["Properties"].get("Role"))}


def _is_a_service(function: Mapping[str, Any], template: FinishedTemplate) -> bool:
    """Whether the function serves somebody; the others are custom resources of the landing zone, run by deployments.

    What nobody waits for has a place for calls that failed; a deployment waits.
    """
    return template.name.startswith(("product-", "library-")) or "DeadLetterConfig" in function["Properties"]


def _is_of_a_service(role: Mapping[str, Any], template: FinishedTemplate) -> bool:
    names = {
        name
        for function in template.resources.values()
        if function["Type"] == "AWS::Lambda::Function" and _is_a_service(function, template)
        for name in references(function["Properties"].get("Role"))
    }
    return any(template.resources.get(name) is role for name in names)


def _is_for_a_function(policy: Mapping[str, Any], template: FinishedTemplate) -> bool:
    return bool(set(references(policy["Properties"].get("Roles"))) & _roles_of_functions(template))


def _makes_interfaces(properties: Mapping[str, Any]) -> bool:
    allowed = [each for each in properties["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]
    return "ec2:CreateNetworkInterface" in str(allowed)


def _reads_a_stream(properties: Mapping[str, Any]) -> bool:
    return "StartingPosition" in properties


RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-Lambda-1",
        resource_type="AWS::Lambda::Function",
        place="LoggingConfig.LogGroup",
        requires=present,
        message="writes to a log group without retention and key: name a log group",
        source="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html",
    ),
    Rule(
        id="PavedRoad-Lambda-2",
        resource_type="AWS::Lambda::Function",
        place="TracingConfig.Mode",
        requires=equals("Active"),
        message="cannot tell where a call spent its time: set TracingConfig to Active",
        source="AWS Security Hub Lambda.7",
        within=_is_a_service,
    ),
    Rule(
        id="PavedRoad-Lambda-3",
        resource_type="AWS::Lambda::Function",
        place="VpcConfig.SecurityGroupIds",
        requires=present,
        message="takes the default security group of the VPC: name a security group",
        source="AWS Security Hub EC2.2",
        when=lambda properties: "VpcConfig" in properties,
    ),
    Rule(
        id="PavedRoad-Lambda-4",
        resource_type="AWS::IAM::ManagedPolicy",
        place="PolicyDocument.Statement",
        requires=denies("NotTheCode"),
        message="lets the function's own code make network interfaces: put the denial NotTheCode back",
        source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
        when=_makes_interfaces,
        within=_is_for_a_function,
    ),
    Rule(
        id="PavedRoad-Lambda-5",
        resource_type="AWS::IAM::Role",
        place="AssumeRolePolicyDocument.Statement.*",
        requires=conditions_everybody,
        message="gives the function's rights to functions of other accounts: set aws:SourceAccount",
        source="https://docs.aws.amazon.com/lambda/latest/dg/permissions-managed-policies.html",
        within=_is_of_a_service,
    ),
    Rule(
        id="PavedRoad-Lambda-6",
        resource_type="AWS::Lambda::EventSourceMapping",
        place="FunctionResponseTypes",
        requires=present,
        message="takes a whole batch again when one record fails: set FunctionResponseTypes",
        source=_FAILURES,
    ),
    Rule(
        id="PavedRoad-Lambda-7",
        resource_type="AWS::Lambda::EventSourceMapping",
        place="BisectBatchOnFunctionError",
        requires=is_true,
        message="gives up a whole batch for one record: set BisectBatchOnFunctionError",
        source=_FAILURES,
        when=_reads_a_stream,
    ),
    Rule(
        id="PavedRoad-Lambda-8",
        resource_type="AWS::Lambda::EventSourceMapping",
        place="DestinationConfig.OnFailure.Destination",
        requires=present,
        message="drops records that fail and tells nobody: name a destination",
        source=_FAILURES,
        when=_reads_a_stream,
    ),
    Rule(
        id="PavedRoad-Lambda-9",
        resource_type="AWS::Events::Rule",
        place="Targets.*.DeadLetterConfig",
        requires=present,
        message="drops events that cannot be delivered to the function: name a dead-letter queue",
        source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html",
        within=_calls_a_function,
    ),
    Rule(
        id="PavedRoad-Lambda-10",
        resource_type="AWS::Lambda::Function",
        place="KmsKeyArn",
        requires=present,
        message="encrypts its environment with a key that nobody here can revoke: name a key in KmsKeyArn",
        source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html",
        within=_is_a_service,
    ),
    Rule(
        id="PavedRoad-Lambda-11",
        resource_type="AWS::Lambda::Url",
        place="AuthType",
        requires=equals("AWS_IAM"),
        message="answers everybody: set AuthType to AWS_IAM",
        source="https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    ),
    Rule(
        id="PavedRoad-CodeDeploy-1",
        resource_type="AWS::CodeDeploy::DeploymentGroup",
        place="AutoRollbackConfiguration.Enabled",
        requires=is_true,
        message="stays at a deployment that failed: set AutoRollbackConfiguration",
        source=_DEPLOYMENTS,
        within=_moves_a_function,
    ),
    Rule(
        id="PavedRoad-CodeDeploy-2",
        resource_type="AWS::CodeDeploy::DeploymentGroup",
        place="AlarmConfiguration.Enabled",
        requires=is_true,
        message="goes on while calls fail: name alarms that roll the deployment back",
        source=_DEPLOYMENTS,
        within=_moves_a_function,
    ),
)
