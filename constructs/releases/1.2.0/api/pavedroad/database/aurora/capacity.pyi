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
    minimum: float | None = None
    maximum: float = 16
    auto_pause_after: Duration | None = None

    @property
    def least(self) -> float:
        ...

    def check(self, arguments: Arguments) -> None:
        ...

    def configuration(self) -> rds.CfnDBCluster.ServerlessV2ScalingConfigurationProperty:
        ...

def capacity_for(arguments: Arguments, serverless: AuroraServerlessCapacity | None, instance_type: ec2.InstanceType | None) -> AuroraServerlessCapacity | None:
    ...

@dataclass(frozen=True, kw_only=True)
class AuroraReaderScaling:
    maximum: float
    cpu_percent: float = 60
    connections: float | None = None
    scale_out_cooldown: Duration = field(default_factory=lambda: Duration.minutes(5))
    scale_in_cooldown: Duration = field(default_factory=lambda: Duration.minutes(15))

    def check(self, arguments: Arguments, readers: int) -> None:
        ...

def scale_readers(scope: Construct, *, identifier: str, readers: int, members: Sequence[Construct], scaling: AuroraReaderScaling) -> autoscaling.ScalableTarget:
    ...
