from fnmatch import fnmatchcase

import pytest

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.guardrails.policy_document import size_in_bytes
from pavedroad_platform.guardrails.principals import DEPLOYMENT_ROLES, LAUNCH_ROLES
from pavedroad_platform.guardrails.service_control import service_control_policy
from pavedroad_platform.organization.models import ServiceControlPolicyName as Name

DEVELOPER = "arn:aws:iam::666666666666:role/PavedRoadDeveloper"
DEPLOYMENT = "arn:aws:iam::666666666666:role/cdk-hnb659fds-cfn-exec-role-666666666666-eu-west-1"
LAUNCH = "arn:aws:iam::666666666666:role/PavedRoadLaunchDatabase"
BREAK_GLASS = "arn:aws:iam::666666666666:role/PavedRoadBreakGlass"
ROOT_USER = "arn:aws:iam::666666666666:root"


@pytest.fixture
def denies(organization):
    """Whether a policy denies an action to a principal; conditions on anything but the principal count as met."""

    def answer(name: Name, action: str, principal: str, resource: str = "arn:aws:any:::thing") -> bool:
        statements = service_control_policy(name, organization)["Statement"]
        return any(_applies(statement, action, principal, resource) for statement in statements)

    return answer


def _applies(statement, action, principal, resource) -> bool:
    return (
        _any(statement["Action"], action.lower())
        and _any(statement["Resource"], resource)
        and not _spared(statement.get("Condition", {}), principal)
    )


def _any(patterns, value) -> bool:
    patterns = [patterns] if isinstance(patterns, str) else patterns
    return any(fnmatchcase(value, pattern) or fnmatchcase(value, pattern.lower()) for pattern in patterns)


def _spared(condition, principal) -> bool:
    spared = condition.get("ArnNotLike", {}).get("aws:PrincipalArn", [])
    only = condition.get("ArnLike", {}).get("aws:PrincipalArn")
    return _any(spared, principal) or (only is not None and not _any(only, principal))


@pytest.mark.parametrize("name", Name)
def test_every_policy_is_within_its_quota_and_only_denies(organization, name) -> None:
    document = service_control_policy(name, organization)
    assert size_in_bytes(document) <= 5120
    assert {statement["Effect"] for statement in document["Statement"]} == {"Deny"}
    names = [statement["Sid"] for statement in document["Statement"]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("action", ["organizations:LeaveOrganization", "account:CloseAccount", "iam:CreateUser"])
def test_nobody_leaves_or_makes_users_not_even_a_deployment(denies, action) -> None:
    assert denies(Name.PROTECT_PLATFORM, action, DEVELOPER)
    assert denies(Name.PROTECT_PLATFORM, action, DEPLOYMENT)


@pytest.mark.parametrize(
    "action",
    [
        "cloudtrail:StopLogging",
        "cloudtrail:DeleteTrail",
        "config:StopConfigurationRecorder",
        "guardduty:DeleteDetector",
        "securityhub:DisableSecurityHub",
        "ec2:DeleteFlowLogs",
        "iam:CreateSAMLProvider",
    ],
)
def test_recording_is_stopped_by_deployments_only(denies, action) -> None:
    assert denies(Name.PROTECT_PLATFORM, action, DEVELOPER)
    assert denies(Name.PROTECT_PLATFORM, action, BREAK_GLASS)
    assert not denies(Name.PROTECT_PLATFORM, action, DEPLOYMENT)


def test_a_terminated_product_takes_its_flow_log_along_and_stops_nothing_else(denies) -> None:
    assert not denies(Name.PROTECT_PLATFORM, "ec2:DeleteFlowLogs", LAUNCH)
    assert denies(Name.PROTECT_PLATFORM, "cloudtrail:StopLogging", LAUNCH)


@pytest.mark.parametrize(
    "role", ["PavedRoadDeveloper", "PavedRoadBoundary", "cdk-hnb659fds-deploy-role", "OrganizationAccountAccessRole"]
)
@pytest.mark.parametrize("action", ["iam:UpdateAssumeRolePolicy", "iam:AttachRolePolicy", "iam:CreateRole"])
def test_the_platforms_roles_change_by_deployment_only(denies, role, action) -> None:
    arn = f"arn:aws:iam::666666666666:role/{role}"
    assert denies(Name.PROTECT_PLATFORM, action, LAUNCH, arn)
    assert not denies(Name.PROTECT_PLATFORM, action, DEPLOYMENT, arn)


def test_roles_of_teams_are_the_teams(denies) -> None:
    arn = "arn:aws:iam::666666666666:role/order-service-task"
    assert not denies(Name.PROTECT_PLATFORM, "iam:CreateRole", LAUNCH, arn)


def test_the_platforms_stacks_are_the_platforms_and_launched_ones_are_not(denies) -> None:
    stack = "arn:aws:cloudformation:eu-west-1:666666666666:stack/{}/id"
    assert denies(Name.PROTECT_PLATFORM, "cloudformation:DeleteStack", DEVELOPER, stack.format("pavedroad-gateway"))
    assert not denies(
        Name.PROTECT_PLATFORM, "cloudformation:DeleteStack", DEVELOPER, stack.format("SC-666666666666-pp")
    )


def test_nobody_changes_the_accounts_public_access_block(denies) -> None:
    for principal in (DEVELOPER, DEPLOYMENT, LAUNCH):
        assert denies(Name.PROTECT_DATA, "s3:PutAccountPublicAccessBlock", principal)


def test_buckets_are_set_up_by_products_and_deployments(denies) -> None:
    assert denies(Name.PROTECT_DATA, "s3:PutBucketPublicAccessBlock", DEVELOPER)
    assert not denies(Name.PROTECT_DATA, "s3:PutBucketPublicAccessBlock", LAUNCH)
    assert not denies(Name.PROTECT_DATA, "s3:PutBucketPublicAccessBlock", DEPLOYMENT)


def test_the_root_user_does_nothing_and_everybody_else_is_untouched(denies) -> None:
    assert denies(Name.DENY_ROOT_USER, "s3:ListAllMyBuckets", ROOT_USER)
    assert not denies(Name.DENY_ROOT_USER, "s3:ListAllMyBuckets", DEVELOPER)


def test_an_account_in_quarantine_belongs_to_the_platform_and_to_emergencies(denies) -> None:
    assert denies(Name.QUARANTINE, "ec2:RunInstances", DEVELOPER)
    assert denies(Name.QUARANTINE, "ec2:RunInstances", LAUNCH)
    assert not denies(Name.QUARANTINE, "ec2:RunInstances", BREAK_GLASS)
    assert not denies(Name.QUARANTINE, "ec2:RunInstances", DEPLOYMENT)


def test_only_configured_regions_are_allowed_and_global_services_everywhere(organization) -> None:
    (statement,) = service_control_policy(Name.ALLOWED_REGIONS, organization)["Statement"]
    assert statement["Condition"] == {
        "StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1", "us-east-1"]}
    }
    assert {"iam:*", "organizations:*", "route53:*", "support:*"} <= set(statement["NotAction"])
    assert not any(fnmatchcase("ec2:RunInstances", pattern) for pattern in statement["NotAction"])


def test_unencrypted_storage_is_refused(organization) -> None:
    statements = {it["Sid"]: it for it in service_control_policy(Name.REQUIRE_ENCRYPTION, organization)["Statement"]}
    assert {sid: it["Condition"]["Bool"] for sid, it in statements.items()} == {
        "Volumes": {"ec2:Encrypted": "false"},
        "DatabaseInstances": {"rds:StorageEncrypted": "false"},
        "DatabaseClusters": {"rds:StorageEncrypted": "false"},
        "FileSystems": {"elasticfilesystem:Encrypted": "false"},
    }


def test_a_configuration_that_makes_a_policy_too_long_is_refused(organization) -> None:
    regions = tuple(f"eu-west-{number}" for number in range(1, 500))
    grown = organization.model_copy(update={"allowed_regions": regions})
    with pytest.raises(PlatformError, match=r"policy allowed-regions: it has [\d,]+ bytes .* takes 5,120 at most"):
        service_control_policy(Name.ALLOWED_REGIONS, grown)


def test_spared_principals_are_names_that_only_the_platform_can_make(denies) -> None:
    for pattern in (*DEPLOYMENT_ROLES, LAUNCH_ROLES):
        role = pattern.replace("arn:*:iam::*:", "arn:aws:iam::666666666666:").replace("*", "x")
        assert denies(Name.PROTECT_PLATFORM, "iam:CreateRole", DEVELOPER, role), role
