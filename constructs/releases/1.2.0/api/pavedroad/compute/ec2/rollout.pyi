from dataclasses import dataclass
from aws_cdk import Duration, Token
from aws_cdk import aws_autoscaling as autoscaling
from pavedroad.arguments import Arguments
from pavedroad.compute.ec2.scaling import InstanceScaling

@dataclass(frozen=True, kw_only=True)
class InstanceRollout:
    max_batch_size: int = 1
    signal_timeout: Duration | None = None
    max_instance_lifetime: Duration | None = None
    min_healthy_percent: int = 100
    max_healthy_percent: int = 110

    @property
    def timeout(self) -> Duration:
        ...

    @property
    def lifetime(self) -> Duration:
        ...

    def check(self, arguments: Arguments) -> None:
        ...

    def update_policy(self, scaling: InstanceScaling) -> autoscaling.UpdatePolicy:
        ...
