"""Rules for storage resources."""

from collections.abc import Mapping
from typing import Any

from pavedroad_platform.checks.findings import FinishedTemplate
from pavedroad_platform.checks.references import references
from pavedroad_platform.checks.rules.rule import Rule, equals, is_true, present
from pavedroad_platform.checks.rules.statements import (
    conditions_services,
    conditions_whole_accounts,
    denies,
    denies_when,
    names_actions,
    names_principals,
)

_ENCRYPTION = "BucketEncryption.ServerSideEncryptionConfiguration.*"


def _has_a_key(policy: Mapping[str, Any], template: FinishedTemplate) -> bool:
    """Whether the policy's bucket is encrypted with a key of its own."""
    buckets = [template.resources.get(name, {}) for name in references(policy["Properties"].get("Bucket"))]
    return any("KMSMasterKeyID" in str(bucket.get("Properties", {}).get("BucketEncryption")) for bucket in buckets)


RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-S3-1",
        resource_type="AWS::S3::Bucket",
        place="DeletionPolicy",
        requires=equals("Retain"),
        message="lets a stack take the data with it: set DeletionPolicy to Retain",
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html",
    ),
    Rule(
        id="PavedRoad-S3-2",
        resource_type="AWS::S3::Bucket",
        place="OwnershipControls.Rules.*.ObjectOwnership",
        requires=equals("BucketOwnerEnforced"),
        message="leaves access control lists in force: set BucketOwnerEnforced",
        source="AWS Security Hub S3.12",
    ),
    Rule(
        id="PavedRoad-S3-3",
        resource_type="AWS::S3::Bucket",
        place="LifecycleConfiguration.Rules.*.Status",
        requires=equals("Enabled"),
        message="keeps old versions and unfinished uploads for ever: set every lifecycle rule to Enabled",
        source="AWS Security Hub S3.10 and S3.13",
    ),
    Rule(
        id="PavedRoad-S3-4",
        resource_type="AWS::S3::Bucket",
        place=f"{_ENCRYPTION}.BucketKeyEnabled",
        requires=is_true,
        message="calls the key for every object: set BucketKeyEnabled",
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html",
        when=lambda properties: "aws:kms" in str(properties.get("BucketEncryption")),
    ),
    Rule(
        id="PavedRoad-S3-5",
        resource_type="AWS::S3::Bucket",
        place=f"{_ENCRYPTION}.ServerSideEncryptionByDefault.KMSMasterKeyID",
        requires=present,
        message="encrypts with the key that AWS manages, whose policy nobody can narrow: name a customer managed key",
        source="AWS Security Hub S3.17",
        when=lambda properties: "aws:kms" in str(properties.get("BucketEncryption")),
    ),
    Rule(
        id="PavedRoad-S3-6",
        resource_type="AWS::S3::Bucket",
        place="ObjectLockEnabled",
        requires=is_true,
        message="makes the object lock configuration void: set ObjectLockEnabled",
        source="AWS Security Hub S3.15",
        when=lambda properties: "ObjectLockConfiguration" in properties,
    ),
    Rule(
        id="PavedRoad-S3-7",
        resource_type="AWS::S3::Bucket",
        place="ObjectLockConfiguration.ObjectLockEnabled",
        requires=equals("Enabled"),
        message="makes the default retention void: set ObjectLockEnabled to Enabled",
        source="AWS Security Hub S3.15",
        when=lambda properties: properties.get("ObjectLockEnabled") is True,
    ),
    Rule(
        id="PavedRoad-S3-9",
        resource_type="AWS::S3::BucketPolicy",
        place="PolicyDocument.Statement",
        requires=denies_when("s3:TlsVersion"),
        message="lets requests in over TLS that is out of date: deny all where s3:TlsVersion is below 1.2",
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html",
    ),
    Rule(
        id="PavedRoad-S3-11",
        resource_type="AWS::S3::BucketPolicy",
        place="PolicyDocument.Statement.*",
        requires=names_actions,
        message="allows every action: name the actions",
        source="AWS Well-Architected SEC03-BP02",
    ),
    Rule(
        id="PavedRoad-S3-12",
        resource_type="AWS::S3::BucketPolicy",
        place="PolicyDocument.Statement.*",
        requires=names_principals,
        message="lets everybody in: name the principals",
        source="AWS Security Hub S3.6",
    ),
    Rule(
        id="PavedRoad-S3-13",
        resource_type="AWS::S3::BucketPolicy",
        place="PolicyDocument.Statement.*",
        requires=conditions_services,
        message="lets a service write for another account: set a condition on the source",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ),
    Rule(
        id="PavedRoad-S3-14",
        resource_type="AWS::S3::BucketPolicy",
        place="PolicyDocument.Statement",
        requires=denies("DenyOtherEncryption", "DenyOtherKeys"),
        message="lets uploads name a key whose holder decides who reads them: deny other encryption and keys",
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
        within=_has_a_key,
    ),
    Rule(
        id="PavedRoad-S3-15",
        resource_type="AWS::S3::Bucket",
        place="BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault.SSEAlgorithm",
        requires=present,
        message="leaves the encryption to the default of the day: set SSEAlgorithm",
        source="AWS Security Hub S3.17",
    ),
    Rule(
        id="PavedRoad-S3-16",
        resource_type="AWS::S3::BucketPolicy",
        place="PolicyDocument.Statement.*",
        requires=conditions_whole_accounts,
        message="lets a whole account in: name who of it in a condition",
        source="AWS Well-Architected SEC03-BP07",
    ),
    Rule(
        id="PavedRoad-S3-17",
        resource_type="AWS::S3::Bucket",
        place="OwnershipControls.Rules.*.ObjectOwnership",
        requires=equals("BucketOwnerEnforced", "BucketOwnerPreferred"),
        message="leaves objects to whoever delivers them: set BucketOwnerPreferred at least",
        source="AWS Security Hub S3.12",
    ),
    Rule(
        id="PavedRoad-S3-18",
        resource_type="AWS::S3::Bucket",
        place="VersioningConfiguration.Status",
        requires=equals("Enabled"),
        message="loses what is deleted or replaced by mistake: set Status to Enabled",
        source="AWS Security Hub S3.14",
    ),
    *(
        Rule(
            id=f"PavedRoad-S3-{number}",
            resource_type="AWS::S3::Bucket",
            place=f"PublicAccessBlockConfiguration.{setting}",
            requires=is_true,
            message=f"may be opened to everybody: set {setting} to true",
            source="AWS Security Hub S3.8",
        )
        for number, setting in enumerate(
            ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), start=19
        )
    ),
)
