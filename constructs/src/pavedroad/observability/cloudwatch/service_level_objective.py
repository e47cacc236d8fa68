"""A promise on how many requests are good, and alarms before it is broken."""

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
# A lower target cannot be missed 14.4 times as fast as allowed: more than every request would have to fail.
_LOWEST, _HIGHEST = 95, 99.999


@dataclass(frozen=True, kw_only=True)
class _BurnAlert:
    """What share of the budget is spent within ``hours`` before it is told; the short window tells when it is over."""

    name: str
    budget_percent: float
    hours: int
    short_minutes: int
    advice: str

    def factor(self, window_days: int) -> float:
        """How many times faster than allowed the budget is spent, such as 14.4."""
        return self.budget_percent / 100 * window_days * 24 / self.hours


# Source: https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts
_ALERTS = (
    _BurnAlert(
        name="HourFastBurn",
        budget_percent=2,
        hours=1,
        short_minutes=5,
        advice="Look at the last deployment and at dependencies now.",
    ),
    _BurnAlert(
        name="SixHoursFastBurn",
        budget_percent=5,
        hours=6,
        short_minutes=30,
        advice="Look at what changed since it began, now.",
    ),
    _BurnAlert(
        name="DaySlowBurn",
        budget_percent=10,
        hours=24,
        short_minutes=120,
        advice="Look at the errors in working hours.",
    ),
    _BurnAlert(
        name="ThreeDaysSlowBurn",
        budget_percent=10,
        hours=72,
        short_minutes=360,
        advice="Plan reliability work before features.",
    ),
)


class ServiceLevelObjective(Construct):
    """A service level objective on requests, with alarms on how fast its error budget burns.

    The alarms are those of the SRE workbook: each goes off when the budget burns too fast over a long and over a short
    window, so that it tells soon, and is over soon after the cause is. For 30 days: 14.4 times as fast as allowed over
    1 hour and 5 minutes, 6 times over 6 hours and 30 minutes, 3 times over 1 day and 2 hours, once over 3 days and
    6 hours. The first two are critical, the others warnings. An alarm of CloudWatch sees one day in one piece at most:
    the last one goes off when each of three days in a row burned too fast.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        name: What is promised, as people say it: ``Orders are accepted``. It stands in alarms and widgets.
        target_percent: The share of requests that are good, in percent, from 95 to 99.999.
        indicator: What is measured: ``RequestIndicator`` from counts, ``LatencyIndicator`` from response times.
        window_days: The days over which the target holds, 28 (whole weeks) or 30. Left out: 28.

    Attributes:
        alarms: The composite alarms, empty before ``add_alarms``.
        window_alarms: The alarms on single windows that they combine, empty before ``add_alarms``.

    Raises:
        InvalidArgumentsError: A target, window or indicator cannot work; all are named.

    Controls: CloudWatch.15 (actions), CloudWatch.17 (actions enabled), NIST SI-4, Well-Architected REL06-BP03 and
        OPS08.

    Example:
        >>> from pavedroad.observability.cloudwatch.indicators import RequestIndicator
        >>> objective = ServiceLevelObjective(
        ...     stack,
        ...     "Accepted",
        ...     name="Orders are accepted",
        ...     target_percent=99.9,
        ...     indicator=RequestIndicator(total=function.metric_invocations(), bad=function.metric_errors()),
        ... )
        >>> objective.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        target_percent: float,
        indicator: Indicator,
        window_days: int = 28,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        arguments.between("target_percent", target_percent, _LOWEST, _HIGHEST)
        if Token.is_unresolved(window_days) or window_days not in _WINDOWS:
            arguments.refuse("window_days", window_days, "must be 28 or 30")
        indicator.check(arguments)
        arguments.check()

        self.name = name
        self.alarms: list[cloudwatch.CompositeAlarm] = []
        self.window_alarms: list[cloudwatch.Alarm] = []
        self._target_percent = target_percent
        self._indicator = indicator
        self._window_days = window_days

    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.CompositeAlarm]:
        """Tell ``topic`` when the error budget burns too fast: four alarms, two of them critical.

        Args:
            topic: Told on alarm and on recovery; ``AlarmTopics.by_severity()`` gives one that tells them apart.
        """
        self.alarms = [self._alarm(alert, topic) for alert in _ALERTS]
        stamp(self, self.window_alarms[0])  # AWS Config records no composite alarms
        return self.alarms

    def metric_burn_rate(self, *, period: Duration | None = None) -> cloudwatch.MathExpression:
        """How many times faster than allowed the budget is spent, for each hour unless ``period`` says otherwise."""
        return burn_rate(self._indicator, self._target_percent, period or Duration.hours(1))

    def metric_error_budget(self) -> cloudwatch.MathExpression:
        """What is left of the error budget of the window, in percent; for widgets, since alarms see a day at most."""
        return budget_left(self._indicator, self._target_percent, Duration.days(self._window_days))

    def dashboard_widgets(self, graphs: DashboardGraphs) -> list[cloudwatch.IWidget]:
        """Its row on a ``ServiceDashboard``: the error budget and the burn rate."""
        return [self.error_budget_widget(), self._burn_rate_widget(graphs)]

    def error_budget_widget(self, *, width: int = 6, height: int = 6) -> cloudwatch.SingleValueWidget:
        """What is left of the error budget, over the whole window whatever time the dashboard shows."""
        return cloudwatch.SingleValueWidget(
            title=f"{self.name}: error budget",
            metrics=[self.metric_error_budget()],
            start=f"-P{self._window_days}D",
            end="P0D",
            set_period_to_time_range=True,
            width=width,
            height=height,
        )

    def _burn_rate_widget(self, graphs: DashboardGraphs) -> cloudwatch.GraphWidget:
        return graphs.graph(
            f"{self.name}: burn rate",
            [self.metric_burn_rate()],
            thresholds=[
                cloudwatch.HorizontalAnnotation(value=self._threshold(alert), label=alert.name) for alert in _ALERTS
            ],
            width=18,
        )

    def _threshold(self, alert: _BurnAlert) -> float:
        return round(alert.factor(self._window_days), 4)

    def _alarm(self, alert: _BurnAlert, topic: sns.ITopic) -> cloudwatch.CompositeAlarm:
        days = max(alert.hours // 24, 1)
        windows = [
            # A day is the longest period of an alarm.
            self._window_alarm(alert, "Long", Duration.hours(alert.hours // days), evaluation_periods=days),
            self._window_alarm(alert, "Short", Duration.minutes(alert.short_minutes)),
        ]
        self.window_alarms += windows
        return notifying_composite_alarm(
            self,
            f"{alert.name}Alarm",
            rule=cloudwatch.AlarmRule.all_of(*windows),
            description=f"{self.name}: {alert.budget_percent}% of the error budget of {self._window_days} days is "
            f"spent in {alert.hours} hours. {alert.advice}",
            topic=topic,
        )

    def _window_alarm(
        self, alert: _BurnAlert, window: str, period: Duration, evaluation_periods: int = 1
    ) -> cloudwatch.Alarm:
        alarm = self.metric_burn_rate(period=period).create_alarm(
            self,
            f"{alert.name}{window}",
            threshold=self._threshold(alert),
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=evaluation_periods,
            alarm_description=f"{self.name}: the {window.lower()} window of {alert.name}Alarm, which tells of both.",
            # Without requests no budget is spent.
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        reason = f"It is one of two windows; the composite alarm {alert.name}Alarm tells when both are breached."
        for finding in ("NIST.800.53.R5-CloudWatchAlarmAction", "PavedRoad-CloudWatch-1"):
            acknowledge(alarm, finding, reason)
        return alarm
