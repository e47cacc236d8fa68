"""Roles whose grants can be listed, reviewed and detached."""

import jsii
from aws_cdk import aws_iam as iam
from constructs import Construct


class ManagedPolicyRole(iam.Role):
    """A service's role; what is granted to it stands in one customer-managed policy instead of an inline policy.

    Subclasses the L2 because every ``grant_*`` of the CDK ends in ``add_to_principal_policy`` of the role itself. The
    policy is made with the first grant, so a role without grants has none.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        assumed_by: Who may assume the role.
        description: What the role is for.

    Attributes:
        policy: The policy that grants go to; ``None`` before the first.

    Source: https://docs.aws.amazon.com/config/latest/developerguide/iam-no-inline-policy-check.html
    Controls: NIST AC-2, AC-3, AC-6 (NIST.800.53.R5-IAMNoInlinePolicy).

    Example:
        >>> from aws_cdk import aws_iam as iam
        >>> from pavedroad.security.roles import ManagedPolicyRole
        >>> role = ManagedPolicyRole(
        ...     stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"), description="Orders"
        ... )
        >>> topic.grant_publish(role)
    """

    def __init__(self, scope: Construct, construct_id: str, *, assumed_by: iam.IPrincipal, description: str) -> None:
        super().__init__(scope, construct_id, assumed_by=assumed_by, description=description)
        self.policy: iam.ManagedPolicy | None = None
        self._policy_id = "Policy"

    def begin_policy(self, construct_id: str) -> None:
        """Let further grants stand in another policy, which what is acknowledged on the present one does not cover."""
        self.policy, self._policy_id = None, construct_id

    @jsii.member(jsii_name="addToPrincipalPolicy")
    def add_to_principal_policy(self, statement: iam.PolicyStatement) -> iam.AddToPrincipalPolicyResult:
        """Add a statement to the role's managed policy; the grants of other constructs come through here."""
        if self.policy is None:
            self.policy = iam.ManagedPolicy(self, self._policy_id, roles=[self])
        self.policy.add_statements(statement)
        return iam.AddToPrincipalPolicyResult(statement_added=True, policy_dependable=self.policy)
