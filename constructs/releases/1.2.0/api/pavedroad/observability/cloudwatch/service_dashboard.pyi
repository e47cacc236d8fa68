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
_WHEN = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:\\d\\d)'

@dataclass(frozen=True, kw_only=True)
class DashboardRow:
    title: str
    component: object
    condition: CfnCondition | None = None

class ServiceDashboard(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, rows: Sequence[DashboardRow], alarms: Sequence[cloudwatch.IAlarm]=(), log_groups: Sequence[logs.ILogGroup]=(), log_query: Sequence[str]=_ERRORS, deployments: Sequence[Deployment]=(), period: Duration | None=None, default_interval: Duration | None=None, account_id: str | None=None, region: str | None=None, dashboard_name: str | None=None) -> None:
        self.dashboard = ...

    def add_row(self, row: DashboardRow) -> None:
        ...
