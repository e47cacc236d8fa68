from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

@dataclass(frozen=True, kw_only=True)
class Deployment:
    at: str
    label: str

@dataclass(frozen=True, kw_only=True)
class DashboardGraphs:
    period: Duration
    deployments: Sequence[Deployment] = ()
    account_id: str | None = None
    region: str | None = None

    def graph(self, title: str, left: Sequence[cloudwatch.IMetric], right: Sequence[cloudwatch.IMetric]=(), *, thresholds: Sequence[cloudwatch.HorizontalAnnotation]=(), width: int=6) -> cloudwatch.GraphWidget:
        ...

@runtime_checkable
class DashboardComponent(Protocol):

    def dashboard_widgets(self, graphs: DashboardGraphs) -> Sequence[cloudwatch.IWidget]:
        ...
