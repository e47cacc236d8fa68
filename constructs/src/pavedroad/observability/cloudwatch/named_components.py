"""What a dashboard shows of components that are known by their names only."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Duration, Fn
from aws_cdk import aws_cloudwatch as cloudwatch

from pavedroad.observability.cloudwatch.graphs import DashboardGraphs

LATEST_ERRORS = (
    "fields @timestamp, @log, @message",
    "filter @message like /(?i)(error|exception|fatal|critical)/",
    "sort @timestamp desc",
    "limit 50",
)
"""The lines of a query in CloudWatch Logs Insights."""


@dataclass(frozen=True, kw_only=True)
class NamedContainerService:
    """A service of ECS behind a load balancer; it offers the metrics that ``FargateService`` does.

    Attributes:
        load_balancer_arn: The ARN of the application load balancer.
        cluster_name: The cluster.
        service_name: The service in it.
    """

    load_balancer_arn: str
    cluster_name: str
    service_name: str

    def metric_response_time(self, *, statistic: str, period: Duration) -> cloudwatch.Metric:
        """How long answers take, in seconds."""
        return self._of_balancer("TargetResponseTime", statistic, period)

    def metric_request_count(self, *, period: Duration) -> cloudwatch.Metric:
        """Requests that were answered."""
        return self._of_balancer("RequestCount", "Sum", period)

    def metric_server_errors(self, *, period: Duration) -> cloudwatch.Metric:
        """Answers of the tasks that are server errors."""
        return self._of_balancer("HTTPCode_Target_5XX_Count", "Sum", period)

    def metric_cpu_utilization(self, *, period: Duration) -> cloudwatch.Metric:
        """CPU in use, in percent."""
        return self._of_tasks("CPUUtilization", period)

    def metric_memory_utilization(self, *, period: Duration) -> cloudwatch.Metric:
        """Memory in use, in percent."""
        return self._of_tasks("MemoryUtilization", period)

    def _of_balancer(self, name: str, statistic: str, period: Duration) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/ApplicationELB",
            metric_name=name,
            dimensions_map={"LoadBalancer": Fn.select(1, Fn.split("loadbalancer/", self.load_balancer_arn))},
            statistic=statistic,
            period=period,
        )

    def _of_tasks(self, name: str, period: Duration) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/ECS",
            metric_name=name,
            dimensions_map={"ClusterName": self.cluster_name, "ServiceName": self.service_name},
            statistic="Average",
            period=period,
        )


@dataclass(frozen=True, kw_only=True)
class NamedDatabase:
    """A database instance of RDS; it offers the metrics that ``Database`` does.

    Attributes:
        identifier: The instance's identifier.
    """

    identifier: str

    def metric(self, name: str, *, statistic: str = "Average", period: Duration) -> cloudwatch.Metric:
        """A metric of the instance."""
        return cloudwatch.Metric(
            namespace="AWS/RDS",
            metric_name=name,
            dimensions_map={"DBInstanceIdentifier": self.identifier},
            statistic=statistic,
            period=period,
        )

    def metric_database_connections(self, *, period: Duration) -> cloudwatch.Metric:
        """Open connections."""
        return self.metric("DatabaseConnections", period=period)

    def metric_cpu_utilization(self, *, period: Duration) -> cloudwatch.Metric:
        """CPU in use, in percent."""
        return self.metric("CPUUtilization", period=period)

    def metric_free_storage_space(self, *, period: Duration) -> cloudwatch.Metric:
        """Free storage, in bytes."""
        return self.metric("FreeStorageSpace", period=period)

    def metric_freeable_memory(self, *, period: Duration) -> cloudwatch.Metric:
        """Memory that can be freed, in bytes."""
        return self.metric("FreeableMemory", period=period)


@dataclass(frozen=True, kw_only=True)
class NamedLog:
    """The latest errors in a log group.

    Attributes:
        log_group_name: The log group.
    """

    log_group_name: str

    def dashboard_widgets(self, graphs: DashboardGraphs) -> Sequence[cloudwatch.IWidget]:
        """The widget of its row."""
        return [
            cloudwatch.LogQueryWidget(
                log_group_names=[self.log_group_name],
                query_lines=list(LATEST_ERRORS),
                region=graphs.region,
                width=24,
                height=8,
            )
        ]
