from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_iam as iam
from pavedroad.arguments import Arguments
from pavedroad.delivery.pipeline.roles import ActionRoles
_MAXIMUM_CONDITIONS = 5
_RULE_NAME = ('[A-Za-z0-9.@_-]{1,100}', '1 to 100 letters, digits and .@_-')

@dataclass(frozen=True, kw_only=True)
class StageCondition(ABC):
    name: str

    @abstractmethod
    def check(self, where: str, arguments: Arguments) -> None:
        ...

    @abstractmethod
    def rule(self, role: iam.Role | None) -> codepipeline.Rule:
        ...

    def statements(self) -> list[iam.PolicyStatement]:
        ...

@dataclass(frozen=True, kw_only=True)
class AlarmSilent(StageCondition):
    alarm: cloudwatch.IAlarm
    watch: Duration = field(default_factory=lambda: Duration.minutes(10))

    def check(self, where: str, arguments: Arguments) -> None:
        ...

    def rule(self, role: iam.Role | None) -> codepipeline.Rule:
        ...

    def statements(self) -> list[iam.PolicyStatement]:
        ...

@dataclass(frozen=True, kw_only=True)
class DeploymentWindow(StageCondition):
    cron: str
    time_zone: str = 'UTC'

    def check(self, where: str, arguments: Arguments) -> None:
        ...

    def rule(self, role: iam.Role | None) -> codepipeline.Rule:
        ...

def check_conditions(where: str, conditions: Sequence[StageCondition], arguments: Arguments) -> None:
    ...

def rendered(conditions: Sequence[StageCondition], name: str, result: codepipeline.Result, roles: ActionRoles) -> codepipeline.Conditions | None:
    ...
