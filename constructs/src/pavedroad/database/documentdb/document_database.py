"""The document database."""

from collections.abc import Mapping
from functools import partial

import jsii
from aws_cdk import CfnDeletionPolicy, Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_docdb as docdb
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.database.documentdb.alarms import (
    DocumentDatabaseAlarmThresholds,
    document_database_alarms,
    document_database_metric,
)
from pavedroad.database.documentdb.findings import acknowledge_managed_secret_and_audit
from pavedroad.database.documentdb.recovery import DocumentDatabaseRecovery, instances_for
from pavedroad.database.documentdb.secret import grant_read_managed_secret
from pavedroad.database.identifiers import check_identifier, unique_identifier
from pavedroad.database.invariants import hold_encryption, hold_parameters
from pavedroad.database.log_groups import exported_log_groups
from pavedroad.database.rds.events import admit_events
from pavedroad.database.weakenings import warn
from pavedroad.database.windows import check_windows
from pavedroad.invariants import hold
from pavedroad.network.placement import closed_subnets, zones_in_turn
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp

_DEFAULT_THRESHOLDS = DocumentDatabaseAlarmThresholds()
_DEFAULT_PORT = 27017
_MOST_INSTANCES = 16
_LOGS = ("audit", "profiler")
# DocumentDB.6 asks for more than "enabled", which takes old versions of TLS.
_FORCED = {"audit_logs": "enabled", "tls": "tls1.2+"}
# Operations that take longer than 100 milliseconds.
_PARAMETERS = {"profiler": "enabled", "profiler_threshold_ms": "100"}
_RESERVED_ADMINISTRATORS = frozenset({"admin", "administrator", "docdb", "master", "mongo", "root", "serviceadmin"})
_CRITICAL = {"db-cluster": ["configuration change", "failover", "failure", "maintenance"], "db-instance": ["failure"]}


@jsii.implements(ec2.IConnectable)
class DocumentDatabase(Construct):
    """A DocumentDB cluster in several zones: private, encrypted, audited, backed up, reached over TLS 1.2 only.

    **The administrator's password.** DocumentDB makes it, keeps it in Secrets Manager under ``encryption_key`` and
    rotates it every 7 days, without a function. CloudFormation does not tell the secret's ARN: find it by its tag
    ``aws:rds:primaryDBClusterArn``, which ``grant_read_secret`` goes by.

    **Snapshots** are encrypted with a customer managed key, and such a snapshot cannot be made public.

    **What cannot be weakened**: storage encryption, TLS, and the audit log and its export.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        vpc: The network.
        vpc_subnets: The subnets, in two zones or more. Left out: the isolated tier. Public ones are refused.
        engine_version: ``4.0.0``, ``5.0.0`` or ``8.0.0``. Left out: ``5.0.0``.
        instance_type: The instance class without ``db.``. Left out: ``r6g.large``.
        instances: 1 to 16, spread over the zones. Left out: 2, or as ``recovery`` says. One leaves the warning
            ``pavedroad:document-database-single-instance``.
        administrator_name: Left out: ``dbadmin``. Names that are tried first are refused.
        port: Left out: 27117. DocumentDB's own, 27017, leaves the warning
            ``pavedroad:document-database-default-port``.
        encryption_key: Encrypts storage, logs and the secret. Left out: a new key with yearly rotation, kept when the
            stack is deleted. A key of another app must admit CloudWatch Logs.
        recovery: Objectives and backups. Left out: two instances, and backups of 35 days.
        parameters: Further parameters of the cluster parameter group. Those of TLS and the audit log are refused.
        maintenance_window: Weekly, UTC, ``ddd:hh:mm-ddd:hh:mm``, 30 minutes or longer. Left out: DocumentDB chooses.
        event_topic: Told of failures, maintenance and changes. Left out: no subscription.
        log_retention: Of the exported logs. Left out: a year.
        snapshot_identifier: A snapshot that the database is restored from, with its data and administrator; it is
            encrypted with ``encryption_key``. It must stay for the life of the database. Left out: a new, empty one.
        cluster_identifier: The cluster's name. Left out: the construct's path, and a part of the stack's id that no
            other stack has.
        deletion_protection: Left out: on. ``False`` leaves the warning
            ``pavedroad:document-database-no-deletion-protection``.
        removal_policy: What remains when the database is removed. Left out: a last snapshot. ``DESTROY`` leaves the
            warning ``pavedroad:document-database-no-final-snapshot``.

    Attributes:
        cluster: The L1 cluster, with the id ``Resource``; the L2 cannot place instances in zones.
        instances: The L1 instances.
        encryption_key: The key in use.
        security_group: Admits nobody until ``connections`` is asked to.
        connections: Network access; the default port is the database's.
        endpoint: Host name of the primary.
        reader_endpoint: Host name that spreads connections over the replicas.
        port: Where the database listens.
        parameter_group: Forces TLS and the audit log.
        log_groups: The log groups by log type.
        event_subscriptions: The subscriptions of ``event_topic``.

    Raises:
        InvalidArgumentsError: An argument cannot work; the message names all that cannot.

    Controls: DocumentDB.1, DocumentDB.2, DocumentDB.3, DocumentDB.4, DocumentDB.5, DocumentDB.6; SecretsManager.1,
        SecretsManager.4; nag DOC1, DOC2, DOC3, DOC4, DOC5; NIST AC-3, AC-4, AC-6, AU-2, AU-11, CP-9, CP-10, SC-8,
        SC-12, SC-13, SC-28.

    Example:
        >>> from aws_cdk import Duration
        >>> from pavedroad import DocumentDatabase
        >>> from pavedroad.database.documentdb.alarms import DocumentDatabaseAlarmThresholds
        >>> from pavedroad.database.documentdb.recovery import DocumentDatabaseRecovery
        >>> catalogue = DocumentDatabase(
        ...     stack,
        ...     "Catalogue",
        ...     vpc=vpc,
        ...     recovery=DocumentDatabaseRecovery(rpo=Duration.seconds(0), rto=Duration.minutes(2)),
        ...     event_topic=topic,
        ... )
        >>> catalogue.connections.allow_default_port_from(security_group, "Catalogue service")
        >>> alarms = catalogue.add_alarms(topic, DocumentDatabaseAlarmThresholds(connections=1000))
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        vpc_subnets: ec2.SubnetSelection | None = None,
        engine_version: str = "5.0.0",
        instance_type: ec2.InstanceType | None = None,
        instances: int | None = None,
        administrator_name: str = "dbadmin",
        port: float = 27117,
        encryption_key: kms.IKey | None = None,
        recovery: DocumentDatabaseRecovery | None = None,
        parameters: Mapping[str, str] | None = None,
        maintenance_window: str | None = None,
        event_topic: sns.ITopic | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        snapshot_identifier: str | None = None,
        cluster_identifier: str | None = None,
        deletion_protection: bool = True,
        removal_policy: RemovalPolicy = RemovalPolicy.SNAPSHOT,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        recovery = recovery or DocumentDatabaseRecovery()
        instance_type = instance_type or ec2.InstanceType("r6g.large")
        subnets = closed_subnets(arguments, vpc, vpc_subnets, what="a database is", asked_by="DocumentDB")
        count = instances_for(arguments, recovery, instances)
        arguments.matches("engine_version", engine_version, r"[458]\.0\.0", "4.0.0, 5.0.0 or 8.0.0")
        _check_administrator(arguments, administrator_name)
        _check_parameters(arguments, parameters or {})
        check_windows(arguments, backup=recovery.backup_window, maintenance=maintenance_window)
        check_identifier(arguments, "cluster_identifier", cluster_identifier)
        recovery.check(arguments)
        arguments.between("port", port, 1150, 65535)
        arguments.between("instances", count, 1, _MOST_INSTANCES)
        arguments.check()

        self.port = port
        identifier = cluster_identifier or unique_identifier(self)
        self.encryption_key = encryption_key or rotated_key(
            self, "Key", description=f"Encrypts the document database {construct_id}"
        )
        self.security_group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description=f"The document database {construct_id}",
            allow_all_outbound=False,
        )
        self._connections = ec2.Connections(security_groups=[self.security_group], default_port=ec2.Port.tcp(port))
        self.parameter_group = docdb.CfnDBClusterParameterGroup(
            self,
            "ParameterGroup",
            description=f"Forces TLS and the audit log on the document database {construct_id}",
            family=f"docdb{engine_version.rpartition('.')[0]}",
            parameters={**_PARAMETERS, **(parameters or {}), **_FORCED},
        )
        self.log_groups = exported_log_groups(
            self,
            exports=_LOGS,
            path=f"/aws/docdb/{identifier}",
            encryption_key=self.encryption_key,
            retention=log_retention,
        )
        subnet_group = docdb.CfnDBSubnetGroup(
            self,
            "SubnetGroup",
            db_subnet_group_description=f"The subnets of the document database {construct_id}",
            subnet_ids=vpc.select_subnets(subnets=subnets).subnet_ids,
        )
        self.cluster = docdb.CfnDBCluster(
            self,
            "Resource",
            db_cluster_identifier=identifier,
            engine_version=engine_version,
            port=port,
            db_subnet_group_name=subnet_group.ref,
            vpc_security_group_ids=[self.security_group.security_group_id],
            db_cluster_parameter_group_name=self.parameter_group.ref,
            storage_encrypted=True,
            kms_key_id=self.encryption_key.key_arn,
            manage_master_user_password=True,
            master_user_secret_kms_key_id=self.encryption_key.key_arn,
            # A snapshot brings its administrator; DocumentDB refuses another beside it.
            master_username=administrator_name if snapshot_identifier is None else None,
            snapshot_identifier=snapshot_identifier,
            backup_retention_period=recovery.backup_retention.to_days(),
            preferred_backup_window=recovery.backup_window,
            preferred_maintenance_window=maintenance_window,
            copy_tags_to_snapshot=True,
            enable_cloudwatch_logs_exports=list(_LOGS),
            deletion_protection=deletion_protection,
        )
        self.cluster.apply_removal_policy(removal_policy)
        acknowledge_managed_secret_and_audit(self.cluster)
        self.cluster.node.add_dependency(*self.log_groups.values())
        self.instances = self._make_instances(
            zones_in_turn(subnets, count), instance_type, maintenance_window, removal_policy
        )
        if removal_policy is RemovalPolicy.RETAIN:
            # What a kept database still uses: CloudFormation could not delete it.
            for used in (subnet_group, self.parameter_group, self.security_group):
                used.apply_removal_policy(RemovalPolicy.RETAIN)
        self._hold()
        self.event_subscriptions = self._subscribe(event_topic)
        self._warn(deletion_protection=deletion_protection, removal_policy=removal_policy)
        stamp(self)

    @property
    def connections(self) -> ec2.Connections:
        """Network access to all instances; the default port is the database's."""
        return self._connections

    @property
    def endpoint(self) -> str:
        """Host name of the primary."""
        return self.cluster.attr_endpoint

    @property
    def reader_endpoint(self) -> str:
        """Host name that spreads connections over the replicas; the primary's where there are none."""
        return self.cluster.attr_read_endpoint

    def add_alarms(
        self, topic: sns.ITopic, thresholds: DocumentDatabaseAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Tell ``topic`` when CPU, connections, memory, cache or a replica's lag need a person.

        Args:
            topic: Told on alarm and on recovery; it must admit ``cloudwatch.amazonaws.com``.
            thresholds: Left out: those of ``DocumentDatabaseAlarmThresholds``.
        """
        return document_database_alarms(
            self,
            cluster=self.cluster.ref,
            has_replicas=len(self.instances) > 1,
            topic=topic,
            thresholds=thresholds,
        )

    def grant_read_secret(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` read the administrator's secret, which includes the key's use for that."""
        return grant_read_managed_secret(self, grantee, cluster=self.cluster.ref, encryption_key=self.encryption_key)

    def metric(
        self, metric_name: str, *, statistic: str = "Average", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """Any metric, over all instances; every five minutes unless ``period`` says otherwise."""
        return document_database_metric(self.cluster.ref, metric_name, statistic=statistic, period=period)

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

    def metric_replica_lag(self, *, statistic: str = "Maximum", period: Duration | None = None) -> cloudwatch.Metric:
        """Lag of the slowest replica, in milliseconds; every five minutes unless ``period`` says otherwise."""
        return self.metric("DBClusterReplicaLagMaximum", statistic=statistic, period=period)

    def _make_instances(
        self,
        zones: list[str | None],
        instance_type: ec2.InstanceType,
        maintenance_window: str | None,
        removal_policy: RemovalPolicy,
    ) -> list[docdb.CfnDBInstance]:
        instances = []
        for number, zone in enumerate(zones, start=1):
            instance = docdb.CfnDBInstance(
                self,
                f"Instance{number}",
                db_cluster_identifier=self.cluster.ref,
                db_instance_class=f"db.{instance_type.to_string()}",
                availability_zone=zone,
                auto_minor_version_upgrade=True,
                preferred_maintenance_window=maintenance_window,
            )
            if removal_policy is RemovalPolicy.RETAIN:
                instance.cfn_options.deletion_policy = CfnDeletionPolicy.RETAIN
            instances.append(instance)
        return instances

    def _hold(self) -> None:
        hold_encryption(self, self.cluster)
        hold_parameters(
            self,
            promise="refuses connections without TLS and audits",
            path=self.cluster.node.path,
            group_in_use=partial(getattr, self.cluster, "db_cluster_parameter_group_name"),
            group=self.parameter_group,
            parameters=partial(getattr, self.parameter_group, "parameters"),
            wanted=_FORCED,
        )
        hold(
            self,
            "DocumentDatabase exports its audit log; EnableCloudwatchLogsExports was changed",
            lambda: "audit" in (self.cluster.enable_cloudwatch_logs_exports or []),
        )

    def _subscribe(self, topic: sns.ITopic | None) -> list[docdb.CfnEventSubscription]:
        if topic is None:
            return []
        sources = {"db-cluster": [self.cluster.ref], "db-instance": [each.ref for each in self.instances]}
        subscriptions = [
            docdb.CfnEventSubscription(
                self,
                f"{source_type.title().replace('-', '')}Events",
                sns_topic_arn=topic.topic_arn,
                enabled=True,
                source_type=source_type,
                event_categories=categories,
                source_ids=sources[source_type],
            )
            for source_type, categories in _CRITICAL.items()
        ]
        admit_events(self, topic, subscriptions)
        return subscriptions

    def _warn(self, *, deletion_protection: bool, removal_policy: RemovalPolicy) -> None:
        weakenings = {
            "single-instance": (
                len(self.instances) == 1,
                "No instance takes over when the only one of this database is lost.",
            ),
            "no-deletion-protection": (not deletion_protection, "This database can be deleted by one call."),
            "no-final-snapshot": (
                removal_policy is RemovalPolicy.DESTROY,
                "No snapshot is taken when this database is removed.",
            ),
            "default-port": (
                self.port == _DEFAULT_PORT,
                "This database listens on the port that scanners try first.",
            ),
        }
        warn(self, "document-database", weakenings)


def _check_administrator(arguments: Arguments, name: str) -> None:
    arguments.matches(
        "administrator_name", name, "[A-Za-z][A-Za-z0-9]{0,62}", "1 to 63 letters or digits, a letter first"
    )
    if name.lower() in _RESERVED_ADMINISTRATORS:
        arguments.refuse("administrator_name", name, "is reserved or the name that is tried first; choose another")


def _check_parameters(arguments: Arguments, parameters: Mapping[str, str]) -> None:
    for name in sorted(_FORCED.keys() & parameters.keys()):
        arguments.refuse(
            "parameters", {name: parameters[name]}, "cannot be given: every connection is encrypted and audited"
        )
