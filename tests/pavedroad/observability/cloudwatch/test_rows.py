"""What the dashboard shows of the library's own constructs, which its other tests have stand-ins for."""

import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_rds as rds
from aws_cdk.assertions import Template
from constructs import Construct

from pavedroad import (
    AuroraCluster,
    Database,
    DocumentDatabase,
    FargateService,
    LambdaService,
    QueueWorker,
    SecureBucket,
    ServiceDashboard,
    Table,
)
from pavedroad.observability.cloudwatch.service_dashboard import DashboardRow
from pavedroad_platform.library.surroundings import provide

IMAGE = ecs.ContainerImage.from_registry("orders:1")


def service(stack: cdk.Stack) -> Construct:
    certificate = provide("certificate", stack)
    return FargateService(stack, "Orders", vpc=provide("vpc", stack), image=IMAGE, certificate=certificate)


def function(stack: cdk.Stack) -> Construct:
    code = lambda_.Code.from_inline("def handler(event, context): ...")
    return LambdaService(stack, "Orders", code=code, handler="index.handler", runtime=lambda_.Runtime.PYTHON_3_14)


def database(stack: cdk.Stack) -> Construct:
    engine = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17_6)
    return Database(stack, "Orders", engine=engine, vpc=provide("vpc", stack))


def cluster(stack: cdk.Stack) -> Construct:
    engine = rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_17_6)
    return AuroraCluster(stack, "Orders", engine=engine, vpc=provide("vpc", stack))


def table(stack: cdk.Stack) -> Construct:
    key = dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING)
    return Table(stack, "Orders", partition_key=key)


def graphs_of(stack: cdk.Stack) -> dict[str, dict[str, Any]]:
    (found,) = Template.from_stack(stack).find_resources("AWS::CloudWatch::Dashboard").values()
    parts = found["Properties"]["DashboardBody"]["Fn::Join"][1]
    body = json.loads("".join(part if isinstance(part, str) else json.dumps(part).replace('"', "") for part in parts))
    graphs = [widget for widget in body["widgets"] if widget["type"] == "metric"]
    assert sum(graph["width"] for graph in graphs) == 24
    return {graph["properties"]["title"]: graph["properties"] for graph in graphs}


def names_of(graph: dict[str, Any]) -> set[str]:
    """The metrics of a graph; an expression has no name."""
    return {metric[1] for metric in graph["metrics"] if len(metric) > 1}


@pytest.mark.parametrize(
    ("component", "shown"),
    [
        (
            service,
            {
                "Latency: response time (s)": {"TargetResponseTime"},
                "Traffic: requests": {"RequestCount"},
                "Errors: 5xx": {"HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"},
                "Saturation: CPU and memory (%)": {"CPUUtilization", "MemoryUtilization"},
            },
        ),
        (
            function,
            {
                "Latency: duration (ms)": {"Duration"},
                "Traffic: invocations": {"Invocations"},
                "Errors": {"Errors"},
                "Saturation: throttles": {"Throttles"},
            },
        ),
        (
            database,
            {
                "Latency: read and write (s)": {"ReadLatency", "WriteLatency"},
                "Traffic: connections": {"DatabaseConnections"},
                "Saturation: CPU (%)": {"CPUUtilization"},
                "Saturation: free storage and memory (bytes)": {"FreeStorageSpace", "FreeableMemory"},
            },
        ),
        (
            cluster,
            {
                "Latency: read and write (s)": {"ReadLatency", "WriteLatency"},
                "Traffic: connections": {"DatabaseConnections"},
                "Saturation: CPU and capacity (%)": {"CPUUtilization", "ACUUtilization"},
                "Saturation: lag of the slowest reader (ms)": {"AuroraReplicaLagMaximum"},
            },
        ),
        (
            lambda stack: DocumentDatabase(stack, "Orders", vpc=provide("vpc", stack)),
            {
                "Latency: read and write (s)": {"ReadLatency", "WriteLatency"},
                "Traffic: connections": {"DatabaseConnections"},
                "Saturation: CPU (%)": {"CPUUtilization"},
                "Saturation: lag of the slowest reader (ms)": {"DBClusterReplicaLagMaximum"},
            },
        ),
        (
            lambda stack: QueueWorker(stack, "Orders", vpc=provide("vpc", stack), image=IMAGE),
            {
                "Latency: age of the oldest message (s)": {"ApproximateAgeOfOldestMessage"},
                "Traffic: sent and deleted": {"NumberOfMessagesSent", "NumberOfMessagesDeleted"},
                "Saturation: waiting messages": {"ApproximateNumberOfMessagesVisible"},
            },
        ),
        (
            table,
            {
                "Traffic: read capacity": {"ConsumedReadCapacityUnits"},
                "Traffic: write capacity": {"ConsumedWriteCapacityUnits"},
                "Saturation: throttled reads and writes": {"ReadThrottleEvents", "WriteThrottleEvents"},
            },
        ),
        (
            lambda stack: SecureBucket(stack, "Orders"),
            {
                "Latency: first byte (ms)": {"FirstByteLatency"},
                "Traffic: requests": {"AllRequests"},
                "Errors: 4xx and 5xx": {"4xxErrors", "5xxErrors"},
                "Saturation: size (bytes)": {"BucketSizeBytes"},
            },
        ),
    ],
    ids=["service", "function", "database", "aurora", "documentdb", "worker", "table", "bucket"],
)
def test_a_construct_of_the_library_has_its_row(
    stack: cdk.Stack, component: Callable[[cdk.Stack], Construct], shown: dict[str, set[str]]
) -> None:
    ServiceDashboard(stack, "Dashboard", rows=[DashboardRow(title="Orders", component=component(stack))])
    assert {title: names_of(graph) for title, graph in graphs_of(stack).items()} == shown
