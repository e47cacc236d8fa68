"""Rules for caches; the packs know the replication group, and little of its users and of serverless caches."""

from pavedroad_platform.checks.rules.rule import Rule, at_least, equals, is_intrinsic, is_true, present

_GROUP = "AWS::ElastiCache::ReplicationGroup"
_SERVERLESS = "AWS::ElastiCache::ServerlessCache"
_USER = "AWS::ElastiCache::User"
_GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
_DELETION = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html"


def _not_everything(access: object) -> bool:
    return is_intrinsic(access) or (isinstance(access, str) and "+@all" not in access.split())


def _switched_off(access: object) -> bool:
    return isinstance(access, str) and "off" in access.split()


RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-ElastiCache-1",
        resource_type=_GROUP,
        place="DeletionPolicy",
        requires=equals("Snapshot", "Retain", "RetainExceptOnCreate"),
        message="loses the data with the stack: set DeletionPolicy to Snapshot",
        source=_DELETION,
    ),
    Rule(
        id="PavedRoad-ElastiCache-2",
        resource_type=_GROUP,
        place="AutoMinorVersionUpgrade",
        requires=is_true,
        message="stays on versions with known holes: set AutoMinorVersionUpgrade",
        source="AWS Security Hub ElastiCache.2",
    ),
    Rule(
        id="PavedRoad-ElastiCache-3",
        resource_type=_GROUP,
        place="KmsKeyId",
        requires=present,
        message="encrypts with the key that AWS owns: name a customer managed key",
        source="NIST SP 800-53 SC-12",
    ),
    Rule(
        id="PavedRoad-ElastiCache-4",
        resource_type=_GROUP,
        place="TransitEncryptionMode",
        requires=equals("required"),
        message="may take connections without TLS: set TransitEncryptionMode to required",
        source=f"{_GUIDE}in-transit-encryption.html",
    ),
    Rule(
        id="PavedRoad-ElastiCache-5",
        resource_type=_GROUP,
        place="UserGroupIds",
        requires=present,
        message="lets everybody in who reaches it: name a user group",
        source="AWS Security Hub ElastiCache.6",
    ),
    Rule(
        id="PavedRoad-ElastiCache-6",
        resource_type=_GROUP,
        place="SecurityGroupIds",
        requires=present,
        message="takes the default security group of the VPC: name a security group",
        source="AWS Security Hub EC2.2",
    ),
    Rule(
        id="PavedRoad-ElastiCache-7",
        resource_type=_GROUP,
        place="CacheSubnetGroupName",
        requires=present,
        message="stands in the default subnets: name a subnet group",
        source="AWS Security Hub ElastiCache.7",
    ),
    Rule(
        id="PavedRoad-ElastiCache-8",
        resource_type=_GROUP,
        place="LogDeliveryConfigurations",
        requires=present,
        message="tells nothing of slow commands and of its engine: deliver slow-log and engine-log",
        source=f"{_GUIDE}Log_Delivery.html",
    ),
    Rule(
        id="PavedRoad-ElastiCache-9",
        resource_type=_USER,
        place="AuthenticationMode.Type",
        requires=equals("iam"),
        message="logs in with a password, or without: set the type iam",
        source=f"{_GUIDE}auth-iam.html",
        when=lambda properties: properties.get("UserName") != "default",
    ),
    Rule(
        id="PavedRoad-ElastiCache-10",
        resource_type=_USER,
        place="AccessString",
        requires=_not_everything,
        message="may administer the cache: name the categories of commands in place of +@all",
        source=f"{_GUIDE}Clusters.RBAC.html",
    ),
    Rule(
        id="PavedRoad-ElastiCache-11",
        resource_type=_USER,
        place="AccessString",
        requires=_switched_off,
        message="lets everybody in as the default user: switch it off",
        source=f"{_GUIDE}Clusters.RBAC.html",
        when=lambda properties: properties.get("UserName") == "default",
    ),
    Rule(
        id="PavedRoad-ElastiCache-12",
        resource_type=_SERVERLESS,
        place="DeletionPolicy",
        requires=equals("Retain", "RetainExceptOnCreate"),
        message="loses the data with the stack: set DeletionPolicy to Retain",
        source=_DELETION,
    ),
    Rule(
        id="PavedRoad-ElastiCache-13",
        resource_type=_SERVERLESS,
        place="KmsKeyId",
        requires=present,
        message="encrypts with the key that AWS owns: name a customer managed key",
        source="NIST SP 800-53 SC-12",
    ),
    Rule(
        id="PavedRoad-ElastiCache-14",
        resource_type=_SERVERLESS,
        place="UserGroupId",
        requires=present,
        message="lets everybody in who reaches it: name a user group",
        source="AWS Security Hub ElastiCache.6",
    ),
    Rule(
        id="PavedRoad-ElastiCache-15",
        resource_type=_SERVERLESS,
        place="SecurityGroupIds",
        requires=present,
        message="takes the default security group of the VPC: name a security group",
        source="AWS Security Hub EC2.2",
    ),
    Rule(
        id="PavedRoad-ElastiCache-16",
        resource_type=_SERVERLESS,
        place="SnapshotRetentionLimit",
        requires=at_least(1),
        message="has no backups: set SnapshotRetentionLimit",
        source="AWS Security Hub ElastiCache.1",
    ),
)
