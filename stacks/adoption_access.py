"""The role that a report on adoption takes in an account: to read, and in the log archive to keep what it wrote."""

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct

from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import PermissionSet, Purpose


class AdoptionAccess(Construct):
    """The role. Who makes reports in the catalogue's account may take it: the function that makes one every day, and
    the roles that operate the platform.

    Args:
        scope: The account's stack.
        construct_id: The id, unique among the parent's children.
        organization: The configuration.
        statements: What the report needs in this account.

    Attributes:
        role: The role.
        policy: Its policy.

    Controls: NIST AC-3, AC-6.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        organization: Organization,
        statements: Sequence[iam.PolicyStatement],
    ) -> None:
        super().__init__(scope, construct_id)
        names = organization.names
        catalogue = organization.account_with_purpose(Purpose.SHARED_SERVICES)
        operating = [
            names.role(role.key)
            for role in organization.roles_in(catalogue)
            if PermissionSet.OPERATE_PLATFORM in role.permissions
        ]
        # The pipeline's roles, which CloudFormation names: they reconcile and announce what is launched.
        takers = (names.adoption_report, *operating, f"{names.stack('pipeline')}-*")
        callers = [f"arn:aws:iam::{catalogue.id}:role/{name}" for name in takers]
        callers_only = iam.AccountPrincipal(catalogue.id).with_conditions({"ArnLike": {"aws:PrincipalArn": callers}})
        self.role = iam.Role(
            self,
            "Resource",
            role_name=names.adoption,
            description="What a report on adoption may do in this account",
            # By condition: IAM refuses a principal that does not exist yet.
            assumed_by=callers_only,
        )
        assert self.role.assume_role_policy is not None
        # A person's tags and source identity come along from the gateway.
        self.role.assume_role_policy.add_statements(
            iam.PolicyStatement(actions=["sts:TagSession", "sts:SetSourceIdentity"], principals=[callers_only])
        )
        self.policy = iam.ManagedPolicy(self, "Policy", roles=[self.role], statements=list(statements))
