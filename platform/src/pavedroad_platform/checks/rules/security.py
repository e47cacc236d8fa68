"""Rules for security resources."""

from collections.abc import Callable, Mapping
from typing import Any

from pavedroad_platform.checks.findings import FinishedTemplate
from pavedroad_platform.checks.references import references
from pavedroad_platform.checks.rules.rule import Rule, at_least, equals, is_false, is_true, present
from pavedroad_platform.checks.rules.statements import (
    conditions_accounts,
    conditions_deputies,
    conditions_everybody,
    conditions_grants,
    conditions_keys,
    conditions_passing,
    conditions_people,
    conditions_services,
    confines,
    denies,
    denies_when,
    names_actions,
    names_principals,
)

# The denials of each guardrail, by the end of the policy's name.
_DENIALS = {
    "protect-platform": (
        "AccountStays",
        "NoUsersNoKeys",
        "NoOtherIdentityProviders",
        "RecordingGoesOn",
        "FlowLogsGoOn",
        "LogsStay",
        "RolesStay",
        "StacksStay",
    ),
    "deny-root-user": ("RootUser",),
    "allowed-regions": ("AllowedRegions",),
    "protect-data": (
        "AccountStaysPrivate",
        "BucketsStayPrivate",
        "SnapshotsAndImagesStay",
        "SharesStayInside",
        "KeysAndBackupsStay",
    ),
    "require-encryption": ("Volumes", "DatabaseInstances", "DatabaseClusters", "FileSystems"),
    "own-organization": ("OwnPrincipals", "OwnDeputies", "SecureTransport"),
}


def _named(ending: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda properties: str(properties.get("Name")).endswith(ending)


def _is_of_a_product(role: Mapping[str, Any], template: FinishedTemplate) -> bool:
    """Whether a product makes the role, or Service Catalog takes it: those are what teams set in motion."""
    trusted = str(role["Properties"]["AssumeRolePolicyDocument"])
    return template.name.startswith("product-") or "servicecatalog.amazonaws.com" in trusted


def _is_of_a_task(role: Mapping[str, Any], template: FinishedTemplate) -> bool:
    """Whether the application in an ECS task has the role."""
    tasks = [each for each in template.resources.values() if each["Type"] == "AWS::ECS::TaskDefinition"]
    names = {name for task in tasks for name in references(task["Properties"].get("TaskRoleArn"))}
    return any(template.resources.get(name) is role for name in names)


RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-KMS-1",
        resource_type="AWS::KMS::Key",
        place="DeletionPolicy",
        requires=equals("Retain"),
        message="makes the data unreadable with the stack: set DeletionPolicy to Retain",
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html",
    ),
    Rule(
        id="PavedRoad-KMS-2",
        resource_type="AWS::KMS::Key",
        place="EnableKeyRotation",
        requires=is_true,
        message="encrypts with the same material for ever: set EnableKeyRotation to true",
        source="AWS Security Hub KMS.4",
        when=lambda properties: properties.get("KeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT",
    ),
    Rule(
        id="PavedRoad-KMS-3",
        resource_type="AWS::KMS::Key",
        place="KeyPolicy.Statement.*",
        requires=names_actions,
        message="allows every action: name the actions",
        source="AWS Well-Architected SEC03-BP02",
    ),
    Rule(
        id="PavedRoad-KMS-4",
        resource_type="AWS::KMS::Key",
        place="KeyPolicy.Statement.*",
        requires=names_principals,
        message="lets everybody use the key: name the principals",
        source="AWS Security Hub KMS.5",
    ),
    Rule(
        id="PavedRoad-KMS-5",
        resource_type="AWS::KMS::Key",
        place="KeyPolicy.Statement.*",
        requires=conditions_services,
        message="lets a service use the key for another account: set a condition on the source",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ),
    Rule(
        id="PavedRoad-KMS-6",
        resource_type="AWS::KMS::Key",
        place="KeyPolicy.Statement.*",
        requires=conditions_accounts,
        message="names the uses of the key and leaves whom to IAM: set a condition, such as kms:ViaService",
        source="https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html",
    ),
    Rule(
        id="PavedRoad-KMS-7",
        resource_type="AWS::KMS::Key",
        place="KeyPolicy.Statement.*",
        requires=conditions_grants,
        message="lets the key be handed on to anybody: set kms:GrantIsForAWSResource",
        source="https://docs.aws.amazon.com/kms/latest/developerguide/grant-authorization.html",
    ),
    Rule(
        id="PavedRoad-ACM-1",
        resource_type="AWS::CertificateManager::Certificate",
        place="CertificateTransparencyLoggingPreference",
        requires=equals(None, "ENABLED"),
        message="keeps the certificate out of the public logs: set CertificateTransparencyLoggingPreference to ENABLED",
        source="https://docs.aws.amazon.com/acm/latest/userguide/acm-bestpractices.html",
    ),
    Rule(
        id="PavedRoad-Logs-1",
        resource_type="AWS::Logs::LogGroup",
        place="DeletionPolicy",
        requires=equals("Retain"),
        message="loses the evidence with the stack: set DeletionPolicy to Retain",
        source="NIST SP 800-53 AU-11",
    ),
    Rule(
        id="PavedRoad-Logs-4",
        resource_type="AWS::Logs::LogGroup",
        place="KmsKeyId",
        requires=present,
        message="keeps logs under a key that nobody here can revoke: set KmsKeyId",
        source="NIST SP 800-53 SC-28",
    ),
    Rule(
        id="PavedRoad-Logs-2",
        resource_type="AWS::Logs::LogGroup",
        place="RetentionInDays",
        requires=at_least(90),
        message="keeps logs for ever, or not long enough to look into what happened: set 90 or more",
        source="AWS Security Hub CloudWatch.16",
    ),
    Rule(
        id="PavedRoad-CloudTrail-2",
        resource_type="AWS::CloudTrail::Trail",
        place="IsLogging",
        requires=is_true,
        message="records nothing: set IsLogging",
        source="AWS Security Hub CloudTrail.1",
    ),
    Rule(
        id="PavedRoad-CloudTrail-3",
        resource_type="AWS::CloudTrail::Trail",
        place="IsOrganizationTrail",
        requires=is_true,
        message="records one account only: set IsOrganizationTrail",
        source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html",
    ),
    Rule(
        id="PavedRoad-CloudTrail-4",
        resource_type="AWS::CloudTrail::Trail",
        place="IncludeGlobalServiceEvents",
        requires=is_true,
        message="leaves IAM and STS out: set IncludeGlobalServiceEvents",
        source="AWS Security Hub CloudTrail.1",
    ),
    Rule(
        id="PavedRoad-CloudTrail-5",
        resource_type="AWS::CloudTrail::Trail",
        place="IsMultiRegionTrail",
        requires=is_true,
        message="records one region only: set IsMultiRegionTrail",
        source="AWS Security Hub CloudTrail.1",
    ),
    Rule(
        id="PavedRoad-CloudWatch-1",
        resource_type="AWS::CloudWatch::Alarm",
        place="AlarmActions",
        requires=present,
        message="tells nobody: set AlarmActions",
        source="AWS Security Hub CloudWatch.15",
    ),
    Rule(
        id="PavedRoad-SNS-7",
        resource_type="AWS::SNS::Topic",
        place="KmsMasterKeyId",
        requires=present,
        message="keeps messages in clear text: set KmsMasterKeyId",
        source="AWS Security Hub SNS.1",
    ),
    Rule(
        id="PavedRoad-SNS-1",
        resource_type="AWS::SNS::TopicPolicy",
        place="PolicyDocument.Statement",
        requires=denies_when("aws:SecureTransport"),
        message="lets messages in that are not encrypted: deny where aws:SecureTransport is false",
        source="https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    ),
    Rule(
        id="PavedRoad-SNS-2",
        resource_type="AWS::SNS::TopicPolicy",
        place="PolicyDocument.Statement.*",
        requires=names_actions,
        message="allows every action: name the actions",
        source="AWS Well-Architected SEC03-BP02",
    ),
    Rule(
        id="PavedRoad-SNS-3",
        resource_type="AWS::SNS::TopicPolicy",
        place="PolicyDocument.Statement.*",
        requires=names_principals,
        message="lets everybody publish: name the principals",
        source="AWS Security Hub SNS.4",
    ),
    Rule(
        id="PavedRoad-SNS-4",
        resource_type="AWS::SNS::TopicPolicy",
        place="PolicyDocument.Statement.*",
        requires=conditions_services,
        message="lets a service publish for another account: set a condition on the source",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ),
    Rule(
        id="PavedRoad-IAM-1",
        resource_type="AWS::IAM::Role",
        place="AssumeRolePolicyDocument.Statement.*",
        requires=names_actions,
        message="allows every action: name the actions",
        source="AWS Well-Architected SEC03-BP02",
    ),
    Rule(
        id="PavedRoad-IAM-2",
        resource_type="AWS::IAM::Role",
        place="AssumeRolePolicyDocument.Statement.*",
        requires=names_principals,
        message="trusts everybody: name the principals",
        source="AWS Well-Architected SEC03-BP07",
    ),
    Rule(
        id="PavedRoad-IAM-3",
        resource_type="AWS::IAM::ManagedPolicy",
        place="PolicyDocument.Statement",
        requires=denies(
            "RolesOnlyWithThisBoundary",
            "TheBoundaryStays",
            "NoUsersNorKeys",
            "PlatformRoles",
            "PlatformPolicies",
            "PlatformStacks",
            "PlatformKeys",
            "PlatformParameters",
            "OrganizationAndAccount",
        ),
        message="lets a workload leave its boundary: put the denial back",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
        when=lambda properties: properties.get("ManagedPolicyName") == "PavedRoadBoundary",
    ),
    *(
        Rule(
            id=f"PavedRoad-Organizations-{number}",
            resource_type="AWS::Organizations::Policy",
            place="Content.Statement",
            requires=denies(*sids),
            message=f"lacks a denial of the guardrail {name}: put it back",
            source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html",
            when=_named(name),
        )
        for number, (name, sids) in enumerate(_DENIALS.items(), start=1)
    ),
    Rule(
        id="PavedRoad-IAM-4",
        resource_type="AWS::IAM::ManagedPolicy",
        place="PolicyDocument.Statement.*",
        requires=confines,
        message="allows on every resource what can be confined: name the resources, or set a condition",
        source="AWS Well-Architected SEC03-BP02",
    ),
    Rule(
        id="PavedRoad-IAM-13",
        resource_type="AWS::IAM::ManagedPolicy",
        place="PolicyDocument.Statement.*",
        requires=names_actions,
        message="allows every action: name the actions",
        source="AWS Security Hub IAM.1",
    ),
    Rule(
        id="PavedRoad-IAM-14",
        resource_type="AWS::IAM::ManagedPolicy",
        place="PolicyDocument.Statement.*",
        requires=conditions_keys,
        message="reads with every key of the account: set kms:ResourceAliases or kms:ViaService",
        source="https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html",
    ),
    Rule(
        id="PavedRoad-IAM-5",
        resource_type="AWS::IAM::ManagedPolicy",
        place="PolicyDocument.Statement.*",
        requires=conditions_passing,
        message="passes roles to any service or takes them anywhere: set iam:PassedToService or aws:ResourceOrgID",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    ),
    Rule(
        id="PavedRoad-IAM-6",
        resource_type="AWS::IAM::Role",
        place="AssumeRolePolicyDocument.Statement.*",
        requires=conditions_people,
        message="lets the principal in without any condition: ask for the second factor and who the person is",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html",
    ),
    Rule(
        id="PavedRoad-IAM-7",
        resource_type="AWS::IAM::Role",
        place="AssumeRolePolicyDocument.Statement.*",
        requires=conditions_deputies,
        message="lets a service act for other accounts: set aws:SourceAccount",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ),
    Rule(
        id="PavedRoad-IAM-8",
        resource_type="AWS::IAM::Role",
        place="AssumeRolePolicyDocument.Statement",
        requires=denies("UserIsTransitive", "TeamIsTransitive", "MfaIsTransitive"),
        message="lets session tags end at the gateway: deny sign-in where a tag is not transitive",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html",
        when=lambda properties: "Federated" in str(properties["AssumeRolePolicyDocument"]),
    ),
    Rule(
        id="PavedRoad-IAM-9",
        resource_type="AWS::IAM::Role",
        place="PermissionsBoundary",
        requires=present,
        message="is not bounded: set PermissionsBoundary to the platform's",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
        within=_is_of_a_product,
    ),
    Rule(
        id="PavedRoad-ServiceCatalog-1",
        resource_type="AWS::ServiceCatalog::CloudFormationProduct",
        place="ProvisioningArtifactParameters.*.DisableTemplateValidation",
        requires=is_false,
        message="publishes a template that CloudFormation has not validated: leave DisableTemplateValidation out",
        source="https://docs.aws.amazon.com/servicecatalog/latest/dg/API_ProvisioningArtifactProperties.html",
    ),
    Rule(
        id="PavedRoad-ServiceCatalog-2",
        resource_type="AWS::ServiceCatalog::TagOption",
        place="Active",
        requires=is_true,
        message="no longer asks for the tag: set Active, or remove the option",
        source="https://docs.aws.amazon.com/servicecatalog/latest/adminguide/tagoptions.html",
    ),
    Rule(
        id="PavedRoad-Events-1",
        resource_type="AWS::Events::Rule",
        place="State",
        requires=equals(None, "ENABLED"),
        message="tells nobody: set State to ENABLED",
        source="NIST SP 800-53 IR-6",
    ),
    Rule(
        id="PavedRoad-IAM-10",
        resource_type="AWS::IAM::Role",
        place="AssumeRolePolicyDocument.Statement.*",
        requires=conditions_everybody,
        message="gives the application's rights to tasks of other accounts: set aws:SourceAccount",
        source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
        within=_is_of_a_task,
    ),
)
