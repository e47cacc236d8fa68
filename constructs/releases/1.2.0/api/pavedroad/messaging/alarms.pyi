from dataclasses import dataclass
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.observability.alarms import notifying_alarm
_QUIET = cloudwatch.TreatMissingData.NOT_BREACHING

@dataclass(frozen=True, kw_only=True)
class QueueAlarmThresholds:
    oldest_message_age: Duration | None = None
    dead_letters: float = 0

@dataclass(frozen=True, kw_only=True)
class TopicAlarmThresholds:
    failed_deliveries: float = 0
    lost_messages: float = 0

def queue_alarms(scope: Construct, *, oldest_message_age: cloudwatch.Metric, dead_letters: cloudwatch.Metric, topic: sns.ITopic, thresholds: QueueAlarmThresholds, advice: str) -> list[cloudwatch.Alarm]:
    ...

def topic_alarms(scope: Construct, *, watched: sns.Topic, topic: sns.ITopic, thresholds: TopicAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...
