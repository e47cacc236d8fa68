"""The ECS service of every construct that keeps tasks running, and what is measured of it."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from constructs import Construct

from pavedroad.compute.ecs.rollout import Rollout
from pavedroad.compute.ecs.scaling import SpotMix
from pavedroad.compute.ecs.task import HardenedTask


def hardened_service(
    scope: Construct,
    task: HardenedTask,
    *,
    rollout: Rollout,
    spot: SpotMix | None,
    vpc_subnets: ec2.SubnetSelection | None,
    enable_execute_command: bool,
    is_behind_load_balancer: bool,
) -> ecs.FargateService:
    """A service without public addresses that rolls back what does not become healthy; its id is ``Resource``."""
    shift = rollout.traffic_shift
    grace_period = rollout.health_check_grace_period or Duration.seconds(60)
    service = ecs.FargateService(
        scope,
        "Resource",
        cluster=task.cluster,
        task_definition=task.task_definition,
        assign_public_ip=False,
        vpc_subnets=vpc_subnets,
        security_groups=[task.security_group],
        platform_version=ecs.FargatePlatformVersion.LATEST,
        capacity_provider_strategies=_capacity(task.cluster, spot),
        circuit_breaker=ecs.DeploymentCircuitBreaker(enable=True, rollback=True),
        min_healthy_percent=rollout.min_healthy_percent,
        max_healthy_percent=rollout.max_healthy_percent,
        deployment_strategy=shift.strategy if shift else None,
        bake_time=shift.whole_bake_time if shift else None,
        linear_configuration=shift.linear_configuration if shift else None,
        canary_configuration=shift.canary_configuration if shift else None,
        availability_zone_rebalancing=ecs.AvailabilityZoneRebalancing.ENABLED,
        health_check_grace_period=grace_period if is_behind_load_balancer else None,
        enable_execute_command=enable_execute_command,
        enable_ecs_managed_tags=True,
        propagate_tags=ecs.PropagatedTagSource.SERVICE,
    )
    service.node.add_dependency(task.execution_role)  # else a first task may start without its rights
    if spot is not None:
        service.node.add_dependency(task.cluster)  # which must know the Spot capacity before
    return service


def running_tasks(
    service: ecs.FargateService, *, statistic: str = "Average", period: Duration | None = None
) -> cloudwatch.Metric:
    """The number of running tasks, from Container Insights; every minute unless ``period`` says otherwise."""
    return cloudwatch.Metric(
        namespace="ECS/ContainerInsights",
        metric_name="RunningTaskCount",
        dimensions_map={"ClusterName": service.cluster.cluster_name, "ServiceName": service.service_name},
        statistic=statistic,
        period=period or Duration.minutes(1),
    )


def _capacity(cluster: ecs.ICluster, spot: SpotMix | None) -> list[ecs.CapacityProviderStrategy] | None:
    if spot is None:
        return None
    if isinstance(cluster, ecs.Cluster):
        cluster.enable_fargate_capacity_providers()
    return spot.strategies()
