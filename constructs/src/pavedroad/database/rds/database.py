"""The relational database."""

from collections.abc import Mapping, Sequence
from functools import partial

import jsii
from aws_cdk import Duration, RemovalPolicy
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
from pavedroad.database.identifiers import check_identifier, unique_identifier
from pavedroad.database.invariants import hold_encryption
from pavedroad.database.log_groups import exported_log_groups
from pavedroad.database.rds.administrator import (
    administrator_credentials,
    check_rotation,
    rotate_administrator,
    rotation_subnets,
)
from pavedroad.database.rds.alarms import DatabaseAlarmThresholds, database_alarms
from pavedroad.database.rds.checks import MOST_REPLICAS, check_database_name
from pavedroad.database.rds.engines import (
    check_administrator,
    check_insights,
    check_parameters,
    check_version,
    forced_tls_parameters,
    log_exports,
    traits_of,
)
from pavedroad.database.rds.events import instance_sources, subscribe_to_events
from pavedroad.database.rds.instances import (
    SharedSettings,
    acknowledge_own_backups,
    read_replica,
    resource_of,
    restore_from_snapshot,
)
from pavedroad.database.rds.invariants import hold_private, hold_tls
from pavedroad.database.rds.monitoring import DatabaseMonitoring, enhanced_monitoring_role
from pavedroad.database.rds.proxies import instance_target, tls_proxy
from pavedroad.database.rds.recovery import DatabaseRecovery, needs_standby
from pavedroad.database.rds.storage import DatabaseStorage
from pavedroad.database.weakenings import warn
from pavedroad.database.windows import check_windows
from pavedroad.network.placement import closed_subnets, zones_in_turn
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp

_DEFAULT_THRESHOLDS = DatabaseAlarmThresholds()


@jsii.implements(ec2.IConnectable)
class Database(Construct):
    """A PostgreSQL, MySQL or MariaDB instance on RDS that is private, encrypted, backed up and reached over TLS only.

    **The administrator's password.** RDS makes it, keeps it in Secrets Manager under ``encryption_key`` and rotates it
    every 7 days. That needs no function, no network route and no template transform, so it works in every stack and
    product. RDS cannot make read replicas of such an instance: with ``read_replicas`` the stack owns the secret, and
    AWS's function for the engine, from the Serverless Application Repository, rotates it every 30 days. The deployment
    then needs ``CAPABILITY_AUTO_EXPAND``, and the function a route to Secrets Manager: a NAT beside private subnets, or
    an interface endpoint. Applications use neither, but ``grant_connect``.

    **The name** is fixed, as the encrypted log groups must stand before RDS first writes to them. A change that would
    replace the instance, and lose its data, therefore fails instead.

    **What cannot be weakened**: storage encryption, no public address, and TLS on every connection, of the replicas and
    proxies too.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        engine: The engine with its version, such as
            ``rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17)``. PostgreSQL 13, MySQL 8.0
            or MariaDB 10.5 and newer; IAM authentication needs MariaDB 10.11.
        vpc: The network.
        vpc_subnets: The subnets, in two zones or more. Left out: the isolated tier. Public ones are refused.
        instance_type: The instance class without ``db.``. Left out: ``m7g.large``.
        database_name: A database that is made at first. Left out: none.
        administrator_name: Left out: ``dbadmin``. Names that are tried first are refused.
        port: Left out: 15432 for PostgreSQL, 13306 for MySQL and MariaDB. The engine's own port leaves the warning
            ``pavedroad:database-default-port``.
        encryption_key: Encrypts storage, insights, logs and the secret. Left out: a new key with yearly rotation, kept
            when the stack is deleted. A key of another app must admit CloudWatch Logs.
        storage: The volume's size and how far it grows. Left out: 100 GiB, to 1,000 GiB.
        recovery: Standby, objectives and backups. Left out: a standby in another zone, and backups of 35 days.
        monitoring: Insights, enhanced monitoring and events. Left out: standard insights, 60 seconds, no events.
        parameters: Further parameters of the parameter group. The one that forces TLS is refused.
        read_replicas: Asynchronous copies for reading, 0 to 15, spread over the zones. Left out: none.
        maintenance_window: Weekly, UTC, ``ddd:hh:mm-ddd:hh:mm``, 30 minutes or longer; minor versions are installed
            in it. Left out: RDS chooses one.
        iam_authentication: Log in with IAM instead of passwords. Left out: on. ``False`` leaves the warning
            ``pavedroad:database-no-iam-authentication``.
        log_retention: Of the exported logs. Left out: a year.
        snapshot_identifier: An encrypted snapshot that the instance is restored from, with its databases,
            administrator and key. It must stay for the life of the instance. Left out: a new, empty database.
        instance_identifier: The instance's name. Left out: the construct's path, and a part of the stack's id that no
            other stack has.
        deletion_protection: Left out: on. ``False`` leaves the warning ``pavedroad:database-no-deletion-protection``.
        removal_policy: What remains when the instance is removed. Left out: a last snapshot. ``DESTROY`` leaves the
            warning ``pavedroad:database-no-final-snapshot``.

    Attributes:
        instance: The L2 instance, with the id ``Resource``.
        read_replicas: The replicas.
        encryption_key: The key in use.
        security_group: Admits nobody until ``connections`` is asked to.
        connections: Network access; the default port is the database's.
        endpoint: Host name and port of the instance.
        secret: The administrator's secret.
        parameter_group: Forces TLS.
        log_groups: The instance's log groups by log type.
        event_subscriptions: The subscriptions of ``monitoring.event_topic``.
        multi_az: Whether a standby is built.

    Raises:
        InvalidArgumentsError: An argument cannot work; the message names all that cannot.

    Controls: RDS.2, RDS.3, RDS.5, RDS.6, RDS.8, RDS.9, RDS.10, RDS.11, RDS.13, RDS.17, RDS.18, RDS.20, RDS.21, RDS.22,
        RDS.23, RDS.25, RDS.36, RDS.38, RDS.39, RDS.42, RDS.43, RDS.44, RDS.46; SecretsManager.1, SecretsManager.4;
        NIST AC-3, AC-4, AC-6, AU-2, AU-11, CP-9, CP-10, IA-2, SC-5, SC-8, SC-12, SC-13, SC-28, SC-36, SI-2.

    Example:
        >>> from aws_cdk import Duration
        >>> from aws_cdk import aws_rds as rds
        >>> from pavedroad import Database
        >>> from pavedroad.database.rds.alarms import DatabaseAlarmThresholds
        >>> from pavedroad.database.rds.monitoring import DatabaseMonitoring
        >>> from pavedroad.database.rds.recovery import DatabaseRecovery
        >>> orders = Database(
        ...     stack,
        ...     "Orders",
        ...     engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17_6),
        ...     vpc=vpc,
        ...     database_name="orders",
        ...     recovery=DatabaseRecovery(rpo=Duration.minutes(5), rto=Duration.minutes(5)),
        ...     monitoring=DatabaseMonitoring(event_topic=topic),
        ... )
        >>> grant = orders.grant_connect(function, user="orders_service")
        >>> alarms = orders.add_alarms(topic, DatabaseAlarmThresholds(connections=700))
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        engine: rds.IInstanceEngine,
        vpc: ec2.IVpc,
        vpc_subnets: ec2.SubnetSelection | None = None,
        instance_type: ec2.InstanceType | None = None,
        database_name: str | None = None,
        administrator_name: str = "dbadmin",
        port: float | None = None,
        encryption_key: kms.IKey | None = None,
        storage: DatabaseStorage | None = None,
        recovery: DatabaseRecovery | None = None,
        monitoring: DatabaseMonitoring | None = None,
        parameters: Mapping[str, str] | None = None,
        read_replicas: int = 0,
        maintenance_window: str | None = None,
        iam_authentication: bool = True,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        snapshot_identifier: str | None = None,
        instance_identifier: str | None = None,
        deletion_protection: bool = True,
        removal_policy: RemovalPolicy = RemovalPolicy.SNAPSHOT,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        traits = traits_of(engine, arguments)
        instance_type = instance_type or ec2.InstanceType("m7g.large")
        port = traits.port if port is None else port
        storage = storage or DatabaseStorage()
        recovery = recovery or DatabaseRecovery()
        monitoring = monitoring or DatabaseMonitoring()
        subnets = closed_subnets(arguments, vpc, vpc_subnets, what="a database is", asked_by="RDS")
        self.multi_az = needs_standby(arguments, recovery)
        check_version(arguments, engine, traits, iam_authentication=iam_authentication)
        check_administrator(arguments, administrator_name, traits)
        check_insights(arguments, monitoring.insights, instance_type, traits)
        check_parameters(arguments, parameters or {}, traits)
        check_windows(arguments, backup=recovery.backup_window, maintenance=maintenance_window)
        check_database_name(arguments, database_name, snapshot=snapshot_identifier)
        check_identifier(arguments, "instance_identifier", instance_identifier)
        for group in (storage, recovery, monitoring):
            group.check(arguments)
        check_rotation(arguments, rotation_subnets(vpc, subnets), argument="read_replicas", value=read_replicas)
        arguments.between("port", port, 1150, 65535)
        arguments.between("read_replicas", read_replicas, 0, MOST_REPLICAS)
        arguments.check()

        self._engine, self._traits = engine, traits
        self._port = port
        self._iam_authentication = iam_authentication
        self._log_retention = log_retention
        self._subnets = subnets
        self._vpc = vpc
        self.encryption_key = encryption_key or rotated_key(
            self, "Key", description=f"Encrypts the database {construct_id}"
        )
        self.security_group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, description=f"The database {construct_id}", allow_all_outbound=False
        )
        self._connections = ec2.Connections(security_groups=[self.security_group], default_port=ec2.Port.tcp(port))
        self.parameter_group = rds.ParameterGroup(
            self,
            "ParameterGroup",
            engine=engine,
            description=f"Forces TLS on the database {construct_id}",
            parameters=forced_tls_parameters(traits, parameters or {}),
        )
        self._identifier = instance_identifier or unique_identifier(self)
        self.log_groups = self._make_log_groups(self._identifier, "")
        settings = SharedSettings(
            vpc=vpc,
            subnet_group=self._make_subnet_group(),
            security_group=self.security_group,
            instance_type=instance_type,
            port=port,
            parameter_group=self.parameter_group,
            option_group=self._make_option_group(),
            max_allocated_storage=storage.limit,
            iam_authentication=iam_authentication,
            insights=monitoring.insights,
            encryption_key=self.encryption_key,
            monitoring_interval=monitoring.interval,
            monitoring_role=enhanced_monitoring_role(self),
            maintenance_window=maintenance_window,
            deletion_protection=deletion_protection,
            log_exports=list(self.log_groups),
        )
        self.instance = rds.DatabaseInstance(
            self,
            "Resource",
            engine=engine,
            instance_identifier=self._identifier,
            database_name=database_name,
            credentials=administrator_credentials(
                self, name=administrator_name, encryption_key=self.encryption_key, managed_by_rds=not read_replicas
            ),
            manage_master_user_password=not read_replicas,
            storage_encryption_key=self.encryption_key,
            allocated_storage=storage.allocated_storage,
            multi_az=self.multi_az,
            backup_retention=recovery.backup_retention,
            preferred_backup_window=recovery.backup_window,
            delete_automated_backups=False,
            removal_policy=removal_policy,
            **settings.properties(),
        )
        self.instance.node.add_dependency(*self.log_groups.values())
        resource = resource_of(self.instance)
        acknowledge_own_backups(resource)
        if snapshot_identifier is not None:
            restore_from_snapshot(resource, snapshot_identifier)
        self.read_replicas = self._make_replicas(read_replicas, removal_policy, settings)
        if read_replicas:
            rotate_administrator(
                self,
                name=f"{self._identifier}-rotation",
                target=self,
                secret=self.secret,
                engine=engine,
                vpc=vpc,
                subnets=rotation_subnets(vpc, subnets),
            )
        self._hold()
        self.event_subscriptions = self._subscribe(monitoring.event_topic)
        if removal_policy is RemovalPolicy.RETAIN:
            self._retain(settings)
        self._warn(insights=monitoring.insights, deletion_protection=deletion_protection, removal_policy=removal_policy)
        stamp(self)

    @property
    def connections(self) -> ec2.Connections:
        """Network access to the instance and its replicas; the default port is the database's."""
        return self._connections

    @property
    def endpoint(self) -> rds.Endpoint:
        """Host name and port of the instance."""
        return self.instance.instance_endpoint

    @property
    def secret(self) -> secretsmanager.ISecret:
        """The administrator's secret."""
        assert self.instance.secret is not None
        return self.instance.secret

    def add_alarms(
        self, topic: sns.ITopic, thresholds: DatabaseAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Tell ``topic`` when CPU, connections, free storage, freeable memory or a replica's lag need a person.

        Args:
            topic: Told on alarm and on recovery; it must admit ``cloudwatch.amazonaws.com``.
            thresholds: Left out: those of ``DatabaseAlarmThresholds``.
        """
        return database_alarms(
            self,
            instance=self.instance,
            replicas=self.read_replicas,
            topic=topic,
            thresholds=thresholds,
        )

    def add_proxy(
        self, construct_id: str = "Proxy", *, secrets: Sequence[secretsmanager.ISecret] = ()
    ) -> rds.DatabaseProxy:
        """A pool of connections in front of the instance, over TLS only (RDS.43); not for the replicas.

        It listens on the engine's own port; allow its ``connections``, not the database's, to whoever uses it.

        Args:
            construct_id: The id of the proxy in this construct.
            secrets: Those of the database users that connect through it. Left out: the administrator's.
        """
        target = instance_target(
            self,
            f"{construct_id}Target",
            instance=self.instance,
            engine=self._engine,
            port=self._port,
            security_group=self.security_group,
        )
        return tls_proxy(
            self,
            construct_id,
            name=f"{self._identifier}-{construct_id.lower()}",
            target=target,
            secrets=list(secrets) or [self.secret],
            vpc=self._vpc,
            subnets=self._subnets,
            iam_authentication=self._iam_authentication,
        )

    def grant_connect(self, grantee: iam.IGrantable, *, user: str) -> iam.Grant:
        """Let ``grantee`` log in to the instance and its replicas as the database user ``user``, without a password.

        The user is made in the database, with ``GRANT rds_iam TO`` it under PostgreSQL and
        ``IDENTIFIED WITH AWSAuthenticationPlugin`` under MySQL and MariaDB.

        Args:
            grantee: Who may log in.
            user: The database user.

        Raises:
            InvalidArgumentsError: ``iam_authentication`` is off.
        """
        arguments = Arguments(self)
        if not self._iam_authentication:
            arguments.refuse("user", user, "cannot log in with IAM: iam_authentication is off; see grant_read_secret")
        arguments.check()
        grant = self.instance.grant_connect(grantee, user)
        for replica in self.read_replicas:
            grant = grant.combine(replica.grant_connect(grantee, user))
        return grant

    def grant_read_secret(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` read the administrator's secret, which includes the key's use for that."""
        return self.secret.grant_read(grantee)

    def metric(
        self, metric_name: str, *, statistic: str = "Average", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """Any metric of the instance; every five minutes unless ``period`` says otherwise."""
        return self.instance.metric(metric_name, statistic=statistic, period=period)

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

    def metric_free_storage_space(
        self, *, statistic: str = "Average", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """Free storage, in bytes; every five minutes unless ``period`` says otherwise."""
        return self.metric("FreeStorageSpace", statistic=statistic, period=period)

    def metric_freeable_memory(
        self, *, statistic: str = "Average", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """Memory that processes can still take, in bytes; every five minutes unless ``period`` says otherwise."""
        return self.metric("FreeableMemory", statistic=statistic, period=period)

    def _instances(self) -> list[rds.DatabaseInstance | rds.DatabaseInstanceReadReplica]:
        return [self.instance, *self.read_replicas]

    def _hold(self) -> None:
        hold_encryption(self, resource_of(self.instance))
        group = self.parameter_group.node.default_child
        assert isinstance(group, rds.CfnDBParameterGroup)
        for resource in map(resource_of, self._instances()):
            hold_private(self, resource)
            hold_tls(
                self,
                path=resource.node.path,
                group_in_use=partial(getattr, resource, "db_parameter_group_name"),
                group=group,
                traits=self._traits,
            )

    def _make_log_groups(self, identifier: str, prefix: str) -> dict[str, logs.LogGroup]:
        return exported_log_groups(
            self,
            exports=log_exports(self._traits, iam_authentication=self._iam_authentication),
            path=f"/aws/rds/instance/{identifier}",
            encryption_key=self.encryption_key,
            retention=self._log_retention,
            prefix=prefix,
        )

    def _make_subnet_group(self) -> rds.SubnetGroup:
        return rds.SubnetGroup(
            self,
            "SubnetGroup",
            description=f"The subnets of the database {self.node.id}",
            vpc=self._vpc,
            vpc_subnets=ec2.SubnetSelection(subnets=self._subnets),
        )

    def _make_option_group(self) -> rds.OptionGroup | None:
        """The audit log of MySQL and MariaDB: who connected, what changed the schema and the rights."""
        if not self._traits.audits_by_option:
            return None
        audit = rds.OptionConfiguration(
            name="MARIADB_AUDIT_PLUGIN", settings={"SERVER_AUDIT_EVENTS": "CONNECT,QUERY_DDL,QUERY_DCL"}
        )
        return rds.OptionGroup(
            self,
            "OptionGroup",
            engine=self._engine,
            description=f"Audits the database {self.node.id}",
            configurations=[audit],
        )

    def _make_replicas(
        self, count: int, removal_policy: RemovalPolicy, settings: SharedSettings
    ) -> list[rds.DatabaseInstanceReadReplica]:
        replicas = []
        for number, zone in enumerate(zones_in_turn(self._subnets, count, first=1), start=1):
            name = f"{self._identifier}-replica-{number}"
            log_groups = self._make_log_groups(name, f"ReadReplica{number}")
            replica = read_replica(
                self,
                number,
                source=self.instance,
                identifier=name,
                zone=zone,
                removal_policy=removal_policy,
                settings=settings,
            )
            replica.node.add_dependency(*log_groups.values())
            replicas.append(replica)
        return replicas

    def _subscribe(self, topic: sns.ITopic | None) -> list[rds.CfnEventSubscription]:
        if topic is None:
            return []
        parameters = self.parameter_group.node.default_child
        assert isinstance(parameters, rds.CfnDBParameterGroup)
        identifiers = [each.instance_identifier for each in self._instances()]
        return subscribe_to_events(
            self, topic, sources=instance_sources(instances=identifiers, parameter_group=parameters.ref)
        )

    def _retain(self, settings: SharedSettings) -> None:
        """Keep what a kept instance still uses: CloudFormation could not delete it."""
        for used in (settings.subnet_group, self.parameter_group, settings.option_group, self.security_group):
            if used is not None:
                used.apply_removal_policy(RemovalPolicy.RETAIN)

    def _warn(
        self,
        *,
        insights: rds.DatabaseInsightsMode | None,
        deletion_protection: bool,
        removal_policy: RemovalPolicy,
    ) -> None:
        weakened = {
            "single-az": (not self.multi_az, "This database has no standby: with its zone it is lost for hours."),
            "no-deletion-protection": (not deletion_protection, "This database can be deleted by one call."),
            "no-final-snapshot": (
                removal_policy is RemovalPolicy.DESTROY,
                "No snapshot is taken when this database is removed.",
            ),
            "no-iam-authentication": (
                not self._iam_authentication,
                "This database is logged in to with passwords only.",
            ),
            "no-insights": (insights is None, "Nobody will see which statements load this database."),
            "default-port": (
                self._port == self._traits.default_port,
                "This database listens on the port that scanners try first.",
            ),
        }
        warn(self, "database", weakened)
