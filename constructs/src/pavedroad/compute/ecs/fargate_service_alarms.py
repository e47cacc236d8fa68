"""What is watched of a Fargate service."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.alarms import notifying_alarm

_NOT_BREACHING = cloudwatch.TreatMissingData.NOT_BREACHING


@dataclass(frozen=True, kw_only=True)
class FargateServiceAlarmThresholds:
    """When the alarms of a service go off.

    Attributes:
        server_errors: Responses 5xx in five minutes, of the tasks and the load balancer together. Left out: 10.
        unhealthy_tasks: Tasks that fail the load balancer's check for three minutes. Left out: 0.
        response_time_seconds: The 99th percentile of the time to answer, for 15 minutes. Left out: 1 second.
        cpu_percent: Average CPU use for 15 minutes. Left out: 85.
        memory_percent: Average memory use for 15 minutes. Left out: 85.
        running_tasks: Fewer running tasks than this for three minutes. Left out: the service's ``min_tasks``.
    """

    server_errors: float = 10
    unhealthy_tasks: float = 0
    response_time_seconds: float = 1
    cpu_percent: float = 85
    memory_percent: float = 85
    running_tasks: float | None = None


@dataclass(frozen=True, kw_only=True)
class WatchedMetrics:
    """The metrics of a service that the alarms watch; unhealthy tasks by the id of the alarm of their target group."""

    server_errors: cloudwatch.MathExpression
    unhealthy_tasks: Mapping[str, cloudwatch.Metric]
    response_time: cloudwatch.Metric
    cpu_utilization: cloudwatch.Metric
    memory_utilization: cloudwatch.Metric
    running_tasks: cloudwatch.Metric


def add_service_alarms(
    service: Construct,
    watched: WatchedMetrics,
    topic: sns.ITopic,
    thresholds: FargateServiceAlarmThresholds,
    *,
    min_tasks: float,
) -> list[cloudwatch.Alarm]:
    """Alarms on what users feel and on what it comes from; the topic hears of alarm and recovery."""
    minimum = min_tasks if thresholds.running_tasks is None else thresholds.running_tasks
    return [
        notifying_alarm(
            service,
            "ServerErrorsAlarm",
            metric=watched.server_errors,
            threshold=thresholds.server_errors,
            description="The service answers with 5xx. Look at the application's log and the last deployment.",
            topic=topic,
            evaluation_periods=1,
            missing_data=_NOT_BREACHING,
        ),
        *(
            notifying_alarm(
                service,
                construct_id,
                metric=metric,
                threshold=thresholds.unhealthy_tasks,
                description=(
                    "Tasks fail the load balancer's health check. Look at their log and the health check's path."
                ),
                topic=topic,
            )
            for construct_id, metric in watched.unhealthy_tasks.items()
        ),
        notifying_alarm(
            service,
            "ResponseTimeAlarm",
            metric=watched.response_time,
            threshold=thresholds.response_time_seconds,
            description="The slowest hundredth of requests waits too long. Look at dependencies, CPU and memory.",
            topic=topic,
            missing_data=_NOT_BREACHING,
        ),
        notifying_alarm(
            service,
            "CpuAlarm",
            metric=watched.cpu_utilization,
            threshold=thresholds.cpu_percent,
            description="CPU use stays high although the service scales. Look at max_tasks and the task size.",
            topic=topic,
        ),
        notifying_alarm(
            service,
            "MemoryAlarm",
            metric=watched.memory_utilization,
            threshold=thresholds.memory_percent,
            description="Memory use stays high; tasks may be killed. Look for a leak, then at the task size.",
            topic=topic,
        ),
        notifying_alarm(
            service,
            "RunningTasksAlarm",
            metric=watched.running_tasks,
            threshold=minimum,
            description="Fewer tasks run than the service needs. Look at its events: image, secrets, capacity.",
            topic=topic,
            comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            missing_data=cloudwatch.TreatMissingData.BREACHING,
        ),
    ]
