"""Rules for delivery resources."""

from collections.abc import Mapping
from typing import Any

from pavedroad_platform.checks.rules.rule import Rule, equals, is_false, is_true, present


def _ends_on_findings(action: Any) -> bool:
    if not action or action["ActionTypeId"]["Provider"] != "InspectorScan":
        return True
    return present(action.get("Configuration", {}).get("CriticalThreshold"))


def _updates_itself(properties: Mapping[str, Any]) -> bool:
    return "UpdatePipeline" in [stage.get("Name") for stage in properties.get("Stages", [])]


RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-CodeBuild-2",
        resource_type="AWS::CodeBuild::Project",
        place="Environment.PrivilegedMode",
        requires=is_false,
        message="gives builds the rights of their host: set PrivilegedMode to false",
        source="AWS Security Hub CodeBuild.5 (retired) and NIST SP 800-53 AC-6",
    ),
    Rule(
        id="PavedRoad-CodePipeline-1",
        resource_type="AWS::CodePipeline::Pipeline",
        place="ArtifactStore.EncryptionKey",
        requires=present,
        message="encrypts artifacts with the key that AWS manages: name a customer managed key",
        source="https://docs.aws.amazon.com/codepipeline/latest/userguide/S3-artifact-encryption.html",
    ),
    Rule(
        id="PavedRoad-CodePipeline-2",
        resource_type="AWS::CodePipeline::Pipeline",
        place="Stages.*.Actions.*",
        requires=_ends_on_findings,
        message="scans and lets every finding through: set CriticalThreshold",
        source="https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-InspectorScan.html",
    ),
    Rule(
        id="PavedRoad-CodePipeline-3",
        resource_type="AWS::CodePipeline::Pipeline",
        place="RestartExecutionOnUpdate",
        requires=is_true,
        message="deploys a change with the pipeline of before it: set RestartExecutionOnUpdate to true",
        source="https://docs.aws.amazon.com/cdk/v2/guide/cdk-pipeline.html",
        when=_updates_itself,
    ),
    Rule(
        id="PavedRoad-CodeBuild-3",
        resource_type="AWS::CodeBuild::Project",
        place="LogsConfig.CloudWatchLogs.Status",
        requires=equals("ENABLED"),
        message="keeps no record of its builds: set Status to ENABLED",
        source="AWS Security Hub CodeBuild.4",
    ),
)
