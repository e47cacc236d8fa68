"""What is done, beyond telling people, when a budget is spent."""

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
    """Attaches a policy to roles when the budget is spent, so that they cannot spend more.

    Attributes:
        policy: What is attached, such as a denial of ``ec2:RunInstances``. Detached at the beginning of the next month.
        roles: Who gets it: 1 to 100 roles.
        threshold_percent: When, in percent of the budget. Left out: 100.
        automatic: Attach it without asking. Left out: the recipients approve it in the console first, since a policy
            on the wrong role is an outage.

    Source: https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-controls.html
    """

    policy: iam.IManagedPolicy
    roles: Sequence[iam.IRole]
    threshold_percent: float = 100
    automatic: bool = False

    def check(self, arguments: Arguments) -> None:
        """Refuse what AWS Budgets would refuse."""
        if not 1 <= len(self.roles) <= _MOST_ROLES:
            arguments.refuse("breach_action.roles", len(self.roles), f"must be 1 to {_MOST_ROLES} roles")
        arguments.between("breach_action.threshold_percent", self.threshold_percent, 1, 1000)


def attach_on_breach(
    scope: Construct,
    action: BreachAction,
    *,
    budget_name: str,
    subscribers: Sequence[tuple[str, str]],
) -> tuple[budgets.CfnBudgetsAction, ManagedPolicyRole]:
    """The action of a budget, and the role with which AWS Budgets attaches that one policy to those roles."""
    stack = Stack.of(scope)
    source = stack.format_arn(service="budgets", region="", resource="budget", resource_name="*")
    role = ManagedPolicyRole(
        scope,
        "ActionRole",
        assumed_by=iam.ServicePrincipal(
            "budgets.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": stack.account}, "ArnLike": {"aws:SourceArn": source}},
        ),
        description="AWS Budgets: attaches one policy to the roles that must stop spending",
    )
    role.add_to_principal_policy(
        iam.PolicyStatement(
            actions=["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
            resources=[it.role_arn for it in action.roles],
            conditions={"ArnEquals": {"iam:PolicyARN": action.policy.managed_policy_arn}},
        )
    )
    made = budgets.CfnBudgetsAction(
        scope,
        "Action",
        budget_name=budget_name,
        action_type="APPLY_IAM_POLICY",
        notification_type="ACTUAL",
        approval_model="AUTOMATIC" if action.automatic else "MANUAL",
        action_threshold=budgets.CfnBudgetsAction.ActionThresholdProperty(
            type="PERCENTAGE", value=action.threshold_percent
        ),
        definition=budgets.CfnBudgetsAction.DefinitionProperty(
            iam_action_definition=budgets.CfnBudgetsAction.IamActionDefinitionProperty(
                policy_arn=action.policy.managed_policy_arn, roles=[it.role_name for it in action.roles]
            )
        ),
        execution_role_arn=role.role_arn,
        subscribers=[
            budgets.CfnBudgetsAction.SubscriberProperty(type=kind, address=address) for kind, address in subscribers
        ],
    )
    assert role.policy
    made.node.add_dependency(role.policy)
    return made, role
