"""The management account: organizational units, the policies that bind every account, the organisation trail."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from aws_cdk import CfnResource
from aws_cdk import aws_organizations as organizations
from constructs import Construct

from pavedroad.security.keys import rotated_key
from pavedroad_platform.guardrails.declarative import ec2_policy, s3_policy
from pavedroad_platform.guardrails.resource_control import resource_control_policy
from pavedroad_platform.guardrails.service_control import service_control_policy
from pavedroad_platform.guardrails.tag_policy import tag_policy
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import ROOT, OrganizationalUnit, Purpose
from pavedroad_platform.organization.names import pascal_case
from stacks.account_placement import AccountPlacement
from stacks.account_stack import AccountStack
from stacks.budgets import Budgets
from stacks.launch_role_stack_sets import LaunchRoleStackSets
from stacks.organization_trail import OrganizationTrail


class OrganizationStack(AccountStack):
    """Organizational units and the accounts in them, policies, what launches products, the trail, budgets of teams.

    The policies that every account needs are attached to the root: they bind an account from the moment it joins,
    wherever it is placed. The organisation exists already, with its policy types and trusted access enabled.

    Args:
        scope: The app.
        construct_id: The stack's name.
        organization: The configuration.

    Attributes:
        trail: The organisation trail.

    Source: https://docs.aws.amazon.com/whitepapers/latest/organizing-your-aws-environment/
    """

    def __init__(self, scope: Construct, construct_id: str, *, organization: Organization) -> None:
        account = organization.account_with_purpose(Purpose.MANAGEMENT)
        super().__init__(
            scope,
            construct_id,
            organization=organization,
            account=account,
            description="The organisation: organizational units, policies, the trail of all accounts, budgets of teams",
        )
        self._organization = organization
        self._units: dict[str, organizations.CfnOrganizationalUnit] = {}
        for unit in organization.organizational_units.values():
            self._make_unit(unit)
        policies = [*self._service_control_policies(), *self._policies_of_all_accounts()]
        _one_after_the_other([*self._units.values(), *policies])
        key = rotated_key(self, "Key", description="Encrypts the logs of the management account")
        placement = AccountPlacement(
            self,
            "AccountPlacement",
            organization=organization,
            organizational_unit_ids={unit: self._id_of(unit) for unit in (ROOT, *self._units)},
            encryption_key=key,
        )
        placement.node.add_dependency(policies[-1])
        launch_roles = LaunchRoleStackSets(
            self,
            "LaunchRoles",
            organization=organization,
            organizational_unit_ids={unit: self._id_of(unit) for unit in (ROOT, *self._units)},
        )
        launch_roles.node.add_dependency(placement)
        self.trail = OrganizationTrail(self, "Trail", organization=organization, encryption_key=key)
        Budgets(self, "Budgets", organization=organization, account=account)

    def _make_unit(self, unit: OrganizationalUnit) -> None:
        if unit.key in self._units:
            return
        if unit.parent != ROOT:
            self._make_unit(self._organization.organizational_units[unit.parent])
        self._units[unit.key] = organizations.CfnOrganizationalUnit(
            self, f"Unit{pascal_case(unit.key)}", name=unit.name, parent_id=self._id_of(unit.parent)
        )

    def _id_of(self, unit_key: str) -> str:
        return self._organization.root_id if unit_key == ROOT else self._units[unit_key].attr_id

    def _service_control_policies(self) -> list[organizations.CfnPolicy]:
        return [
            self._policy(
                policy.key,
                policy_type="SERVICE_CONTROL_POLICY",
                content=service_control_policy(policy.key, self._organization),
                targets=policy.targets,
            )
            for policy in self._organization.service_control_policies.values()
        ]

    def _policies_of_all_accounts(self) -> list[organizations.CfnPolicy]:
        documents = {
            "own-organization": ("RESOURCE_CONTROL_POLICY", resource_control_policy(self._organization)),
            "mandatory-tags": ("TAG_POLICY", tag_policy(self._organization)),
            "private-buckets": ("S3_POLICY", s3_policy()),
            "instance-defaults": ("DECLARATIVE_POLICY_EC2", ec2_policy()),
        }
        return [
            self._policy(name, policy_type=policy_type, content=content, targets=(ROOT,))
            for name, (policy_type, content) in documents.items()
        ]

    def _policy(
        self, name: str, *, policy_type: str, content: dict[str, Any], targets: Sequence[str]
    ) -> organizations.CfnPolicy:
        return organizations.CfnPolicy(
            self,
            f"Policy{pascal_case(name)}",
            name=self._organization.names.stack(name),
            type=policy_type,
            content=content,
            target_ids=[self._id_of(target) for target in targets],
        )


def _one_after_the_other(resources: Sequence[CfnResource]) -> None:
    # AWS Organizations refuses changes that come at the same time.
    for earlier, later in pairwise(resources):
        later.add_resource_dependency(earlier)
