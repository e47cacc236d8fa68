"""One page on which a service's health is seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import CfnCondition, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.observability.cloudwatch.graphs import DashboardGraphs, Deployment
from pavedroad.observability.cloudwatch.named_components import LATEST_ERRORS as _ERRORS
from pavedroad.observability.cloudwatch.rows import Widgets, widgets_of
from pavedroad.observability.cloudwatch.rows_at_launch import ListedAlarms, ShownRow, body_of, texts_of
from pavedroad.version_stamp import stamp

_WHEN = r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)"


@dataclass(frozen=True, kw_only=True)
class DashboardRow:
    """A heading with what is shown of one component.

    Attributes:
        title: The heading.
        component: A construct of the library, an L2 function, queue, table or bucket, ``ListedAlarms``, or anything
            with a method ``dashboard_widgets(graphs)``.
        condition: A condition of the template on which the row is shown. The first row has none. Left out: always.
    """

    title: str
    component: object
    condition: CfnCondition | None = None


class ServiceDashboard(Construct):
    """A CloudWatch dashboard for one service: alarms, objectives, a row for each component, errors in its logs.

    Rows show the golden signals: latency, traffic, errors, saturation. What is in a row follows from the metrics that a
    component offers; one with a method ``dashboard_widgets`` decides itself, as ``ServiceLevelObjective`` does.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        rows: What is shown, from the top to the bottom.
        alarms: Alarms whose states are shown above all. Left out: none.
        log_groups: Log groups that are searched. Left out: none, and there is no such widget.
        log_query: The lines of the query in CloudWatch Logs Insights. Left out: the 50 latest messages with errors.
        deployments: Deployments that are marked in every graph, such as those of the last weeks. Left out: none.
        period: The period of the metrics. Left out: 5 minutes.
        default_interval: How far back the dashboard looks when it is opened. Left out: 3 hours.
        account_id: The account that metrics and logs are read from, when the dashboard stands in a monitoring account
            that is linked to it (CloudWatch cross-account observability). Left out: the dashboard's own.
        region: The region that they are read from. Left out: the dashboard's own.
        dashboard_name: The dashboard's name. Left out: CloudFormation names it.

    Attributes:
        dashboard: The L2 dashboard, with the id ``Resource``.

    Raises:
        InvalidArgumentsError: Nothing is known of a component, or an argument is out of range; all are named.

    Controls: NIST AU-6, SI-4, Well-Architected OPS08-BP01.

    Example:
        >>> from pavedroad.observability.cloudwatch.graphs import Deployment
        >>> failing = cloudwatch.Alarm.from_alarm_name(stack, "Failing", "orders-failing")
        >>> log_group = logs.LogGroup.from_log_group_name(stack, "Log", "/orders/application")
        >>> dashboard = ServiceDashboard(
        ...     stack,
        ...     "Dashboard",
        ...     rows=[
        ...         DashboardRow(title="Orders", component=function),
        ...         DashboardRow(title="Uploads", component=bucket),
        ...     ],
        ...     alarms=[failing],
        ...     log_groups=[log_group],
        ...     deployments=[Deployment(at="2026-11-25T09:30:00Z", label="orders 1.4.0")],
        ... )
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        rows: Sequence[DashboardRow],
        alarms: Sequence[cloudwatch.IAlarm] = (),
        log_groups: Sequence[logs.ILogGroup] = (),
        log_query: Sequence[str] = _ERRORS,
        deployments: Sequence[Deployment] = (),
        period: Duration | None = None,
        default_interval: Duration | None = None,
        account_id: str | None = None,
        region: str | None = None,
        dashboard_name: str | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        arguments.matches("account_id", account_id, r"\d{12}", "an account id of 12 digits")
        arguments.matches("dashboard_name", dashboard_name, "[A-Za-z0-9_-]{1,255}", "1 to 255 letters, digits, _ and -")
        for deployment in deployments:
            arguments.matches("deployments.at", deployment.at, _WHEN, "ISO 8601 with a time zone: 2026-11-25T09:30:00Z")
        self._graphs = DashboardGraphs(
            period=period or Duration.minutes(5), deployments=deployments, account_id=account_id, region=region
        )
        found = [(row, self._widgets(arguments, row)) for row in rows]
        self._decided_at_launch = any(_is_decided_at_launch(row) for row in rows)
        if self._decided_at_launch:
            _check_first(arguments, rows, others=[*alarms, *log_groups])
        arguments.check()

        self._shown: list[ShownRow] = []
        self._default_interval = default_interval or Duration.hours(3)
        self.dashboard = cloudwatch.Dashboard(
            self,
            "Resource",
            dashboard_name=dashboard_name,
            default_interval=self._default_interval,
        )
        if alarms:
            self.dashboard.add_widgets(cloudwatch.AlarmStatusWidget(title="Alarms", alarms=list(alarms), width=24))
        for row, widgets in found:
            self._show(row, widgets)
        if log_groups:
            self.dashboard.add_widgets(self._logs(log_groups, log_query))
        stamp(self)

    def add_row(self, row: DashboardRow) -> None:
        """Show another component beneath the others.

        Raises:
            InvalidArgumentsError: Nothing is known of the component.
        """
        arguments = Arguments(self)
        widgets = self._widgets(arguments, row)
        if _is_decided_at_launch(row) and not self._decided_at_launch:
            arguments.refuse("row", row.title, "is decided at launch: give it with the first rows")
        arguments.check()
        self._show(row, widgets)

    def _widgets(self, arguments: Arguments, row: DashboardRow) -> Widgets:
        if isinstance(row.component, ListedAlarms):
            return []
        widgets = widgets_of(row.component, self._graphs)
        if widgets is None:
            arguments.refuse(
                "rows",
                row.title,
                f"nothing is known of a {type(row.component).__name__}; give it a method dashboard_widgets(graphs), or "
                "take a service, function, database, queue, table or bucket",
            )
        return widgets or []

    def _show(self, row: DashboardRow, widgets: Widgets) -> None:
        heading = cloudwatch.TextWidget(markdown=f"## {row.title}", width=24, height=1)
        if not self._decided_at_launch:
            self.dashboard.add_widgets(heading)
            self.dashboard.add_widgets(*widgets)
            return
        listed = [row.component.dashboard_text()] if isinstance(row.component, ListedAlarms) else []
        texts = [*texts_of(self, [heading]), *listed, *texts_of(self, widgets)]
        self._shown.append(ShownRow(texts=texts, condition=row.condition))
        resource = self.dashboard.node.default_child
        assert isinstance(resource, cloudwatch.CfnDashboard)
        resource.dashboard_body = body_of(self._shown, start=f"-{self._default_interval.to_iso_string()}")

    def _logs(self, log_groups: Sequence[logs.ILogGroup], log_query: Sequence[str]) -> cloudwatch.LogQueryWidget:
        return cloudwatch.LogQueryWidget(
            title="Log",
            log_group_names=[group.log_group_name for group in log_groups],
            query_lines=list(log_query),
            account_id=self._graphs.account_id,
            region=self._graphs.region,
            width=24,
            height=8,
        )


def _is_decided_at_launch(row: DashboardRow) -> bool:
    return row.condition is not None or isinstance(row.component, ListedAlarms)


def _check_first(arguments: Arguments, rows: Sequence[DashboardRow], others: Sequence[object]) -> None:
    if rows[0].condition is not None:
        arguments.refuse("rows", rows[0].title, "is the first one and must have no condition")
    if others:
        arguments.refuse("alarms", len(others), "must be rows, as log_groups must, where conditions decide on rows")
