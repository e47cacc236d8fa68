"""Alarms on a pipeline's builds."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.alarms import notifying_alarm


@dataclass(frozen=True, kw_only=True)
class DeliveryPipelineAlarmThresholds:
    """When the alarms of a pipeline go off.

    Attributes:
        failed_builds: Failed builds of one project in an hour. More than that is no single bad change.
        build_minutes: How long the slowest build of a project took, in minutes.
    """

    failed_builds: float = 2
    build_minutes: float = 25


def build_alarms(
    scope: Construct,
    projects: Mapping[str, codebuild.IProject],
    topic: sns.ITopic,
    thresholds: DeliveryPipelineAlarmThresholds,
) -> list[cloudwatch.Alarm]:
    """Two alarms a project; a pipeline that rests has no data and is well.

    Source: https://docs.aws.amazon.com/codebuild/latest/userguide/cloudwatch_metrics-codebuild.html
    """
    alarms = []
    for name, project in projects.items():
        alarms.append(
            notifying_alarm(
                scope,
                f"{name}FailedBuilds",
                metric=project.metric_failed_builds(period=Duration.hours(1)),
                threshold=thresholds.failed_builds,
                description=f"Builds of {name} fail again and again; read the last build's log.",
                topic=topic,
                evaluation_periods=1,
                missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            )
        )
        alarms.append(
            notifying_alarm(
                scope,
                f"{name}Duration",
                metric=project.metric_duration(statistic="Maximum", period=Duration.hours(1)),
                threshold=thresholds.build_minutes * 60,
                description=f"Builds of {name} come close to their timeout; look at which phase grew.",
                topic=topic,
                evaluation_periods=1,
                missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            )
        )
    return alarms
