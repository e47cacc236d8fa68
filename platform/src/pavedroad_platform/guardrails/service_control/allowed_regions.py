"""Nothing is made where nobody looks: every region but the allowed ones is denied, AWS's global services excepted.

Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html
"""

from typing import Final

from pavedroad_platform.guardrails.policy_document import Statement
from pavedroad_platform.organization.models import Organization

_GLOBAL_SERVICES: Final = (
    "account:*",
    "artifact:*",
    "aws-portal:*",
    "billing:*",
    "budgets:*",
    "ce:*",
    "cloudfront:*",
    "cur:*",
    "globalaccelerator:*",
    "health:*",
    "iam:*",
    "networkmanager:*",
    "organizations:*",
    "pricing:*",
    "resource-explorer-2:*",
    "route53:*",
    "route53domains:*",
    "s3:GetAccountPublic*",
    "s3:ListAllMyBuckets",
    "shield:*",
    "sts:*",
    "support:*",
    "supportplans:*",
    "sustainability:*",
    "tax:*",
    "trustedadvisor:*",
    "waf:*",
    "wellarchitected:*",
)
"""Services with one endpoint for all regions: their requests arrive in a region that nobody chose."""


def statements(organization: Organization) -> list[Statement]:
    """The statements of the policy ``allowed-regions``."""
    return [
        {
            "Sid": "AllowedRegions",
            "Effect": "Deny",
            "NotAction": list(_GLOBAL_SERVICES),
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": list(organization.allowed_regions)}},
        }
    ]
