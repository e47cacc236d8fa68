from dataclasses import dataclass
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.messaging.alarms import QueueAlarmThresholds, queue_alarms
from pavedroad.observability.alarms import notifying_alarm

@dataclass(frozen=True, kw_only=True)
class QueueWorkerAlarmThresholds:
    oldest_message_age: Duration | None = None
    dead_letters: float = 0
    running_tasks: float | None = None

def add_queue_worker_alarms(worker: Construct, *, oldest_message_age: cloudwatch.Metric, dead_letters: cloudwatch.Metric, running_tasks: cloudwatch.Metric, topic: sns.ITopic, thresholds: QueueWorkerAlarmThresholds, min_tasks: float | None) -> list[cloudwatch.Alarm]:
    ...
