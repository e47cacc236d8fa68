"""The instances of an Aurora cluster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds

from pavedroad.database.rds.monitoring import performance_insights
from pavedroad.network.placement import zones_in_turn
from pavedroad.security.acknowledgments import acknowledge


@dataclass(frozen=True, kw_only=True)
class Members:
    """The writer and the readers of a cluster, spread over its zones.

    Attributes:
        readers: How many.
        instance_type: Their class; ``None`` for Serverless v2.
        subnets: Where they stand.
        insights: Database Insights, which the cluster has too.
        encryption_key: Encrypts the insights.
        maintenance_window: As the cluster has it.
    """

    readers: int
    instance_type: ec2.InstanceType | None
    subnets: Sequence[ec2.ISubnet]
    insights: rds.DatabaseInsightsMode | None
    encryption_key: kms.IKey
    maintenance_window: str | None

    def make(self) -> list[rds.IClusterInstance]:
        """The writer first."""
        names = ["Writer", *(f"Reader{number}" for number in range(1, self.readers + 1))]
        zones = zones_in_turn(self.subnets, len(names))
        return [self._member(tier, name, zone) for tier, (name, zone) in enumerate(zip(names, zones, strict=True))]

    def _member(self, tier: int, name: str, zone: str | None) -> rds.IClusterInstance:
        shared: Mapping[str, Any] = {
            "availability_zone": zone,
            "auto_minor_version_upgrade": True,
            "preferred_maintenance_window": self.maintenance_window,
            "publicly_accessible": False,
            **({} if self.insights is None else performance_insights(self.insights, self.encryption_key)),
        }
        if self.instance_type is None:
            # The first reader is as large as the writer at any time, to take over from it.
            return rds.ClusterInstance.serverless_v2(name, scale_with_writer=tier == 1, **shared)
        return rds.ClusterInstance.provisioned(name, instance_type=self.instance_type, promotion_tier=tier, **shared)


def resource_of(cluster: rds.DatabaseCluster) -> rds.CfnDBCluster:
    """The L1 resource of a cluster."""
    resource = cluster.node.default_child
    assert isinstance(resource, rds.CfnDBCluster)
    return resource


def members_of(cluster: rds.DatabaseCluster) -> list[rds.CfnDBInstance]:
    """The L1 resources of a cluster's instances, the writer first."""
    return [child for child in cluster.node.find_all() if isinstance(child, rds.CfnDBInstance)]


def restore_from_snapshot(resource: rds.CfnDBCluster, snapshot_identifier: str) -> None:
    """Take data, databases and administrator from the snapshot; CloudFormation refuses them beside it."""
    resource.snapshot_identifier = snapshot_identifier
    resource.database_name = None
    resource.master_username = None


def acknowledge_membership(members: Sequence[rds.CfnDBInstance]) -> None:
    """Tell of every member what is the cluster's, and why its zone is named."""
    for member in members:
        acknowledge(
            member,
            "NIST.800.53.R5-RDSInBackupPlan",
            "An instance of an Aurora cluster holds no data of its own: the data is in the cluster's storage, which "
            "Aurora backs up continuously and keeps for 7 to 35 days. A lost instance is made again on that storage.",
        )
        for finding in ("cfn-lint::W3010", "cloudformation-validate::W3010"):
            acknowledge(
                member,
                finding,
                "The zone is that of a subnet which the cluster was given. Aurora places an instance without a zone at "
                "random, and the reader must not stand in the writer's zone: it takes over when that is lost.",
            )
