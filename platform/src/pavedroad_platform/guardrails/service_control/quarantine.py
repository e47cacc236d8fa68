"""An account that is not ready, or no longer trusted, stands still: only the platform and emergencies work in it."""

from pavedroad_platform.guardrails.policy_document import Statement
from pavedroad_platform.guardrails.principals import DEPLOYMENT_ROLES, break_glass_roles, unless
from pavedroad_platform.organization.models import Organization


def statements(organization: Organization) -> list[Statement]:
    """The statements of the policy ``quarantine``."""
    return [
        {
            "Sid": "Quarantine",
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": unless(*DEPLOYMENT_ROLES, "arn:*:iam::*:role/cdk-*", *break_glass_roles(organization)),
        }
    ]
