"""The root user of a member account does nothing; what only root can do, the management account does for it.

Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html
"""

from pavedroad_platform.guardrails.policy_document import Statement
from pavedroad_platform.organization.models import Organization


def statements(_organization: Organization) -> list[Statement]:
    """The statements of the policy ``deny-root-user``."""
    return [
        {
            "Sid": "RootUser",
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {
                "ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:root"},
                # Privileged tasks of the management account come as root too, in a short session for one task.
                "Null": {"aws:AssumedRoot": "true"},
            },
        }
    ]
