"""What a cluster is built by: its arguments checked, and completed with what follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.database.aurora.capacity import (
    MOST_READERS,
    AuroraReaderScaling,
    AuroraServerlessCapacity,
    capacity_for,
)
from pavedroad.database.aurora.engines import AURORA_ENGINES, MYSQL_TYPE, check_auto_pause
from pavedroad.database.aurora.global_cluster import AuroraGlobalCluster
from pavedroad.database.aurora.recovery import (
    AuroraRecovery,
    backtrack_window,
    global_parameters,
    needs_global_cluster,
    readers_for,
)
from pavedroad.database.identifiers import check_identifier, unique_identifier
from pavedroad.database.rds.administrator import check_rotation, rotation_subnets
from pavedroad.database.rds.checks import check_database_name
from pavedroad.database.rds.engines import (
    EngineTraits,
    check_administrator,
    check_insights,
    check_parameters,
    check_version,
    forced_tls_parameters,
    log_exports,
    traits_of,
)
from pavedroad.database.rds.monitoring import DatabaseMonitoring
from pavedroad.database.windows import check_windows
from pavedroad.network.placement import closed_subnets


@dataclass(frozen=True, kw_only=True)
class ClusterPlan:
    """The arguments of an ``AuroraCluster`` that pass, and what follows from them.

    Attributes:
        engine: As it was given.
        traits: Of the engine.
        identifier: The cluster's name.
        vpc: As it was given.
        subnets: Where the instances stand.
        port: Where they listen.
        serverless: Their capacity; ``None`` where they are of a class.
        readers: How many readers there are at least.
        parameters: Of the cluster parameter group.
        recovery: As it was given, or the default.
        monitoring: As it was given, or the default.
        backtrack: How far the cluster can be turned back; ``None`` where it cannot or shall not.
        iam_authentication: As it was given.
        global_cluster: What the cluster belongs to, as it was given or as the objectives need it.
    """

    engine: rds.IClusterEngine
    traits: EngineTraits
    identifier: str
    vpc: ec2.IVpc
    subnets: list[ec2.ISubnet]
    port: float
    serverless: AuroraServerlessCapacity | None
    readers: int
    parameters: Mapping[str, str]
    recovery: AuroraRecovery
    monitoring: DatabaseMonitoring
    backtrack: Duration | None
    iam_authentication: bool
    global_cluster: AuroraGlobalCluster | None

    @property
    def primary_region(self) -> str | None:
        """The region of the primary, where this cluster is a secondary."""
        return self.global_cluster.primary_region if self.global_cluster else None

    @property
    def owns_secret(self) -> bool:
        """Whether the stack makes the administrator's secret: RDS manages no password in a global cluster."""
        return self.global_cluster is not None and self.primary_region is None

    @property
    def lacks_backtrack(self) -> bool:
        """Whether the cluster could be turned back and cannot."""
        can = self.engine.engine_type == MYSQL_TYPE and self.global_cluster is None
        return can and self.backtrack is None

    @property
    def log_exports(self) -> list[str]:
        """The logs that the engine writes."""
        return log_exports(self.traits, iam_authentication=self.iam_authentication)


def plan_cluster(
    construct: Construct,
    *,
    engine: rds.IClusterEngine,
    vpc: ec2.IVpc,
    vpc_subnets: ec2.SubnetSelection | None,
    serverless: AuroraServerlessCapacity | None,
    instance_type: ec2.InstanceType | None,
    readers: int | None,
    reader_scaling: AuroraReaderScaling | None,
    database_name: str | None,
    administrator_name: str,
    port: float | None,
    recovery: AuroraRecovery,
    monitoring: DatabaseMonitoring,
    parameters: Mapping[str, str],
    maintenance_window: str | None,
    iam_authentication: bool,
    snapshot_identifier: str | None,
    cluster_identifier: str | None,
    global_cluster: AuroraGlobalCluster | None,
) -> ClusterPlan:
    """Check the arguments of ``construct``, which are described there, and complete them.

    Raises:
        InvalidArgumentsError: An argument cannot work; the message names all that cannot.
    """
    arguments = Arguments(construct)
    traits = traits_of(engine, arguments, offered=AURORA_ENGINES, allowed="Aurora PostgreSQL or Aurora MySQL")
    identifier = cluster_identifier or unique_identifier(construct)
    if needs_global_cluster(arguments, recovery) and global_cluster is None:
        global_cluster = AuroraGlobalCluster(identifier=f"{identifier}-global")
    check_version(arguments, engine, traits, iam_authentication=iam_authentication)
    check_administrator(arguments, administrator_name, traits)
    check_parameters(arguments, parameters, traits)
    check_windows(arguments, backup=recovery.backup_window, maintenance=maintenance_window)
    check_database_name(arguments, database_name, snapshot=snapshot_identifier)
    check_identifier(arguments, "cluster_identifier", cluster_identifier)
    recovery.check(arguments)
    monitoring.check(arguments)
    plan = ClusterPlan(
        engine=engine,
        traits=traits,
        identifier=identifier,
        vpc=vpc,
        subnets=closed_subnets(arguments, vpc, vpc_subnets, what="a database is", asked_by="RDS"),
        port=traits.port if port is None else port,
        serverless=capacity_for(arguments, serverless, instance_type),
        readers=readers_for(arguments, recovery, readers),
        parameters=forced_tls_parameters(traits, {**global_parameters(engine.engine_type, recovery), **parameters}),
        recovery=recovery,
        monitoring=monitoring,
        backtrack=backtrack_window(
            arguments, recovery, engine_type=engine.engine_type, is_global=global_cluster is not None
        ),
        iam_authentication=iam_authentication,
        global_cluster=global_cluster,
    )
    arguments.between("port", plan.port, 1150, 65535)
    arguments.between("readers", plan.readers, 0, MOST_READERS)
    if instance_type is not None:
        check_insights(arguments, monitoring.insights, instance_type, traits)
    if plan.serverless is not None:
        plan.serverless.check(arguments)
        check_auto_pause(arguments, engine, pauses=plan.serverless.auto_pause_after is not None)
    if reader_scaling is not None:
        reader_scaling.check(arguments, plan.readers)
    if global_cluster is not None:
        _check_global_cluster(
            arguments, plan, global_cluster, database_name=database_name, snapshot_identifier=snapshot_identifier
        )
    arguments.check()
    return plan


def _check_global_cluster(
    arguments: Arguments,
    plan: ClusterPlan,
    global_cluster: AuroraGlobalCluster,
    *,
    database_name: str | None,
    snapshot_identifier: str | None,
) -> None:
    """Refuse names that AWS does not accept, and what a member of a global cluster cannot have."""
    global_cluster.check(arguments)
    if plan.serverless is not None and plan.serverless.auto_pause_after is not None:
        arguments.refuse("serverless.auto_pause_after", "given", "must be left out: a global cluster never pauses")
    if global_cluster.primary_region is None:
        check_rotation(
            arguments, rotation_subnets(plan.vpc, plan.subnets), argument="global_cluster", value="a primary"
        )
        return
    for name, value in (("database_name", database_name), ("snapshot_identifier", snapshot_identifier)):
        if value is not None:
            arguments.refuse(name, value, "must be left out: a secondary has the data of its primary")
