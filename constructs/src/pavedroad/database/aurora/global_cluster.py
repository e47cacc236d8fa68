"""Aurora clusters in several regions that hold the same data."""

from dataclasses import dataclass

from aws_cdk import aws_rds as rds
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.database.identifiers import check_identifier
from pavedroad.security.acknowledgments import acknowledge


@dataclass(frozen=True, kw_only=True)
class AuroraGlobalCluster:
    """A global cluster that a cluster belongs to: as its primary, which takes the writes, or as a secondary.

    Attributes:
        identifier: The name of the global cluster, the same in every region.
        primary_region: The region of the primary, such as ``eu-west-1``, which makes this cluster a secondary: it has
            no administrator and no first database of its own. Left out: this cluster is the primary, and makes the
            global cluster.
    """

    identifier: str
    primary_region: str | None = None

    def check(self, arguments: Arguments) -> None:
        """Refuse names that AWS does not accept."""
        check_identifier(arguments, "global_cluster.identifier", self.identifier)
        arguments.matches(
            "global_cluster.primary_region",
            self.primary_region,
            "[a-z]{2}(-[a-z]+)+-[0-9]",
            "a region, such as eu-west-1",
        )


def make_primary(
    scope: Construct, *, identifier: str, cluster: rds.CfnDBCluster, deletion_protection: bool
) -> rds.CfnGlobalCluster:
    """A global cluster around ``cluster``, from which it takes engine, version and encryption."""
    return rds.CfnGlobalCluster(
        scope,
        "GlobalCluster",
        global_cluster_identifier=identifier,
        source_db_cluster_identifier=cluster.attr_db_cluster_arn,
        deletion_protection=deletion_protection,
    )


def make_secondary(cluster: rds.CfnDBCluster, *, identifier: str) -> None:
    """Take data, databases and administrator from the primary; Aurora refuses them in a secondary."""
    cluster.global_cluster_identifier = identifier
    cluster.database_name = None
    cluster.manage_master_user_password = None
    cluster.master_username = None
    cluster.master_user_password = None
    cluster.master_user_secret = None


def acknowledge_no_backtrack(cluster: rds.CfnDBCluster) -> None:
    """Aurora MySQL is turned back in one region only."""
    acknowledge(
        cluster,
        "AwsSolutions-RDS14",
        "Aurora refuses backtrack in a global cluster. The cluster can be restored to any second of the last 7 to 35 "
        "days instead, beside the one that runs.",
    )
