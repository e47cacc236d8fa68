"""The roles that people take in an account, from the gateway and from nowhere else."""

from collections.abc import Mapping

from aws_cdk import aws_iam as iam
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge, acknowledge_all
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Account, PermissionSet, Purpose, Role
from pavedroad_platform.organization.names import pascal_case
from stacks.permissions import permissions_of


class GatewayRoles(Construct):
    """One role for each role in ``access.yaml`` that reaches the account.

    Each trusts the gateway role of the same name alone, for a person who signed in with a second factor, and whose name
    comes along as the source identity: CloudTrail shows it with every call. Where the configuration gives a role the
    accounts of a team, the person must be of that team.

    Args:
        scope: The account's stack.
        construct_id: The id, unique among the parent's children.
        organization: The configuration.
        account: The account that the roles stand in.

    Attributes:
        roles: The roles by their keys in ``access.yaml``.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
    Controls: IAM.6, NIST AC-2, AC-3, AC-6, IA-2(1).
    """

    def __init__(self, scope: Construct, construct_id: str, *, organization: Organization, account: Account) -> None:
        super().__init__(scope, construct_id)
        self._organization = organization
        self._account = account
        self._permissions: dict[str, tuple[PermissionSet, ...]] = {}
        self.roles: Mapping[str, iam.Role] = {role.key: self._role(role) for role in organization.roles_in(account)}

    def with_permission(self, permission: PermissionSet) -> list[iam.Role]:
        """The roles of this account that have ``permission``."""
        return [self.roles[key] for key, permissions in self._permissions.items() if permission in permissions]

    def _role(self, role: Role) -> iam.Role:
        self._permissions[role.key] = role.permissions
        made = iam.Role(
            self,
            pascal_case(role.key),
            role_name=self._organization.names.role(role.key),
            description=role.description,
            assumed_by=self._person(role),
        )
        assert made.assume_role_policy is not None
        made.assume_role_policy.add_statements(
            iam.PolicyStatement(actions=["sts:TagSession", "sts:SetSourceIdentity"], principals=[self._person(role)])
        )
        self._permit(made, role)
        return made

    def _person(self, role: Role) -> iam.IPrincipal:
        gateway = self._organization.account_with_purpose(Purpose.GATEWAY)
        conditions = {"aws:PrincipalTag/mfa": "true", "aws:SourceIdentity": "${aws:PrincipalTag/user}"}
        if self._account.team in role.targets.teams:
            conditions["aws:PrincipalTag/team"] = str(self._account.team)
        arn = f"arn:aws:iam::{gateway.id}:role/{self._organization.names.gateway_role(role.key)}"
        return iam.ArnPrincipal(arn).with_conditions({"StringEquals": conditions})

    def _permit(self, made: iam.Role, role: Role) -> None:
        granted = [permissions_of(permission, self._account, self._organization) for permission in role.permissions]
        for name, reason in {name: why for each in granted for name, why in each.managed_policies.items()}.items():
            made.add_managed_policy(iam.ManagedPolicy.from_aws_managed_policy_name(name))
            acknowledge(made, f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{name}]", reason)
        statements = [allowed for each in granted for allowed in each.statements]
        if not statements:
            return
        policy = iam.ManagedPolicy(
            made,
            "Access",
            managed_policy_name=f"{self._organization.names.role(role.key)}Access",
            roles=[made],
            statements=[allowed.statement() for allowed in statements],
        )
        reasons = {
            f"AwsSolutions-IAM5[Resource::{resource}]": allowed.reason
            for allowed in statements
            for resource in allowed.resources
        }
        acknowledge_all(policy, reasons)
