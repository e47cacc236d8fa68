"""Rules for database resources."""

from collections.abc import Mapping

from pavedroad_platform.checks.rules.rule import Rule, at_least, equals, is_true, present


def forces_tls(parameters: object) -> bool:
    """Whether the parameters of a group refuse connections without TLS."""
    switches = ("rds.force_ssl", "require_secure_transport")
    return isinstance(parameters, Mapping) and any(str(parameters.get(name)) in {"1", "ON"} for name in switches)


def _copies(properties: Mapping[str, object]) -> bool:
    """A replica or a member of a cluster has the backups of what it belongs to."""
    return "SourceDBInstanceIdentifier" in properties or "DBClusterIdentifier" in properties


def _owns_data(properties: Mapping[str, object]) -> bool:
    return not _copies(properties)


def _stands_alone(properties: Mapping[str, object]) -> bool:
    """A member of a cluster takes these from the cluster."""
    return "DBClusterIdentifier" not in properties


RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-RDS-1",
        resource_type="AWS::RDS::DBInstance",
        place="DeletionPolicy",
        requires=equals("Snapshot", "Retain"),
        message="loses the data with the stack: set DeletionPolicy to Snapshot",
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html",
        when=_owns_data,
    ),
    Rule(
        id="PavedRoad-RDS-2",
        resource_type="AWS::RDS::DBInstance",
        place="DeleteAutomatedBackups",
        requires=equals(False),  # noqa: FBT003 - the value that is asked for
        message="removes the backups with the instance: set DeleteAutomatedBackups to false",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.Retaining.html",
        when=_owns_data,
    ),
    Rule(
        id="PavedRoad-RDS-3",
        resource_type="AWS::RDS::DBInstance",
        place="KmsKeyId",
        requires=present,
        message="encrypts with the key that AWS manages: name a customer managed key",
        source="NIST SP 800-53 SC-12",
        when=_owns_data,
    ),
    Rule(
        id="PavedRoad-RDS-4",
        resource_type="AWS::RDS::DBInstance",
        place="MasterUserSecret.KmsKeyId",
        requires=present,
        message="encrypts the password with the key that AWS manages: name a customer managed key",
        source="NIST SP 800-53 SC-12",
        when=_owns_data,
    ),
    Rule(
        id="PavedRoad-RDS-5",
        resource_type="AWS::RDS::DBInstance",
        place="ManageMasterUserPassword",
        requires=is_true,
        message="leaves the password to the template: set ManageMasterUserPassword",
        source="AWS Well-Architected SEC02-BP03",
        when=_owns_data,
    ),
    Rule(
        id="PavedRoad-RDS-6",
        resource_type="AWS::RDS::DBInstance",
        place="PerformanceInsightsKMSKeyId",
        requires=present,
        message="encrypts query texts with the key that AWS manages: name a customer managed key",
        source="NIST SP 800-53 SC-12",
    ),
    Rule(
        id="PavedRoad-RDS-7",
        resource_type="AWS::RDS::DBInstance",
        place="DBParameterGroupName",
        requires=present,
        message="uses the default parameters, which do not enforce TLS on every engine: name a parameter group",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html",
        when=_stands_alone,
    ),
    Rule(
        id="PavedRoad-RDS-8",
        resource_type="AWS::RDS::DBInstance",
        place="VPCSecurityGroups",
        requires=present,
        message="takes the default security group of the VPC: name a security group",
        source="AWS Security Hub EC2.2",
        when=_stands_alone,
    ),
    Rule(
        id="PavedRoad-RDS-9",
        resource_type="AWS::RDS::EventSubscription",
        place="Enabled",
        requires=is_true,
        message="tells nobody: set Enabled",
        source="AWS Security Hub RDS.19 to RDS.22",
    ),
    Rule(
        id="PavedRoad-RDS-10",
        resource_type="AWS::RDS::DBInstance",
        place="AutoMinorVersionUpgrade",
        requires=is_true,
        message="stays on versions with known holes: set AutoMinorVersionUpgrade",
        source="AWS Security Hub RDS.13",
    ),
    Rule(
        id="PavedRoad-RDS-11",
        resource_type="AWS::RDS::DBInstance",
        place="CopyTagsToSnapshot",
        requires=is_true,
        message="makes snapshots without an owner: set CopyTagsToSnapshot",
        source="AWS Security Hub RDS.17",
        when=_stands_alone,
    ),
    Rule(
        id="PavedRoad-RDS-12",
        resource_type="AWS::RDS::DBInstance",
        place="EnableIAMDatabaseAuthentication",
        requires=is_true,
        message="knows passwords only: set EnableIAMDatabaseAuthentication",
        source="AWS Security Hub RDS.10",
        when=_stands_alone,
    ),
    Rule(
        id="PavedRoad-RDS-13",
        resource_type="AWS::RDS::DBInstance",
        place="EnablePerformanceInsights",
        requires=is_true,
        message="cannot tell what loads it: set EnablePerformanceInsights",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.html",
    ),
    Rule(
        id="PavedRoad-RDS-14",
        resource_type="AWS::RDS::DBInstance",
        place="PerformanceInsightsRetentionPeriod",
        requires=present,
        message="keeps insights for the default of the day: set PerformanceInsightsRetentionPeriod",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.html",
    ),
    Rule(
        id="PavedRoad-RDS-15",
        resource_type="AWS::RDS::DBParameterGroup",
        place="Parameters",
        requires=forces_tls,
        message="takes connections without TLS: set rds.force_ssl or require_secure_transport to 1",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html",
    ),
    Rule(
        id="PavedRoad-RDS-16",
        resource_type="AWS::RDS::DBInstance",
        place="BackupRetentionPeriod",
        requires=at_least(7),
        message="keeps the backups of a day only: set BackupRetentionPeriod to 7 or more",
        source="AWS Security Hub RDS.11",
        when=_owns_data,
    ),
)
