from dataclasses import dataclass
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.observability.alarms import notifying_alarm
_NOT_BREACHING = cloudwatch.TreatMissingData.NOT_BREACHING

@dataclass(frozen=True, kw_only=True)
class KubernetesClusterAlarmThresholds:
    api_server_errors: float = 10
    unschedulable_pods: float = 0
    failed_nodes: float = 0
    failed_pods: float = 0
    node_cpu_percent: float = 85
    node_memory_percent: float = 85

@dataclass(frozen=True, kw_only=True)
class WatchedMetrics:
    api_server_errors: cloudwatch.Metric
    unschedulable_pods: cloudwatch.Metric
    failed_nodes: cloudwatch.Metric
    failed_pods: cloudwatch.Metric
    node_cpu_utilization: cloudwatch.Metric
    node_memory_utilization: cloudwatch.Metric

def control_plane_alarms(scope: Construct, watched: WatchedMetrics, topic: sns.ITopic, thresholds: KubernetesClusterAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...

def insights_alarms(scope: Construct, watched: WatchedMetrics, topic: sns.ITopic, thresholds: KubernetesClusterAlarmThresholds) -> list[cloudwatch.Alarm]:
    ...
