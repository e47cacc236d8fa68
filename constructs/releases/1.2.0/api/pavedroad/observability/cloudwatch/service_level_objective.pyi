from dataclasses import dataclass
from aws_cdk import Duration, Token
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.observability.alarms import notifying_composite_alarm
from pavedroad.observability.cloudwatch.graphs import DashboardGraphs
from pavedroad.observability.cloudwatch.indicators import Indicator, budget_left, burn_rate
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.version_stamp import stamp
_WINDOWS = (28, 30)
_LOWEST, _HIGHEST = (95, 99.999)
_ALERTS = (_BurnAlert(name='HourFastBurn', budget_percent=2, hours=1, short_minutes=5, advice='Look at the last deployment and at dependencies now.'), _BurnAlert(name='SixHoursFastBurn', budget_percent=5, hours=6, short_minutes=30, advice='Look at what changed since it began, now.'), _BurnAlert(name='DaySlowBurn', budget_percent=10, hours=24, short_minutes=120, advice='Look at the errors in working hours.'), _BurnAlert(name='ThreeDaysSlowBurn', budget_percent=10, hours=72, short_minutes=360, advice='Plan reliability work before features.'))

class ServiceLevelObjective(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, name: str, target_percent: float, indicator: Indicator, window_days: int=28) -> None:
        self.alarms = ...
        self.name = ...
        self.window_alarms = ...

    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.CompositeAlarm]:
        ...

    def metric_burn_rate(self, *, period: Duration | None=None) -> cloudwatch.MathExpression:
        ...

    def metric_error_budget(self) -> cloudwatch.MathExpression:
        ...

    def dashboard_widgets(self, graphs: DashboardGraphs) -> list[cloudwatch.IWidget]:
        ...

    def error_budget_widget(self, *, width: int=6, height: int=6) -> cloudwatch.SingleValueWidget:
        ...
