"""How much an Aurora cluster computes: capacity units of Serverless v2, and readers that come and go."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from aws_cdk import Duration, Stack, Token
from aws_cdk import aws_applicationautoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_rds as rds
from constructs import Construct

from pavedroad.arguments import Arguments

MOST_READERS = 15
_MOST_UNITS = 256
_PAUSE_SECONDS = (300, 86400)


@dataclass(frozen=True, kw_only=True)
class AuroraServerlessCapacity:
    """Between which capacity units (2 GiB of memory each, with the processors for it) every instance scales.

    Attributes:
        minimum: 0.5 to 256, in steps of 0.5. Left out: 1, or 0 with ``auto_pause_after``.
        maximum: 1 to 256, in steps of 0.5; older engine versions take 128 at most. Left out: 16.
        auto_pause_after: Pause an instance that has had no connection for 5 minutes to 24 hours. The next connection
            waits about 15 seconds. A proxy keeps the cluster awake. Left out: it never pauses. It needs Aurora
            PostgreSQL 13.15, 14.12, 15.7 or 16.3, or Aurora MySQL 3.08, and newer ones.
    """

    minimum: float | None = None
    maximum: float = 16
    auto_pause_after: Duration | None = None

    @property
    def least(self) -> float:
        """The minimum, as given or as it follows from the pause."""
        if self.minimum is not None:
            return self.minimum
        return 1 if self.auto_pause_after is None else 0

    def check(self, arguments: Arguments) -> None:
        """Refuse capacities that Aurora does not offer."""
        least = self.least
        for name, value, low in (("minimum", least, 0), ("maximum", self.maximum, 1)):
            arguments.between(f"serverless.{name}", value, low, _MOST_UNITS)
            if not Token.is_unresolved(value) and value % 0.5:
                arguments.refuse(f"serverless.{name}", value, "must be a multiple of 0.5")
        if Token.is_unresolved(least):
            return
        if not Token.is_unresolved(self.maximum) and least > self.maximum:
            arguments.refuse("serverless.minimum", least, f"must not be above maximum={self.maximum:g}")
        if self.auto_pause_after is None and least == 0:
            arguments.refuse("serverless.minimum", least, "lets the cluster pause: say when with auto_pause_after")
        if self.auto_pause_after is not None:
            self._check_pause(arguments, self.auto_pause_after)

    def _check_pause(self, arguments: Arguments, pause: Duration) -> None:
        if self.least > 0:
            arguments.refuse("serverless.minimum", self.least, "must be 0, or left out, with auto_pause_after")
        if not pause.is_unresolved():
            arguments.between("serverless.auto_pause_after", pause.to_seconds(integral=False), *_PAUSE_SECONDS)

    def configuration(self) -> rds.CfnDBCluster.ServerlessV2ScalingConfigurationProperty:
        """The capacity as the L1 cluster takes it; the CDK's own check does not know tokens."""
        pause = self.auto_pause_after
        return rds.CfnDBCluster.ServerlessV2ScalingConfigurationProperty(
            min_capacity=self.least,
            max_capacity=self.maximum,
            seconds_until_auto_pause=None if pause is None else pause.to_seconds(),
        )


def capacity_for(
    arguments: Arguments, serverless: AuroraServerlessCapacity | None, instance_type: ec2.InstanceType | None
) -> AuroraServerlessCapacity | None:
    """The capacity units; ``None`` for instances of a class."""
    if instance_type is None:
        return serverless or AuroraServerlessCapacity()
    if serverless is not None:
        arguments.refuse("instance_type", instance_type.to_string(), "must be left out with serverless")
    return None


@dataclass(frozen=True, kw_only=True)
class AuroraReaderScaling:
    """Up to how many readers there are when there is much to read; as many as ``readers`` always stay.

    Attributes:
        maximum: Readers at most, to 15.
        cpu_percent: Readers come and go to keep the readers' CPU at this, in percent. Left out: 60.
        connections: The same for the connections of a reader. Left out: CPU alone decides.
        scale_out_cooldown: Between two additions. Left out: 5 minutes.
        scale_in_cooldown: Between two removals. Left out: 15 minutes.
    """

    maximum: float
    cpu_percent: float = 60
    connections: float | None = None
    scale_out_cooldown: Duration = field(default_factory=lambda: Duration.minutes(5))
    scale_in_cooldown: Duration = field(default_factory=lambda: Duration.minutes(15))

    def check(self, arguments: Arguments, readers: int) -> None:
        """Refuse what Aurora cannot scale by or to."""
        if readers == 0:
            arguments.refuse("reader_scaling", f"maximum={self.maximum:g}", "needs readers=1 or more to measure")
        else:
            arguments.between("reader_scaling.maximum", self.maximum, readers, MOST_READERS)
        arguments.between("reader_scaling.cpu_percent", self.cpu_percent, 10, 90)
        arguments.between("reader_scaling.connections", self.connections, 1, 16000)


def scale_readers(
    scope: Construct, *, identifier: str, readers: int, members: Sequence[Construct], scaling: AuroraReaderScaling
) -> autoscaling.ScalableTarget:
    """Add and remove readers by the load of those that there are.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Integrating.AutoScaling.html
    """
    role = Stack.of(scope).format_arn(
        service="iam",
        region="",
        resource="role/aws-service-role/rds.application-autoscaling.amazonaws.com",
        resource_name="AWSServiceRoleForApplicationAutoScaling_RDSCluster",
    )
    target = autoscaling.ScalableTarget(
        scope,
        "ReaderScaling",
        service_namespace=autoscaling.ServiceNamespace.RDS,
        scalable_dimension="rds:cluster:ReadReplicaCount",
        resource_id=f"cluster:{identifier}",
        min_capacity=readers,
        max_capacity=scaling.maximum,
        role=iam.Role.from_role_arn(scope, "ReaderScalingRole", role, mutable=False),
    )
    target.node.add_dependency(*members)
    wanted = {
        "Cpu": (autoscaling.PredefinedMetric.RDS_READER_AVERAGE_CPU_UTILIZATION, scaling.cpu_percent),
        "Connections": (autoscaling.PredefinedMetric.RDS_READER_AVERAGE_DATABASE_CONNECTIONS, scaling.connections),
    }
    for construct_id, (metric, value) in wanted.items():
        if value is not None:
            target.scale_to_track_metric(
                construct_id,
                predefined_metric=metric,
                target_value=value,
                scale_in_cooldown=scaling.scale_in_cooldown,
                scale_out_cooldown=scaling.scale_out_cooldown,
            )
    return target
