"""One role for each action of a pipeline, which the pipeline alone assumes."""

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct

from pavedroad.delivery.pipeline.artifacts import ArtifactStore
from pavedroad.security.roles import ManagedPolicyRole


class ActionRoles(Construct):
    """Makes the role of each action, and lets the pipeline's own role assume it.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        artifacts: The store that actions read from and write to.

    Attributes:
        pipeline_role: What CodePipeline itself acts as: it may use the artefacts and assume the actions' roles.
        by_name: Every role that was made, by the name of its action.
    """

    def __init__(self, scope: Construct, construct_id: str, *, artifacts: ArtifactStore) -> None:
        super().__init__(scope, construct_id)
        self.artifacts = artifacts
        self.pipeline_role = ManagedPolicyRole(
            self,
            "Pipeline",
            assumed_by=iam.ServicePrincipal("codepipeline.amazonaws.com"),
            description="CodePipeline: hands artefacts on and assumes the roles of its actions",
        )
        self.pipeline_role.add_managed_policy(artifacts.readers)
        self.pipeline_role.add_managed_policy(artifacts.writers)
        self.by_name: dict[str, iam.IRole] = {}

    def make(
        self,
        name: str,
        statements: Sequence[iam.PolicyStatement],
        *,
        reads: bool = False,
        writes: bool = False,
    ) -> ManagedPolicyRole:
        """A role for the action ``name`` with no more than ``statements`` and its use of the artefacts."""
        role = ManagedPolicyRole(
            self,
            name,
            assumed_by=iam.ArnPrincipal(self.pipeline_role.role_arn),
            description=f"The pipeline action {name}",
        )
        if reads:
            role.add_managed_policy(self.artifacts.readers)
        if writes:
            role.add_managed_policy(self.artifacts.writers)
        for statement in statements:
            role.add_to_principal_policy(statement)
        self._let_pipeline_assume(role.role_arn)
        self.by_name[name] = role
        return role

    def take(self, name: str, role_arn: str) -> iam.IRole:
        """The role of another account that the action ``name`` runs as."""
        role = iam.Role.from_role_arn(self, name, role_arn, mutable=False)
        self.artifacts.admit(role_arn)
        self._let_pipeline_assume(role_arn)
        self.by_name[name] = role
        return role

    def _let_pipeline_assume(self, role_arn: str) -> None:
        self.pipeline_role.add_to_principal_policy(
            iam.PolicyStatement(actions=["sts:AssumeRole"], resources=[role_arn])
        )


def as_it_is(role: iam.IRole) -> iam.IRole:
    """The role for the CDK's actions and projects, which would add wildcards to it; what they need is granted here."""
    return role.without_policy_updates() if isinstance(role, iam.Role) else role
