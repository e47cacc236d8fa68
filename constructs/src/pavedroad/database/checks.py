"""What RDS would refuse late, in the middle of a deployment, refused at once."""

from aws_cdk import Duration, Token
from aws_cdk import aws_ec2 as ec2

from pavedroad.arguments import Arguments

LARGEST_STORAGE = 65536
MOST_REPLICAS = 15
LONGEST_RETENTION = 35
# RDS.11 asks for 7 days.
_SHORTEST_RETENTION = 7
_SMALLEST_STORAGE = 20
# RDS asks that the limit of storage autoscaling is a tenth above the storage.
_STORAGE_MARGIN = 1.1
_MONITORING_SECONDS = (1, 5, 10, 15, 30, 60)


def select_subnets(arguments: Arguments, vpc: ec2.IVpc, selection: ec2.SubnetSelection | None) -> list[ec2.ISubnet]:
    """The subnets of the database: the isolated tier, or what was selected; never public ones (RDS.46)."""
    if selection is None and not vpc.isolated_subnets:
        arguments.refuse(
            "vpc", vpc.node.path, "has no isolated subnets; add that tier, or say with vpc_subnets which to take"
        )
        return []
    chosen = selection or ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    selected = vpc.select_subnets(
        availability_zones=chosen.availability_zones,
        one_per_az=chosen.one_per_az,
        subnet_filters=chosen.subnet_filters,
        subnet_group_name=chosen.subnet_group_name,
        subnets=chosen.subnets,
        subnet_type=chosen.subnet_type,
    )
    if selected.has_public:
        arguments.refuse(
            "vpc_subnets", vpc.node.path, "must not be public: a database is never reached from the internet"
        )
    if len(selected.subnets) == 1 and not Token.is_unresolved(selected.subnet_ids):
        arguments.refuse("vpc_subnets", vpc.node.path, "must be in two zones or more, as RDS asks of every database")
    return selected.subnets


def check_storage(arguments: Arguments, allocated: float, limit: float) -> None:
    """Refuse sizes in GiB that RDS does not offer on gp3."""
    arguments.between("allocated_storage", allocated, _SMALLEST_STORAGE, LARGEST_STORAGE)
    arguments.between("max_allocated_storage", limit, _SMALLEST_STORAGE, LARGEST_STORAGE)
    known = not (Token.is_unresolved(allocated) or Token.is_unresolved(limit))
    if known and allocated < LARGEST_STORAGE and limit < allocated * _STORAGE_MARGIN:
        arguments.refuse(
            "max_allocated_storage", limit, f"must be a tenth or more above allocated_storage={allocated:g}"
        )


def storage_limit(allocated: float, limit: float | None) -> float:
    """How far the storage grows by itself: ``limit``, else tenfold; as far as RDS can where the storage is a token."""
    if limit is not None:
        return limit
    return LARGEST_STORAGE if Token.is_unresolved(allocated) else min(allocated * 10, LARGEST_STORAGE)


def check_durations(arguments: Arguments, retention: Duration, monitoring: Duration) -> None:
    """Refuse a backup retention and an interval of enhanced monitoring that RDS does not offer."""
    if not retention.is_unresolved():
        days = retention.to_days(integral=False)
        if days % 1 or not _SHORTEST_RETENTION <= days <= LONGEST_RETENTION:
            arguments.refuse(
                "backup_retention",
                f"{days:g} days",
                f"must be from {_SHORTEST_RETENTION} (RDS.11) to {LONGEST_RETENTION} whole days",
            )
    if not monitoring.is_unresolved() and monitoring.to_seconds(integral=False) not in _MONITORING_SECONDS:
        arguments.refuse(
            "monitoring_interval",
            f"{monitoring.to_seconds(integral=False):g} seconds",
            f"must be one of {', '.join(map(str, _MONITORING_SECONDS))} seconds",
        )


def check_names(arguments: Arguments, *, database: str | None, instance: str | None, snapshot: str | None) -> None:
    """Refuse names that RDS does not accept, and a first database beside those of a snapshot."""
    arguments.matches(
        "database_name",
        database,
        "[A-Za-z][A-Za-z0-9_]{0,62}",
        "1 to 63 letters, digits or underscores, a letter first",
    )
    arguments.matches(
        "instance_identifier",
        instance,
        "(?=.{1,52}$)[a-z](-?[a-z0-9])*",
        "1 to 52 lower-case letters, digits or single hyphens, a letter first",
    )
    if database is not None and snapshot is not None:
        arguments.refuse("database_name", database, "must be left out: the databases come from the snapshot")
