from dataclasses import dataclass
from aws_cdk import Duration, Token
from aws_cdk import aws_cassandra as cassandra
from pavedroad.arguments import Arguments

@dataclass(frozen=True, kw_only=True)
class ThroughputScaling:
    min_units: float
    max_units: float
    target_utilization_percent: float = 70
    scale_in_cooldown: Duration | None = None
    scale_out_cooldown: Duration | None = None

    def setting(self) -> cassandra.CfnTable.AutoScalingSettingProperty:
        ...

@dataclass(frozen=True, kw_only=True)
class ProvisionedThroughput:
    read: ThroughputScaling
    write: ThroughputScaling

def check_throughput(arguments: Arguments, place: str, throughput: ProvisionedThroughput) -> None:
    ...
