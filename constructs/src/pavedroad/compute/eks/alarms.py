"""What is watched of a cluster."""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.alarms import notifying_alarm

_NOT_BREACHING = cloudwatch.TreatMissingData.NOT_BREACHING


@dataclass(frozen=True, kw_only=True)
class KubernetesClusterAlarmThresholds:
    """When a cluster needs a person; each must be breached for three periods of five minutes.

    Attributes:
        api_server_errors: More responses 5xx of the API server than this. Left out: 10.
        unschedulable_pods: More pods than this for which no node has room. Left out: 0.
        failed_nodes: More nodes than this with a condition, such as no memory or no network. Left out: 0.
        failed_pods: More pods than this that ended with an error. Left out: 0.
        node_cpu_percent: Above this average CPU use of the nodes, in percent. Left out: 85.
        node_memory_percent: Above this average memory use of the nodes, in percent. Left out: 85.
    """

    api_server_errors: float = 10
    unschedulable_pods: float = 0
    failed_nodes: float = 0
    failed_pods: float = 0
    node_cpu_percent: float = 85
    node_memory_percent: float = 85


@dataclass(frozen=True, kw_only=True)
class WatchedMetrics:
    """The metrics of the control plane, which every cluster has, and those of Container Insights."""

    api_server_errors: cloudwatch.Metric
    unschedulable_pods: cloudwatch.Metric
    failed_nodes: cloudwatch.Metric
    failed_pods: cloudwatch.Metric
    node_cpu_utilization: cloudwatch.Metric
    node_memory_utilization: cloudwatch.Metric


def control_plane_alarms(
    scope: Construct, watched: WatchedMetrics, topic: sns.ITopic, thresholds: KubernetesClusterAlarmThresholds
) -> list[cloudwatch.Alarm]:
    """Two alarms, on metrics that EKS gives of every cluster."""
    return [
        notifying_alarm(
            scope,
            "ApiServerErrorsAlarm",
            metric=watched.api_server_errors,
            threshold=thresholds.api_server_errors,
            description="The API server answers with 5xx. Look at its log, at webhooks and at who sends most requests.",
            topic=topic,
            missing_data=_NOT_BREACHING,
        ),
        notifying_alarm(
            scope,
            "UnschedulablePodsAlarm",
            metric=watched.unschedulable_pods,
            threshold=thresholds.unschedulable_pods,
            description="Pods wait for room. Look at their events, the node groups' max_size, taints and requests.",
            topic=topic,
            missing_data=_NOT_BREACHING,
        ),
    ]


def insights_alarms(
    scope: Construct, watched: WatchedMetrics, topic: sns.ITopic, thresholds: KubernetesClusterAlarmThresholds
) -> list[cloudwatch.Alarm]:
    """Four alarms, on metrics of Container Insights."""
    return [
        notifying_alarm(
            scope,
            "FailedNodesAlarm",
            metric=watched.failed_nodes,
            threshold=thresholds.failed_nodes,
            description="Nodes are not well. Look at the conditions of the nodes and whether EKS repairs them.",
            topic=topic,
        ),
        notifying_alarm(
            scope,
            "FailedPodsAlarm",
            metric=watched.failed_pods,
            threshold=thresholds.failed_pods,
            description="Pods ended with an error. Look at their events and at the application log.",
            topic=topic,
        ),
        notifying_alarm(
            scope,
            "NodeCpuAlarm",
            metric=watched.node_cpu_utilization,
            threshold=thresholds.node_cpu_percent,
            description="The CPU of the nodes is busy. Look at max_size of the node groups and the requests of pods.",
            topic=topic,
        ),
        notifying_alarm(
            scope,
            "NodeMemoryAlarm",
            metric=watched.node_memory_utilization,
            threshold=thresholds.node_memory_percent,
            description="The memory of the nodes runs out and pods may be evicted. Look for a leak, then add nodes.",
            topic=topic,
        ),
    ]
