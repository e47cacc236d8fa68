"""The tables of a keyspace, as CloudFormation makes them."""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_cassandra as cassandra
from aws_cdk import aws_kms as kms
from constructs import Construct

from pavedroad.database.keyspaces.schema import Column, WideColumnTable
from pavedroad.invariants import hold


def keyspace_table(
    scope: Construct,
    table: WideColumnTable,
    *,
    keyspace: cassandra.CfnKeyspace,
    encryption_key: kms.IKey | None,
    replica_regions: Sequence[str],
    removal_policy: RemovalPolicy,
) -> cassandra.CfnTable:
    """A table that can be restored and is encrypted, with a key of ours where it is in one region."""
    resource = cassandra.CfnTable
    throughput = table.throughput
    made = cassandra.CfnTable(
        scope,
        f"Table-{table.name}",
        keyspace_name=keyspace.ref,
        table_name=table.name,
        partition_key_columns=[_column(column) for column in table.partition_key],
        clustering_key_columns=[
            resource.ClusteringKeyColumnProperty(
                column=_column(sorted_by.column), order_by="DESC" if sorted_by.descending else "ASC"
            )
            for sorted_by in table.clustering_key
        ]
        or None,
        regular_columns=[_column(column) for column in table.columns] or None,
        default_time_to_live=table.default_time_to_live.to_seconds() if table.default_time_to_live else None,
        client_side_timestamps_enabled=True if table.client_side_timestamps or replica_regions else None,
        point_in_time_recovery_enabled=True,
        encryption_specification=_encryption(encryption_key),
        billing_mode=resource.BillingModeProperty(
            mode="PROVISIONED",
            provisioned_throughput=resource.ProvisionedThroughputProperty(
                read_capacity_units=throughput.read.min_units, write_capacity_units=throughput.write.min_units
            ),
        )
        if throughput
        else resource.BillingModeProperty(mode="ON_DEMAND"),
        auto_scaling_specifications=resource.AutoScalingSpecificationProperty(
            read_capacity_auto_scaling=throughput.read.setting(), write_capacity_auto_scaling=throughput.write.setting()
        )
        if throughput
        else None,
        replica_specifications=[
            resource.ReplicaSpecificationProperty(
                region=region,
                read_capacity_units=throughput.read.min_units if throughput else None,
                read_capacity_auto_scaling=throughput.read.setting() if throughput else None,
            )
            for region in (Stack.of(scope).region, *replica_regions)
        ]
        if replica_regions
        else None,
    )
    made.apply_removal_policy(removal_policy)
    _hold_table(scope, made, table.name, own_key=encryption_key is not None)
    return made


def _encryption(encryption_key: kms.IKey | None) -> cassandra.CfnTable.EncryptionSpecificationProperty:
    resource = cassandra.CfnTable
    if encryption_key is None:
        return resource.EncryptionSpecificationProperty(encryption_type="AWS_OWNED_KMS_KEY")
    return resource.EncryptionSpecificationProperty(
        encryption_type="CUSTOMER_MANAGED_KMS_KEY", kms_key_identifier=encryption_key.key_arn
    )


def _hold_table(scope: Construct, table: cassandra.CfnTable, name: str, *, own_key: bool) -> None:
    def encrypted() -> bool:
        encryption = Stack.of(scope).resolve(table.encryption_specification) or {}
        return bool(encryption.get("kmsKeyIdentifier")) and encryption["encryptionType"].startswith("CUSTOMER")

    hold(
        scope,
        f"WideColumnKeyspace can restore its table {name}; its PointInTimeRecoveryEnabled was switched off",
        lambda: table.point_in_time_recovery_enabled is True,
    )
    if own_key:
        hold(
            scope,
            f"WideColumnKeyspace encrypts its table {name} with a customer-managed key; its EncryptionSpecification "
            "was weakened",
            encrypted,
        )


def _column(column: Column) -> cassandra.CfnTable.ColumnProperty:
    return cassandra.CfnTable.ColumnProperty(column_name=column.name, column_type=column.type)
