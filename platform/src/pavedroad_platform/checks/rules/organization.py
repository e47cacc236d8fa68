"""Rules for what reaches into every account of the organisation: StackSets and AWS Config."""

from collections.abc import Mapping
from typing import Any

from pavedroad_platform.checks.rules.rule import Rule, is_false, is_true

_AUTOMATIC = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html"
_RECORDING = "AWS Security Hub Config.1"


def _goes_to_chosen_accounts(properties: Mapping[str, Any]) -> bool:
    groups = properties.get("StackInstancesGroup", [])
    return any("AccountFilterType" in group["DeploymentTargets"] for group in groups)


def _goes_to_whole_units(properties: Mapping[str, Any]) -> bool:
    return properties.get("PermissionModel") == "SERVICE_MANAGED" and not _goes_to_chosen_accounts(properties)


RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-CloudFormation-1",
        resource_type="AWS::CloudFormation::StackSet",
        place="AutoDeployment.Enabled",
        requires=is_true,
        message="leaves out the accounts that join: set AutoDeployment.Enabled to true",
        source=_AUTOMATIC,
        when=_goes_to_whole_units,
    ),
    Rule(
        id="PavedRoad-CloudFormation-2",
        resource_type="AWS::CloudFormation::StackSet",
        place="AutoDeployment.RetainStacksOnAccountRemoval",
        requires=is_true,
        message="takes away what an account that leaves still needs: set RetainStacksOnAccountRemoval to true",
        source=_AUTOMATIC,
        when=_goes_to_whole_units,
    ),
    Rule(
        id="PavedRoad-CloudFormation-3",
        resource_type="AWS::CloudFormation::StackSet",
        place="AutoDeployment.Enabled",
        requires=is_false,
        message="reaches accounts that nobody chose when they join the unit: set AutoDeployment.Enabled to false",
        source=_AUTOMATIC,
        when=_goes_to_chosen_accounts,
    ),
    Rule(
        id="PavedRoad-Config-1",
        resource_type="AWS::Config::ConfigurationAggregator",
        place="OrganizationAggregationSource.AllAwsRegions",
        requires=is_true,
        message="does not see regions that are allowed later: set AllAwsRegions to true",
        source=_RECORDING,
        when=lambda properties: "OrganizationAggregationSource" in properties,
    ),
    *(
        Rule(
            id=f"PavedRoad-Config-{number}",
            resource_type="AWS::Config::ConfigurationRecorder",
            place=f"RecordingGroup.{setting}",
            requires=is_true,
            message=f"records a part of what stands in the account: set {setting} to true",
            source=_RECORDING,
        )
        for number, setting in ((2, "AllSupported"), (3, "IncludeGlobalResourceTypes"))
    ),
)
