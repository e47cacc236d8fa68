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
    retry_attempts: int = 2
    max_event_age: Duration | None = None
    on_success: lambda_.IDestination | None = None
    on_failure: lambda_.IDestination | None = None

    def check(self, arguments: Arguments) -> None:
        ...

def dead_letter_queue(scope: Construct, construct_id: str, *, encryption_key: kms.IKey) -> sqs.Queue:
    ...

def let_event_bridge_write(queue: sqs.Queue, encryption_key: kms.IKey) -> None:
    ...
