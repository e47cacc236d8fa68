import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad import AlarmTopics
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.observability.alarms import notifying_alarm, notifying_composite_alarm
from pavedroad.observability.severities import AlarmSeverities, AlarmSeverity
from pavedroad.observability.sns.subscriptions import AlarmSubscriptions, SlackChannel, TeamsChannel
from pavedroad.security.roles import ManagedPolicyRole

Findings = Callable[[cdk.Stack], list[str]]

EMAIL = AlarmSubscriptions(email_addresses=["orders@example.com"])
METRIC = cloudwatch.Metric(namespace="Orders", metric_name="Failures", statistic="Sum", period=cdk.Duration.minutes(1))
TEAMS = TeamsChannel(
    tenant_id="01234567-89ab-cdef-0123-456789abcdef",
    team_id="11234567-89ab-cdef-0123-456789abcdef",
    channel_id="19%3Aabc%40thread.tacv2",
)


def make(stack: cdk.Stack, **arguments: Any) -> AlarmTopics:
    return AlarmTopics(stack, "Alarms", **{"critical": EMAIL, "warning": EMAIL, **arguments})


def statements(template: Template, kind: str, policy: str = "PolicyDocument") -> list[dict[str, Any]]:
    found = template.find_resources(kind).values()
    return [statement for each in found for statement in each["Properties"][policy]["Statement"]]


def alarm(stack: cdk.Stack, construct_id: str, topic: sns.ITopic) -> cloudwatch.Alarm:
    return notifying_alarm(stack, construct_id, metric=METRIC, threshold=0, description="Look.", topic=topic)


def told(stack: cdk.Stack) -> dict[str, str]:
    """The logical id of the topic that each alarm tells."""
    resources = Template.from_stack(stack).to_json()["Resources"]
    return {
        logical_id.rstrip("0123456789ABCDEF"): resource["Properties"]["AlarmActions"][0]["Ref"]
        for logical_id, resource in resources.items()
        if resource["Type"].endswith("Alarm")
        and resource["Properties"]["AlarmActions"] == resource["Properties"]["OKActions"]
    }


class TestDefaultShape:
    def test_two_topics_are_encrypted_with_its_own_rotated_key(self, stack: cdk.Stack) -> None:
        make(stack)
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::SNS::Topic", 2)
        key = {"Fn::GetAtt": ["AlarmsKey3C2381B3", "Arn"]}
        template.all_resources_properties("AWS::SNS::Topic", {"KmsMasterKeyId": key})
        template.has_resource_properties("AWS::KMS::Key", {"EnableKeyRotation": True})

    def test_plain_text_is_refused(self, stack: cdk.Stack) -> None:
        make(stack)
        denied = [
            each for each in statements(Template.from_stack(stack), "AWS::SNS::TopicPolicy") if "Deny" in str(each)
        ]
        assert [each["Condition"] for each in denied] == [{"Bool": {"aws:SecureTransport": "false"}}] * 2

    def test_cloudwatch_and_budgets_of_this_account_may_publish(self, stack: cdk.Stack) -> None:
        make(stack)
        template = Template.from_stack(stack)
        allowed = [each for each in statements(template, "AWS::SNS::TopicPolicy") if each["Effect"] == "Allow"]
        services = [each["Principal"]["Service"] for each in allowed]
        assert sorted(services) == ["budgets.amazonaws.com"] * 2 + ["cloudwatch.amazonaws.com"] * 2
        assert all(each["Action"] == "sns:Publish" for each in allowed)
        assert all(
            each["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}} for each in allowed
        )
        sources = {json.dumps(each["Condition"]["ArnLike"]["aws:SourceArn"]) for each in allowed}
        assert any(":cloudwatch:" in source and ":alarm:*" in source for source in sources)
        assert any(":budgets::" in source for source in sources)

    def test_publishers_and_the_dead_letters_use_the_key_under_conditions(self, stack: cdk.Stack) -> None:
        make(stack)
        keys = statements(Template.from_stack(stack), "AWS::KMS::Key", "KeyPolicy")
        services = {each["Principal"]["Service"]: each for each in keys if "Service" in each["Principal"]}
        assert set(services) == {"budgets.amazonaws.com", "cloudwatch.amazonaws.com", "sns.amazonaws.com"}
        for statement in services.values():
            assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
            assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
            assert "aws:SourceArn" in statement["Condition"]["ArnLike"]

    def test_what_cannot_be_delivered_is_kept_for_14_days(self, stack: cdk.Stack) -> None:
        make(stack)
        template = Template.from_stack(stack)
        template.has_resource(
            "AWS::SQS::Queue",
            {
                "Properties": {
                    "KmsMasterKeyId": {"Fn::GetAtt": ["AlarmsKey3C2381B3", "Arn"]},
                    "MessageRetentionPeriod": 14 * 86400,
                },
            },
        )
        redrive = {"deadLetterTargetArn": {"Fn::GetAtt": [Match.string_like_regexp("AlarmsDeadLetters"), "Arn"]}}
        template.all_resources_properties("AWS::SNS::Subscription", {"RedrivePolicy": redrive})
        senders = [each for each in statements(template, "AWS::SQS::QueuePolicy") if each["Effect"] == "Allow"]
        assert all("aws:SourceArn" in str(each["Condition"]) for each in senders)
        assert senders != []

    def test_packs_find_nothing_and_nothing_is_warned_of(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        topics = make(
            stack,
            critical=AlarmSubscriptions(slack_channels=[SlackChannel(workspace_id="T1", channel_id="C1")]),
        )
        topics.add_alarms(sns.Topic.from_topic_arn(stack, "Others", "arn:aws:sns:eu-west-1:111111111111:others"))
        topics.event_target()
        assert pack_findings(stack) == []
        Annotations.from_stack(stack).has_no_warning("*", Match.any_value())


class TestSubscriptions:
    def test_people_and_systems_are_subscribed_to_their_severity(self, stack: cdk.Stack) -> None:
        topics = make(stack, critical=AlarmSubscriptions(https_urls=["https://pager.example.com/orders"]))
        template = Template.from_stack(stack)
        for topic, protocol, endpoint in (
            (topics.critical, "https", "https://pager.example.com/orders"),
            (topics.warning, "email", "orders@example.com"),
        ):
            template.has_resource_properties(
                "AWS::SNS::Subscription",
                {"Protocol": protocol, "Endpoint": endpoint, "TopicArn": stack.resolve(topic.topic_arn)},
            )

    def test_those_who_stay_need_not_confirm_again(self) -> None:
        def subscriptions(addresses: list[str]) -> set[str]:
            stack = cdk.Stack(cdk.App(builtin_cloud_formation_validation=False), "Stack")
            make(stack, warning=AlarmSubscriptions(email_addresses=addresses))
            return set(Template.from_stack(stack).find_resources("AWS::SNS::Subscription"))

        both = subscriptions(["a@example.com", "b@example.com"])
        assert subscriptions(["b@example.com"]) < both

    def test_channels_get_a_role_and_guardrails_that_allow_nothing_to_change(self, stack: cdk.Stack) -> None:
        topics = make(
            stack,
            critical=AlarmSubscriptions(slack_channels=[SlackChannel(workspace_id="T012", channel_id="C012")]),
            warning=AlarmSubscriptions(teams_channels=[TEAMS]),
        )
        template = Template.from_stack(stack)
        assert topics.chat_role is not None
        assert topics.chat_role.policy is None
        guardrails = [
            {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/CloudWatchReadOnlyAccess"]]}
        ]
        common = {"IamRoleArn": stack.resolve(topics.chat_role.role_arn), "GuardrailPolicies": guardrails}
        template.has_resource_properties(
            "AWS::Chatbot::SlackChannelConfiguration",
            {
                **common,
                "SlackWorkspaceId": "T012",
                "SlackChannelId": "C012",
                "SnsTopicArns": [stack.resolve(topics.critical.topic_arn)],
                "ConfigurationName": {
                    "Fn::Join": ["", ["alarms-", Match.any_value(), "-Critical-slack-C012"]],
                },
            },
        )
        template.has_resource_properties(
            "AWS::Chatbot::MicrosoftTeamsChannelConfiguration",
            {
                **common,
                "TeamId": TEAMS.team_id,
                "TeamsTenantId": TEAMS.tenant_id,
                "TeamsChannelId": TEAMS.channel_id,
                "SnsTopicArns": [stack.resolve(topics.warning.topic_arn)],
            },
        )

    def test_an_address_may_be_a_parameter(self, stack: cdk.Stack) -> None:
        address = cdk.CfnParameter(stack, "Address").value_as_string
        make(stack, warning=AlarmSubscriptions(email_addresses=[address]))
        Template.from_stack(stack).has_resource_properties("AWS::SNS::Subscription", {"Endpoint": {"Ref": "Address"}})


class TestSeverities:
    def test_an_alarm_tells_the_topic_of_its_severity(self, stack: cdk.Stack) -> None:
        topic = make(stack).by_severity()
        for construct_id in ("ServerErrorsAlarm", "ReadReplica1FreeStorageAlarm", "CpuAlarm"):
            alarm(stack, construct_id, topic)
        assert told(stack) == {
            "ServerErrorsAlarm": "AlarmsCritical0FB98BB8",
            "ReadReplica1FreeStorageAlarm": "AlarmsCritical0FB98BB8",
            "CpuAlarm": "AlarmsWarningD22D5CEB",
        }

    def test_severities_can_be_given(self, stack: cdk.Stack) -> None:
        severities = AlarmSeverities(
            by_alarm={"Cpu*": AlarmSeverity.CRITICAL, "*": AlarmSeverity.WARNING}, otherwise=AlarmSeverity.CRITICAL
        )
        topic = make(stack).by_severity(severities)
        for construct_id in ("CpuAlarm", "ServerErrorsAlarm"):
            alarm(stack, construct_id, topic)
        assert told(stack) == {"CpuAlarm": "AlarmsCritical0FB98BB8", "ServerErrorsAlarm": "AlarmsWarningD22D5CEB"}

    def test_two_constructs_may_have_severities_of_their_own(self, stack: cdk.Stack) -> None:
        topics = make(stack)
        alarm(stack, "CpuAlarm", topics.by_severity(AlarmSeverities(otherwise=AlarmSeverity.CRITICAL)))
        alarm(stack, "MemoryAlarm", topics.by_severity())
        assert told(stack) == {"CpuAlarm": "AlarmsCritical0FB98BB8", "MemoryAlarm": "AlarmsWarningD22D5CEB"}

    def test_a_given_topic_is_told_whatever_the_alarm(self, stack: cdk.Stack) -> None:
        alarm(stack, "ServerErrorsAlarm", make(stack).warning)
        assert told(stack) == {"ServerErrorsAlarm": "AlarmsWarningD22D5CEB"}

    def test_the_mapping_cannot_be_changed(self) -> None:
        given = {"CpuAlarm": AlarmSeverity.CRITICAL}
        severities = AlarmSeverities(by_alarm=given)
        given["CpuAlarm"] = AlarmSeverity.WARNING
        assert severities.of("CpuAlarm") is AlarmSeverity.CRITICAL
        with pytest.raises(TypeError, match="does not support item assignment"):
            severities.by_alarm["CpuAlarm"] = AlarmSeverity.WARNING  # type: ignore[index]

    def test_states_of_alarms_can_be_combined(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        topics = make(stack)
        slow = alarm(stack, "SlowAlarm", topics.by_severity())
        failing = alarm(stack, "FailingAlarm", topics.by_severity())
        upkeep = alarm(stack, "Upkeep", topics.by_severity())
        notifying_composite_alarm(
            stack,
            "UserFastBurnAlarm",
            rule=cloudwatch.AlarmRule.all_of(slow, failing),
            description="Users wait and fail.",
            topic=topics.by_severity(),
            suppressor=upkeep,
        )
        Template.from_stack(stack).has_resource_properties(
            "AWS::CloudWatch::CompositeAlarm",
            {
                "AlarmActions": [{"Ref": "AlarmsCritical0FB98BB8"}],
                "OKActions": [{"Ref": "AlarmsCritical0FB98BB8"}],
                "AlarmDescription": "Users wait and fail.",
                "ActionsSuppressor": stack.resolve(upkeep.alarm_arn),
                "ActionsSuppressorWaitPeriod": 120,
                "ActionsSuppressorExtensionPeriod": 120,
            },
        )
        assert pack_findings(stack) == []


def test_an_event_rule_publishes_with_a_role_of_this_account(stack: cdk.Stack) -> None:
    topics = make(stack)
    pattern = events.EventPattern(source=["aws.ecs"])
    target = topics.event_target(AlarmSeverity.CRITICAL)
    events.Rule(stack, "Rule", event_pattern=pattern, targets=[target, topics.event_target()])
    template = Template.from_stack(stack)
    ((_, role),) = template.find_resources("AWS::IAM::Role").items()
    (trusted,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trusted["Principal"] == {"Service": "events.amazonaws.com"}
    assert trusted["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    (rule,) = template.find_resources("AWS::Events::Rule").values()
    assert [each["Arn"] for each in rule["Properties"]["Targets"]] == [
        stack.resolve(topics.critical.topic_arn),
        stack.resolve(topics.warning.topic_arn),
    ]
    assert all("RoleArn" in each for each in rule["Properties"]["Targets"])
    assert "events.amazonaws.com" not in str(statements(template, "AWS::SNS::TopicPolicy"))


def test_a_role_may_publish_with_the_key(stack: cdk.Stack) -> None:
    topics = make(stack)
    role = ManagedPolicyRole(
        stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"), description="Orders"
    )
    topics.grant_publish(role)
    granted = statements(Template.from_stack(stack), "AWS::IAM::ManagedPolicy")
    actions = [action for each in granted for action in ([each["Action"]] if "sns" in str(each) else each["Action"])]
    assert sorted(actions) == sorted(["kms:Decrypt", "kms:GenerateDataKey", "sns:Publish"])


def test_another_topic_hears_of_dead_letters(stack: cdk.Stack) -> None:
    others = sns.Topic.from_topic_arn(stack, "Others", "arn:aws:sns:eu-west-1:111111111111:others")
    (dead_letters,) = make(stack).add_alarms(others)
    assert dead_letters.node.id == "DeadLettersAlarm"
    Template.from_stack(stack).has_resource_properties(
        "AWS::CloudWatch::Alarm",
        {
            "MetricName": "ApproximateNumberOfMessagesVisible",
            "Threshold": 0,
            "AlarmActions": ["arn:aws:sns:eu-west-1:111111111111:others"],
        },
    )


class TestWeakening:
    def test_topics_that_nobody_hears_are_warned_of(self, stack: cdk.Stack) -> None:
        AlarmTopics(stack, "Alarms", critical=EMAIL)
        Annotations.from_stack(stack).has_warning(
            "/Stack/Alarms", Match.string_like_regexp("Nobody is subscribed to the topic of warning.*alarms-nobody")
        )

    def test_dead_letters_can_be_left_out(self, stack: cdk.Stack) -> None:
        topics = make(stack, dead_letter_queue=False)
        Template.from_stack(stack).resource_count_is("AWS::SQS::Queue", 0)
        assert topics.add_alarms(topics.warning) == []
        Annotations.from_stack(stack).has_warning(
            "/Stack/Alarms", Match.string_like_regexp("lost without a trace.*pavedroad:alarms-no-dead-letters")
        )

    @pytest.mark.parametrize("name", ["critical", "warning"])
    def test_encryption_cannot_be_removed(self, stack: cdk.Stack, name: str) -> None:
        topic = getattr(make(stack), name)
        topic.node.default_child.kms_master_key_id = None
        with pytest.raises(Exception, match=f"KmsMasterKeyId of its topic {name.title()} was removed"):
            Template.from_stack(stack)


class TestBadArguments:
    def test_every_address_that_cannot_work_is_named(self, stack: cdk.Stack) -> None:
        bad = AlarmSubscriptions(
            email_addresses=["orders"],
            https_urls=["http://pager.example.com"],
            slack_channels=[SlackChannel(workspace_id="orders", channel_id="#orders")],
        )
        with pytest.raises(InvalidArgumentsError) as refused:
            make(stack, critical=bad)
        text = str(refused.value)
        assert "critical.email_addresses='orders': must be an address such as on-call@example.com" in text
        assert "critical.https_urls='http://pager.example.com': must be a URL that begins with https://" in text
        assert "critical.slack_channels.workspace_id='orders': must be an id such as T0123456789" in text
        assert "critical.slack_channels.channel_id='#orders': must be an id such as C0123456789" in text

    def test_publishers_are_those_that_can_be_admitted_under_conditions(self, stack: cdk.Stack) -> None:
        with pytest.raises(InvalidArgumentsError) as refused:
            make(stack, publishers=["events.amazonaws.com", "lambda"])
        text = str(refused.value)
        assert "publishers='events.amazonaws.com': EventBridge cannot be admitted to a key under a condition" in text
        assert (
            "publishers='lambda': must be one of budgets.amazonaws.com, cloudwatch.amazonaws.com, "
            "costalerts.amazonaws.com" in text
        )


def test_a_given_key_is_used(stack: cdk.Stack) -> None:
    key = kms.Key(stack, "Given")
    topics = make(stack, encryption_key=key)
    assert topics.encryption_key is key
    Template.from_stack(stack).resource_count_is("AWS::KMS::Key", 1)


def test_works_inside_a_product(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    make(product)
    types = [resource["Type"] for resource in product_template()["Resources"].values()]
    assert types.count("AWS::SNS::Topic") == 2


def test_logical_ids_are_a_contract(stack: cdk.Stack) -> None:
    make(stack)
    kept = Template.from_stack(stack).to_json()["Resources"]
    assert {
        name for name, each in kept.items() if each["Type"] in {"AWS::SNS::Topic", "AWS::KMS::Key", "AWS::SQS::Queue"}
    } == {
        "AlarmsKey3C2381B3",
        "AlarmsDeadLetters20E28703",
        "AlarmsCritical0FB98BB8",
        "AlarmsWarningD22D5CEB",
    }
