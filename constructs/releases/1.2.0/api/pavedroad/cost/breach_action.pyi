from collections.abc import Sequence
from dataclasses import dataclass
from aws_cdk import Stack
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_iam as iam
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.security.roles import ManagedPolicyRole
_MOST_ROLES = 100

@dataclass(frozen=True, kw_only=True)
class BreachAction:
    policy: iam.IManagedPolicy
    roles: Sequence[iam.IRole]
    threshold_percent: float = 100
    automatic: bool = False

    def check(self, arguments: Arguments) -> None:
        ...

def attach_on_breach(scope: Construct, action: BreachAction, *, budget_name: str, subscribers: Sequence[tuple[str, str]]) -> tuple[budgets.CfnBudgetsAction, ManagedPolicyRole]:
    ...
