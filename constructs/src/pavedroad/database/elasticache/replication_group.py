"""The nodes of a cache: a replication group in cluster mode, with its logs, parameters and scaling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import aws_applicationautoscaling as appscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from pavedroad.database.elasticache.capacity import CacheScaling, NodeCapacity
from pavedroad.database.elasticache.engines import CacheEngine
from pavedroad.database.elasticache.recovery import is_replicated
from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.security.acknowledgments import acknowledge

_LOGS = ("slow-log", "engine-log")


@dataclass(frozen=True, kw_only=True)
class CacheSettings:
    """What nodes and serverless caches have in common; the attributes are those of the construct."""

    name: str | None
    engine: CacheEngine
    encryption_key: kms.IKey
    subnets: Sequence[ec2.ISubnet]
    security_group: ec2.SecurityGroup
    user_group: elasticache.CfnUserGroup
    backup_days: float
    description: str


def replication_group(
    scope: Construct,
    *,
    settings: CacheSettings,
    capacity: NodeCapacity,
    replicas: float,
    port: float,
    parameters: Mapping[str, str],
    backup_window: str | None,
    maintenance_window: str | None,
    log_groups: Mapping[str, logs.LogGroup],
) -> elasticache.CfnReplicationGroup:
    """The replication group, encrypted at rest and in transit, in closed subnets of several zones."""
    engine = settings.engine
    subnet_group = elasticache.CfnSubnetGroup(
        scope,
        "SubnetGroup",
        description=settings.description,
        subnet_ids=[subnet.subnet_id for subnet in settings.subnets],
    )
    parameter_group = elasticache.CfnParameterGroup(
        scope,
        "ParameterGroup",
        cache_parameter_group_family=engine.family,
        description=settings.description,
        properties={**parameters, "cluster-enabled": "yes"},
    )
    group = elasticache.CfnReplicationGroup(
        scope,
        "Resource",
        replication_group_id=settings.name,
        replication_group_description=settings.description,
        engine=engine.name,
        engine_version=engine.version,
        cache_node_type=capacity.node_type,
        num_node_groups=capacity.shards,
        replicas_per_node_group=replicas,
        cluster_mode="enabled",
        automatic_failover_enabled=True,
        multi_az_enabled=is_replicated(replicas),
        auto_minor_version_upgrade=True,
        at_rest_encryption_enabled=True,
        kms_key_id=settings.encryption_key.key_arn,
        transit_encryption_enabled=True,
        transit_encryption_mode="required",
        user_group_ids=[settings.user_group.ref],
        cache_subnet_group_name=subnet_group.ref,
        cache_parameter_group_name=parameter_group.ref,
        security_group_ids=[settings.security_group.security_group_id],
        port=port,
        snapshot_retention_limit=settings.backup_days,
        snapshot_window=backup_window,
        preferred_maintenance_window=maintenance_window,
        log_delivery_configurations=[
            elasticache.CfnReplicationGroup.LogDeliveryConfigurationRequestProperty(
                log_type=log,
                log_format="json",
                destination_type="cloudwatch-logs",
                destination_details=elasticache.CfnReplicationGroup.DestinationDetailsProperty(
                    cloud_watch_logs_details=elasticache.CfnReplicationGroup.CloudWatchLogsDestinationDetailsProperty(
                        log_group=log_group.log_group_name
                    )
                ),
            )
            for log, log_group in log_groups.items()
        ],
    )
    acknowledge(
        group,
        "AwsSolutions-AEC6",
        "AUTH is one password for all, kept in the template. Every user of this cache logs in with IAM instead, for "
        "15 minutes at a time (ElastiCache.6); that the user group stays is held at every synthesis.",
    )
    return group


def cache_log_groups(
    scope: Construct, encryption_key: kms.IKey, retention: logs.RetentionDays
) -> dict[str, logs.LogGroup]:
    """A log group for slow commands and one for what the engine tells."""
    return {
        log: encrypted_log_group(
            scope, f"{log.title().replace('-', '')}Group", encryption_key=encryption_key, retention=retention
        )
        for log in _LOGS
    }


def scale(scope: Construct, group: elasticache.CfnReplicationGroup, capacity: NodeCapacity) -> None:
    """Scale shards by the CPU of the primaries, and replicas by that of the replicas, out and in."""
    for name, dimension, metric, scaling in (
        ("Shard", "NodeGroups", "ElastiCachePrimaryEngineCPUUtilization", capacity.shard_scaling),
        ("Replica", "Replicas", "ElastiCacheReplicaEngineCPUUtilization", capacity.replica_scaling),
    ):
        if scaling is not None:
            _scale(scope, name, group=group, dimension=dimension, metric=metric, scaling=scaling)


def _scale(
    scope: Construct,
    name: str,
    *,
    group: elasticache.CfnReplicationGroup,
    dimension: str,
    metric: str,
    scaling: CacheScaling,
) -> None:
    # Application Auto Scaling takes its service-linked role; the L2 would make a role that is not used.
    target = appscaling.CfnScalableTarget(
        scope,
        f"{name}Scaling",
        service_namespace="elasticache",
        resource_id=f"replication-group/{group.ref}",
        scalable_dimension=f"elasticache:replication-group:{dimension}",
        min_capacity=scaling.min_capacity,
        max_capacity=scaling.max_capacity,
    )
    appscaling.CfnScalingPolicy(
        scope,
        f"{name}ScalingPolicy",
        policy_name=f"{name}Cpu",
        policy_type="TargetTrackingScaling",
        scaling_target_id=target.ref,
        target_tracking_scaling_policy_configuration=appscaling.CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty(
            target_value=scaling.target_cpu_percent,
            predefined_metric_specification=appscaling.CfnScalingPolicy.PredefinedMetricSpecificationProperty(
                predefined_metric_type=metric
            ),
        ),
    )
