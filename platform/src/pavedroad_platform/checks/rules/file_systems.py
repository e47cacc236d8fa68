"""Rules for file systems."""

from pavedroad_platform.checks.rules.rule import Rule, equals, present
from pavedroad_platform.checks.rules.statements import denies_when

RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-EFS-1",
        resource_type="AWS::EFS::FileSystem",
        place="DeletionPolicy",
        requires=equals("Retain", "RetainExceptOnCreate"),
        message="loses the files with the stack: set DeletionPolicy to Retain",
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html",
    ),
    Rule(
        id="PavedRoad-EFS-2",
        resource_type="AWS::EFS::FileSystem",
        place="BackupPolicy.Status",
        requires=equals("ENABLED"),
        message="is not backed up: set BackupPolicy.Status to ENABLED",
        source="AWS Security Hub EFS.2, EFS.7",
    ),
    Rule(
        id="PavedRoad-EFS-3",
        resource_type="AWS::EFS::FileSystem",
        place="FileSystemPolicy.Statement",
        requires=denies_when("aws:SecureTransport"),
        message="can be mounted without TLS: deny it where aws:SecureTransport is false",
        source="https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html",
    ),
    Rule(
        id="PavedRoad-EFS-4",
        resource_type="AWS::EFS::FileSystem",
        place="KmsKeyId",
        requires=present,
        message="is encrypted with the key that AWS manages: name a customer managed key",
        source="NIST SP 800-53 SC-12",
    ),
    Rule(
        id="PavedRoad-EFS-5",
        resource_type="AWS::EFS::AccessPoint",
        place="PosixUser",
        requires=present,
        message="lets a client act as whom it says that it is: set PosixUser",
        source="AWS Security Hub EFS.4",
    ),
    Rule(
        id="PavedRoad-EFS-6",
        resource_type="AWS::EFS::AccessPoint",
        place="RootDirectory.Path",
        requires=lambda value: value not in (None, "/"),
        message="shows the whole file system: set RootDirectory.Path",
        source="AWS Security Hub EFS.3",
    ),
)
