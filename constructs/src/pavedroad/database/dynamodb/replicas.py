"""The replicas of a table: the one in the stack's own region, and those elsewhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jsii
from aws_cdk import CfnTag, Duration, IAnyProducer, IResolveContext, Lazy, Stack, Token
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.database.dynamodb.billing import OnDemandBilling, TableBilling


@dataclass(frozen=True, kw_only=True)
class TableReplica:
    """The table in another region: the same items, which can be read and written there too.

    Attributes:
        region: The region, such as ``eu-central-1``.
        encryption_key_arn: The ARN of the KMS key there that encrypts the replica.
    """

    region: str
    encryption_key_arn: str


@dataclass(frozen=True, kw_only=True)
class ReplicaSettings:
    """What is the same in every region."""

    billing: TableBilling
    backup_retention: Duration
    contributor_insights: dynamodb.ContributorInsightsMode | None
    deletion_protection: bool
    table_class: dynamodb.TableClass
    indexes: Sequence[dynamodb.GlobalSecondaryIndexPropsV2]


def check_replicas(
    arguments: Arguments, own_region: str, replicas: Sequence[TableReplica], witness_region: str | None
) -> None:
    """Refuse a region twice, and keys of other regions."""
    regions = [own_region, *(replica.region for replica in replicas)]
    if witness_region is not None:
        regions.append(witness_region)
    known = [region for region in regions if not Token.is_unresolved(region)]
    for region in sorted({region for region in known if known.count(region) > 1}):
        arguments.refuse("replicas", region, "each region holds the table once, the stack's own included")
    for replica in replicas:
        arn = replica.encryption_key_arn
        arguments.matches(
            "replicas.encryption_key_arn", arn, "arn:[^:]+:kms:[^:]+:[^:]+:key/.+", "the ARN of a KMS key"
        )
        if (
            not Token.is_unresolved(arn)
            and not Token.is_unresolved(replica.region)
            and f":{replica.region}:" not in arn
        ):
            arguments.refuse("replicas.encryption_key_arn", arn, f"must be a key of {replica.region}")


def set_replicas(
    table: dynamodb.TableV2, encryption_key: kms.IKey, replicas: Sequence[TableReplica], settings: ReplicaSettings
) -> None:
    """Set the table's replicas. The CDK renders them only where the stack's region is known at synth."""
    resource = table.node.default_child
    assert isinstance(resource, dynamodb.CfnGlobalTable)
    own = TableReplica(region=Stack.of(table).region, encryption_key_arn=encryption_key.key_arn)
    # Late, when tags and the statements of the resource policy are known.
    resource.replicas = Lazy.uncached_any(
        _Produced(lambda: [_replica(table, replica, settings) for replica in (own, *replicas)])
    )


def tables_elsewhere(
    scope: Construct, table: dynamodb.TableV2, replicas: Sequence[TableReplica], *, indexes: bool
) -> dict[str, dynamodb.ITableV2]:
    """The replicas by region, to grant on them."""
    return {
        replica.region: dynamodb.TableV2.from_table_attributes(
            scope,
            f"Replica{number}",
            table_arn=Stack.of(scope).format_arn(
                service="dynamodb", region=replica.region, resource="table", resource_name=table.table_name
            ),
            encryption_key=kms.Key.from_key_arn(scope, f"Replica{number}Key", replica.encryption_key_arn),
            grant_index_permissions=indexes,
        )
        for number, replica in enumerate(replicas, start=1)
    }


def _replica(
    table: dynamodb.TableV2, replica: TableReplica, settings: ReplicaSettings
) -> dynamodb.CfnGlobalTable.ReplicaSpecificationProperty:
    resource = dynamodb.CfnGlobalTable
    insights = _insights(settings.contributor_insights)
    return resource.ReplicaSpecificationProperty(
        region=replica.region,
        contributor_insights_specification=insights,
        deletion_protection_enabled=settings.deletion_protection,
        global_secondary_indexes=[_index(index, settings) for index in settings.indexes] or None,
        point_in_time_recovery_specification=resource.PointInTimeRecoverySpecificationProperty(
            point_in_time_recovery_enabled=True, recovery_period_in_days=settings.backup_retention.to_days()
        ),
        resource_policy=_policy(table),
        sse_specification=resource.ReplicaSSESpecificationProperty(kms_master_key_id=replica.encryption_key_arn),
        table_class=settings.table_class.value,
        tags=_tags(table),
        **_reads(settings.billing),
    )


def _index(
    index: dynamodb.GlobalSecondaryIndexPropsV2, settings: ReplicaSettings
) -> dynamodb.CfnGlobalTable.ReplicaGlobalSecondaryIndexSpecificationProperty:
    billing = settings.billing
    if isinstance(billing, OnDemandBilling) and index.max_read_request_units is not None:
        billing = OnDemandBilling(max_read_request_units=index.max_read_request_units)
    return dynamodb.CfnGlobalTable.ReplicaGlobalSecondaryIndexSpecificationProperty(
        index_name=index.index_name,
        contributor_insights_specification=_insights(settings.contributor_insights),
        **_reads(billing),
    )


def _insights(
    mode: dynamodb.ContributorInsightsMode | None,
) -> dynamodb.CfnGlobalTable.ContributorInsightsSpecificationProperty:
    return dynamodb.CfnGlobalTable.ContributorInsightsSpecificationProperty(
        enabled=mode is not None, mode=mode.value if mode else None
    )


def _reads(billing: TableBilling) -> dict[str, Any]:
    resource = dynamodb.CfnGlobalTable
    if not isinstance(billing, OnDemandBilling):
        return {
            "read_provisioned_throughput_settings": resource.ReadProvisionedThroughputSettingsProperty(
                read_capacity_auto_scaling_settings=billing.read.settings()
            )
        }
    if billing.max_read_request_units is None:
        return {}
    return {
        "read_on_demand_throughput_settings": resource.ReadOnDemandThroughputSettingsProperty(
            max_read_request_units=billing.max_read_request_units
        )
    }


def _policy(table: dynamodb.TableV2) -> dynamodb.CfnGlobalTable.ResourcePolicyProperty | None:
    document = table.resource_policy
    return dynamodb.CfnGlobalTable.ResourcePolicyProperty(policy_document=document) if document else None


def _tags(table: dynamodb.TableV2) -> list[CfnTag] | None:
    """The tags that the app puts on the table, which the resource cannot hold but in its replicas."""
    manager = table._tags  # noqa: SLF001 - protected in the CDK, which offers no other way to them
    return [CfnTag(key=tag["key"], value=tag["value"]) for tag in manager.render_tags() or ()] or None


@jsii.implements(IAnyProducer)
class _Produced:
    def __init__(self, value: Callable[[], Any]) -> None:
        self._value = value

    def produce(self, _context: IResolveContext) -> Any:
        return self._value()
