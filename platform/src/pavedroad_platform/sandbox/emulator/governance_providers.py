"""The types of CloudTrail, Config and Budgets that take more than one call."""

import json
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import config

from pavedroad_platform.sandbox.emulator.in_process_client import call
from pavedroad_platform.sandbox.emulator.resource import Provider, Resource


class TrailProvider:
    """``AWS::CloudTrail::Trail`` with its event selectors and whether it is logging."""

    def create(self, resource: Resource) -> None:
        """Create the trail and start it."""
        resource.attributes["Arn"] = call("cloudtrail", "CreateTrail", **self._trail(resource))["TrailARN"]
        self._complete(resource)

    def update(self, resource: Resource) -> None:
        """Change the trail."""
        call("cloudtrail", "UpdateTrail", **self._trail(resource))
        self._complete(resource)

    def delete(self, resource: Resource) -> None:
        """Delete the trail."""
        call("cloudtrail", "DeleteTrail", Name=resource.attributes["TrailName"])

    def _trail(self, resource: Resource) -> dict[str, Any]:
        names = ("S3BucketName", "S3KeyPrefix", "SnsTopicName", "IncludeGlobalServiceEvents", "IsMultiRegionTrail")
        more = ("IsOrganizationTrail", "EnableLogFileValidation", "CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn")
        return {
            "Name": resource.attributes["TrailName"],
            **resource.picked(*names, *more, KMSKeyId="KmsKeyId"),
        }

    def _complete(self, resource: Resource) -> None:
        name = resource.attributes["TrailName"]
        selectors = resource.picked("EventSelectors", "AdvancedEventSelectors")
        if selectors:
            call("cloudtrail", "PutEventSelectors", TrailName=name, **selectors)
        call("cloudtrail", "StartLogging" if resource.properties["IsLogging"] else "StopLogging", Name=name)


class RecorderProvider:
    """``AWS::Config::ConfigurationRecorder``: it records as soon as there is a delivery channel."""

    def create(self, resource: Resource) -> None:
        """Put the recorder."""
        recorder = {"name": resource.attributes["Name"], "roleARN": resource.properties["RoleARN"]}
        if "RecordingGroup" in resource.properties:
            recorder["recordingGroup"] = _in_lower_camel_case(resource.properties["RecordingGroup"])
        if "RecordingMode" in resource.properties:
            recorder["recordingMode"] = _in_lower_camel_case(resource.properties["RecordingMode"])
        call("config", "PutConfigurationRecorder", ConfigurationRecorder=recorder)
        _start_recording()

    update = create

    def delete(self, resource: Resource) -> None:
        """Delete the recorder: MiniStack has no operation for it."""
        config._recorders.pop(resource.attributes["Name"], None)


class DeliveryChannelProvider:
    """``AWS::Config::DeliveryChannel``."""

    def create(self, resource: Resource) -> None:
        """Put the channel."""
        channel = {
            "name": resource.attributes["Name"],
            **resource.picked(
                S3BucketName="s3BucketName",
                S3KeyPrefix="s3KeyPrefix",
                S3KmsKeyArn="s3KmsKeyArn",
                SnsTopicARN="snsTopicARN",
            ),
        }
        if "ConfigSnapshotDeliveryProperties" in resource.properties:
            delivery = _in_lower_camel_case(resource.properties["ConfigSnapshotDeliveryProperties"])
            channel["configSnapshotDeliveryProperties"] = delivery
        call("config", "PutDeliveryChannel", DeliveryChannel=channel)
        _start_recording()

    update = create

    def delete(self, resource: Resource) -> None:
        """Delete the channel: MiniStack has no operation for it."""
        config._delivery_channels.pop(resource.attributes["Name"], None)


def _start_recording() -> None:
    if not call("config", "DescribeDeliveryChannels")["DeliveryChannels"]:
        return
    for recorder in call("config", "DescribeConfigurationRecorders")["ConfigurationRecorders"]:
        call("config", "StartConfigurationRecorder", ConfigurationRecorderName=recorder["name"])


def _in_lower_camel_case(value: Any) -> Any:
    """The value with its keys as AWS Config's API has them."""
    if isinstance(value, dict):
        return {key[0].lower() + key[1:]: _in_lower_camel_case(item) for key, item in value.items()}
    return [_in_lower_camel_case(item) for item in value] if isinstance(value, list) else value


class BudgetProvider:
    """``AWS::Budgets::Budget``."""

    def create(self, resource: Resource) -> None:
        """Create the budget with its notifications."""
        name = resource.properties["Budget"].get("BudgetName") or f"{resource.stack_name}-{resource.logical_id}"
        resource.attributes["Id"] = name
        call(
            "budgets",
            "CreateBudget",
            AccountId=get_account_id(),
            Budget=self._budget(resource),
            **resource.picked("NotificationsWithSubscribers"),
        )

    def update(self, resource: Resource) -> None:
        """Change the budget; changed notifications replace it."""
        call("budgets", "UpdateBudget", AccountId=get_account_id(), NewBudget=self._budget(resource))

    def delete(self, resource: Resource) -> None:
        """Delete the budget."""
        call("budgets", "DeleteBudget", AccountId=get_account_id(), BudgetName=resource.attributes["Id"])

    def _budget(self, resource: Resource) -> dict[str, Any]:
        # The template's time periods are text, the API's dates: without one, the budget starts now.
        budget = {name: value for name, value in resource.properties["Budget"].items() if name != "TimePeriod"}
        if "BudgetLimit" in budget:
            limit = budget["BudgetLimit"]
            budget["BudgetLimit"] = {"Amount": str(limit["Amount"]), "Unit": limit["Unit"]}
        return {**budget, "BudgetName": resource.attributes["Id"]}


def config_rule(resource: Resource) -> dict[str, Any]:
    """The input of PutConfigRule."""
    rule = resource.picked("Description", "Source", "Scope", "MaximumExecutionFrequency")
    parameters = resource.properties.get("InputParameters")
    if parameters:
        rule["InputParameters"] = parameters if isinstance(parameters, str) else json.dumps(parameters)
    return {"ConfigRule": {**rule, "ConfigRuleName": resource.attributes["ConfigRuleName"]}}


GOVERNANCE_PROVIDERS: Mapping[str, Provider] = {
    "AWS::Budgets::Budget": BudgetProvider(),
    "AWS::CloudTrail::Trail": TrailProvider(),
    "AWS::Config::ConfigurationRecorder": RecorderProvider(),
    "AWS::Config::DeliveryChannel": DeliveryChannelProvider(),
}
"""The providers by type."""
