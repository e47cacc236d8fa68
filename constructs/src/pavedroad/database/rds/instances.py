"""The instance and its replicas: what they share, their names, and what cannot be weakened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration, RemovalPolicy, Stack, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from constructs import Construct

from pavedroad.invariants import hold
from pavedroad.names import unique_name
from pavedroad.security.acknowledgments import acknowledge

# RDS allows 63 characters: the last part of a stack's id takes 13 and the longest replica's suffix 11.
_LONGEST_NAME = 39


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
            **self._insights_properties(),
        }

    def _insights_properties(self) -> Mapping[str, Any]:
        if self.insights is None:
            return {"enable_performance_insights": False}
        advanced = self.insights == rds.DatabaseInsightsMode.ADVANCED
        retention = rds.PerformanceInsightRetention
        return {
            "enable_performance_insights": True,
            "database_insights_mode": self.insights,
            "performance_insight_retention": retention.MONTHS_15 if advanced else retention.DEFAULT,
            "performance_insight_encryption_key": self.encryption_key,
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


def replica_zones(subnets: Sequence[ec2.ISubnet], count: int) -> list[str | None]:
    """The zones of the replicas, in turn; where they are one list parameter, RDS chooses."""
    if Token.is_unresolved([subnet.subnet_id for subnet in subnets]):
        return [None] * count
    zones = list(dict.fromkeys(subnet.availability_zone for subnet in subnets))
    return [zones[number % len(zones)] for number in range(1, count + 1)]


def unique_identifier(scope: Construct) -> str:
    """A name known before the instance exists: the path in the stack, and a part of the stack's id."""
    return unique_name(scope, longest=_LONGEST_NAME, otherwise="database")


def resource_of(instance: rds.DatabaseInstance | rds.DatabaseInstanceReadReplica) -> rds.CfnDBInstance:
    """The L1 resource of an instance."""
    resource = instance.node.default_child
    assert isinstance(resource, rds.CfnDBInstance)
    return resource


def enhanced_monitoring_role(scope: Construct) -> iam.Role:
    """The role in which RDS writes the operating system's metrics, of this account's instances only."""
    own_account = {"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}}
    role = iam.Role(
        scope,
        "MonitoringRole",
        assumed_by=iam.ServicePrincipal("monitoring.rds.amazonaws.com", conditions=own_account),
        managed_policies=[
            iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AmazonRDSEnhancedMonitoringRole")
        ],
    )
    acknowledge(
        role,
        "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole]",
        "AWS maintains this service-role policy for enhanced monitoring alone: it allows writing to the log groups "
        "named RDS* and nothing else. Only RDS monitoring on behalf of this account can assume the role.",
    )
    return role


def restore_from_snapshot(resource: rds.CfnDBInstance, snapshot_identifier: str) -> None:
    """Take data, databases, administrator and key from the snapshot; CloudFormation refuses them beside it.

    ``StorageEncrypted`` stays on, with which RDS refuses a snapshot that is not encrypted.
    """
    resource.db_snapshot_identifier = snapshot_identifier
    resource.db_name = None
    resource.kms_key_id = None
    resource.master_username = None


def hold_encryption(construct: Construct, resource: rds.CfnDBInstance) -> None:
    """Keep the instance encrypted, and with it its replicas, backups and snapshots."""
    # The key of a restored instance is that of its snapshot.
    has_own_key = resource.kms_key_id is not None
    hold(
        construct,
        f"Database encrypts its storage; StorageEncrypted or KmsKeyId of {resource.node.path} was removed",
        lambda: resource.storage_encrypted is True and (resource.kms_key_id is not None or not has_own_key),
    )


def hold_access(
    construct: Construct, resource: rds.CfnDBInstance, parameter_group: rds.ParameterGroup, tls_parameter: str
) -> None:
    """Keep one instance private and forcing TLS, whatever changes it afterwards."""
    path = resource.node.path
    stack = Stack.of(construct)
    parameters = parameter_group.node.default_child
    assert isinstance(parameters, rds.CfnDBParameterGroup)

    def forces_tls() -> bool:
        in_use = stack.resolve(resource.db_parameter_group_name) == stack.resolve(parameters.ref)
        return in_use and (stack.resolve(parameters.parameters) or {}).get(tls_parameter) == "1"

    hold(
        construct,
        f"Database has no public address; PubliclyAccessible of {path} was changed",
        lambda: resource.publicly_accessible is False,
    )
    hold(
        construct,
        f"Database refuses connections without TLS; {tls_parameter} or the parameter group of {path} was changed",
        forces_tls,
    )


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
