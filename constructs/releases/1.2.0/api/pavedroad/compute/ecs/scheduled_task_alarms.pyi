from dataclasses import dataclass
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.observability.alarms import notifying_alarm
_NOT_BREACHING = cloudwatch.TreatMissingData.NOT_BREACHING
_LONGEST_HOURS = 7 * 24

@dataclass(frozen=True, kw_only=True)
class ScheduledTaskAlarmThresholds:
    failed_runs: float = 0
    not_started_runs: float = 0
    no_run_for: Duration | None = None

def add_scheduled_task_alarms(task: Construct, *, failed_runs: cloudwatch.Metric, not_started_runs: cloudwatch.Metric, runs: cloudwatch.Metric, topic: sns.ITopic, thresholds: ScheduledTaskAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...
