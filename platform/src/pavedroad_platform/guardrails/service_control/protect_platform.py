"""What the platform made stays as the platform made it: recording, the roles, the organisation itself.

Whoever takes over an account first stops the recording, then makes a way back in. Both are denied here to everyone but
the deployment of the platform, so that neither an administrator of an account nor a launched product can do it.

Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html
"""

from pavedroad_platform.guardrails.policy_document import Statement
from pavedroad_platform.guardrails.principals import DEPLOYMENT_ROLES, LAUNCH_ROLES, unless
from pavedroad_platform.organization.models import Organization
from pavedroad_platform.organization.names import PREFIX


def statements(organization: Organization) -> list[Statement]:
    """The statements of the policy ``protect-platform``."""
    return [
        _account_stays(),
        _people_come_through_the_gateway(),
        _identity_providers_are_the_platforms(),
        _recording_goes_on(),
        _flow_logs_go_on(),
        _logs_stay(organization),
        _roles_stay(),
        _stacks_stay(organization),
    ]


def _account_stays() -> Statement:
    return {
        "Sid": "AccountStays",
        "Effect": "Deny",
        "Action": ["account:CloseAccount", "organizations:LeaveOrganization"],
        "Resource": "*",
    }


def _people_come_through_the_gateway() -> Statement:
    return {
        "Sid": "NoUsersNoKeys",
        "Effect": "Deny",
        "Action": ["iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:CreateUser"],
        "Resource": "*",
    }


def _identity_providers_are_the_platforms() -> Statement:
    return {
        "Sid": "NoOtherIdentityProviders",
        "Effect": "Deny",
        "Action": [
            "iam:CreateOpenIDConnectProvider",
            "iam:CreateSAMLProvider",
            "iam:DeleteSAMLProvider",
            "iam:UpdateSAMLProvider",
        ],
        "Resource": "*",
        "Condition": unless(*DEPLOYMENT_ROLES),
    }


def _recording_goes_on() -> Statement:
    return {
        "Sid": "RecordingGoesOn",
        "Effect": "Deny",
        "Action": [
            "access-analyzer:DeleteAnalyzer",
            "cloudtrail:DeleteTrail",
            "cloudtrail:PutEventSelectors",
            "cloudtrail:PutInsightSelectors",
            "cloudtrail:StopLogging",
            "cloudtrail:UpdateTrail",
            "config:DeleteConfigurationRecorder",
            "config:DeleteDeliveryChannel",
            "config:DeleteRetentionConfiguration",
            "config:PutConfigurationRecorder",
            "config:PutDeliveryChannel",
            "config:StopConfigurationRecorder",
            "guardduty:DeleteDetector",
            "guardduty:DisassociateFromAdministratorAccount",
            "guardduty:UpdateDetector",
            "inspector2:Disable",
            "macie2:DisableMacie",
            "securityhub:DisableSecurityHub",
            "securityhub:DisassociateFromAdministratorAccount",
        ],
        "Resource": "*",
        "Condition": unless(*DEPLOYMENT_ROLES),
    }


def _flow_logs_go_on() -> Statement:
    # A product that is terminated takes its network along, and the network's flow log with it.
    return {
        "Sid": "FlowLogsGoOn",
        "Effect": "Deny",
        "Action": "ec2:DeleteFlowLogs",
        "Resource": "*",
        "Condition": unless(*DEPLOYMENT_ROLES, LAUNCH_ROLES),
    }


def _logs_stay(organization: Organization) -> Statement:
    return {
        "Sid": "LogsStay",
        "Effect": "Deny",
        "Action": [
            "logs:DeleteLogGroup",
            "logs:DeleteLogStream",
            "logs:DeleteRetentionPolicy",
            "logs:PutRetentionPolicy",
        ],
        "Resource": f"arn:*:logs:*:*:log-group:/{organization.name}/*",
        "Condition": unless(*DEPLOYMENT_ROLES),
    }


def _roles_stay() -> Statement:
    return {
        "Sid": "RolesStay",
        "Effect": "Deny",
        "Action": [
            "iam:Attach*",
            "iam:Create*",
            "iam:Delete*",
            "iam:Detach*",
            "iam:Put*",
            "iam:SetDefaultPolicyVersion",
            "iam:Tag*",
            "iam:Untag*",
            "iam:Update*",
        ],
        "Resource": [
            f"arn:*:iam::*:policy/{PREFIX}*",
            f"arn:*:iam::*:role/{PREFIX}*",
            "arn:*:iam::*:role/OrganizationAccountAccessRole",
            "arn:*:iam::*:role/cdk-*",
            "arn:*:iam::*:role/stacksets-exec-*",
        ],
        "Condition": unless(*DEPLOYMENT_ROLES),
    }


def _stacks_stay(organization: Organization) -> Statement:
    return {
        "Sid": "StacksStay",
        "Effect": "Deny",
        "Action": [
            "cloudformation:CreateChangeSet",
            "cloudformation:DeleteStack",
            "cloudformation:ExecuteChangeSet",
            "cloudformation:SetStackPolicy",
            "cloudformation:UpdateStack",
            "cloudformation:UpdateTerminationProtection",
        ],
        "Resource": [
            f"arn:*:cloudformation:*:*:stack/{organization.name}-*",
            f"arn:*:cloudformation:*:*:stack/StackSet-{organization.name}-*",
            "arn:*:cloudformation:*:*:stack/CDKToolkit/*",
        ],
        "Condition": unless(*DEPLOYMENT_ROLES),
    }
