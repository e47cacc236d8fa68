from collections.abc import Sequence
from aws_cdk import Annotations, Names, Token
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_ce as ce
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.cost.breach_action import BreachAction, attach_on_breach
from pavedroad.governance.mandatory_tags import TAG_KEYS
from pavedroad.invariants import hold
from pavedroad.version_stamp import stamp
_EMAIL = '[^@\\s]+@[^@\\s]+\\.[^@\\s]+'
_MOST_EMAILS = 10
_MOST_PERCENTAGES = 9

class CostGuard(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, application: str, monthly_limit: float, email_addresses: Sequence[str]=(), topic: sns.ITopic | None=None, alert_percentages: Sequence[float]=(50, 80, 100), forecast_percentage: float=100, anomaly_detection: bool=True, anomaly_monitor_arn: str | None=None, anomaly_impact: float | None=None, breach_action: BreachAction | None=None) -> None:
        self.action = ...
        self.action_role = ...
        self.anomaly_monitor_arn = ...
        self.anomaly_subscriptions = ...
        self.budget = ...
