from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dlm as dlm
from aws_cdk import aws_kms as kms
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from pavedroad import SnapshotSchedule
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.storage.ebs.snapshot_schedule import SnapshotCopy

Findings = Callable[[cdk.Stack], list[str]]
TAGS = {"application": "orders"}
KEY_ABROAD = "arn:aws:kms:eu-central-1:111111111111:key/abroad"
ABROAD = SnapshotCopy(region="eu-central-1", encryption_key_arn=KEY_ABROAD, retention_days=90)


def details(stack: cdk.Stack) -> dict[str, Any]:
    (policy,) = Template.from_stack(stack).find_resources("AWS::DLM::LifecyclePolicy").values()
    found: dict[str, Any] = policy["Properties"]["PolicyDetails"]
    return found


def statements(stack: cdk.Stack) -> list[dict[str, Any]]:
    (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
    found: list[dict[str, Any]] = policy["Properties"]["PolicyDocument"]["Statement"]
    return found


def allowed(stack: cdk.Stack, action: str) -> list[dict[str, Any]]:
    def actions(statement: dict[str, Any]) -> list[str]:
        listed = statement["Action"]
        return [listed] if isinstance(listed, str) else listed

    return [each for each in statements(stack) if action in actions(each)]


@pytest.fixture
def key(stack: cdk.Stack) -> kms.IKey:
    return kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111111111111:key/here")


def test_takes_daily_snapshots_of_tagged_volumes_and_keeps_them_35_days(stack: cdk.Stack) -> None:
    SnapshotSchedule(stack, "Snapshots", target_tags=TAGS)
    assert details(stack) == {
        "PolicyType": "EBS_SNAPSHOT_MANAGEMENT",
        "ResourceTypes": ["VOLUME"],
        "TargetTags": [{"Key": "application", "Value": "orders"}],
        "Schedules": [
            {
                "Name": "Snapshots",
                "CopyTags": True,
                "CreateRule": {"CronExpression": "cron(0 3 * * ? *)"},
                "RetainRule": {"Interval": 35, "IntervalUnit": "DAYS"},
            }
        ],
    }
    Template.from_stack(stack).has_resource_properties("AWS::DLM::LifecyclePolicy", {"State": "ENABLED"})


def test_the_role_takes_snapshots_of_what_has_the_tags_and_deletes_its_own(stack: cdk.Stack) -> None:
    SnapshotSchedule(stack, "Snapshots", target_tags=TAGS)
    of_volumes, into_snapshots = allowed(stack, "ec2:CreateSnapshot")
    assert of_volumes["Condition"] == {"StringEquals": {"aws:ResourceTag/application": "orders"}}
    assert "volume/*" in str(of_volumes["Resource"])
    assert "snapshot/*" in str(into_snapshots["Resource"])
    assert "volume" not in str(into_snapshots["Resource"])
    conditions = [each["Condition"] for each in allowed(stack, "ec2:DeleteSnapshot")]
    assert conditions == [
        {"StringLike": {"aws:ResourceTag/aws:dlm:lifecycle-policy-id": "policy-*"}},
        {"StringEquals": {"aws:ResourceTag/dlm:managed": "true"}},
    ]
    assert allowed(stack, "ec2:CopySnapshot") == []
    assert not [each for each in statements(stack) if "kms:" in str(each["Action"])]


def test_the_role_is_taken_for_this_account_only(stack: cdk.Stack) -> None:
    SnapshotSchedule(stack, "Snapshots", target_tags=TAGS)
    (role,) = Template.from_stack(stack).find_resources("AWS::IAM::Role").values()
    (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "dlm.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_packs_find_nothing(stack: cdk.Stack, key: kms.IKey, pack_findings: Findings) -> None:
    SnapshotSchedule(stack, "Volumes", target_tags=TAGS, copies=[ABROAD], encryption_keys=[key])
    SnapshotSchedule(stack, "Instances", target_tags=TAGS, resource_type="INSTANCE")
    assert pack_findings(stack) == []


def test_schedule_retention_and_tags(stack: cdk.Stack) -> None:
    SnapshotSchedule(
        stack,
        "Snapshots",
        target_tags=TAGS,
        schedule="cron(0 1 ? * SUN *)",
        retention_days=365,
        tags_to_add={"kind": "weekly"},
    )
    (schedule,) = details(stack)["Schedules"]
    assert schedule["CreateRule"] == {"CronExpression": "cron(0 1 ? * SUN *)"}
    assert schedule["RetainRule"] == {"Interval": 365, "IntervalUnit": "DAYS"}
    assert schedule["TagsToAdd"] == [{"Key": "kind", "Value": "weekly"}]


def test_of_whole_instances(stack: cdk.Stack) -> None:
    SnapshotSchedule(stack, "Snapshots", target_tags=TAGS, resource_type="INSTANCE")
    assert details(stack)["ResourceTypes"] == ["INSTANCE"]
    of_instances, with_their_volumes = allowed(stack, "ec2:CreateSnapshots")
    assert of_instances["Condition"] == {"StringEquals": {"aws:ResourceTag/application": "orders"}}
    assert "instance/*" in str(of_instances["Resource"])
    assert "volume/*" in str(with_their_volumes["Resource"])


def test_copies_are_encrypted_with_a_key_of_their_region(stack: cdk.Stack, key: kms.IKey) -> None:
    SnapshotSchedule(stack, "Snapshots", target_tags=TAGS, copies=[ABROAD], encryption_keys=[key])
    (schedule,) = details(stack)["Schedules"]
    assert schedule["CrossRegionCopyRules"] == [
        {
            "Target": "eu-central-1",
            "Encrypted": True,
            "CmkArn": KEY_ABROAD,
            "CopyTags": True,
            "RetainRule": {"Interval": 90, "IntervalUnit": "DAYS"},
        }
    ]
    (use,) = allowed(stack, "kms:Decrypt")
    assert set(use["Resource"]) == {key.key_arn, KEY_ABROAD}
    (grants,) = allowed(stack, "kms:CreateGrant")
    assert grants["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    (copying,) = allowed(stack, "ec2:CopySnapshot")
    assert "eu-central-1::snapshot/*" in str(copying["Resource"])


def test_alarms_tell_of_snapshots_and_copies_that_fail(stack: cdk.Stack, key: kms.IKey) -> None:
    topic = sns.Topic(stack, "Topic")
    without = SnapshotSchedule(stack, "Local", target_tags=TAGS)
    abroad = SnapshotSchedule(stack, "Abroad", target_tags=TAGS, copies=[ABROAD], encryption_keys=[key])
    assert [alarm.node.id for alarm in without.add_alarms(topic)] == ["SnapshotsFailedAlarm"]
    assert [alarm.node.id for alarm in abroad.add_alarms(topic)] == ["SnapshotsFailedAlarm", "CopiesFailedAlarm"]
    template = Template.from_stack(stack)
    for name in ("SnapshotsCreateFailed", "SnapshotsCopiedRegionFailed"):
        template.has_resource_properties(
            "AWS::CloudWatch::Alarm",
            {
                "Namespace": "AWS/EBS",
                "MetricName": name,
                "Threshold": 0,
                "Dimensions": [{"Name": "DLMPolicyId", "Value": stack.resolve(abroad.policy.ref)}],
                "AlarmActions": [stack.resolve(topic.topic_arn)],
            },
        )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"target_tags": {}}, r"target_tags=\{\}: must name one tag at least"),
        ({"resource_type": "IMAGE"}, "resource_type='IMAGE': must be one of INSTANCE, VOLUME"),
        ({"schedule": "daily"}, "schedule='daily': must be a schedule"),
        ({"retention_days": 0}, "retention_days=0: must be from 1 to 36500"),
        ({"copies": [ABROAD]}, r"encryption_keys=\[\]: must be the keys of the volumes"),
        ({"copies": [ABROAD] * 4}, "copies=.*: must be 3 at most"),
        (
            {"copies": [SnapshotCopy(region="Frankfurt", encryption_key_arn="abc", retention_days=0)]},
            "copies.region='Frankfurt': must be a.*encryption_key_arn='abc': must be the ARN.*retention_days=0: must",
        ),
    ],
)
def test_bad_arguments_are_refused(stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgumentsError, match=message):
        SnapshotSchedule(stack, "Snapshots", **({"target_tags": TAGS} | arguments))


class TestCannotBeUndone:
    def test_the_policy_runs(self, stack: cdk.Stack) -> None:
        SnapshotSchedule(stack, "Snapshots", target_tags=TAGS).policy.state = "DISABLED"
        with pytest.raises(RuntimeError, match="SnapshotSchedule takes snapshots; its State is not ENABLED"):
            Template.from_stack(stack)

    def test_copies_are_encrypted(self, stack: cdk.Stack, key: kms.IKey) -> None:
        snapshots = SnapshotSchedule(stack, "Snapshots", target_tags=TAGS, copies=[ABROAD], encryption_keys=[key])
        rule = dlm.CfnLifecyclePolicy.CrossRegionCopyRuleProperty(encrypted=False, target="eu-central-1")
        snapshots.policy.policy_details = dlm.CfnLifecyclePolicy.PolicyDetailsProperty(
            schedules=[dlm.CfnLifecyclePolicy.ScheduleProperty(cross_region_copy_rules=[rule])]
        )
        with pytest.raises(RuntimeError, match="SnapshotSchedule encrypts its copies; a CrossRegionCopyRule does not"):
            Template.from_stack(stack)


def test_works_in_a_product_with_parameters(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    def text(name: str) -> str:
        return cdk.CfnParameter(product, name).value_as_string

    days = cdk.CfnParameter(product, "Days", type="Number").value_as_number
    SnapshotSchedule(
        product,
        "Snapshots",
        target_tags={"application": text("Application")},
        schedule=text("Schedule"),
        retention_days=days,  # type: ignore[arg-type]
        copies=[SnapshotCopy(region=text("Region"), encryption_key_arn=text("KeyAbroad"))],
        encryption_keys=[kms.Key.from_key_arn(product, "Key", text("Key1"))],
    )
    resources = product_template()["Resources"].values()
    (policy,) = [each["Properties"] for each in resources if each["Type"] == "AWS::DLM::LifecyclePolicy"]
    (schedule,) = policy["PolicyDetails"]["Schedules"]
    assert schedule["RetainRule"]["Interval"] == {"Ref": "Days"}
    assert schedule["CrossRegionCopyRules"][0]["Target"] == {"Ref": "Region"}
