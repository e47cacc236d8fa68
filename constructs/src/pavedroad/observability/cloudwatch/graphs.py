"""Graphs that look alike on a dashboard: period, account, and when was deployed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """A deployment that is marked in every graph.

    Attributes:
        at: When, as ISO 8601 with a time zone: ``2026-11-25T09:30:00Z``.
        label: What was deployed, such as ``orders 1.4.0``.
    """

    at: str
    label: str


@dataclass(frozen=True, kw_only=True)
class DashboardGraphs:
    """Makes the graphs of one dashboard.

    Attributes:
        period: The period that metrics are asked for.
        deployments: Marked in every graph.
        account_id: The account that the metrics are read from; ``None`` for the dashboard's own.
        region: The region that they are read from; ``None`` for the dashboard's own.
    """

    period: Duration
    deployments: Sequence[Deployment] = ()
    account_id: str | None = None
    region: str | None = None

    def graph(
        self,
        title: str,
        left: Sequence[cloudwatch.IMetric],
        right: Sequence[cloudwatch.IMetric] = (),
        *,
        thresholds: Sequence[cloudwatch.HorizontalAnnotation] = (),
        width: int = 6,
    ) -> cloudwatch.GraphWidget:
        """A line for each metric, from zero, on one or two axes."""
        from_zero = cloudwatch.YAxisProps(min=0)
        return cloudwatch.GraphWidget(
            title=title,
            left=list(left),
            right=list(right),
            left_annotations=list(thresholds),
            left_y_axis=from_zero,
            right_y_axis=from_zero if right else None,
            vertical_annotations=[
                cloudwatch.VerticalAnnotation(date=each.at, label=each.label) for each in self.deployments
            ],
            account_id=self.account_id,
            region=self.region,
            width=width,
            height=6,
        )


@runtime_checkable
class DashboardComponent(Protocol):
    """Something that knows what to show of itself; any construct with this method has a row of its own."""

    def dashboard_widgets(self, graphs: DashboardGraphs) -> Sequence[cloudwatch.IWidget]:
        """The widgets of its row, from left to right; the dashboard is 24 wide."""
        ...
