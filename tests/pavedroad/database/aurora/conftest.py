"""A cluster in the network."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds

from pavedroad.database.aurora.aurora_cluster import AuroraCluster

ENGINES = {
    "aurora-postgresql": rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_17_6),
    "aurora-mysql": rds.DatabaseClusterEngine.aurora_mysql(version=rds.AuroraMysqlEngineVersion.VER_3_10_0),
}


@pytest.fixture(params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> rds.IClusterEngine:
    return ENGINES[request.param]


@pytest.fixture
def mysql() -> rds.IClusterEngine:
    return ENGINES["aurora-mysql"]


@pytest.fixture
def make(stack: cdk.Stack, vpc: ec2.Vpc) -> Callable[..., AuroraCluster]:
    """An Aurora PostgreSQL cluster 'Orders' in the network, with the given arguments in place of the defaults."""

    def cluster(**arguments: Any) -> AuroraCluster:
        return AuroraCluster(stack, "Orders", **{"engine": ENGINES["aurora-postgresql"], "vpc": vpc, **arguments})

    return cluster
