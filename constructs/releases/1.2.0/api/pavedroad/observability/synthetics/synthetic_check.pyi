import re
from collections.abc import Sequence
from dataclasses import dataclass
from aws_cdk import Annotations, Duration, Stack, Token
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_synthetics as synthetics
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.invariants import hold
from pavedroad.naming import unique_name
from pavedroad.observability.alarms import notifying_alarm
from pavedroad.observability.cloudwatch.graphs import DashboardGraphs
from pavedroad.observability.synthetics.role import canary_role
from pavedroad.observability.synthetics.scripts import HEARTBEAT, CanaryScript
from pavedroad.security.keys import rotated_key
from pavedroad.storage.s3.secure_bucket import SecureBucket
from pavedroad.version_stamp import stamp
_NEWEST_RUNTIME = 'syn-nodejs-puppeteer-17.0'
_RUNTIME = 'syn-(nodejs(-puppeteer|-playwright)?|python-selenium|java)-\\d+\\.\\d+'
_DEFAULT_SCRIPT_RUNTIME = 'syn-nodejs-puppeteer-(13\\.[1-9]\\d*|1[4-9]\\.\\d+|[2-9]\\d\\.\\d+)'

@dataclass(frozen=True, kw_only=True)
class SyntheticCheckAlarmThresholds:
    success_percent: float = 90
    duration_seconds: float = 20
_DEFAULT_THRESHOLDS = SyntheticCheckAlarmThresholds()

class SyntheticCheck(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, url: str, script: CanaryScript | None=None, interval: Duration | None=None, timeout: Duration | None=None, retries: int=1, runtime_version: str=_NEWEST_RUNTIME, vpc: ec2.IVpc | None=None, vpc_subnets: ec2.SubnetSelection | None=None, security_groups: Sequence[ec2.ISecurityGroup]=(), artifact_bucket: s3.IBucket | None=None, encryption_key: kms.IKey | None=None, active_tracing: bool=False) -> None:
        self.artifact_bucket = ...
        self.canary = ...
        self.encryption_key = ...
        self.name = ...
        self.role = ...
        self.security_groups = ...

    def add_alarms(self, topic: sns.ITopic, thresholds: SyntheticCheckAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...

    def metric_success_percent(self, *, period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_duration(self, *, period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def dashboard_widgets(self, graphs: DashboardGraphs) -> list[cloudwatch.IWidget]:
        ...
_Canary = synthetics.CfnCanary
