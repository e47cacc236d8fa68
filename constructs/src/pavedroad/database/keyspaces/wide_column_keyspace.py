"""The keyspace and its tables."""

from collections.abc import Sequence

from aws_cdk import Annotations, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cassandra as cassandra
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.database.keyspaces.alarms import WideColumnAlarmThresholds, keyspace_metric, table_alarms
from pavedroad.database.keyspaces.recovery import check_recovery
from pavedroad.database.keyspaces.schema import NAME, NAME_IN_WORDS, WideColumnTable, check_tables
from pavedroad.database.keyspaces.tables import keyspace_table
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp

_DEFAULT_THRESHOLDS = WideColumnAlarmThresholds()
# Drivers read the schema from them before anything else; they hold nothing of the application.
_SYSTEM = ("system", "system_schema", "system_schema_mcs")


class WideColumnKeyspace(Construct):
    """A keyspace of Amazon Keyspaces (for Apache Cassandra) with tables that are encrypted, restorable and kept.

    **Recovery.** Keyspaces keeps every row in three zones. Each table can be restored to any second of the last 35
    days, which takes hours. Replicas in other regions are behind by a second as a rule and take requests at once.

    **Keys in several regions.** Keyspaces encrypts the tables of a keyspace in several regions with a key that AWS
    owns, and with no other; that leaves the warning ``pavedroad:keyspace-aws-owned-key``.

    **What cannot be weakened**: point-in-time recovery, and in one region encryption with a key of yours.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        tables: The tables; ``WideColumnTable`` with typed columns. One can be added, and columns to it; another key is
            another table.
        keyspace_name: Left out: CloudFormation names it, which is what a template deployed more than once needs.
        encryption_key: Encrypts the tables. Left out: a new key with yearly rotation, kept when the stack is deleted.
            Refused with ``replica_regions``.
        replica_regions: Up to 5 regions that have the same rows, which can be read and written there. Left out: none.
        rpo: The newest data that may be lost, 5 seconds or more. Left out: no objective.
        rto: How long a table may be away. Below 4 hours it needs ``replica_regions``. Left out: no objective.
        removal_policy: What becomes of keyspace and tables when they leave the stack. Left out: they are kept.
            Anything else leaves the warning ``pavedroad:keyspace-not-retained``.

    Attributes:
        keyspace: The L1 keyspace, with the id ``Resource``.
        tables: The L1 tables by name.
        encryption_key: The key in use; ``None`` in several regions.

    Raises:
        InvalidArgumentsError: An argument cannot work; the message names all that cannot.

    Controls: Keyspaces has none in Security Hub; NIST AC-3, AC-6, CP-6, CP-9, CP-10, SC-5, SC-12, SC-13, SC-28, SI-12.

    Example:
        >>> from aws_cdk import Duration
        >>> from pavedroad import WideColumnKeyspace
        >>> from pavedroad.database.keyspaces.schema import ClusteringColumn, Column, WideColumnTable
        >>> from pavedroad.database.keyspaces.throughput import ProvisionedThroughput, ThroughputScaling
        >>> readings = WideColumnTable(
        ...     name="readings",
        ...     partition_key=[Column(name="sensor", type="uuid")],
        ...     clustering_key=[ClusteringColumn(column=Column(name="taken", type="timestamp"), descending=True)],
        ...     columns=[Column(name="celsius", type="double"), Column(name="labels", type="map<text, text>")],
        ...     default_time_to_live=Duration.days(400),
        ...     throughput=ProvisionedThroughput(
        ...         read=ThroughputScaling(min_units=5, max_units=500),
        ...         write=ThroughputScaling(min_units=20, max_units=2000),
        ...     ),
        ... )
        >>> telemetry = WideColumnKeyspace(stack, "Telemetry", tables=[readings], rto=Duration.hours(4))
        >>> grant = telemetry.grant_read(function, table="readings")
        >>> alarms = telemetry.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        tables: Sequence[WideColumnTable],
        keyspace_name: str | None = None,
        encryption_key: kms.IKey | None = None,
        replica_regions: Sequence[str] = (),
        rpo: Duration | None = None,
        rto: Duration | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        own_region = Stack.of(self).region
        arguments = Arguments(self)
        arguments.matches("keyspace_name", keyspace_name, NAME, NAME_IN_WORDS)
        check_tables(arguments, tables)
        check_recovery(arguments, rpo=rpo, rto=rto, own_region=own_region, regions=replica_regions)
        if encryption_key is not None and replica_regions:
            arguments.refuse(
                "encryption_key",
                encryption_key.node.path,
                "must be left out with replica_regions: Keyspaces encrypts them with a key that AWS owns",
            )
        arguments.check()

        self._replica_regions = list(replica_regions)
        self.encryption_key = encryption_key
        if encryption_key is None and not replica_regions:
            self.encryption_key = rotated_key(self, "Key", description=f"Rows of {self.node.path}")
        specification = cassandra.CfnKeyspace.ReplicationSpecificationProperty
        self.keyspace = cassandra.CfnKeyspace(
            self,
            "Resource",
            keyspace_name=keyspace_name,
            client_side_timestamps_enabled=True if replica_regions else None,
            replication_specification=specification(
                replication_strategy="MULTI_REGION", region_list=[own_region, *replica_regions]
            )
            if replica_regions
            else specification(replication_strategy="SINGLE_REGION"),
        )
        self.keyspace.apply_removal_policy(removal_policy)
        self.tables = {
            table.name: keyspace_table(
                self,
                table,
                keyspace=self.keyspace,
                encryption_key=self.encryption_key,
                replica_regions=replica_regions,
                removal_policy=removal_policy,
            )
            for table in tables
        }
        self._warn(removal_policy)
        stamp(self)

    def add_alarms(
        self, topic: sns.ITopic, thresholds: WideColumnAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Tell ``topic`` when requests of a table are throttled or fail, or a replica is behind.

        Args:
            topic: Told on alarm and on recovery; it must admit ``cloudwatch.amazonaws.com``.
            thresholds: Left out: those of ``WideColumnAlarmThresholds``.
        """
        return [
            alarm
            for table in self.tables
            for alarm in table_alarms(
                self,
                keyspace_name=self.keyspace.ref,
                table=table,
                regions=self._replica_regions,
                topic=topic,
                thresholds=thresholds,
            )
        ]

    def grant_read(self, grantee: iam.IGrantable, *, table: str) -> iam.Grant:
        """Let ``grantee`` read the rows of ``table``, and the schema, which drivers ask for at first."""
        return self._grant(grantee, table, ["cassandra:Select"])

    def grant_write(self, grantee: iam.IGrantable, *, table: str) -> iam.Grant:
        """Let ``grantee`` write and delete rows of ``table``; drivers may read the schema for it, and no rows."""
        return self._grant(grantee, table, ["cassandra:Modify"])

    def grant_read_write(self, grantee: iam.IGrantable, *, table: str) -> iam.Grant:
        """Let ``grantee`` read, write and delete rows of ``table``, and read the schema."""
        return self._grant(grantee, table, ["cassandra:Select", "cassandra:Modify"])

    def metric(
        self,
        metric_name: str,
        *,
        table: str,
        operation: str | None = None,
        statistic: str = "Sum",
        period: Duration | None = None,
    ) -> cloudwatch.Metric:
        """Any metric of a table, or of an ``operation`` on it, such as ``SELECT``; every five minutes if not said."""
        dimensions = {"Keyspace": self.keyspace.ref, "TableName": table}
        if operation is not None:
            dimensions["Operation"] = operation
        return keyspace_metric(metric_name, statistic, period, dimensions=dimensions)

    def _grant(self, grantee: iam.IGrantable, table: str, actions: list[str]) -> iam.Grant:
        arguments = Arguments(self)
        arguments.one_of("table", table, self.tables)
        arguments.check()
        schema = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["cassandra:Select"],
            resource_arns=[self._arn(f"{keyspace}/table/*") for keyspace in _SYSTEM],
        )
        rows = iam.Grant.add_to_principal(
            grantee=grantee, actions=actions, resource_arns=[self._arn(f"{self.keyspace.ref}/table/{table}")]
        )
        return rows.combine(schema)

    def _arn(self, path: str) -> str:
        return Stack.of(self).format_arn(service="cassandra", resource="/keyspace", resource_name=path)

    def _warn(self, removal_policy: RemovalPolicy) -> None:
        warn = Annotations.of(self).add_warning_v2
        if self.encryption_key is None:
            warn(
                "pavedroad:keyspace-aws-owned-key",
                "Keyspaces encrypts tables in several regions with a key that AWS owns: nobody here can withdraw it.",
            )
        if removal_policy not in {RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE}:
            warn("pavedroad:keyspace-not-retained", "The keyspace does not outlive its stack: its rows can be lost.")
