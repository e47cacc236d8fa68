"""What a dashboard shows of each kind of resource: latency, traffic, errors and saturation first.

A kind is known by the metrics that it offers, not by its class: the L2 and the construct around it are shown alike, and
no module of containers or databases is imported for a dashboard without them.

Source: https://sre.google/sre-book/monitoring-distributed-systems/#xref_monitoring_golden-signals
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from pavedroad.observability.cloudwatch.graphs import DashboardComponent, DashboardGraphs

Widgets = Sequence[cloudwatch.IWidget]
_CAPACITY = "metric_capacity_utilization"


def widgets_of(component: object, graphs: DashboardGraphs) -> Widgets | None:
    """The row of ``component``; ``None`` where nothing is known of it."""
    if isinstance(component, DashboardComponent):
        return component.dashboard_widgets(graphs)
    # A construct of the library offers its metrics itself, or holds the L2 that does.
    holders = [component, *(getattr(component, name, None) for name in ("function", "queue", "table", "bucket"))]
    for holder in holders:
        for kind in _KINDS:
            if all(hasattr(holder, name) for name in kind.offers):
                return kind.widgets(holder, graphs)
    return None


def _service(service: Any, graphs: DashboardGraphs) -> Widgets:
    period = graphs.period
    latency = [service.metric_response_time(statistic=each, period=period) for each in ("p50", "p99")]
    return [
        graphs.graph("Latency: response time (s)", latency),
        graphs.graph("Traffic: requests", [service.metric_request_count(period=period)]),
        graphs.graph("Errors: 5xx", [service.metric_server_errors(period=period)]),
        graphs.graph(
            "Saturation: CPU and memory (%)",
            [service.metric_cpu_utilization(period=period), service.metric_memory_utilization(period=period)],
        ),
    ]


def _function(function: Any, graphs: DashboardGraphs) -> Widgets:
    period = graphs.period
    latency = [function.metric_duration(statistic=each, period=period) for each in ("p50", "p99")]
    return [
        graphs.graph("Latency: duration (ms)", latency),
        graphs.graph("Traffic: invocations", [function.metric_invocations(period=period)]),
        graphs.graph("Errors", [function.metric_errors(period=period)]),
        graphs.graph("Saturation: throttles", [function.metric_throttles(period=period)]),
    ]


def _database(database: Any, graphs: DashboardGraphs) -> Widgets:
    period = graphs.period
    latency = [database.metric(name, statistic="Average", period=period) for name in ("ReadLatency", "WriteLatency")]
    return [
        graphs.graph("Latency: read and write (s)", latency),
        graphs.graph("Traffic: connections", [database.metric_database_connections(period=period)]),
        graphs.graph("Saturation: CPU (%)", [database.metric_cpu_utilization(period=period)]),
        graphs.graph(
            "Saturation: free storage and memory (bytes)",
            [database.metric_free_storage_space(period=period)],
            [database.metric_freeable_memory(period=period)],
        ),
    ]


def _cluster(cluster: Any, graphs: DashboardGraphs) -> Widgets:
    period = graphs.period
    latency = [cluster.metric(name, statistic="Average", period=period) for name in ("ReadLatency", "WriteLatency")]
    # An Aurora cluster can be serverless; a cluster of DocumentDB cannot.
    capacity = [cluster.metric_capacity_utilization(period=period)] if hasattr(cluster, _CAPACITY) else []
    return [
        graphs.graph("Latency: read and write (s)", latency),
        graphs.graph("Traffic: connections", [cluster.metric_database_connections(period=period)]),
        graphs.graph(
            "Saturation: CPU and capacity (%)" if capacity else "Saturation: CPU (%)",
            [cluster.metric_cpu_utilization(period=period), *capacity],
        ),
        graphs.graph("Saturation: lag of the slowest reader (ms)", [cluster.metric_replica_lag(period=period)]),
    ]


def _queue(queue: Any, graphs: DashboardGraphs) -> Widgets:
    period = graphs.period
    return [
        graphs.graph(
            "Latency: age of the oldest message (s)", [queue.metric_approximate_age_of_oldest_message(period=period)]
        ),
        graphs.graph(
            "Traffic: sent and deleted",
            [
                queue.metric_number_of_messages_sent(period=period),
                queue.metric_number_of_messages_deleted(period=period),
            ],
        ),
        graphs.graph(
            "Saturation: waiting messages",
            [queue.metric_approximate_number_of_messages_visible(period=period)],
            width=12,
        ),
    ]


def _table(table: Any, graphs: DashboardGraphs) -> Widgets:
    period = graphs.period
    throttles = [
        table.metric(name, statistic="Sum", period=period) for name in ("ReadThrottleEvents", "WriteThrottleEvents")
    ]
    return [
        graphs.graph("Traffic: read capacity", [table.metric_consumed_read_capacity_units(period=period)]),
        graphs.graph("Traffic: write capacity", [table.metric_consumed_write_capacity_units(period=period)]),
        graphs.graph("Saturation: throttled reads and writes", throttles, width=12),
    ]


def _bucket(bucket: Any, graphs: DashboardGraphs) -> Widgets:
    # S3 counts requests from the day on that the bucket's add_alarms turns the request metrics on.
    from pavedroad.storage.s3.alarms import REQUEST_METRICS

    def of_requests(name: str, statistic: str) -> cloudwatch.Metric:
        return _of_bucket(bucket, name, statistic, graphs.period, FilterId=REQUEST_METRICS)

    return [
        graphs.graph("Latency: first byte (ms)", [of_requests("FirstByteLatency", each) for each in ("p50", "p99")]),
        graphs.graph("Traffic: requests", [of_requests("AllRequests", "Sum")]),
        graphs.graph("Errors: 4xx and 5xx", [of_requests("4xxErrors", "Sum"), of_requests("5xxErrors", "Sum")]),
        graphs.graph(
            "Saturation: size (bytes)",
            [_of_bucket(bucket, "BucketSizeBytes", "Average", Duration.days(1), StorageType="StandardStorage")],
        ),
    ]


def _of_bucket(bucket: Any, name: str, statistic: str, period: Duration, **dimensions: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/S3",
        metric_name=name,
        dimensions_map={"BucketName": bucket.bucket_name, **dimensions},
        statistic=statistic,
        period=period,
    )


@dataclass(frozen=True, kw_only=True)
class _Kind:
    offers: tuple[str, ...]
    widgets: Callable[[Any, DashboardGraphs], Widgets]


_KINDS = (
    _Kind(
        offers=("metric_request_count", "metric_response_time", "metric_server_errors", "metric_memory_utilization"),
        widgets=_service,
    ),
    _Kind(offers=("metric_invocations", "metric_duration", "metric_throttles"), widgets=_function),
    _Kind(offers=("metric_database_connections", "metric_free_storage_space"), widgets=_database),
    _Kind(offers=("metric_database_connections", "metric_replica_lag"), widgets=_cluster),
    _Kind(offers=("metric_approximate_age_of_oldest_message", "metric_number_of_messages_sent"), widgets=_queue),
    _Kind(offers=("metric_consumed_read_capacity_units", "metric_consumed_write_capacity_units"), widgets=_table),
    _Kind(offers=("bucket_name",), widgets=_bucket),
)
