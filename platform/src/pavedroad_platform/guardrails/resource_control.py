"""The resource control policy: data answers to this organisation alone, and only over TLS.

Service control policies bind our own principals; this binds everybody else. Whatever a bucket says, strangers
are refused, services that act for strangers are refused (the confused deputy), and so is plain text.

Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html
"""

from typing import Any, Final

from aws_cdk.region_info import RegionInfo

from pavedroad_platform.guardrails.policy_document import Statement, policy_document, require_size
from pavedroad_platform.organization.models import Organization
from pavedroad_platform.organization.quotas import RESOURCE_CONTROL_POLICY_BYTES

_DATA_SERVICES: Final = ("kms:*", "s3:*", "secretsmanager:*", "sqs:*")


def resource_control_policy(organization: Organization) -> dict[str, Any]:
    """The document of the resource control policy.

    Raises:
        PlatformError: It exceeds the quota of 5,120 bytes.
    """
    document = policy_document([_own_principals(organization), _own_deputies(organization), _secure_transport()])
    require_size("resource-control", document, RESOURCE_CONTROL_POLICY_BYTES)
    return document


def _own_principals(organization: Organization) -> Statement:
    strangers: dict[str, str | list[str]] = {"aws:PrincipalOrgID": organization.id}
    if load_balancing := _load_balancing_accounts(organization):
        strangers["aws:PrincipalAccount"] = load_balancing
    return {
        "Sid": "OwnPrincipals",
        "Effect": "Deny",
        "Principal": "*",
        # People who sign in by SAML have no organisation yet: AssumeRoleWithSAML is for the gateway's trust policies.
        "Action": [*_DATA_SERVICES, "sts:AssumeRole"],
        "Resource": "*",
        "Condition": {
            "StringNotEqualsIfExists": strangers,
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    }


def _load_balancing_accounts(organization: Organization) -> list[str]:
    # In older regions load balancers write access logs as an account of AWS's own, not as a service.
    accounts = (RegionInfo.get(region).elbv2_account for region in organization.allowed_regions)
    return sorted(account for account in accounts if account)


def _own_deputies(organization: Organization) -> Statement:
    return {
        "Sid": "OwnDeputies",
        "Effect": "Deny",
        "Principal": "*",
        "Action": [*_DATA_SERVICES, "sts:AssumeRole"],
        "Resource": "*",
        "Condition": {
            "StringNotEqualsIfExists": {"aws:SourceOrgID": organization.id},
            # Not every service says whom it acts for; those that do must act for us.
            "Null": {"aws:SourceAccount": "false"},
            "Bool": {"aws:PrincipalIsAWSService": "true"},
        },
    }


def _secure_transport() -> Statement:
    return {
        "Sid": "SecureTransport",
        "Effect": "Deny",
        "Principal": "*",
        "Action": list(_DATA_SERVICES),
        "Resource": "*",
        "Condition": {"BoolIfExists": {"aws:SecureTransport": "false"}},
    }
