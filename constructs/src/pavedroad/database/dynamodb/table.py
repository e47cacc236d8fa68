"""The table of keys and items."""

from collections.abc import Sequence

from aws_cdk import Annotations, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.database.dynamodb.alarms import TableAlarmThresholds, table_alarms, table_metric
from pavedroad.database.dynamodb.billing import (
    OnDemandBilling,
    TableBilling,
    check_billing,
    construct_billing,
    set_write_capacity,
)
from pavedroad.database.dynamodb.checks import check_indexes, check_names, check_replication
from pavedroad.database.dynamodb.recovery import is_strongly_consistent
from pavedroad.database.dynamodb.replicas import (
    ReplicaSettings,
    TableReplica,
    check_replicas,
    set_replicas,
    tables_elsewhere,
)
from pavedroad.database.dynamodb.table_invariants import hold_table
from pavedroad.database.recovery import check_backup_retention
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp

_DEFAULT_THRESHOLDS = TableAlarmThresholds()
_ON_DEMAND = OnDemandBilling()


class Table(Construct):
    """A DynamoDB table that is encrypted, can be restored to any second, scales by itself and is kept.

    **Recovery.** DynamoDB keeps every item in three zones, so the loss of a zone costs neither data nor time, and
    ``rpo`` and ``rto`` speak of the rest: a table that is damaged or deleted, or a region that is away. Point-in-time
    recovery, which every table has, loses up to 5 minutes and takes hours. An asynchronous replica in another region
    loses seconds and takes requests at once. An ``rpo`` below 5 seconds makes every write wait for a second region.

    **What cannot be weakened**: encryption with a key of yours and point-in-time recovery, in every region.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        partition_key: The attribute that items are spread by.
        sort_key: The attribute that items of one partition are sorted by. Left out: one item a partition key.
        table_name: Left out: CloudFormation names it, which is what a template deployed more than once needs.
        encryption_key: Encrypts the table. Left out: a new key with yearly rotation, kept when the stack is deleted.
        billing: ``OnDemandBilling``, or ``ProvisionedBilling`` that is scaled out and in. Left out: on demand without
            a bound.
        global_secondary_indexes: Up to 20; they have the table's billing. Left out: none.
        local_secondary_indexes: Up to 5, which cannot be added later. Left out: none.
        time_to_live_attribute: The attribute with the second in which an item expires. Left out: items stay.
        stream: What the stream tells of a changed item. Left out: no stream; with replicas, both images.
        replicas: The same table in other regions, each with a key there. Left out: none.
        witness_region: A region that keeps no items, but lets one replica be strongly consistent. Left out: none.
        rpo: The newest data that may be lost. Below 5 minutes it needs replicas, below 5 seconds two, or one and a
            witness. Left out: no objective.
        rto: How long the table may be away. Below 4 hours it needs replicas. Left out: no objective.
        backup_retention: How far back the table can be restored to any second, 7 to 35 days. Left out: 35 days.
        contributor_insights: Which keys CloudWatch ranks. Left out: those that are throttled. ``None``: none.
        resource_policy: Who else may use the table, in every region. Left out: nobody else.
        warm_throughput: What the table can do at once. Left out: 12,000 reads and 4,000 writes a second.
        table_class: Left out: standard.
        deletion_protection: Left out: on. ``False`` leaves the warning ``pavedroad:table-no-deletion-protection``.
        removal_policy: What becomes of the table when it leaves the stack. Left out: it is kept. Anything else leaves
            the warning ``pavedroad:table-not-retained``.

    Attributes:
        table: The L2 table, with the id ``Resource``.
        encryption_key: The key in use in this region.
        replicas: The tables of the other regions, by region, to grant on.
        strongly_consistent: Whether every write waits for a second region.

    Raises:
        InvalidArgumentsError: An argument cannot work; the message names all that cannot.

    Controls: DynamoDB.1 (scales), DynamoDB.2 (point-in-time recovery), DynamoDB.6 (deletion protection), NIST AC-3,
        CP-6, CP-9, CP-10, SC-5, SC-12, SC-13, SC-28, SI-12, SI-13.

    Example:
        >>> from aws_cdk import Duration
        >>> from aws_cdk import aws_dynamodb as dynamodb
        >>> from pavedroad import Table
        >>> from pavedroad.database.dynamodb.billing import CapacityScaling, ProvisionedBilling
        >>> from pavedroad.database.dynamodb.replicas import TableReplica
        >>> abroad = TableReplica(
        ...     region="eu-central-1",
        ...     encryption_key_arn="arn:aws:kms:eu-central-1:111111111111:key/11111111-1111-1111-1111-111111111111",
        ... )
        >>> orders = Table(
        ...     stack,
        ...     "Orders",
        ...     partition_key=dynamodb.Attribute(name="customer", type=dynamodb.AttributeType.STRING),
        ...     sort_key=dynamodb.Attribute(name="placed", type=dynamodb.AttributeType.STRING),
        ...     billing=ProvisionedBilling(
        ...         read=CapacityScaling(min_capacity=5, max_capacity=500),
        ...         write=CapacityScaling(min_capacity=5, max_capacity=200),
        ...     ),
        ...     replicas=[abroad],
        ...     rpo=Duration.seconds(30),
        ...     rto=Duration.minutes(1),
        ... )
        >>> grant = orders.grant_read(function)
        >>> alarms = orders.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        partition_key: dynamodb.Attribute,
        sort_key: dynamodb.Attribute | None = None,
        table_name: str | None = None,
        encryption_key: kms.IKey | None = None,
        billing: TableBilling = _ON_DEMAND,
        global_secondary_indexes: Sequence[dynamodb.GlobalSecondaryIndexPropsV2] = (),
        local_secondary_indexes: Sequence[dynamodb.LocalSecondaryIndexProps] = (),
        time_to_live_attribute: str | None = None,
        stream: dynamodb.StreamViewType | None = None,
        replicas: Sequence[TableReplica] = (),
        witness_region: str | None = None,
        rpo: Duration | None = None,
        rto: Duration | None = None,
        backup_retention: Duration | None = None,
        contributor_insights: dynamodb.ContributorInsightsMode | None = dynamodb.ContributorInsightsMode.THROTTLED_KEYS,
        resource_policy: iam.PolicyDocument | None = None,
        warm_throughput: dynamodb.WarmThroughput | None = None,
        table_class: dynamodb.TableClass = dynamodb.TableClass.STANDARD,
        deletion_protection: bool = True,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        backup_retention = backup_retention or Duration.days(35)
        check_names(arguments, table_name=table_name, time_to_live_attribute=time_to_live_attribute)
        check_billing(arguments, billing)
        check_indexes(arguments, global_secondary_indexes, local_secondary_indexes)
        check_replicas(arguments, Stack.of(self).region, replicas, witness_region)
        check_backup_retention(arguments, "backup_retention", backup_retention, control="DynamoDB.2")
        self.strongly_consistent = is_strongly_consistent(
            arguments, rpo=rpo, rto=rto, replicas=replicas, witness_region=witness_region
        )
        check_replication(
            arguments,
            replicated=bool(replicas),
            strongly_consistent=self.strongly_consistent,
            stream=stream,
            time_to_live_attribute=time_to_live_attribute,
            local_secondary_indexes=local_secondary_indexes,
        )
        arguments.check()

        if replicas and not self.strongly_consistent:
            stream = dynamodb.StreamViewType.NEW_AND_OLD_IMAGES
        self.encryption_key = encryption_key or rotated_key(self, "Key", description=f"Items of {self.node.path}")
        self.table = dynamodb.TableV2(
            self,
            "Resource",
            table_name=table_name,
            partition_key=partition_key,
            sort_key=sort_key,
            billing=construct_billing(billing),
            encryption=dynamodb.TableEncryptionV2.customer_managed_key(self.encryption_key),
            global_secondary_indexes=list(global_secondary_indexes),
            local_secondary_indexes=list(local_secondary_indexes),
            time_to_live_attribute=time_to_live_attribute,
            dynamo_stream=stream,
            resource_policy=resource_policy,
            warm_throughput=warm_throughput,
            removal_policy=removal_policy,
        )
        self._stream = stream
        self._indexes = [index.index_name for index in global_secondary_indexes]
        set_replicas(
            self.table,
            self.encryption_key,
            replicas,
            ReplicaSettings(
                billing=billing,
                backup_retention=backup_retention,
                contributor_insights=contributor_insights,
                deletion_protection=deletion_protection,
                table_class=table_class,
                indexes=global_secondary_indexes,
            ),
        )
        resource = self.table.node.default_child
        assert isinstance(resource, dynamodb.CfnGlobalTable)
        set_write_capacity(resource, billing, len(self._indexes))
        if self.strongly_consistent:
            _wait_for_a_second_region(resource, witness_region)
        has_indexes = bool(global_secondary_indexes or local_secondary_indexes)
        self.replicas = tables_elsewhere(self, self.table, replicas, indexes=has_indexes)
        hold_table(self, resource)
        self._warn(deletion_protection=deletion_protection, removal_policy=removal_policy)
        stamp(self)

    def add_alarms(
        self, topic: sns.ITopic, thresholds: TableAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Tell ``topic`` when requests are throttled or fail, or a replica is behind.

        Args:
            topic: Told on alarm and on recovery; it must admit ``cloudwatch.amazonaws.com``.
            thresholds: Left out: those of ``TableAlarmThresholds``.
        """
        return table_alarms(
            self,
            table=self.table,
            indexes=self._indexes,
            # With strong consistency there is nothing to be behind with, and no such metric.
            regions=[] if self.strongly_consistent else list(self.replicas),
            topic=topic,
            thresholds=thresholds,
        )

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` read the table and its indexes, decryption with its key included."""
        return self.table.grant_read_data(grantee)

    def grant_write(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` write and delete items, the use of its key included."""
        return self.table.grant_write_data(grantee)

    def grant_read_write(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` read, write and delete items, the use of its key included."""
        return self.table.grant_read_write_data(grantee)

    def grant_stream(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` read the table's stream, decryption with its key included.

        Raises:
            InvalidArgumentsError: The table has no stream.
        """
        arguments = Arguments(self)
        if self._stream is None:
            arguments.refuse("grantee", grantee, "cannot read a stream: give the argument stream")
        arguments.check()
        return self.table.grant_stream_read(grantee)

    def metric(self, metric_name: str, *, statistic: str = "Sum", period: Duration | None = None) -> cloudwatch.Metric:
        """Any metric of the table; every five minutes unless ``period`` says otherwise."""
        return table_metric(self.table, metric_name, statistic, period)

    def metric_consumed_read_capacity_units(self, *, period: Duration | None = None) -> cloudwatch.Metric:
        """Read capacity units that were used; every five minutes unless ``period`` says otherwise."""
        return self.metric("ConsumedReadCapacityUnits", period=period)

    def metric_consumed_write_capacity_units(self, *, period: Duration | None = None) -> cloudwatch.Metric:
        """Write capacity units that were used; every five minutes unless ``period`` says otherwise."""
        return self.metric("ConsumedWriteCapacityUnits", period=period)

    def metric_read_throttle_events(self, *, period: Duration | None = None) -> cloudwatch.Metric:
        """Reads that were throttled; every five minutes unless ``period`` says otherwise."""
        return self.metric("ReadThrottleEvents", period=period)

    def metric_write_throttle_events(self, *, period: Duration | None = None) -> cloudwatch.Metric:
        """Writes that were throttled; every five minutes unless ``period`` says otherwise."""
        return self.metric("WriteThrottleEvents", period=period)

    def _warn(self, *, deletion_protection: bool, removal_policy: RemovalPolicy) -> None:
        warn = Annotations.of(self).add_warning_v2
        if not deletion_protection:
            warn("pavedroad:table-no-deletion-protection", "This table can be deleted by one call.")
        if removal_policy not in {RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE}:
            warn("pavedroad:table-not-retained", "The table does not outlive its stack: what it holds can be lost.")


def _wait_for_a_second_region(resource: dynamodb.CfnGlobalTable, witness_region: str | None) -> None:
    resource.multi_region_consistency = dynamodb.MultiRegionConsistency.STRONG.value
    if witness_region is not None:
        resource.global_table_witnesses = [dynamodb.CfnGlobalTable.GlobalTableWitnessProperty(region=witness_region)]
