"""The instance and its replicas, and what they share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from constructs import Construct

from pavedroad.database.rds.monitoring import insights_properties
from pavedroad.security.acknowledgments import acknowledge


@dataclass(frozen=True, kw_only=True)
class SharedSettings:
    """What the instance and its replicas have in common; the attributes are those of the construct and of RDS."""

    vpc: ec2.IVpc
    subnet_group: rds.SubnetGroup
    security_group: ec2.SecurityGroup
    instance_type: ec2.InstanceType
    port: float
    parameter_group: rds.ParameterGroup
    option_group: rds.OptionGroup | None
    max_allocated_storage: float
    iam_authentication: bool
    insights: rds.DatabaseInsightsMode | None
    encryption_key: kms.IKey
    monitoring_interval: Duration
    monitoring_role: iam.Role
    maintenance_window: str | None
    deletion_protection: bool
    log_exports: Sequence[str]

    def properties(self) -> dict[str, Any]:
        """The settings as the CDK's instances and replicas take them, and what is the same for all of them."""
        return {
            "vpc": self.vpc,
            "subnet_group": self.subnet_group,
            "security_groups": [self.security_group],
            "publicly_accessible": False,
            "instance_type": self.instance_type,
            "port": self.port,
            "parameter_group": self.parameter_group,
            "option_group": self.option_group,
            "storage_type": rds.StorageType.GP3,
            "max_allocated_storage": self.max_allocated_storage,
            "iam_authentication": self.iam_authentication,
            "monitoring_interval": self.monitoring_interval,
            "monitoring_role": self.monitoring_role,
            "cloudwatch_logs_exports": list(self.log_exports),
            "auto_minor_version_upgrade": True,
            "preferred_maintenance_window": self.maintenance_window,
            "copy_tags_to_snapshot": True,
            "deletion_protection": self.deletion_protection,
            **insights_properties(self.insights, self.encryption_key),
        }


def read_replica(
    scope: Construct,
    number: int,
    *,
    source: rds.DatabaseInstance,
    identifier: str,
    zone: str | None,
    removal_policy: RemovalPolicy,
    settings: SharedSettings,
) -> rds.DatabaseInstanceReadReplica:
    """One asynchronous copy of ``source``, encrypted with its key."""
    replica = rds.DatabaseInstanceReadReplica(
        scope,
        f"ReadReplica{number}",
        source_database_instance=source,
        instance_identifier=identifier,
        availability_zone=zone,
        # RDS takes no last snapshot of a replica: its data is the source's.
        removal_policy=RemovalPolicy.RETAIN if removal_policy is RemovalPolicy.RETAIN else RemovalPolicy.DESTROY,
        **settings.properties(),
    )
    resource = resource_of(replica)
    # RDS infers the engine; checks of the template cannot.
    resource.engine = source.engine.engine_type if source.engine else None
    _acknowledge_replica(resource)
    return replica


def resource_of(instance: rds.DatabaseInstance | rds.DatabaseInstanceReadReplica) -> rds.CfnDBInstance:
    """The L1 resource of an instance."""
    resource = instance.node.default_child
    assert isinstance(resource, rds.CfnDBInstance)
    return resource


def restore_from_snapshot(resource: rds.CfnDBInstance, snapshot_identifier: str) -> None:
    """Take data, databases, administrator and key from the snapshot; CloudFormation refuses them beside it.

    ``StorageEncrypted`` stays on, with which RDS refuses a snapshot that is not encrypted.
    """
    resource.db_snapshot_identifier = snapshot_identifier
    resource.db_name = None
    resource.kms_key_id = None
    resource.master_username = None


def acknowledge_own_backups(resource: rds.CfnDBInstance) -> None:
    """The instance is backed up by RDS itself; plans of AWS Backup select by tag, in another stack."""
    acknowledge(
        resource,
        "NIST.800.53.R5-RDSInBackupPlan",
        "RDS itself takes a backup every day and the transaction logs every five minutes, and keeps both for 7 to 35 "
        "days, also after the instance is deleted. Plans of AWS Backup select databases by tag and belong to the "
        "account's baseline, so that none can stand in this stack.",
    )


def _acknowledge_replica(resource: rds.CfnDBInstance) -> None:
    acknowledge(
        resource,
        "NIST.800.53.R5-RDSInBackupPlan",
        "A read replica holds no data of its own: its source is backed up, and a lost replica is made again from it.",
    )
    for finding in ("AwsSolutions-RDS2", "NIST.800.53.R5-RDSStorageEncrypted"):
        acknowledge(
            resource,
            finding,
            "RDS encrypts a read replica with the key of its source, always; CloudFormation refuses StorageEncrypted "
            "beside SourceDBInstanceIdentifier. That the source is encrypted is held at every synthesis.",
        )
    for finding in ("AwsSolutions-RDS3", "NIST.800.53.R5-RDSMultiAZSupport"):
        acknowledge(
            resource,
            finding,
            "A read replica is never written to and no recovery objective rests on it: whether the data survives a "
            "zone is its source's matter, and a lost replica is made again from the source.",
        )
