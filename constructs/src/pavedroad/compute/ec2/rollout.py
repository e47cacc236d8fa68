"""How instances are replaced, by a deployment and by age."""

from dataclasses import dataclass

from aws_cdk import Duration, Token
from aws_cdk import aws_autoscaling as autoscaling

from pavedroad.arguments import Arguments
from pavedroad.compute.ec2.scaling import InstanceScaling


@dataclass(frozen=True, kw_only=True)
class InstanceRollout:
    """A deployment replaces instances in batches and goes on when each new one has said that it is ready.

    Attributes:
        max_batch_size: Instances that are replaced at once. Left out: 1.
        signal_timeout: How long a new instance may take to run its user data; after that the deployment is rolled back.
            5 minutes to 12 hours. Left out: 15 minutes.
        max_instance_lifetime: The age at which an instance is replaced, and so takes the image of the day. 1 to 365
            days. Left out: 30 days.
        min_healthy_percent: The share of healthy instances that is kept when some are replaced. Left out: 100.
        max_healthy_percent: The share that it may start in advance, 100 more than ``min_healthy_percent`` at most.
            Left out: 110.
    """

    max_batch_size: int = 1
    signal_timeout: Duration | None = None
    max_instance_lifetime: Duration | None = None
    min_healthy_percent: int = 100
    max_healthy_percent: int = 110

    @property
    def timeout(self) -> Duration:
        """How long a new instance may take."""
        return self.signal_timeout or Duration.minutes(15)

    @property
    def lifetime(self) -> Duration:
        """The age at which an instance is replaced."""
        return self.max_instance_lifetime or Duration.days(30)

    def check(self, arguments: Arguments) -> None:
        """Refuse numbers that CloudFormation and Auto Scaling do not accept."""
        arguments.between("rollout.max_batch_size", self.max_batch_size, 1, 100)
        arguments.between("rollout.min_healthy_percent", self.min_healthy_percent, 0, 100)
        low, high = self.min_healthy_percent, self.max_healthy_percent
        most = 200 if Token.is_unresolved(low) else min(200, low + 100)
        arguments.between("rollout.max_healthy_percent", high, 100, most)
        if not self.timeout.is_unresolved():
            arguments.between("rollout.signal_timeout (minutes)", self.timeout.to_minutes(integral=False), 5, 720)
        if not self.lifetime.is_unresolved():
            arguments.between("rollout.max_instance_lifetime (days)", self.lifetime.to_days(integral=False), 1, 365)

    def update_policy(self, scaling: InstanceScaling) -> autoscaling.UpdatePolicy:
        """The rolling update in the terms of CloudFormation."""
        return autoscaling.UpdatePolicy.rolling_update(
            max_batch_size=self.max_batch_size,
            min_instances_in_service=_kept_in_service(scaling),
            min_success_percentage=100,
            pause_time=self.timeout,
            wait_on_resource_signals=True,
        )


def _kept_in_service(scaling: InstanceScaling) -> int:
    # CloudFormation wants fewer than the maximum, which for parameters is not known.
    low, high = scaling.min_instances, scaling.max_instances
    if Token.is_unresolved(low) or Token.is_unresolved(high):
        return 1
    return low if low < high else low - 1
