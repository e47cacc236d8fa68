"""What becomes of calls that nobody waits for, when they fail."""

from dataclasses import dataclass

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.durations import check_seconds


@dataclass(frozen=True, kw_only=True)
class AsynchronousCalls:
    """How often Lambda tries a call that nobody waits for; what still fails goes to the dead-letter queue.

    Attributes:
        retry_attempts: Further attempts after the first, 0 to 2. Left out: 2.
        max_event_age: How long a call may wait, 60 seconds to 6 hours. Left out: 6 hours.
        on_success: Receives the result of each call that succeeds, such as ``destinations.SqsDestination(queue)``.
            Left out: nothing does.
        on_failure: Receives each call that fails, with its error, beside the dead-letter queue. Left out: nothing does.
    """

    retry_attempts: int = 2
    max_event_age: Duration | None = None
    on_success: lambda_.IDestination | None = None
    on_failure: lambda_.IDestination | None = None

    def check(self, arguments: Arguments) -> None:
        """Refuse what Lambda does not accept."""
        arguments.between("asynchronous.retry_attempts", self.retry_attempts, 0, 2)
        check_seconds(arguments, "asynchronous.max_event_age", self.max_event_age, 60, 21600)


def dead_letter_queue(scope: Construct, construct_id: str, *, encryption_key: kms.IKey) -> sqs.Queue:
    """An encrypted queue, reached through TLS only, that keeps what failed for 14 days; it outlives its stack.

    Controls: SQS.1, nag SQS2 to SQS4, NIST SC-8, SC-28, SI-2.
    """
    return sqs.Queue(
        scope,
        construct_id,
        encryption=sqs.QueueEncryption.KMS,
        encryption_master_key=encryption_key,
        enforce_ssl=True,
        retention_period=Duration.days(14),
        removal_policy=RemovalPolicy.RETAIN,
    )


def let_event_bridge_write(queue: sqs.Queue, encryption_key: kms.IKey) -> None:
    """Let EventBridge use the key for this queue, for events of this account; its policy admits each rule by itself.

    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    """
    encryption_key.add_to_resource_policy(
        iam.PolicyStatement(
            sid="EventBridgeDeadLetters",
            principals=[iam.ServicePrincipal("events.amazonaws.com")],
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=["*"],
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(queue).account}},
        )
    )
