from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk.assertions import Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.compute.functions.event_sources import DynamoDbStreamTrigger, KinesisStreamTrigger, QueueTrigger
from pavedroad.compute.functions.events import EventTrigger, ScheduleTrigger
from pavedroad.compute.functions.lambda_service import LambdaService

Make = Callable[..., LambdaService]
Findings = Callable[[cdk.Stack], list[str]]

ACCOUNT = "eu-west-1:111111111111"
HOURLY = scheduler.ScheduleExpression.rate(cdk.Duration.hours(1))
SHIPPED = events.EventPattern(source=["shop.orders"], detail_type=["Shipped"])


@pytest.fixture
def queue(stack: cdk.Stack) -> sqs.IQueue:
    return sqs.Queue.from_queue_arn(stack, "Queue", f"arn:aws:sqs:{ACCOUNT}:orders")


@pytest.fixture
def table(stack: cdk.Stack) -> dynamodb.ITable:
    arn = f"arn:aws:dynamodb:{ACCOUNT}:table/orders"
    key = kms.Key.from_key_arn(stack, "TableKey", f"arn:aws:kms:{ACCOUNT}:key/table")
    return dynamodb.Table.from_table_attributes(
        stack, "Table", table_arn=arn, table_stream_arn=f"{arn}/stream/1", encryption_key=key
    )


@pytest.fixture
def stream(stack: cdk.Stack) -> kinesis.IStream:
    return kinesis.Stream.from_stream_attributes(
        stack,
        "Stream",
        stream_arn=f"arn:aws:kinesis:{ACCOUNT}:stream/clicks",
        encryption_key=kms.Key.from_key_arn(stack, "StreamKey", f"arn:aws:kms:{ACCOUNT}:key/stream"),
    )


def granted(template: Template, start: str) -> dict[str, Any]:
    """What the policies of the role ``start`` allow, by resource."""
    return {
        str(resource): statement["Action"]
        for name, policy in template.find_resources("AWS::IAM::ManagedPolicy").items()
        if name.startswith(start)
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        for resource in [statement["Resource"]]
    }


class TestQueue:
    def test_messages_that_failed_come_back_alone(
        self, stack: cdk.Stack, queue: sqs.IQueue, make_service: Make, pack_findings: Findings
    ) -> None:
        service = make_service(triggers=[QueueTrigger(name="Incoming", queue=queue)])
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::Lambda::EventSourceMapping",
            {
                "BatchSize": 10,
                "EventSourceArn": queue.queue_arn,
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
                "FunctionName": {"Fn::Join": ["", Match.array_with([":live"])]},
            },
        )
        assert granted(template, "OrdersRolePolicy")[queue.queue_arn] == [
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
            "sqs:ReceiveMessage",
        ]
        assert list(service.triggers) == ["Incoming"]
        assert pack_findings(stack) == []

    def test_batches_filters_and_concurrency_as_asked(
        self, stack: cdk.Stack, queue: sqs.IQueue, make_service: Make
    ) -> None:
        make_service(
            triggers=[
                QueueTrigger(
                    name="Incoming",
                    queue=queue,
                    batch_size=500,
                    max_batching_window=cdk.Duration.seconds(30),
                    max_concurrency=5,
                    filters=[lambda_.FilterCriteria.filter({"body": {"kind": ["order"]}})],
                )
            ]
        )
        Template.from_stack(stack).has_resource_properties(
            "AWS::Lambda::EventSourceMapping",
            {
                "BatchSize": 500,
                "MaximumBatchingWindowInSeconds": 30,
                "ScalingConfig": {"MaximumConcurrency": 5},
                "FilterCriteria": {"Filters": [{"Pattern": '{"body":{"kind":["order"]}}'}]},
            },
        )


class TestStream:
    def test_a_table_is_read_from_its_oldest_change(
        self, stack: cdk.Stack, table: dynamodb.ITable, make_service: Make, pack_findings: Findings
    ) -> None:
        make_service(triggers=[DynamoDbStreamTrigger(name="Changes", table=table)])
        template = Template.from_stack(stack)
        (dead_letters,) = template.find_resources("AWS::SQS::Queue")
        template.has_resource_properties(
            "AWS::Lambda::EventSourceMapping",
            {
                "EventSourceArn": table.table_stream_arn,
                "BatchSize": 100,
                "BisectBatchOnFunctionError": True,
                "DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": [dead_letters, "Arn"]}}},
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
                "MaximumRetryAttempts": 5,
                "ParallelizationFactor": 1,
                "StartingPosition": "TRIM_HORIZON",
            },
        )
        assert granted(template, "OrdersRolePolicy")[str(table.table_stream_arn)] == [
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
        ]
        assert granted(template, "OrdersRolePolicy")[f"arn:aws:kms:{ACCOUNT}:key/table"] == "kms:Decrypt"
        assert "dynamodb:ListStreams" in granted(template, "OrdersRolePolicy")["*"]
        assert pack_findings(stack) == []

    def test_a_kinesis_stream_is_read_and_decrypted(
        self, stack: cdk.Stack, stream: kinesis.IStream, make_service: Make, pack_findings: Findings
    ) -> None:
        make_service(
            triggers=[
                KinesisStreamTrigger(
                    name="Clicks",
                    stream=stream,
                    batch_size=1000,
                    max_batching_window=cdk.Duration.seconds(5),
                    parallelization_factor=4,
                    starting_position=lambda_.StartingPosition.LATEST,
                    retry_attempts=1,
                    max_record_age=cdk.Duration.hours(1),
                    filters=[lambda_.FilterCriteria.filter({"data": {"kind": ["buy"]}})],
                )
            ]
        )
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::Lambda::EventSourceMapping",
            {
                "EventSourceArn": stream.stream_arn,
                "BatchSize": 1000,
                "FilterCriteria": {"Filters": [{"Pattern": '{"data":{"kind":["buy"]}}'}]},
                "MaximumBatchingWindowInSeconds": 5,
                "MaximumRecordAgeInSeconds": 3600,
                "MaximumRetryAttempts": 1,
                "ParallelizationFactor": 4,
                "StartingPosition": "LATEST",
            },
        )
        allowed = granted(template, "OrdersRolePolicy")
        assert "kinesis:GetRecords" in allowed[stream.stream_arn]
        assert allowed[f"arn:aws:kms:{ACCOUNT}:key/stream"] == "kms:Decrypt"
        assert pack_findings(stack) == []

    def test_being_behind_is_told(
        self, stack: cdk.Stack, topic: sns.ITopic, stream: kinesis.IStream, make_service: Make
    ) -> None:
        alarms = make_service(triggers=[KinesisStreamTrigger(name="Clicks", stream=stream)]).add_alarms(topic)
        assert alarms[-1].node.id == "IteratorAgeAlarm"
        Template.from_stack(stack).has_resource_properties(
            "AWS::CloudWatch::Alarm", {"MetricName": "IteratorAge", "Threshold": 300_000, "Statistic": "Maximum"}
        )


class TestSchedule:
    def test_is_encrypted_and_leaves_what_failed(
        self, stack: cdk.Stack, make_service: Make, pack_findings: Findings
    ) -> None:
        make_service(triggers=[ScheduleTrigger(name="Hourly", expression=HOURLY)])
        template = Template.from_stack(stack)
        (key,) = template.find_resources("AWS::KMS::Key")
        (alias,) = template.find_resources("AWS::Lambda::Alias")
        (dead_letters,) = template.find_resources("AWS::SQS::Queue")
        template.has_resource_properties(
            "AWS::Scheduler::Schedule",
            {
                "FlexibleTimeWindow": {"Mode": "OFF"},
                "KmsKeyArn": {"Fn::GetAtt": [key, "Arn"]},
                "ScheduleExpression": "rate(1 hour)",
                "Target": {
                    "Arn": {"Ref": alias},
                    "DeadLetterConfig": {"Arn": {"Fn::GetAtt": [dead_letters, "Arn"]}},
                    "RetryPolicy": {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 10},
                    "Input": Match.absent(),
                },
            },
        )
        assert granted(template, "OrdersTriggersHourlyRolePolicy") == {
            str({"Ref": alias}): "lambda:InvokeFunction",
            str({"Fn::GetAtt": [key, "Arn"]}): ["kms:Decrypt", "kms:GenerateDataKey"],
            str({"Fn::GetAtt": [dead_letters, "Arn"]}): "sqs:SendMessage",
        }
        assert pack_findings(stack) == []

    def test_its_role_is_for_schedules_of_this_account(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service(triggers=[ScheduleTrigger(name="Hourly", expression=HOURLY)])
        Template.from_stack(stack).has_resource_properties(
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": {
                    "Statement": [
                        Match.object_like(
                            {
                                "Principal": {"Service": "scheduler.amazonaws.com"},
                                "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
                            }
                        )
                    ]
                }
            },
        )

    def test_zone_window_input_and_retries_as_asked(self, stack: cdk.Stack, make_service: Make) -> None:
        expression = scheduler.ScheduleExpression.cron(hour="6", minute="0", time_zone=cdk.TimeZone.EUROPE_BERLIN)
        make_service(
            triggers=[
                ScheduleTrigger(
                    name="Morning",
                    expression=expression,
                    input={"report": "daily"},
                    flexible_window=cdk.Duration.minutes(15),
                    retry_attempts=3,
                    max_event_age=cdk.Duration.minutes(10),
                )
            ]
        )
        Template.from_stack(stack).has_resource_properties(
            "AWS::Scheduler::Schedule",
            {
                "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15},
                "ScheduleExpression": "cron(0 6 * * ? *)",
                "ScheduleExpressionTimezone": "Europe/Berlin",
                "Target": {
                    "Input": '{"report":"daily"}',
                    "RetryPolicy": {"MaximumEventAgeInSeconds": 600, "MaximumRetryAttempts": 3},
                },
            },
        )


class TestEvents:
    def test_the_rule_alone_may_call_and_leave_what_failed(
        self, stack: cdk.Stack, make_service: Make, pack_findings: Findings
    ) -> None:
        make_service(triggers=[EventTrigger(name="Shipped", pattern=SHIPPED)])
        template = Template.from_stack(stack)
        ((rule, properties),) = template.find_resources("AWS::Events::Rule").items()
        (dead_letters,) = template.find_resources("AWS::SQS::Queue")
        (alias,) = template.find_resources("AWS::Lambda::Alias")
        assert properties["Properties"]["Targets"] == [
            {
                "Arn": {"Ref": alias},
                "DeadLetterConfig": {"Arn": {"Fn::GetAtt": [dead_letters, "Arn"]}},
                "Id": "Target0",
                "RetryPolicy": {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 10},
            }
        ]
        own = {"Fn::GetAtt": [rule, "Arn"]}
        template.has_resource_properties(
            "AWS::Lambda::Permission",
            {"FunctionName": {"Ref": alias}, "Principal": "events.amazonaws.com", "SourceArn": own},
        )
        template.has_resource_properties(
            "AWS::SQS::QueuePolicy",
            {
                "PolicyDocument": {
                    "Statement": Match.array_with(
                        [
                            Match.object_like(
                                {"Action": "sqs:SendMessage", "Condition": {"ArnEquals": {"aws:SourceArn": own}}}
                            )
                        ]
                    )
                }
            },
        )
        assert pack_findings(stack) == []

    def test_event_bridge_may_use_the_key_for_this_account(self, stack: cdk.Stack, make_service: Make) -> None:
        make_service(triggers=[EventTrigger(name="One", pattern=SHIPPED), EventTrigger(name="Other", pattern=SHIPPED)])
        ((_, key),) = Template.from_stack(stack).find_resources("AWS::KMS::Key").items()
        allowed = [each for each in key["Properties"]["KeyPolicy"]["Statement"] if "EventBridge" in each.get("Sid", "")]
        assert [each["Condition"] for each in allowed] == [
            {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
        ]

    def test_objects_of_a_bucket(self, stack: cdk.Stack, bucket: s3.IBucket, make_service: Make) -> None:
        make_service(triggers=[EventTrigger.of_bucket("Uploads", bucket, key_prefix="in/")])
        Template.from_stack(stack).has_resource_properties(
            "AWS::Events::Rule",
            {
                "EventPattern": {
                    "source": ["aws.s3"],
                    "detail-type": ["Object Created"],
                    "detail": {"bucket": {"name": ["code"]}, "object": {"key": [{"prefix": "in/"}]}},
                }
            },
        )

    def test_a_bus_of_its_own(self, stack: cdk.Stack, make_service: Make) -> None:
        bus = events.EventBus.from_event_bus_name(stack, "Bus", "orders")
        make_service(
            triggers=[
                EventTrigger(
                    name="Shipped",
                    pattern=SHIPPED,
                    event_bus=bus,
                    retry_attempts=0,
                    max_event_age=cdk.Duration.minutes(1),
                )
            ]
        )
        Template.from_stack(stack).has_resource_properties(
            "AWS::Events::Rule",
            {
                "EventBusName": "orders",
                "Targets": [
                    Match.object_like({"RetryPolicy": {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 0}})
                ],
            },
        )


class TestBadTriggers:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"name": "in-coming"}, "triggers.in-coming.name='in-coming': must be a letter, then letters and digits"),
            ({"batch_size": 11}, "triggers.Queue.batch_size=11: must be from 1 to 10"),
            ({"max_concurrency": 1}, "triggers.Queue.max_concurrency=1: must be from 2 to 1000"),
            (
                {"max_batching_window": cdk.Duration.minutes(6)},
                "triggers.Queue.max_batching_window in seconds=360: must be from 0 to 300",
            ),
        ],
    )
    def test_queue(self, queue: sqs.IQueue, make_service: Make, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidArgumentsError) as caught:
            make_service(triggers=[QueueTrigger(**{"name": "Queue", "queue": queue} | arguments)])
        assert str(caught.value) == f"LambdaService 'Stack/Orders': {message}"

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"batch_size": 0}, "batch_size=0: must be from 1 to 10000"),
            ({"parallelization_factor": 11}, "parallelization_factor=11: must be from 1 to 10"),
            ({"retry_attempts": -1}, "retry_attempts=-1: must be from 0 to 10000"),
            (
                {"max_batching_window": cdk.Duration.minutes(6)},
                "max_batching_window in seconds=360: must be from 0 to 300",
            ),
            ({"max_record_age": cdk.Duration.days(8)}, "max_record_age in seconds=691200: must be from 60 to 604800"),
        ],
    )
    def test_stream(self, stream: kinesis.IStream, make_service: Make, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidArgumentsError) as caught:
            make_service(triggers=[KinesisStreamTrigger(name="Clicks", stream=stream, **arguments)])
        assert str(caught.value) == f"LambdaService 'Stack/Orders': triggers.Clicks.{message}"

    def test_a_table_without_a_stream(self, stack: cdk.Stack, make_service: Make) -> None:
        table = dynamodb.Table.from_table_name(stack, "Plain", "plain")
        with pytest.raises(InvalidArgumentsError, match=r"Changes\.table='Stack/Plain': has no stream: give it one"):
            make_service(triggers=[DynamoDbStreamTrigger(name="Changes", table=table)])

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"retry_attempts": 186}, "retry_attempts=186: must be from 0 to 185"),
            ({"max_event_age": cdk.Duration.days(2)}, "max_event_age in seconds=172800: must be from 60 to 86400"),
        ],
    )
    def test_schedule_and_event(self, make_service: Make, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidArgumentsError) as caught:
            make_service(
                triggers=[
                    ScheduleTrigger(name="Hourly", expression=HOURLY, **arguments),
                    EventTrigger(name="Shipped", pattern=SHIPPED, **arguments),
                ]
            )
        assert str(caught.value) == (
            f"LambdaService 'Stack/Orders': triggers.Hourly.{message}; triggers.Shipped.{message}"
        )

    def test_a_window_of_two_days(self, make_service: Make) -> None:
        with pytest.raises(InvalidArgumentsError, match="flexible_window in seconds=172800: must be from 60 to 86400"):
            make_service(
                triggers=[ScheduleTrigger(name="Hourly", expression=HOURLY, flexible_window=cdk.Duration.days(2))]
            )

    def test_two_of_one_name(self, queue: sqs.IQueue, make_service: Make) -> None:
        with pytest.raises(InvalidArgumentsError, match="triggers='Orders': is the name of two triggers; give each"):
            make_service(triggers=[QueueTrigger(name="Orders", queue=queue)] * 2)
