from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from aws_cdk import Annotations, Duration, Stack, Token
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.delivery.pipeline import order
from pavedroad.delivery.pipeline.alarms import DeliveryPipelineAlarmThresholds, build_alarms
from pavedroad.delivery.pipeline.artifacts import ArtifactStore
from pavedroad.delivery.pipeline.builds import BuildNetwork, Builds, BuildStep
from pavedroad.delivery.pipeline.conditions import rendered
from pavedroad.delivery.pipeline.deployments import Approval, DeploymentStage
from pavedroad.delivery.pipeline.notifications import PipelineNotifications, encrypted_topic
from pavedroad.delivery.pipeline.roles import ActionRoles, as_it_is
from pavedroad.delivery.pipeline.scanning import Scanning, check_scans
from pavedroad.delivery.pipeline.scans import Scan, thresholds
from pavedroad.delivery.pipeline.security_check import default_specification
from pavedroad.delivery.pipeline.sources import Source
from pavedroad.invariants import hold
from pavedroad.network.selection import selected_subnets
from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.observability.topics import own_events, publishing
from pavedroad.security.keys import rotated_key
from pavedroad.security.roles import ManagedPolicyRole
from pavedroad.version_stamp import stamp
_BUILD = BuildStep()
_TEST = BuildStep(specification_file='buildspec.test.yml')
_SECURITY_CHECK = BuildStep(specification=default_specification())
_RESERVED = ('Source', 'Build', order.TEST_STAGE, order.SECURITY_CHECK_STAGE)
_ON_FAILURE = {'rollback': codepipeline.FailureConditions(result=codepipeline.Result.ROLLBACK), 'retry': codepipeline.FailureConditions(result=codepipeline.Result.RETRY, retry_mode=codepipeline.RetryMode.FAILED_ACTIONS), 'fail': None}
_DEFAULT_THRESHOLDS = DeliveryPipelineAlarmThresholds()

class DeliveryPipeline(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, source: Source, stages: Sequence[DeploymentStage], build: BuildStep | None=_BUILD, test: BuildStep | None=_TEST, security_check: BuildStep | None=_SECURITY_CHECK, scans: Sequence[Scan]=(), pipeline_name: str | None=None, execution_mode: codepipeline.ExecutionMode=codepipeline.ExecutionMode.SUPERSEDED, encryption_key: kms.IKey | None=None, artifact_retention: Duration | None=None, artifact_replicas: Mapping[str, s3.IBucket] | None=None, bill_retention: Duration | None=None, log_retention: logs.RetentionDays=logs.RetentionDays.ONE_YEAR, notification_topic: sns.ITopic | None=None, vpc: ec2.IVpc | None=None, vpc_subnets: ec2.SubnetSelection | None=None) -> None:
        self.artifact_bucket = ...
        self.bill_bucket = ...
        self.encryption_key = ...
        self.log_group = ...
        self.pipeline = ...
        self.projects = ...
        self.roles = ...
        self.security_group = ...
        self.topic = ...

    def grant_start(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def grant_approve(self, grantee: iam.IGrantable, stage: str) -> iam.Grant:
        ...

    def metric_failed_builds(self, project: str, *, statistic: str='Sum', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def add_alarms(self, topic: sns.ITopic, thresholds: DeliveryPipelineAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...
