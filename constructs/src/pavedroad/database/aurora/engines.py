"""What Aurora's engines do otherwise than those of RDS."""

from dataclasses import replace
from types import MappingProxyType

from aws_cdk import Token
from aws_cdk import aws_rds as rds

from pavedroad.arguments import Arguments
from pavedroad.database.rds.engines import MYSQL, POSTGRES, version_number

POSTGRES_TYPE = "aurora-postgresql"
MYSQL_TYPE = "aurora-mysql"

_AURORA_POSTGRES = replace(
    POSTGRES,
    title="Aurora PostgreSQL",
    factory="DatabaseClusterEngine.aurora_postgres",
    log_exports=("postgresql", "iam-db-auth-error"),
)

_AURORA_MYSQL = replace(
    MYSQL,
    title="Aurora MySQL",
    factory="DatabaseClusterEngine.aurora_mysql",
    tls_value="ON",
    # Who connected, what changed the schema and the rights (RDS.45), and which statement took more than a second.
    parameters=MappingProxyType(
        {
            "long_query_time": "1",
            "server_audit_events": "CONNECT,QUERY_DDL,QUERY_DCL",
            "server_audit_logging": "1",
            "slow_query_log": "1",
            "tls_version": "TLSv1.2,TLSv1.3",
        }
    ),
    audits_by_option=False,
)

AURORA_ENGINES = MappingProxyType({POSTGRES_TYPE: _AURORA_POSTGRES, MYSQL_TYPE: _AURORA_MYSQL})

# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
_PAUSES_SINCE: dict[int, tuple[int, ...]] = {13: (13, 15), 14: (14, 12), 15: (15, 7), 16: (16, 3)}
_MYSQL_PAUSES_SINCE: tuple[int, ...] = (3, 8)


def check_auto_pause(arguments: Arguments, engine: rds.IClusterEngine, *, pauses: bool) -> None:
    """Refuse a version that cannot pause, where it shall."""
    assert engine.engine_version is not None
    version = engine.engine_version.full_version
    if not pauses or version is None or Token.is_unresolved(version):
        return
    if engine.engine_type == MYSQL_TYPE:
        # Such as 8.0.mysql_aurora.3.08.0.
        first, number = _MYSQL_PAUSES_SINCE, version_number(version.rpartition("aurora.")[2])
    else:
        number = version_number(version)
        first = _PAUSES_SINCE.get(number[0], number)
    if number < first:
        needed = ".".join(map(str, first))
        arguments.refuse("engine", version, f"must be {needed} or newer for serverless.auto_pause_after")
