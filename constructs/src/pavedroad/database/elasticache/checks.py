"""What ElastiCache would refuse late, in the middle of a deployment, refused at once."""

from collections.abc import Mapping

from aws_cdk import RemovalPolicy

from pavedroad.arguments import Arguments

_TIME = r"([01]\d|2[0-3]):[0-5]\d"


def check_settings(
    arguments: Arguments, *, name: str | None, port: float | None, parameters: Mapping[str, str]
) -> None:
    """Refuse names, ports and parameters that ElastiCache would."""
    arguments.matches(
        "cache_name",
        name,
        "(?=.{1,40}$)[a-z](-?[a-z0-9])*",
        "1 to 40 lower-case letters, digits and single hyphens, a letter first",
    )
    arguments.between("port", port, 1150, 65535)
    if "cluster-enabled" in parameters:
        arguments.refuse("parameters", "cluster-enabled", "is set by the construct: every cache is in cluster mode")


def check_serverless(
    arguments: Arguments,
    *,
    port: float | None,
    parameters: Mapping[str, str] | None,
    backup_time: str | None,
    maintenance_window: str | None,
    removal_policy: RemovalPolicy | None,
) -> None:
    """Refuse what is ElastiCache's own matter in a serverless cache."""
    for name, value in (("port", port), ("parameters", parameters), ("maintenance_window", maintenance_window)):
        if value is not None:
            arguments.refuse(name, value, "must be left out: a serverless cache has none to choose")
    arguments.matches("backup_window", backup_time, _TIME, "the time hh:mm, as of a serverless cache")
    if removal_policy is RemovalPolicy.SNAPSHOT:
        arguments.refuse("removal_policy", "SNAPSHOT", "exists for nodes only; leave it out to keep the cache")
