"""Each account in its organizational unit."""

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import CustomResource
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct, IDependable

from pavedroad.security.acknowledgments import acknowledge
from pavedroad_platform import custom_resources
from pavedroad_platform.custom_resources.handler_function import LONGEST, HandlerFunction
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Account, Purpose
from pavedroad_platform.organization.names import pascal_case

_HANDLER = Path(custom_resources.__path__[0]) / "account_placement_handler.py"


class AccountPlacement(Construct):
    """Moves each member account that exists already to its organizational unit.

    ``AWS::Organizations::Account`` makes new accounts and refuses existing ones; the configuration names accounts by
    their ids, so all of them exist.

    Args:
        scope: The stack of the management account.
        construct_id: The id, unique among the parent's children.
        organization: The configuration.
        organizational_unit_ids: The ids of the organizational units and the root, by their keys.
        encryption_key: Encrypts the function's log.

    Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_MoveAccount.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        organization: Organization,
        organizational_unit_ids: Mapping[str, str],
        encryption_key: kms.IKey,
    ) -> None:
        super().__init__(scope, construct_id)
        self._organization = organization
        function = HandlerFunction(
            self,
            "Function",
            handler=_HANDLER,
            description="Moves accounts to their organizational units",
            encryption_key=encryption_key,
            statements=[
                iam.PolicyStatement(
                    actions=["organizations:ListParents", "organizations:MoveAccount"], resources=self._resources()
                )
            ],
        )
        for resource in self._resources():
            acknowledge(
                function.role,
                f"AwsSolutions-IAM5[Resource::{resource}]",
                "It places the accounts of this organisation, and lists no more than where each one is.",
            )
        members = [account for account in organization.accounts.values() if account.purpose != Purpose.MANAGEMENT]
        placed: IDependable = function.role
        for account in members:
            parent_id = organizational_unit_ids[account.organizational_unit]
            # AWS Organizations refuses changes that come at the same time.
            placed = self._place(account, parent_id, function, after=placed)

    def _place(
        self, account: Account, parent_id: str, function: HandlerFunction, *, after: IDependable
    ) -> CustomResource:
        placed = CustomResource(
            self,
            pascal_case(account.key),
            resource_type="Custom::AccountPlacement",
            service_token=function.function.function_arn,
            service_timeout=LONGEST,
            properties={"AccountId": account.id, "ParentId": parent_id},
        )
        placed.node.add_dependency(function.role, after)
        return placed

    def _resources(self) -> list[str]:
        management = self._organization.account_with_purpose(Purpose.MANAGEMENT).id
        organization = f"{self._organization.id}/*"
        return [f"arn:aws:organizations::{management}:{kind}/{organization}" for kind in ("account", "ou", "root")]
