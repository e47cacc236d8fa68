"""What RDS would refuse late, in the middle of a deployment, refused at once."""

from aws_cdk import Token
from aws_cdk import aws_ec2 as ec2

from pavedroad.arguments import Arguments
from pavedroad.network.selection import selected_subnets

MOST_REPLICAS = 15


def select_subnets(arguments: Arguments, vpc: ec2.IVpc, selection: ec2.SubnetSelection | None) -> list[ec2.ISubnet]:
    """The subnets of the database: the isolated tier, or what was selected; never public ones (RDS.46)."""
    if selection is None and not vpc.isolated_subnets:
        arguments.refuse(
            "vpc", vpc.node.path, "has no isolated subnets; add that tier, or say with vpc_subnets which to take"
        )
        return []
    chosen = selection or ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    selected = selected_subnets(vpc, chosen)
    if selected.has_public:
        arguments.refuse(
            "vpc_subnets", vpc.node.path, "must not be public: a database is never reached from the internet"
        )
    if len(selected.subnets) == 1 and not Token.is_unresolved(selected.subnet_ids):
        arguments.refuse("vpc_subnets", vpc.node.path, "must be in two zones or more, as RDS asks of every database")
    return selected.subnets


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
