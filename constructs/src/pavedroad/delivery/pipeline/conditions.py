"""What has to hold before a stage begins and after its deployments succeeded."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_iam as iam

from pavedroad.arguments import Arguments
from pavedroad.delivery.pipeline.roles import ActionRoles

_MAXIMUM_CONDITIONS = 5  # https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_Condition.html
_RULE_NAME = (r"[A-Za-z0-9.@_-]{1,100}", "1 to 100 letters, digits and .@_-")


@dataclass(frozen=True, kw_only=True)
class StageCondition(ABC):
    """One condition of a stage, which CodePipeline evaluates by a rule of its own.

    Attributes:
        name: The rule's name, unique among the stage's conditions.
    """

    name: str

    @abstractmethod
    def check(self, where: str, arguments: Arguments) -> None:
        """Refuse what cannot work."""

    @abstractmethod
    def rule(self, role: iam.Role | None) -> codepipeline.Rule:
        """The rule that evaluates it, as ``role``."""

    def statements(self) -> list[iam.PolicyStatement]:
        """What the rule's role has to be allowed; a rule that needs nothing has no role."""
        return []


@dataclass(frozen=True, kw_only=True)
class AlarmSilent(StageCondition):
    """A CloudWatch alarm is not in alarm, and does not go off while it is watched.

    Attributes:
        alarm: The alarm, of the pipeline's account and region.
        watch: How long it is watched, in minutes, up to a day. Left out: 10 minutes.

    Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-CloudWatchAlarm.html
    """

    alarm: cloudwatch.IAlarm
    watch: Duration = field(default_factory=lambda: Duration.minutes(10))

    def check(self, where: str, arguments: Arguments) -> None:
        """Refuse what is no time to watch."""
        arguments.between(f"{where}.{self.name}.watch (minutes)", self.watch.to_minutes(integral=False), 1, 1440)

    def rule(self, role: iam.Role | None) -> codepipeline.Rule:
        """The rule that watches the alarm."""
        return codepipeline.Rule(
            name=self.name,
            provider="CloudWatchAlarm",
            version="1",
            configuration={
                "AlarmName": self.alarm.alarm_name,
                "AlarmStates": "ALARM",
                "WaitTime": str(self.watch.to_minutes()),
            },
            role=role,
        )

    def statements(self) -> list[iam.PolicyStatement]:
        """Reading the state of this alarm."""
        return [iam.PolicyStatement(actions=["cloudwatch:DescribeAlarms"], resources=[self.alarm.alarm_arn])]


@dataclass(frozen=True, kw_only=True)
class DeploymentWindow(StageCondition):
    """It is a time at which deployments are allowed.

    Attributes:
        cron: When, as six or seven fields with the seconds first: ``* * 9-16 ? * MON-THU``.
        time_zone: Of these times, such as ``Europe/Berlin``. Left out: ``UTC``.

    Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-DeploymentWindow.html
    """

    cron: str
    time_zone: str = "UTC"

    def check(self, where: str, arguments: Arguments) -> None:
        """Refuse what is no expression of six or seven fields and no time zone."""
        arguments.matches(
            f"{where}.{self.name}.cron",
            self.cron,
            r"\*( [0-9A-Z,*?/#LW-]+){5,6}",
            "six or seven fields with * as the seconds, such as * * 9-16 ? * MON-THU",
        )
        arguments.matches(
            f"{where}.{self.name}.time_zone", self.time_zone, r"[A-Za-z_]+(/[\w+-]+)*", "a time zone, such as UTC"
        )

    def rule(self, role: iam.Role | None) -> codepipeline.Rule:  # noqa: ARG002
        """The rule that looks at the clock, which takes no role."""
        return codepipeline.Rule(
            name=self.name,
            provider="DeploymentWindow",
            version="1",
            configuration={"Cron": self.cron, "TimeZone": self.time_zone},
        )


def check_conditions(where: str, conditions: Sequence[StageCondition], arguments: Arguments) -> None:
    """Refuse too many conditions, names that CodePipeline would refuse, and what each refuses itself."""
    names = [condition.name for condition in conditions]
    if len(names) > _MAXIMUM_CONDITIONS:
        arguments.refuse(where, names, f"must have at most {_MAXIMUM_CONDITIONS} conditions")
    if len(set(names)) != len(names):
        arguments.refuse(where, names, "must have names that differ")
    for condition in conditions:
        arguments.matches(f"{where}.name", condition.name, *_RULE_NAME)
        condition.check(where, arguments)


def rendered(
    conditions: Sequence[StageCondition], name: str, result: codepipeline.Result, roles: ActionRoles
) -> codepipeline.Conditions | None:
    """The conditions as a stage takes them, with one role for their rules; ``None`` where there are none.

    Args:
        conditions: All of them have to hold.
        name: The role's name, where a rule needs one.
        result: What happens otherwise.
        roles: Makes the role.
    """
    if not conditions:
        return None
    needed = [statement for condition in conditions for statement in condition.statements()]
    role = roles.make(name, needed) if needed else None
    return codepipeline.Conditions(
        conditions=[
            codepipeline.Condition(result=result, rules=[condition.rule(role) for condition in conditions]),
        ]
    )
