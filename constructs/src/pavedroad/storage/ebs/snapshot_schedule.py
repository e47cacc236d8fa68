"""Snapshots of volumes by schedule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import CfnTag, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dlm as dlm
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.invariants import hold
from pavedroad.observability.alarms import notifying_alarm
from pavedroad.storage.ebs.snapshot_role import snapshot_role
from pavedroad.version_stamp import stamp

_MOST_COPIES = 3
_MOST_DAYS = 36_500


@dataclass(frozen=True, kw_only=True)
class SnapshotCopy:
    """An encrypted copy of each snapshot in another region.

    Attributes:
        region: The other region, such as ``eu-central-1``.
        encryption_key_arn: A key of that region, which the schedule's role may use; its policy must admit the account.
        retention_days: How long copies are kept. Left out: 35 days.
    """

    region: str
    encryption_key_arn: str
    retention_days: int = 35

    def check(self, arguments: Arguments) -> None:
        """Refuse what Data Lifecycle Manager does not accept."""
        arguments.matches("copies.region", self.region, "[a-z]{2}(-[a-z]+)+-[0-9]", "a region, such as eu-central-1")
        arguments.matches(
            "copies.encryption_key_arn", self.encryption_key_arn, "arn:[a-z-]+:kms:.+:key/.+", "the ARN of a KMS key"
        )
        arguments.between("copies.retention_days", self.retention_days, 1, _MOST_DAYS)


class SnapshotSchedule(Construct):
    """Snapshots of all volumes, or of the volumes of all instances, that have certain tags; kept for a while.

    Data Lifecycle Manager takes and expires them through a role that can touch what has the tags, and of snapshots
    only its own. Fast snapshot restore, which costs by the hour, stays off. Copies in other regions are encrypted.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        target_tags: Tags that volumes or instances have; one suffices to be chosen. One at least.
        resource_type: ``VOLUME``, or ``INSTANCE`` for snapshots of all volumes of an instance at one point in time.
            Left out: ``VOLUME``.
        schedule: When, in UTC, as ``cron(...)``. Left out: daily at 03:00, ``cron(0 3 * * ? *)``.
        retention_days: How long snapshots are kept, 1 to 36,500. Left out: 35 days.
        copies: Copies in other regions, 3 at most. Left out: none.
        encryption_keys: The keys of the volumes, which copying has to use. Required with ``copies``.
        tags_to_add: Tags of the snapshots beside those of their volume. Left out: none.

    Attributes:
        policy: The ``AWS::DLM::LifecyclePolicy``, with the id ``Resource``.
        role: The role that Data Lifecycle Manager takes.

    Raises:
        InvalidArgumentsError: Arguments are missing or out of range; all are named.

    Controls: EC2.1 (snapshots are not shared), NIST CP-6, CP-9, CP-10, SC-28, SI-12.

    Example:
        >>> from pavedroad import SnapshotSchedule
        >>> from pavedroad.storage.ebs.snapshot_schedule import SnapshotCopy
        >>> abroad = "arn:aws:kms:eu-central-1:111111111111:key/11111111-1111-1111-1111-111111111111"
        >>> snapshots = SnapshotSchedule(
        ...     stack,
        ...     "Snapshots",
        ...     target_tags={"application": "orders"},
        ...     copies=[SnapshotCopy(region="eu-central-1", encryption_key_arn=abroad)],
        ...     encryption_keys=[key],
        ... )
        >>> alarms = snapshots.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        target_tags: Mapping[str, str],
        resource_type: str = "VOLUME",
        schedule: str = "cron(0 3 * * ? *)",
        retention_days: int = 35,
        copies: Sequence[SnapshotCopy] = (),
        encryption_keys: Sequence[kms.IKey] = (),
        tags_to_add: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        _check_targets(arguments, target_tags, copies, encryption_keys)
        arguments.one_of("resource_type", resource_type, ("INSTANCE", "VOLUME"))
        arguments.matches("schedule", schedule, r"cron\(\S+( \S+){5}\)", "a schedule, such as cron(0 3 * * ? *)")
        arguments.between("retention_days", retention_days, 1, _MOST_DAYS)
        arguments.check()

        self._copies = bool(copies)
        self.role = snapshot_role(
            self,
            "Role",
            resource_type=resource_type,
            target_tags=target_tags,
            keys=[*(key.key_arn for key in encryption_keys), *(copy.encryption_key_arn for copy in copies)],
            copy_regions=[copy.region for copy in copies],
        )
        self.policy = dlm.CfnLifecyclePolicy(
            self,
            "Resource",
            description="Snapshots by tag",
            execution_role_arn=self.role.role_arn,
            state="ENABLED",
            policy_details=dlm.CfnLifecyclePolicy.PolicyDetailsProperty(
                policy_type="EBS_SNAPSHOT_MANAGEMENT",
                resource_types=[resource_type],
                target_tags=_tags(target_tags),
                schedules=[
                    dlm.CfnLifecyclePolicy.ScheduleProperty(
                        name="Snapshots",
                        copy_tags=True,
                        tags_to_add=_tags(tags_to_add) if tags_to_add else None,
                        create_rule=dlm.CfnLifecyclePolicy.CreateRuleProperty(cron_expression=schedule),
                        retain_rule=dlm.CfnLifecyclePolicy.RetainRuleProperty(
                            interval=retention_days, interval_unit="DAYS"
                        ),
                        cross_region_copy_rules=[_copy_rule(copy) for copy in copies] or None,
                    )
                ],
            ),
        )
        if self.role.policy is not None:  # The first run must find what the role may do.
            self.policy.node.add_dependency(self.role.policy)
        self._hold()
        stamp(self, self.role)  # AWS Config records no lifecycle policies

    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """Alarms on snapshots that could not be taken, or copied.

        Args:
            topic: Told on alarm and on recovery.
        """
        failures = {"SnapshotsFailedAlarm": self.metric_snapshots_failed()}
        if self._copies:
            failures["CopiesFailedAlarm"] = self.metric_copies_failed()
        return [
            notifying_alarm(
                self,
                construct_id,
                metric=metric,
                threshold=0,
                description="Data Lifecycle Manager failed. Look at the policy's role, the keys and the quota.",
                topic=topic,
                evaluation_periods=1,
                missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            )
            for construct_id, metric in failures.items()
        ]

    def metric_snapshots_failed(self, *, statistic: str = "Sum", period: Duration | None = None) -> cloudwatch.Metric:
        """Snapshots that could not be taken; every hour unless ``period`` says otherwise."""
        return self._metric("SnapshotsCreateFailed", statistic, period)

    def metric_copies_failed(self, *, statistic: str = "Sum", period: Duration | None = None) -> cloudwatch.Metric:
        """Copies to other regions that failed; every hour unless ``period`` says otherwise."""
        return self._metric("SnapshotsCopiedRegionFailed", statistic, period)

    def _metric(self, name: str, statistic: str, period: Duration | None) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/EBS",
            metric_name=name,
            dimensions_map={"DLMPolicyId": self.policy.ref},
            statistic=statistic,
            period=period or Duration.hours(1),
        )

    def _hold(self) -> None:
        stack = Stack.of(self)

        def copies_encrypted() -> bool:
            schedules = stack.resolve(self.policy.policy_details)["schedules"]
            rules = [rule for schedule in schedules for rule in schedule.get("crossRegionCopyRules") or []]
            return all(rule.get("encrypted") is True and rule.get("cmkArn") for rule in rules)

        hold(self, "SnapshotSchedule encrypts its copies; a CrossRegionCopyRule does not", copies_encrypted)
        hold(self, "SnapshotSchedule takes snapshots; its State is not ENABLED", lambda: self.policy.state == "ENABLED")


def _check_targets(
    arguments: Arguments,
    target_tags: Mapping[str, str],
    copies: Sequence[SnapshotCopy],
    encryption_keys: Sequence[kms.IKey],
) -> None:
    if not target_tags:
        arguments.refuse("target_tags", dict(target_tags), "must name one tag at least")
    if len(copies) > _MOST_COPIES:
        arguments.refuse("copies", [copy.region for copy in copies], f"must be {_MOST_COPIES} at most")
    if copies and not encryption_keys:
        arguments.refuse("encryption_keys", [], "must be the keys of the volumes where snapshots are copied")
    for copy in copies:
        copy.check(arguments)


def _tags(tags: Mapping[str, str]) -> list[CfnTag]:
    return [CfnTag(key=key, value=value) for key, value in tags.items()]


def _copy_rule(copy: SnapshotCopy) -> dlm.CfnLifecyclePolicy.CrossRegionCopyRuleProperty:
    return dlm.CfnLifecyclePolicy.CrossRegionCopyRuleProperty(
        target=copy.region,
        encrypted=True,
        cmk_arn=copy.encryption_key_arn,
        copy_tags=True,
        retain_rule=dlm.CfnLifecyclePolicy.CrossRegionCopyRetainRuleProperty(
            interval=copy.retention_days, interval_unit="DAYS"
        ),
    )
