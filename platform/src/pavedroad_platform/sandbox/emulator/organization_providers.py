"""The CloudFormation types of AWS Organizations."""

import json
from collections.abc import Mapping
from typing import Any

from ministack.services import organizations as service

from pavedroad_platform.sandbox.emulator import organizations
from pavedroad_platform.sandbox.emulator.in_process_client import call
from pavedroad_platform.sandbox.emulator.resource import Provider, Resource


class OrganizationProvider:
    """``AWS::Organizations::Organization``: the current account becomes the management account."""

    def create(self, resource: Resource) -> None:
        """Create the organization and answer its root."""
        organization = call("organizations", "DescribeOrganization")["Organization"]
        resource.attributes |= {
            "Id": organization["Id"],
            "Arn": organization["Arn"],
            "ManagementAccountArn": organization["MasterAccountArn"],
            "ManagementAccountId": organization["MasterAccountId"],
            "ManagementAccountEmail": organization["MasterAccountEmail"],
            "RootId": call("organizations", "ListRoots")["Roots"][0]["Id"],
        }

    def update(self, resource: Resource) -> None:
        """Its one property, the feature set, has all features already."""

    def delete(self, resource: Resource) -> None:
        """The organization goes with its emulator: members may still stand in it."""


class OrganizationalUnitProvider:
    """``AWS::Organizations::OrganizationalUnit``."""

    def create(self, resource: Resource) -> None:
        """Create the unit under its parent."""
        unit = call("organizations", "CreateOrganizationalUnit", **resource.picked("Name", "ParentId", "Tags"))[
            "OrganizationalUnit"
        ]
        resource.attributes |= {"Id": unit["Id"], "Arn": unit["Arn"]}

    def update(self, resource: Resource) -> None:
        """Rename the unit: MiniStack has no operation for it."""
        service._ous[resource.attributes["Id"]]["Name"] = resource.properties["Name"]

    def delete(self, resource: Resource) -> None:
        """Delete the unit; one with accounts or units in it is refused, as by AWS."""
        unit = resource.attributes["Id"]
        accounts = call("organizations", "ListAccountsForParent", ParentId=unit)["Accounts"]
        if accounts or call("organizations", "ListOrganizationalUnitsForParent", ParentId=unit)["OrganizationalUnits"]:
            raise ValueError(f"OrganizationalUnitNotEmptyException: the organizational unit {unit} is not empty")
        call("organizations", "DeleteOrganizationalUnit", OrganizationalUnitId=unit)


class AccountProvider:
    """``AWS::Organizations::Account``."""

    def create(self, resource: Resource) -> None:
        """Make the account and put it under its parent."""
        properties = resource.properties
        account = organizations.create_account(
            properties["AccountName"], properties["Email"], list(properties.get("Tags", []))
        )
        for parent in properties.get("ParentIds", [])[:1]:
            organizations.move_account(account, parent)
        described = call("organizations", "DescribeAccount", AccountId=account)["Account"]
        resource.attributes |= {"AccountId": account, "Arn": described["Arn"], "Status": described["Status"]}
        resource.attributes |= {"JoinedMethod": described["JoinedMethod"]}

    def update(self, resource: Resource) -> None:
        """Move the account where its parent changed."""
        for parent in resource.properties.get("ParentIds", [])[:1]:
            organizations.move_account(resource.attributes["AccountId"], parent)

    def delete(self, resource: Resource) -> None:
        """Close the account."""
        organizations.leave(resource.attributes["AccountId"])


class PolicyProvider:
    """``AWS::Organizations::Policy`` of any type, with its targets."""

    def create(self, resource: Resource) -> None:
        """Create the policy and attach it."""
        summary = call(
            "organizations",
            "CreatePolicy",
            **{"Description": "", **resource.picked("Name", "Type", "Description", "Tags")},
            Content=_content(resource.properties),
        )["Policy"]["PolicySummary"]
        resource.attributes |= {"Id": summary["Id"], "Arn": summary["Arn"], "AwsManaged": False}
        for target in resource.properties.get("TargetIds", []):
            call("organizations", "AttachPolicy", PolicyId=summary["Id"], TargetId=target)

    def update(self, resource: Resource) -> None:
        """Change content and targets."""
        policy = resource.attributes["Id"]
        call(
            "organizations",
            "UpdatePolicy",
            PolicyId=policy,
            Content=_content(resource.properties),
            **resource.picked("Name", "Description"),
        )
        before, after = (
            set(properties.get("TargetIds", [])) for properties in (resource.previous, resource.properties)
        )
        for target in before - after:
            call("organizations", "DetachPolicy", PolicyId=policy, TargetId=target)
        for target in after - before:
            call("organizations", "AttachPolicy", PolicyId=policy, TargetId=target)

    def delete(self, resource: Resource) -> None:
        """Detach and delete the policy."""
        policy = resource.attributes["Id"]
        for target in call("organizations", "ListTargetsForPolicy", PolicyId=policy)["Targets"]:
            call("organizations", "DetachPolicy", PolicyId=policy, TargetId=target["TargetId"])
        call("organizations", "DeletePolicy", PolicyId=policy)


def _content(properties: Mapping[str, Any]) -> str:
    content = properties["Content"]
    return content if isinstance(content, str) else json.dumps(content)


ORGANIZATION_PROVIDERS: Mapping[str, Provider] = {
    "AWS::Organizations::Organization": OrganizationProvider(),
    "AWS::Organizations::OrganizationalUnit": OrganizationalUnitProvider(),
    "AWS::Organizations::Account": AccountProvider(),
    "AWS::Organizations::Policy": PolicyProvider(),
}
"""The providers by type."""
