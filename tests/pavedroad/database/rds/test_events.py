from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Match, Template

from pavedroad.database.rds.database import Database
from pavedroad.database.rds.monitoring import DatabaseMonitoring

MakeDatabase = Callable[..., Database]
SUBSCRIPTION = "AWS::RDS::EventSubscription"


def test_critical_events_reach_the_topic(stack: cdk.Stack, make: MakeDatabase, topic: sns.Topic) -> None:
    database = make(monitoring=DatabaseMonitoring(event_topic=topic), read_replicas=1)
    assert len(database.event_subscriptions) == 3
    template = Template.from_stack(stack)
    for source_type, categories, sources in (
        (
            "db-instance",
            ["configuration change", "failure", "maintenance"],
            [{"Ref": "Orders2A43276C"}, {"Ref": "OrdersReadReplica1935BF897"}],
        ),
        ("db-parameter-group", ["configuration change"], [{"Ref": "OrdersParameterGroup6F967BFE"}]),
        ("db-security-group", ["configuration change", "failure"], Match.absent()),
    ):
        template.has_resource_properties(
            SUBSCRIPTION,
            {
                "Enabled": True,
                "EventCategories": categories,
                "SnsTopicArn": stack.resolve(topic.topic_arn),
                "SourceIds": sources,
                "SourceType": source_type,
            },
        )


def test_rds_may_publish_for_this_account_only_before_it_is_subscribed(
    stack: cdk.Stack, make: MakeDatabase, topic: sns.Topic
) -> None:
    make(monitoring=DatabaseMonitoring(event_topic=topic))
    template = Template.from_stack(stack)
    own_account = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    for kind, document, actions in (
        ("AWS::SNS::TopicPolicy", "PolicyDocument", "sns:Publish"),
        ("AWS::KMS::Key", "KeyPolicy", ["kms:Decrypt", "kms:GenerateDataKey*"]),
    ):
        statement = {
            "Action": actions,
            "Condition": own_account,
            "Effect": "Allow",
            "Principal": {"Service": "events.rds.amazonaws.com"},
        }
        template.has_resource_properties(
            kind, {document: {"Statement": Match.array_with([Match.object_like(statement)])}}
        )
    (policy,) = template.find_resources("AWS::SNS::TopicPolicy")
    template.all_resources(SUBSCRIPTION, {"DependsOn": [policy]})


def test_an_imported_topic_is_taken_as_it_is(stack: cdk.Stack, make: MakeDatabase) -> None:
    arn = "arn:aws:sns:eu-west-1:111111111111:events"
    make(monitoring=DatabaseMonitoring(event_topic=sns.Topic.from_topic_arn(stack, "Imported", arn)))
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::SNS::TopicPolicy", 0)
    template.all_resources_properties(SUBSCRIPTION, {"SnsTopicArn": arn})


def test_without_a_topic_there_is_no_subscription(stack: cdk.Stack, make: MakeDatabase) -> None:
    assert make().event_subscriptions == []
    Template.from_stack(stack).resource_count_is(SUBSCRIPTION, 0)
