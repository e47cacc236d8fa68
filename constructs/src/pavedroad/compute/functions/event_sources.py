"""Queues and streams that a function reads from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.compute.functions.trigger import Target, Trigger
from pavedroad.durations import check_seconds

if TYPE_CHECKING:
    from aws_cdk import aws_dynamodb as dynamodb
    from aws_cdk import aws_kinesis as kinesis
    from aws_cdk import aws_sqs as sqs


_READ_TABLE_STREAM = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
_READ_STREAM = (
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
)


@dataclass(frozen=True, kw_only=True)
class QueueTrigger(Trigger):
    """Messages of an SQS queue; the function reports the ones that failed, which alone come back.

    What fails again and again goes to the dead-letter queue of ``queue`` itself. Its visibility timeout should be six
    times the function's timeout.

    Attributes:
        queue: The queue; the function's role may read it and use its key.
        batch_size: Messages a call at most, 1 to 10000; 10 for a FIFO queue. Left out: 10.
        max_batching_window: How long messages are gathered, up to 5 minutes; needed for more than 10 in a batch. Left
            out: not at all.
        max_concurrency: Calls at once for this queue, 2 to 1000. Left out: as many as the function may have.
        filters: Only messages that match one of them, such as ``lambda_.FilterCriteria.filter(...)``; the others are
            deleted. Left out: all.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    """

    queue: "sqs.IQueue"
    batch_size: int = 10
    max_batching_window: Duration | None = None
    max_concurrency: int | None = None
    filters: Sequence[Mapping[str, Any]] = ()

    def check(self, arguments: Arguments) -> None:
        """Refuse what Lambda does not accept."""
        super().check(arguments)
        where = f"triggers.{self.name}"
        largest = 10 if self.queue.fifo or self.max_batching_window is None else 10_000
        arguments.between(f"{where}.batch_size", self.batch_size, 1, largest)
        check_seconds(arguments, f"{where}.max_batching_window", self.max_batching_window, 0, 300)
        arguments.between(f"{where}.max_concurrency", self.max_concurrency, 2, 1000)

    def add_to(self, scope: Construct, target: Target) -> Construct:
        """Read from the queue."""
        self.queue.grant_consume_messages(target.role)
        return lambda_.EventSourceMapping(
            scope,
            self.name,
            target=target.alias,
            event_source_arn=self.queue.queue_arn,
            batch_size=self.batch_size,
            max_batching_window=self.max_batching_window,
            max_concurrency=self.max_concurrency,
            filters=list(self.filters) or None,
            report_batch_item_failures=True,
        )


@dataclass(frozen=True, kw_only=True)
class StreamTrigger(Trigger):
    """Records of a stream, in order; the function reports the first that failed.

    A batch that fails is halved until the record is alone. What fails for good is named in the function's dead-letter
    queue, by its place in the stream; the record itself is read there.

    Attributes:
        batch_size: Records a call at most, 1 to 10000. Left out: 100.
        max_batching_window: How long records are gathered, up to 5 minutes. Left out: not at all.
        parallelization_factor: Batches of one shard at once, 1 to 10. Left out: 1.
        starting_position: Where a new trigger begins. Left out: ``TRIM_HORIZON``, the oldest record there is.
        retry_attempts: Further attempts, 0 to 10000, while the shard waits. Left out: 5.
        max_record_age: Older records are given up, 1 minute to 7 days. Left out: none is for its age.
        filters: Only records that match one of them, such as ``lambda_.FilterCriteria.filter(...)``. Left out: all.
    """

    batch_size: int = 100
    max_batching_window: Duration | None = None
    parallelization_factor: int = 1
    starting_position: lambda_.StartingPosition = lambda_.StartingPosition.TRIM_HORIZON
    retry_attempts: int = 5
    max_record_age: Duration | None = None
    filters: Sequence[Mapping[str, Any]] = ()

    @property
    def is_stream(self) -> bool:
        """Whether the function can be behind it."""
        return True

    def check(self, arguments: Arguments) -> None:
        """Refuse what Lambda does not accept."""
        super().check(arguments)
        where = f"triggers.{self.name}"
        arguments.between(f"{where}.batch_size", self.batch_size, 1, 10_000)
        arguments.between(f"{where}.parallelization_factor", self.parallelization_factor, 1, 10)
        arguments.between(f"{where}.retry_attempts", self.retry_attempts, 0, 10_000)
        check_seconds(arguments, f"{where}.max_batching_window", self.max_batching_window, 0, 300)
        check_seconds(arguments, f"{where}.max_record_age", self.max_record_age, 60, 604_800)

    def _read(self, scope: Construct, target: Target, arn: str | None) -> lambda_.EventSourceMapping:
        mapping = lambda_.EventSourceMapping(
            scope,
            self.name,
            target=target.alias,
            event_source_arn=arn,
            batch_size=self.batch_size,
            max_batching_window=self.max_batching_window,
            parallelization_factor=self.parallelization_factor,
            starting_position=self.starting_position,
            retry_attempts=self.retry_attempts,
            max_record_age=self.max_record_age,
            filters=list(self.filters) or None,
            bisect_batch_on_error=True,
            report_batch_item_failures=True,
        )
        resource = mapping.node.default_child
        assert isinstance(resource, lambda_.CfnEventSourceMapping)
        resource.destination_config = lambda_.CfnEventSourceMapping.DestinationConfigProperty(
            on_failure=lambda_.CfnEventSourceMapping.OnFailureProperty(destination=target.dead_letter_queue.queue_arn)
        )
        return mapping


@dataclass(frozen=True, kw_only=True)
class DynamoDbStreamTrigger(StreamTrigger):
    """Changes of a DynamoDB table, from its stream.

    Attributes:
        table: The table; it must have a stream.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
    """

    table: "dynamodb.ITable"

    def check(self, arguments: Arguments) -> None:
        """Refuse a table without a stream."""
        super().check(arguments)
        if self.table.table_stream_arn is None:
            arguments.refuse(f"triggers.{self.name}.table", self.table.node.path, "has no stream: give it one")

    def add_to(self, scope: Construct, target: Target) -> Construct:
        """Read from the table's stream."""
        self.table.grant_stream(target.role, *_READ_TABLE_STREAM)
        target.role.add_to_principal_policy(iam.PolicyStatement(actions=["dynamodb:ListStreams"], resources=["*"]))
        if self.table.encryption_key is not None:
            self.table.encryption_key.grant(target.role, "kms:Decrypt")
        return self._read(scope, target, self.table.table_stream_arn)


@dataclass(frozen=True, kw_only=True)
class KinesisStreamTrigger(StreamTrigger):
    """Records of a Kinesis data stream.

    Attributes:
        stream: The stream.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
    """

    stream: "kinesis.IStream"

    def add_to(self, scope: Construct, target: Target) -> Construct:
        """Read from the stream."""
        # The CDK's grant_read is for consumers of their own as well, which this is not.
        self.stream.grant(target.role, *_READ_STREAM)
        if self.stream.encryption_key is not None:
            self.stream.encryption_key.grant(target.role, "kms:Decrypt")
        return self._read(scope, target, self.stream.stream_arn)
