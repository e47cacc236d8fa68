from dataclasses import dataclass
from aws_cdk import aws_rds as rds
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.database.identifiers import check_identifier
from pavedroad.security.acknowledgments import acknowledge

@dataclass(frozen=True, kw_only=True)
class AuroraGlobalCluster:
    identifier: str
    primary_region: str | None = None

    def check(self, arguments: Arguments) -> None:
        ...

def make_primary(scope: Construct, *, identifier: str, cluster: rds.CfnDBCluster, deletion_protection: bool) -> rds.CfnGlobalCluster:
    ...

def make_secondary(cluster: rds.CfnDBCluster, *, identifier: str) -> None:
    ...

def acknowledge_no_backtrack(cluster: rds.CfnDBCluster) -> None:
    ...
