from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from aws_cdk.assertions import Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.database.rds.database import Database
from pavedroad.database.rds.monitoring import DatabaseMonitoring

MakeDatabase = Callable[..., Database]
MARIADB_10_6 = rds.DatabaseInstanceEngine.maria_db(version=rds.MariaDbEngineVersion.VER_10_6)
MYSQL = rds.DatabaseInstanceEngine.mysql(version=rds.MysqlEngineVersion.VER_8_4_7)


@pytest.mark.parametrize(
    ("engine", "message"),
    [
        (
            rds.DatabaseInstanceEngine.oracle_se2(version=rds.OracleEngineVersion.VER_19),
            "engine='oracle-se2': must be PostgreSQL, MySQL or MariaDB on RDS",
        ),
        (
            rds.DatabaseInstanceEngine.MARIADB,
            (
                "engine='mariadb': must name its version, as in rds.DatabaseInstanceEngine.maria_db(version=...): "
                "the parameter group that forces TLS depends on it"
            ),
        ),
        (
            rds.DatabaseInstanceEngine.mysql(version=rds.MysqlEngineVersion.VER_5_7_44),
            "engine='5.7.44': must be MySQL 8.0 or newer",
        ),
        (
            rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_9_6_24),
            "engine='9.6.24': must be PostgreSQL 13 or newer",
        ),
        (
            MARIADB_10_6,
            (
                "engine='10.6': must be MariaDB 10.11 or newer for IAM authentication; "
                "take one, or give iam_authentication=False"
            ),
        ),
    ],
)
def test_refuses_an_engine_that_cannot_keep_the_promises(
    make: MakeDatabase, engine: rds.IInstanceEngine, message: str
) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        make(engine=engine)
    assert str(error.value) == f"Database 'Stack/Orders': {message}"


def test_mariadb_before_iam_authentication_does_without_it_and_its_log(stack: cdk.Stack, make: MakeDatabase) -> None:
    make(engine=MARIADB_10_6, iam_authentication=False)
    Template.from_stack(stack).has_resource_properties(
        "AWS::RDS::DBInstance",
        {
            "EnableIAMDatabaseAuthentication": False,
            "EnableCloudwatchLogsExports": ["audit", "error", "general", "slowquery"],
        },
    )


@pytest.mark.parametrize(
    ("engine", "name", "message"),
    [
        (MYSQL, "admin", "is reserved or the name that is tried first (RDS.25); choose another"),
        (MYSQL, "Root", "is reserved or the name that is tried first (RDS.25); choose another"),
        (MYSQL, "keeper_of_orders", "must be 1 to 16 letters or digits, a letter first"),
        (None, "pg_keeper", "must be 1 to 63 lower-case letters, digits or underscores, a letter first, and not begin"),
    ],
)
def test_refuses_administrators_that_rds_refuses_or_attackers_try(
    make: MakeDatabase, engine: rds.IInstanceEngine | None, name: str, message: str
) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        make(administrator_name=name, **({"engine": engine} if engine else {}))
    assert f"administrator_name={name!r}: {message}" in str(error.value)


def test_small_classes_cannot_run_insights_under_mysql(make: MakeDatabase) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        make(engine=MYSQL, instance_type=ec2.InstanceType("t4g.small"))
    assert str(error.value) == (
        "Database 'Stack/Orders': instance_type='t4g.small': is too small for Performance Insights under MySQL; "
        "take t4g.medium or larger, or give DatabaseMonitoring(insights=None)"
    )


@pytest.mark.parametrize(
    "arguments",
    [{"engine": MYSQL, "monitoring": DatabaseMonitoring(insights=None)}, {}],
    ids=["MySQL without insights", "PostgreSQL with insights"],
)
def test_small_classes_can_run_the_rest(stack: cdk.Stack, make: MakeDatabase, arguments: dict[str, object]) -> None:
    make(instance_type=ec2.InstanceType("t4g.small"), **arguments)
    Template.from_stack(stack).has_resource_properties(
        "AWS::RDS::DBInstance",
        {"DBInstanceClass": "db.t4g.small", "EnablePerformanceInsights": "engine" not in arguments},
    )
