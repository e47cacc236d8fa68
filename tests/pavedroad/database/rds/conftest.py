"""A network with an isolated tier, and a database in it."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns

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
def vpc(app: cdk.App) -> ec2.Vpc:
    # In a stack of its own: the findings of a network are not the database's.
    tier = ec2.SubnetConfiguration(name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    return ec2.Vpc(cdk.Stack(app, "Network"), "Vpc", subnet_configuration=[tier])


@pytest.fixture
def topic(stack: cdk.Stack) -> sns.Topic:
    key = kms.Key(stack, "TopicKey", enable_key_rotation=True)
    return sns.Topic(stack, "Topic", master_key=key, enforce_ssl=True)


@pytest.fixture
def make(stack: cdk.Stack, vpc: ec2.Vpc) -> Callable[..., Database]:
    """A PostgreSQL database 'Orders' in the network, with the given arguments in place of the defaults."""

    def database(**arguments: Any) -> Database:
        return Database(stack, "Orders", **{"engine": ENGINES["postgres"], "vpc": vpc, **arguments})

    return database
