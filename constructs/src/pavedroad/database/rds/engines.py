"""What differs from one engine to the next: ports, logs, the parameter that forces TLS, names, versions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from aws_cdk import Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds

from pavedroad.arguments import Arguments

# Performance Insights needs more memory than these have under MySQL and MariaDB.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.Engines.html
_TOO_SMALL_FOR_INSIGHTS = ("t2.micro", "t2.small", "t3.micro", "t3.small", "t4g.micro", "t4g.small")


@dataclass(frozen=True, kw_only=True)
class EngineTraits:
    """The traits of one engine.

    Attributes:
        title: The engine's name as people write it.
        factory: The CDK method that names the engine with a version, after ``rds.``.
        default_port: The port that scanners try first.
        port: The port that is taken instead.
        log_exports: Every log that the engine can export (RDS.9).
        tls_parameter: With ``tls_value`` it refuses every connection without TLS.
        tls_value: See there.
        parameters: Further parameters, which the caller may change.
        administrator_pattern: Which names RDS accepts for the administrator.
        administrator_rule: The same in words.
        reserved_administrators: Names that RDS refuses, and the well-known ones of RDS.25.
        first_version: The first version with forced TLS and the audit log.
        first_version_with_iam: The first version with IAM authentication.
        insights_need_memory: Whether Performance Insights refuses the smallest classes.
        audits_by_option: Whether the audit log is an option (``MARIADB_AUDIT_PLUGIN``) instead of a parameter.
    """

    title: str
    factory: str
    default_port: int
    port: int
    log_exports: tuple[str, ...]
    tls_parameter: str
    tls_value: str = "1"
    parameters: Mapping[str, str]
    administrator_pattern: str
    administrator_rule: str
    reserved_administrators: frozenset[str]
    first_version: tuple[int, ...]
    first_version_with_iam: tuple[int, ...]
    insights_need_memory: bool
    audits_by_option: bool


POSTGRES = EngineTraits(
    title="PostgreSQL",
    factory="DatabaseInstanceEngine.postgres",
    default_port=5432,
    port=15432,
    log_exports=("postgresql", "upgrade", "iam-db-auth-error"),
    tls_parameter="rds.force_ssl",
    # Who ended a session, what changed the schema and which statement took more than a second; no data of queries.
    parameters=MappingProxyType(
        {
            "log_disconnections": "1",
            "log_min_duration_statement": "1000",
            "log_statement": "ddl",
            "ssl_min_protocol_version": "TLSv1.2",
        }
    ),
    administrator_pattern=r"(?!pg_)[a-z][a-z0-9_]{0,62}",
    administrator_rule="1 to 63 lower-case letters, digits or underscores, a letter first, and not begin with pg_",
    reserved_administrators=frozenset({"admin", "postgres", "rdsadmin", "rds_superuser", "user"}),
    first_version=(13,),
    first_version_with_iam=(13,),
    insights_need_memory=False,
    audits_by_option=False,
)

# The general log would hold every statement with its data: its export waits until somebody switches general_log on,
# and the audit log tells who connected and who changed what meanwhile.
MYSQL = EngineTraits(
    title="MySQL",
    factory="DatabaseInstanceEngine.mysql",
    default_port=3306,
    port=13306,
    log_exports=("audit", "error", "general", "slowquery", "iam-db-auth-error"),
    tls_parameter="require_secure_transport",
    parameters=MappingProxyType({"log_output": "FILE", "long_query_time": "1", "slow_query_log": "1"}),
    administrator_pattern=r"[A-Za-z][A-Za-z0-9]{0,15}",
    administrator_rule="1 to 16 letters or digits, a letter first",
    reserved_administrators=frozenset({"admin", "mysql", "rdsadmin", "root"}),
    first_version=(8, 0),
    first_version_with_iam=(8, 0),
    insights_need_memory=True,
    audits_by_option=True,
)

_MARIADB = replace(
    MYSQL,
    title="MariaDB",
    factory="DatabaseInstanceEngine.maria_db",
    reserved_administrators=MYSQL.reserved_administrators | {"mariadb"},
    first_version=(10, 5),
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.RDS_Fea_Regions_DB-eng.Feature.IamDatabaseAuthentication.html
    first_version_with_iam=(10, 11),
)

INSTANCE_ENGINES = MappingProxyType({"postgres": POSTGRES, "mysql": MYSQL, "mariadb": _MARIADB})


def traits_of(
    engine: rds.IEngine,
    arguments: Arguments,
    *,
    offered: Mapping[str, EngineTraits] = INSTANCE_ENGINES,
    allowed: str = "PostgreSQL, MySQL or MariaDB on RDS",
) -> EngineTraits:
    """The traits of ``engine``; another one, or one without a version, is refused at once: all else depends on it.

    Args:
        engine: The engine as it was given.
        arguments: Collects what is refused.
        offered: The traits by the engine's type.
        allowed: The engines that are offered, in words.
    """
    traits = offered.get(engine.engine_type)
    if traits is None:
        arguments.refuse("engine", engine.engine_type, f"must be {allowed}")
    elif engine.engine_version is None or engine.engine_version.full_version is None:
        arguments.refuse(
            "engine",
            engine.engine_type,
            f"must name its version, as in rds.{traits.factory}(version=...): "
            "the parameter group that forces TLS depends on it",
        )
    arguments.check()
    assert traits is not None
    return traits


def check_version(arguments: Arguments, engine: rds.IEngine, traits: EngineTraits, *, iam_authentication: bool) -> None:
    """Refuse a version that lacks forced TLS, or IAM authentication where that is asked for; a token passes."""
    assert engine.engine_version is not None
    version = engine.engine_version.full_version
    assert version is not None
    if Token.is_unresolved(version):
        return
    number = version_number(version)
    if number < traits.first_version:
        arguments.refuse("engine", version, f"must be {traits.title} {_dotted(traits.first_version)} or newer")
    elif iam_authentication and number < traits.first_version_with_iam:
        arguments.refuse(
            "engine",
            version,
            f"must be {traits.title} {_dotted(traits.first_version_with_iam)} or newer for IAM authentication; "
            "take one, or give iam_authentication=False",
        )


def check_administrator(arguments: Arguments, name: str, traits: EngineTraits) -> None:
    """Refuse a name that RDS does not accept or that attackers try first (RDS.25)."""
    arguments.matches("administrator_name", name, traits.administrator_pattern, traits.administrator_rule)
    if name.lower() in traits.reserved_administrators:
        arguments.refuse(
            "administrator_name", name, "is reserved or the name that is tried first (RDS.25); choose another"
        )


def check_insights(
    arguments: Arguments,
    insights: rds.DatabaseInsightsMode | None,
    instance_type: ec2.InstanceType,
    traits: EngineTraits,
) -> None:
    """Refuse an instance class that cannot run Performance Insights, where they are on."""
    name = instance_type.to_string()
    if insights is None or not traits.insights_need_memory or Token.is_unresolved(name):
        return
    if name in _TOO_SMALL_FOR_INSIGHTS:
        arguments.refuse(
            "instance_type",
            name,
            f"is too small for Performance Insights under {traits.title}; "
            "take t4g.medium or larger, or give DatabaseMonitoring(insights=None)",
        )


def check_parameters(arguments: Arguments, parameters: Mapping[str, str], traits: EngineTraits) -> None:
    """Refuse the parameter that forces TLS, whatever its value."""
    if traits.tls_parameter in parameters:
        arguments.refuse(
            "parameters",
            {traits.tls_parameter: parameters[traits.tls_parameter]},
            "cannot be given: every connection is encrypted",
        )


def forced_tls_parameters(traits: EngineTraits, parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters of a parameter group: the engine's, then the caller's, then the one that forces TLS."""
    return {**traits.parameters, **parameters, traits.tls_parameter: traits.tls_value}


def log_exports(traits: EngineTraits, *, iam_authentication: bool) -> list[str]:
    """Every log of the engine; the one of IAM authentication only where that is on."""
    return [log for log in traits.log_exports if iam_authentication or not log.startswith("iam-")]


def version_number(version: str) -> tuple[int, ...]:
    """``17.6`` as numbers that compare."""
    return tuple(int(part) for part in version.split(".")[:3] if part.isdigit())


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
