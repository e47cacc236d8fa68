"""The relational cluster."""

from collections.abc import Mapping, Sequence
from functools import partial

import jsii
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_applicationautoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.database.aurora.alarms import AuroraClusterAlarmThresholds, cluster_alarms
from pavedroad.database.aurora.capacity import (
    AuroraReaderScaling,
    AuroraServerlessCapacity,
    scale_readers,
)
from pavedroad.database.aurora.global_cluster import (
    AuroraGlobalCluster,
    acknowledge_no_backtrack,
    make_primary,
    make_secondary,
)
from pavedroad.database.aurora.members import (
    Members,
    acknowledge_membership,
    members_of,
    resource_of,
    restore_from_snapshot,
)
from pavedroad.database.aurora.plan import plan_cluster
from pavedroad.database.aurora.recovery import (
    AuroraRecovery,
)
from pavedroad.database.invariants import hold_encryption
from pavedroad.database.log_groups import exported_log_groups
from pavedroad.database.rds.administrator import (
    administrator_credentials,
    rotate_administrator,
    rotation_subnets,
)
from pavedroad.database.rds.events import cluster_sources, subscribe_to_events
from pavedroad.database.rds.invariants import hold_private, hold_tls
from pavedroad.database.rds.monitoring import DatabaseMonitoring, enhanced_monitoring_role, insights_properties
from pavedroad.database.rds.proxies import cluster_target, tls_proxy
from pavedroad.database.weakenings import warn
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp

_DEFAULT_THRESHOLDS = AuroraClusterAlarmThresholds()


@jsii.implements(ec2.IConnectable)
class AuroraCluster(Construct):
    """An Aurora PostgreSQL or MySQL cluster in several zones: private, encrypted, backed up, reached over TLS only.

    **Capacity.** Every instance is Serverless v2 and scales between ``serverless``'s capacity units; with
    ``instance_type`` all are of that class instead. The readers come and go with ``reader_scaling``.

    **The administrator's password.** RDS makes it, keeps it in Secrets Manager under ``encryption_key`` and rotates it
    every 7 days, without a function. RDS cannot do that in a global cluster: its primary owns the secret, and AWS's
    function for the engine, from the Serverless Application Repository, rotates it every 30 days. The deployment then
    needs ``CAPABILITY_AUTO_EXPAND``, and the function a route to Secrets Manager. A secondary has no secret.
    Applications use none of them, but ``grant_connect``.

    **What cannot be weakened**: storage encryption, no public address, and TLS on every connection, of the proxies too.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        engine: The engine with its version, such as
            ``rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_17_6)``. Aurora
            PostgreSQL 13 or Aurora MySQL 3 and newer.
        vpc: The network.
        vpc_subnets: The subnets, in two zones or more. Left out: the isolated tier. Public ones are refused.
        serverless: The capacity of every instance under Serverless v2. Left out: 1 to 16 units.
        instance_type: The instance class without ``db.``, instead of ``serverless``. Left out: Serverless v2.
        readers: 0 to 15, the first ready to take over. Left out: 1, or as ``recovery`` says. 0 leaves the warning
            ``pavedroad:aurora-cluster-single-instance``.
        reader_scaling: More readers when there is much to read. Left out: as many as ``readers``.
        database_name: A database that is made at first. Left out: none.
        administrator_name: Left out: ``dbadmin``. Names that are tried first are refused.
        port: Left out: 15432 for PostgreSQL, 13306 for MySQL. The engine's own port leaves the warning
            ``pavedroad:aurora-cluster-default-port``.
        encryption_key: Encrypts storage, insights, logs and the secret. Left out: a new key with yearly rotation, kept
            when the stack is deleted. A key of another app must admit CloudWatch Logs.
        recovery: Objectives, backups and backtrack. Left out: a reader, backups of 35 days, backtrack under MySQL.
        monitoring: Insights, enhanced monitoring and events. Left out: standard insights, 60 seconds, no events.
        parameters: Further parameters of the cluster parameter group. The one that forces TLS is refused.
        maintenance_window: Weekly, UTC, ``ddd:hh:mm-ddd:hh:mm``, 30 minutes or longer; minor versions are installed
            in it. Left out: RDS chooses one.
        iam_authentication: Log in with IAM instead of passwords. Left out: on. ``False`` leaves the warning
            ``pavedroad:aurora-cluster-no-iam-authentication``.
        log_retention: Of the exported logs. Left out: a year.
        snapshot_identifier: A snapshot that the cluster is restored from, with its databases and administrator; it is
            encrypted with ``encryption_key``. It must stay for the life of the cluster. Left out: a new, empty one.
        cluster_identifier: The cluster's name. Left out: the construct's path, and a part of the stack's id that no
            other stack has.
        global_cluster: The global cluster that this one is the primary or a secondary of. Left out: none, unless the
            objectives for the loss of a region in ``recovery`` need one.
        deletion_protection: Left out: on. ``False`` leaves the warning
            ``pavedroad:aurora-cluster-no-deletion-protection``.
        removal_policy: What remains when the cluster is removed. Left out: a last snapshot. ``DESTROY`` leaves the
            warning ``pavedroad:aurora-cluster-no-final-snapshot``.

    Attributes:
        cluster: The L2 cluster, with the id ``Resource``.
        instances: The L1 instances, the writer first.
        readers: How many readers are always there.
        encryption_key: The key in use.
        security_group: Admits nobody until ``connections`` is asked to.
        connections: Network access; the default port is the cluster's.
        endpoint: Host name and port of the writer.
        reader_endpoint: Host name and port that spread connections over the readers.
        secret: The administrator's secret; ``None`` in a secondary.
        parameter_group: Forces TLS.
        log_groups: The cluster's log groups by log type.
        event_subscriptions: The subscriptions of ``monitoring.event_topic``.
        reader_scaling: What adds and removes readers, or ``None``.
        global_cluster: The global cluster that this cluster made, or ``None``.

    Raises:
        InvalidArgumentsError: An argument cannot work; the message names all that cannot.

    Controls: RDS.2, RDS.5, RDS.6, RDS.7, RDS.12, RDS.13, RDS.14, RDS.15, RDS.16, RDS.19, RDS.20, RDS.22, RDS.23,
        RDS.24, RDS.27, RDS.34, RDS.35, RDS.37, RDS.43, RDS.45, RDS.46; SecretsManager.1, SecretsManager.4;
        nag RDS6, RDS10, RDS11, RDS14, RDS16; NIST AC-3, AC-4, AC-6, AU-2, AU-11, CP-9, CP-10, IA-2, SC-5, SC-8, SC-12,
        SC-13, SC-28, SC-36, SI-2.

    Example:
        >>> from aws_cdk import Duration
        >>> from aws_cdk import aws_rds as rds
        >>> from pavedroad import AuroraCluster
        >>> from pavedroad.database.aurora.alarms import AuroraClusterAlarmThresholds
        >>> from pavedroad.database.aurora.capacity import AuroraReaderScaling, AuroraServerlessCapacity
        >>> from pavedroad.database.aurora.recovery import AuroraRecovery
        >>> from pavedroad.database.rds.monitoring import DatabaseMonitoring
        >>> orders = AuroraCluster(
        ...     stack,
        ...     "Orders",
        ...     engine=rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_17_6),
        ...     vpc=vpc,
        ...     database_name="orders",
        ...     serverless=AuroraServerlessCapacity(minimum=2, maximum=32),
        ...     reader_scaling=AuroraReaderScaling(maximum=4),
        ...     recovery=AuroraRecovery(rpo=Duration.seconds(0), rto=Duration.minutes(1)),
        ...     monitoring=DatabaseMonitoring(event_topic=topic),
        ... )
        >>> grant = orders.grant_connect(function, user="orders_service")
        >>> alarms = orders.add_alarms(topic, AuroraClusterAlarmThresholds(connections=700))
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        engine: rds.IClusterEngine,
        vpc: ec2.IVpc,
        vpc_subnets: ec2.SubnetSelection | None = None,
        serverless: AuroraServerlessCapacity | None = None,
        instance_type: ec2.InstanceType | None = None,
        readers: int | None = None,
        reader_scaling: AuroraReaderScaling | None = None,
        database_name: str | None = None,
        administrator_name: str = "dbadmin",
        port: float | None = None,
        encryption_key: kms.IKey | None = None,
        recovery: AuroraRecovery | None = None,
        monitoring: DatabaseMonitoring | None = None,
        parameters: Mapping[str, str] | None = None,
        maintenance_window: str | None = None,
        iam_authentication: bool = True,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        snapshot_identifier: str | None = None,
        cluster_identifier: str | None = None,
        global_cluster: AuroraGlobalCluster | None = None,
        deletion_protection: bool = True,
        removal_policy: RemovalPolicy = RemovalPolicy.SNAPSHOT,
    ) -> None:
        super().__init__(scope, construct_id)
        self._plan = plan = plan_cluster(
            self,
            engine=engine,
            vpc=vpc,
            vpc_subnets=vpc_subnets,
            serverless=serverless,
            instance_type=instance_type,
            readers=readers,
            reader_scaling=reader_scaling,
            database_name=database_name,
            administrator_name=administrator_name,
            port=port,
            recovery=recovery or AuroraRecovery(),
            monitoring=monitoring or DatabaseMonitoring(),
            parameters=parameters or {},
            maintenance_window=maintenance_window,
            iam_authentication=iam_authentication,
            snapshot_identifier=snapshot_identifier,
            cluster_identifier=cluster_identifier,
            global_cluster=global_cluster,
        )
        self.readers = plan.readers
        self.encryption_key = encryption_key or rotated_key(
            self, "Key", description=f"Encrypts the cluster {construct_id}"
        )
        self.security_group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, description=f"The cluster {construct_id}", allow_all_outbound=False
        )
        self._connections = ec2.Connections(security_groups=[self.security_group], default_port=ec2.Port.tcp(plan.port))
        self.parameter_group = rds.ParameterGroup(
            self,
            "ParameterGroup",
            engine=engine,
            description=f"Forces TLS on the cluster {construct_id}",
            parameters=plan.parameters,
        )
        self.log_groups = exported_log_groups(
            self,
            exports=plan.log_exports,
            path=f"/aws/rds/cluster/{plan.identifier}",
            encryption_key=self.encryption_key,
            retention=log_retention,
        )
        subnet_group = rds.SubnetGroup(
            self,
            "SubnetGroup",
            description=f"The subnets of the cluster {construct_id}",
            vpc=vpc,
            vpc_subnets=ec2.SubnetSelection(subnets=plan.subnets),
        )
        writer, *others = Members(
            readers=plan.readers,
            instance_type=instance_type,
            subnets=plan.subnets,
            insights=plan.monitoring.insights,
            encryption_key=self.encryption_key,
            maintenance_window=maintenance_window,
        ).make()
        self.cluster = rds.DatabaseCluster(
            self,
            "Resource",
            engine=engine,
            cluster_identifier=plan.identifier,
            default_database_name=database_name,
            writer=writer,
            readers=others,
            instance_update_behaviour=rds.InstanceUpdateBehaviour.ROLLING,
            credentials=administrator_credentials(
                self,
                name=administrator_name,
                encryption_key=self.encryption_key,
                managed_by_rds=not plan.owns_secret,
            ),
            manage_master_user_password=not plan.owns_secret,
            storage_encryption_key=self.encryption_key,
            vpc=vpc,
            # The CDK counts the subnets though they are in the group: several in one list parameter count as one.
            vpc_subnets=ec2.SubnetSelection(subnets=plan.subnets if len(plan.subnets) > 1 else plan.subnets * 2),
            subnet_group=subnet_group,
            security_groups=[self.security_group],
            port=plan.port,
            parameter_group=self.parameter_group,
            iam_authentication=iam_authentication,
            backup=rds.BackupProps(
                retention=plan.recovery.backup_retention, preferred_window=plan.recovery.backup_window
            ),
            backtrack_window=plan.backtrack,
            delete_automated_backups=False,
            copy_tags_to_snapshot=True,
            auto_minor_version_upgrade=True,
            preferred_maintenance_window=maintenance_window,
            cloudwatch_logs_exports=list(self.log_groups),
            monitoring_interval=plan.monitoring.interval,
            monitoring_role=enhanced_monitoring_role(self),
            deletion_protection=deletion_protection,
            removal_policy=removal_policy,
            **insights_properties(plan.monitoring.insights, self.encryption_key),
        )
        resource = resource_of(self.cluster)
        resource.node.add_dependency(*self.log_groups.values())
        self.instances = members_of(self.cluster)
        acknowledge_membership(self.instances)
        if plan.serverless is not None:
            resource.serverless_v2_scaling_configuration = plan.serverless.configuration()
        if snapshot_identifier is not None:
            restore_from_snapshot(resource, snapshot_identifier)
        self.global_cluster = self._join(deletion_protection=deletion_protection)
        self.reader_scaling = self._scale(reader_scaling)
        self._hold()
        self.event_subscriptions = self._subscribe(plan.monitoring.event_topic)
        if removal_policy is RemovalPolicy.RETAIN:
            # What a kept cluster still uses: CloudFormation could not delete it.
            for used in (subnet_group, self.parameter_group, self.security_group):
                used.apply_removal_policy(RemovalPolicy.RETAIN)
        self._warn(deletion_protection=deletion_protection, removal_policy=removal_policy)
        stamp(self)

    @property
    def connections(self) -> ec2.Connections:
        """Network access to all instances; the default port is the cluster's."""
        return self._connections

    @property
    def endpoint(self) -> rds.Endpoint:
        """Host name and port of the writer."""
        return self.cluster.cluster_endpoint

    @property
    def reader_endpoint(self) -> rds.Endpoint:
        """Host name and port that spread connections over the readers; the writer's where there are none."""
        return self.cluster.cluster_read_endpoint

    @property
    def secret(self) -> secretsmanager.ISecret | None:
        """The administrator's secret; a secondary of a global cluster has none."""
        return None if self._plan.primary_region is not None else self.cluster.secret

    def add_alarms(
        self, topic: sns.ITopic, thresholds: AuroraClusterAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Tell ``topic`` when CPU, connections, memory, deadlocks, capacity or a reader's lag need a person.

        Args:
            topic: Told on alarm and on recovery; it must admit ``cloudwatch.amazonaws.com``.
            thresholds: Left out: those of ``AuroraClusterAlarmThresholds``.
        """
        return cluster_alarms(
            self,
            cluster=self.cluster,
            is_serverless=self._plan.serverless is not None,
            has_readers=self.readers > 0,
            primary_region=self._plan.primary_region,
            topic=topic,
            thresholds=thresholds,
        )

    def add_proxy(
        self, construct_id: str = "Proxy", *, secrets: Sequence[secretsmanager.ISecret] = ()
    ) -> rds.DatabaseProxy:
        """A pool of connections in front of the writer, over TLS only (RDS.43), which follows it when it changes.

        It listens on the engine's own port; allow its ``connections``, not the cluster's, to whoever uses it.

        Args:
            construct_id: The id of the proxy in this construct.
            secrets: Those of the database users that connect through it. Left out: the administrator's.

        Raises:
            InvalidArgumentsError: A secondary has no secret of its own, and none was given.
        """
        chosen = list(secrets) or [self._own_secret()]
        target = cluster_target(
            self,
            f"{construct_id}Target",
            cluster=self.cluster,
            members=self.instances,
            engine=self._plan.engine,
            port=self._plan.port,
            security_group=self.security_group,
        )
        return tls_proxy(
            self,
            construct_id,
            name=f"{self._plan.identifier}-{construct_id.lower()}",
            target=target,
            secrets=chosen,
            vpc=self._plan.vpc,
            subnets=self._plan.subnets,
            iam_authentication=self._plan.iam_authentication,
        )

    def grant_connect(self, grantee: iam.IGrantable, *, user: str) -> iam.Grant:
        """Let ``grantee`` log in to every instance as the database user ``user``, without a password.

        The user is made in the database, with ``GRANT rds_iam TO`` it under PostgreSQL and
        ``IDENTIFIED WITH AWSAuthenticationPlugin`` under MySQL.

        Args:
            grantee: Who may log in.
            user: The database user.

        Raises:
            InvalidArgumentsError: ``iam_authentication`` is off.
        """
        arguments = Arguments(self)
        if not self._plan.iam_authentication:
            arguments.refuse("user", user, "cannot log in with IAM: iam_authentication is off; see grant_read_secret")
        arguments.check()
        return self.cluster.grant_connect(grantee, user)

    def grant_read_secret(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` read the administrator's secret, which includes the key's use for that.

        Raises:
            InvalidArgumentsError: A secondary has no secret.
        """
        return self._own_secret().grant_read(grantee)

    def metric(
        self, metric_name: str, *, statistic: str = "Average", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """Any metric of the cluster, over all instances; every five minutes unless ``period`` says otherwise."""
        return self.cluster.metric(metric_name, statistic=statistic, period=period)

    def metric_cpu_utilization(
        self, *, statistic: str = "Average", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """CPU use, in percent; every five minutes unless ``period`` says otherwise."""
        return self.metric("CPUUtilization", statistic=statistic, period=period)

    def metric_database_connections(
        self, *, statistic: str = "Average", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """Open connections; every five minutes unless ``period`` says otherwise."""
        return self.metric("DatabaseConnections", statistic=statistic, period=period)

    def metric_capacity_utilization(
        self, *, statistic: str = "Average", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """Share of the maximum capacity units, in percent; every five minutes unless ``period`` says otherwise."""
        return self.metric("ACUUtilization", statistic=statistic, period=period)

    def metric_replica_lag(self, *, statistic: str = "Maximum", period: Duration | None = None) -> cloudwatch.Metric:
        """Lag of the slowest reader, in milliseconds; every five minutes unless ``period`` says otherwise."""
        return self.metric("AuroraReplicaLagMaximum", statistic=statistic, period=period)

    def _own_secret(self) -> secretsmanager.ISecret:
        arguments = Arguments(self)
        if self.secret is None:
            arguments.refuse("secret", None, "a secondary of a global cluster has none: its primary has it")
        arguments.check()
        assert self.secret is not None
        return self.secret

    def _scale(self, scaling: AuroraReaderScaling | None) -> autoscaling.ScalableTarget | None:
        if scaling is None:
            return None
        return scale_readers(
            self, identifier=self._plan.identifier, readers=self.readers, members=self.instances, scaling=scaling
        )

    def _join(self, *, deletion_protection: bool) -> rds.CfnGlobalCluster | None:
        """Make the global cluster, or become a secondary of it."""
        global_cluster = self._plan.global_cluster
        if global_cluster is None:
            return None
        resource = resource_of(self.cluster)
        acknowledge_no_backtrack(resource)
        if global_cluster.primary_region is not None:
            make_secondary(resource, identifier=global_cluster.identifier)
            return None
        assert self.cluster.secret is not None
        rotate_administrator(
            self,
            name=f"{self._plan.identifier}-rotation",
            target=self,
            secret=self.cluster.secret,
            engine=self._plan.engine,
            vpc=self._plan.vpc,
            subnets=rotation_subnets(self._plan.vpc, self._plan.subnets),
        )
        return make_primary(
            self,
            identifier=global_cluster.identifier,
            cluster=resource,
            deletion_protection=deletion_protection,
        )

    def _hold(self) -> None:
        resource = resource_of(self.cluster)
        group = self.parameter_group.node.default_child
        assert isinstance(group, rds.CfnDBClusterParameterGroup)
        hold_encryption(self, resource)
        hold_tls(
            self,
            path=resource.node.path,
            group_in_use=partial(getattr, resource, "db_cluster_parameter_group_name"),
            group=group,
            traits=self._plan.traits,
        )
        for instance in self.instances:
            hold_private(self, instance)

    def _subscribe(self, topic: sns.ITopic | None) -> list[rds.CfnEventSubscription]:
        if topic is None:
            return []
        members = [member.ref for member in self.instances]
        sources = cluster_sources(cluster=self.cluster.cluster_identifier, instances=members)
        return subscribe_to_events(self, topic, sources=sources)

    def _warn(
        self,
        *,
        deletion_protection: bool,
        removal_policy: RemovalPolicy,
    ) -> None:
        weakenings = {
            "single-instance": (self.readers == 0, "No instance takes over when the only one of this cluster is lost."),
            "no-backtrack": (self._plan.lacks_backtrack, "A wrong statement costs this cluster a restore."),
            "no-deletion-protection": (not deletion_protection, "This cluster can be deleted by one call."),
            "no-final-snapshot": (
                removal_policy is RemovalPolicy.DESTROY,
                "No snapshot is taken when this cluster is removed.",
            ),
            "no-iam-authentication": (
                not self._plan.iam_authentication,
                "This cluster is logged in to with passwords only.",
            ),
            "no-insights": (
                self._plan.monitoring.insights is None,
                "Nobody will see which statements load this cluster.",
            ),
            "default-port": (
                self._plan.port == self._plan.traits.default_port,
                "This cluster listens on the port that scanners try first.",
            ),
        }
        warn(self, "aurora-cluster", weakenings)
