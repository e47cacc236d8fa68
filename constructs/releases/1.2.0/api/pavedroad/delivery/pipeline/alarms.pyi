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
    failed_builds: float = 2
    build_minutes: float = 25

def build_alarms(scope: Construct, projects: Mapping[str, codebuild.IProject], topic: sns.ITopic, thresholds: DeliveryPipelineAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...
