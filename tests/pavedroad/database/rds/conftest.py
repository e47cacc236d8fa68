"""A database in the network."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds

from pavedroad.database.rds.database import Database

ENGINES = {
    "postgres": rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17),
    "mysql": rds.DatabaseInstanceEngine.mysql(version=rds.MysqlEngineVersion.VER_8_4_7),
    "mariadb": rds.DatabaseInstanceEngine.maria_db(version=rds.MariaDbEngineVersion.VER_11_4_9),
}


@pytest.fixture(params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> rds.IInstanceEngine:
    return ENGINES[request.param]


@pytest.fixture
def make(stack: cdk.Stack, vpc: ec2.Vpc) -> Callable[..., Database]:
    """A PostgreSQL database 'Orders' in the network, with the given arguments in place of the defaults."""

    def database(**arguments: Any) -> Database:
        return Database(stack, "Orders", **{"engine": ENGINES["postgres"], "vpc": vpc, **arguments})

    return database
