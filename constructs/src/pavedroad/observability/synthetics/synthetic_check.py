"""Asks a service from outside whether it works."""

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

_NEWEST_RUNTIME = "syn-nodejs-puppeteer-17.0"
_RUNTIME = r"syn-(nodejs(-puppeteer|-playwright)?|python-selenium|java)-\d+\.\d+"
# The default script needs Puppeteer, and the names that its modules have since 13.1.
_DEFAULT_SCRIPT_RUNTIME = r"syn-nodejs-puppeteer-(13\.[1-9]\d*|1[4-9]\.\d+|[2-9]\d\.\d+)"


@dataclass(frozen=True, kw_only=True)
class SyntheticCheckAlarmThresholds:
    """When a check needs a person; each must be breached for two periods of five minutes.

    Attributes:
        success_percent: Below this share of runs that succeed, in percent. Left out: 90.
        duration_seconds: The average run takes longer than this, in seconds. Left out: 20.
    """

    success_percent: float = 90
    duration_seconds: float = 20


_DEFAULT_THRESHOLDS = SyntheticCheckAlarmThresholds()


class SyntheticCheck(Construct):
    """A canary of CloudWatch Synthetics that asks a URL again and again, and keeps what it got.

    Written with the L1, since the L2 packs scripts as assets. The canary's function and its log group are made by
    Synthetics itself: the log group has neither retention nor key until somebody sets them.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        url: The URL that is asked, by HTTPS; an answer 2xx is a success.
        script: A script of your own instead of one request. Left out: one GET request.
        interval: How often it runs, from 1 minute to 1 hour. Left out: every 5 minutes.
        timeout: How long a run may take, from 3 seconds to 14 minutes, and no longer than ``interval``. Left out:
            1 minute.
        retries: How often a run that failed is repeated before it counts, 0 to 2. Left out: once.
        runtime_version: The runtime. Left out: the newest one that this version knows, with Node.js and Puppeteer.
            Another kind, or one before 13.1, takes a script of your own.
        vpc: Run in this VPC, for a service that is not reached from outside; it needs ways to S3 and CloudWatch, such
            as endpoints. Left out: outside of a VPC.
        vpc_subnets: The subnets in it. Left out: those with a way out.
        security_groups: The security groups in it. Left out: a new one with HTTPS to anywhere.
        artifact_bucket: Keeps what the runs got. Left out: a new ``SecureBucket`` that keeps it for 31 days.
        encryption_key: Encrypts artefacts and environment variables. Left out: a new key with yearly rotation, kept
            when the stack is deleted.
        active_tracing: Record the runs in X-Ray. Left out: not recorded.

    Attributes:
        canary: The L1 canary, with the id ``Resource``.
        name: Its name, unique in the account.
        artifact_bucket: The bucket of artefacts.
        encryption_key: The key in use.
        role: The role of the runs; what a script needs beyond is granted to it.
        security_groups: The security groups; empty outside of a VPC.

    Raises:
        InvalidArgumentsError: A URL, a duration, a runtime or a script cannot work; all are named.

    Controls: NIST CA-7, SC-12, SC-28, SI-4, Well-Architected REL06-BP01.

    Example:
        >>> check = SyntheticCheck(stack, "Check", url="https://orders.example.com/health")
        >>> check.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        url: str,
        script: CanaryScript | None = None,
        interval: Duration | None = None,
        timeout: Duration | None = None,
        retries: int = 1,
        runtime_version: str = _NEWEST_RUNTIME,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] = (),
        artifact_bucket: s3.IBucket | None = None,
        encryption_key: kms.IKey | None = None,
        active_tracing: bool = False,
    ) -> None:
        super().__init__(scope, construct_id)
        own_script = script is not None
        script = script or CanaryScript(text=HEARTBEAT)
        minutes = (interval or Duration.minutes(5)).to_minutes(integral=False)
        seconds = (timeout or Duration.minutes(1)).to_seconds()
        arguments = Arguments(self)
        arguments.matches("url", url, r"https://[^\s/]+(/\S*)?", "a URL that begins with https://")
        arguments.matches("runtime_version", runtime_version, _RUNTIME, f"a runtime such as {_NEWEST_RUNTIME}")
        arguments.between("interval", minutes, 1, 60)
        arguments.between("timeout", seconds, 3, min(minutes * 60, 840))
        arguments.between("retries", retries, 0, 2)
        if own_script:
            _check_script(arguments, script)
        elif not Token.is_unresolved(runtime_version) and not re.fullmatch(_DEFAULT_SCRIPT_RUNTIME, runtime_version):
            arguments.refuse(
                "runtime_version", runtime_version, "needs a script of your own, or syn-nodejs-puppeteer-13.1 or newer"
            )
        if vpc is None and (vpc_subnets or security_groups):
            arguments.refuse("vpc", vpc, "is needed beside vpc_subnets and security_groups")
        arguments.check()

        self.name = unique_name(self, longest=40, otherwise="check")
        self.encryption_key = encryption_key or rotated_key(self, "Key", description=f"Checks of {self.node.path}")
        self.artifact_bucket = artifact_bucket or self._own_bucket()
        self.security_groups = self._security_groups(vpc, security_groups)
        self.role = canary_role(
            self,
            name=self.name,
            bucket=self.artifact_bucket,
            encryption_key=self.encryption_key,
            tracing=active_tracing,
            in_vpc=vpc is not None,
        )
        if script.bucket:
            script.bucket.grant_read(self.role, script.key)
        self.canary = synthetics.CfnCanary(
            self,
            "Resource",
            name=self.name,
            artifact_s3_location=self.artifact_bucket.s3_url_for_object(self.name),
            artifact_config=_Canary.ArtifactConfigProperty(
                s3_encryption=_Canary.S3EncryptionProperty(
                    encryption_mode="SSE_KMS", kms_key_arn=self.encryption_key.key_arn
                )
            ),
            kms_key_arn=self.encryption_key.key_arn,
            code=_code(script),
            execution_role_arn=self.role.role_arn,
            runtime_version=runtime_version,
            schedule=_Canary.ScheduleProperty(
                expression=f"rate({minutes:g} minute{'' if minutes == 1 else 's'})",
                retry_config=_Canary.RetryConfigProperty(max_retries=retries),
            ),
            run_config=_Canary.RunConfigProperty(
                timeout_in_seconds=seconds,
                active_tracing=active_tracing,
                environment_variables={"CHECKED_URL": url},
            ),
            start_canary_after_creation=True,
            provisioned_resource_cleanup="AUTOMATIC",
            success_retention_period=31,
            failure_retention_period=31,
            vpc_config=self._vpc_config(vpc, vpc_subnets),
        )
        for policy in self.role.node.children:
            self.canary.node.add_dependency(policy)
        self._hold()
        stamp(self, self.role)  # AWS Config records no canaries

    def add_alarms(
        self, topic: sns.ITopic, thresholds: SyntheticCheckAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Tell ``topic`` when runs fail, or do not happen, and when they take long.

        Args:
            topic: Told on alarm and on recovery; it must admit ``cloudwatch.amazonaws.com``.
            thresholds: Left out: those of ``SyntheticCheckAlarmThresholds``.
        """
        return [
            notifying_alarm(
                self,
                "CheckFailsAlarm",
                metric=self.metric_success_percent(),
                threshold=thresholds.success_percent,
                comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
                description="The service does not answer as it should, seen from outside, or the check does not run. "
                "Look at the canary's last run, then at the service.",
                topic=topic,
                evaluation_periods=2,
                missing_data=cloudwatch.TreatMissingData.BREACHING,
            ),
            notifying_alarm(
                self,
                "CheckDurationAlarm",
                metric=self.metric_duration(),
                threshold=thresholds.duration_seconds * 1000,
                description="The check takes long. Look at the service's response times, then at the network.",
                topic=topic,
                evaluation_periods=2,
                missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            ),
        ]

    def metric_success_percent(self, *, period: Duration | None = None) -> cloudwatch.Metric:
        """The share of runs that succeeded, in percent; every five minutes unless ``period`` says otherwise."""
        return self._metric("SuccessPercent", period)

    def metric_duration(self, *, period: Duration | None = None) -> cloudwatch.Metric:
        """How long runs took, in milliseconds; every five minutes unless ``period`` says otherwise."""
        return self._metric("Duration", period)

    def dashboard_widgets(self, graphs: DashboardGraphs) -> list[cloudwatch.IWidget]:
        """Its row on a ``ServiceDashboard``: success and duration."""
        period = graphs.period
        return [
            graphs.graph("Successful runs (%)", [self.metric_success_percent(period=period)], width=12),
            graphs.graph("Duration (ms)", [self.metric_duration(period=period)], width=12),
        ]

    def _metric(self, name: str, period: Duration | None) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="CloudWatchSynthetics",
            metric_name=name,
            dimensions_map={"CanaryName": self.name},
            statistic="Average",
            period=period or Duration.minutes(5),
        )

    def _own_bucket(self) -> s3.Bucket:
        expire = s3.LifecycleRule(id="expire-artifacts", expiration=Duration.days(31))
        return SecureBucket(self, "Artifacts", encryption_key=self.encryption_key, lifecycle_rules=[expire]).bucket

    def _security_groups(
        self, vpc: ec2.IVpc | None, given: Sequence[ec2.ISecurityGroup]
    ) -> Sequence[ec2.ISecurityGroup]:
        if vpc is None or given:
            return given
        group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, description="Runs of a synthetic check", allow_all_outbound=False
        )
        group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.HTTPS, "The service, S3 and CloudWatch")
        return [group]

    def _vpc_config(
        self, vpc: ec2.IVpc | None, vpc_subnets: ec2.SubnetSelection | None
    ) -> synthetics.CfnCanary.VPCConfigProperty | None:
        if vpc is None:
            return None
        chosen = vpc_subnets or ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
        subnets = vpc.select_subnets(
            availability_zones=chosen.availability_zones,
            one_per_az=chosen.one_per_az,
            subnet_filters=chosen.subnet_filters,
            subnet_group_name=chosen.subnet_group_name,
            subnets=chosen.subnets,
            subnet_type=chosen.subnet_type,
        )
        if subnets.has_public:
            Annotations.of(self).add_warning_v2(
                "pavedroad:check-public-subnets",
                "A canary in public subnets has no public address: it reaches nothing.",
            )
        return _Canary.VPCConfigProperty(
            vpc_id=vpc.vpc_id,
            subnet_ids=subnets.subnet_ids,
            security_group_ids=[group.security_group_id for group in self.security_groups],
        )

    def _hold(self) -> None:
        def encrypted() -> bool:
            configuration = Stack.of(self).resolve(self.canary.artifact_config) or {}
            encryption = configuration.get("s3Encryption") or {}
            return bool(encryption.get("encryptionMode") == "SSE_KMS" and encryption.get("kmsKeyArn"))

        hold(self, "SyntheticCheck encrypts what it got; its ArtifactConfig was weakened", encrypted)


_Canary = synthetics.CfnCanary


def _check_script(arguments: Arguments, script: CanaryScript) -> None:
    if not script.is_complete:
        arguments.refuse("script", script.key or script.handler, "give either text, or bucket and key")


def _code(script: CanaryScript) -> synthetics.CfnCanary.CodeProperty:
    return _Canary.CodeProperty(
        handler=script.handler,
        script=script.text,
        s3_bucket=script.bucket.bucket_name if script.bucket else None,
        s3_key=script.key,
        s3_object_version=script.version,
    )
