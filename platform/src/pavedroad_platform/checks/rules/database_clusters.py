"""Rules for clusters of databases and the proxies in front of them."""

from collections.abc import Mapping

from pavedroad_platform.checks.rules.database import forces_tls
from pavedroad_platform.checks.rules.rule import Requirement, Rule, at_least, equals, is_true, present


def _first(properties: Mapping[str, object]) -> bool:
    """A secondary of a global cluster has no administrator of its own."""
    return "GlobalClusterIdentifier" not in properties


def _managed(properties: Mapping[str, object]) -> bool:
    """RDS manages no password in a global cluster: the stack owns the secret, which the template refers to."""
    return _first(properties) and not isinstance(properties.get("MasterUserPassword"), Mapping)


def _audits_over_tls(parameters: object) -> bool:
    """DocumentDB.6: ``enabled`` takes old versions of TLS."""
    if not isinstance(parameters, Mapping):
        return False
    return parameters.get("tls") in {"tls1.2+", "tls1.3+", "fips-140-3"} and parameters.get("audit_logs") == "enabled"


_EVERY_CLUSTER: tuple[tuple[str, Requirement, str, str], ...] = (
    (
        "DeletionPolicy",
        equals("Snapshot", "Retain"),
        "loses the data with the stack: set DeletionPolicy to Snapshot",
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html",
    ),
    ("BackupRetentionPeriod", at_least(7), "keeps the backups of a day only: set 7 or more", "AWS Security Hub RDS.11"),
    (
        "KmsKeyId",
        present,
        "encrypts with the key that AWS manages: name a customer managed key",
        "NIST SP 800-53 SC-12",
    ),
    (
        "VpcSecurityGroupIds",
        present,
        "takes the default security group of the VPC: name a security group",
        "AWS Security Hub EC2.2",
    ),
    (
        "CopyTagsToSnapshot",
        is_true,
        "makes snapshots without an owner: set CopyTagsToSnapshot",
        "AWS Security Hub RDS.16",
    ),
    (
        "DBClusterParameterGroupName",
        present,
        "uses the default parameters, which do not enforce TLS on every engine: name a parameter group",
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.SSL.html",
    ),
)


def _on_every_cluster(service: str, prefix: str) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            id=f"PavedRoad-{prefix}-{number}",
            resource_type=f"AWS::{service}::DBCluster",
            place=place,
            requires=requires,
            message=message,
            source=source,
        )
        for number, (place, requires, message, source) in enumerate(_EVERY_CLUSTER, start=1)
    )


RULES: tuple[Rule, ...] = (
    *_on_every_cluster("RDS", "Aurora"),
    Rule(
        id="PavedRoad-Aurora-7",
        resource_type="AWS::RDS::DBClusterParameterGroup",
        place="Parameters",
        requires=forces_tls,
        message="takes connections without TLS: set rds.force_ssl to 1 or require_secure_transport to ON",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.SSL.html",
    ),
    Rule(
        id="PavedRoad-Aurora-8",
        resource_type="AWS::RDS::DBCluster",
        place="AutoMinorVersionUpgrade",
        requires=is_true,
        message="stays on versions with known holes: set AutoMinorVersionUpgrade",
        source="AWS Security Hub RDS.35",
    ),
    Rule(
        id="PavedRoad-Aurora-9",
        resource_type="AWS::RDS::DBCluster",
        place="DeleteAutomatedBackups",
        requires=equals(False),  # noqa: FBT003 - the value that is asked for
        message="removes the backups with the cluster: set DeleteAutomatedBackups to false",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.Retaining.html",
    ),
    Rule(
        id="PavedRoad-Aurora-10",
        resource_type="AWS::RDS::DBCluster",
        place="ManageMasterUserPassword",
        requires=is_true,
        message="leaves the password to the template: set ManageMasterUserPassword",
        source="AWS Well-Architected SEC02-BP03",
        when=_managed,
    ),
    Rule(
        id="PavedRoad-Aurora-11",
        resource_type="AWS::RDS::DBCluster",
        place="MasterUserSecret.KmsKeyId",
        requires=present,
        message="encrypts the password with the key that AWS manages: name a customer managed key",
        source="NIST SP 800-53 SC-12",
        when=_managed,
    ),
    Rule(
        id="PavedRoad-Aurora-12",
        resource_type="AWS::RDS::DBCluster",
        place="PerformanceInsightsEnabled",
        requires=is_true,
        message="cannot tell what loads it: set PerformanceInsightsEnabled",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_PerfInsights.html",
    ),
    Rule(
        id="PavedRoad-Aurora-13",
        resource_type="AWS::RDS::DBCluster",
        place="PerformanceInsightsKmsKeyId",
        requires=present,
        message="encrypts query texts with the key that AWS manages: name a customer managed key",
        source="NIST SP 800-53 SC-12",
    ),
    Rule(
        id="PavedRoad-Aurora-14",
        resource_type="AWS::RDS::DBCluster",
        place="PerformanceInsightsRetentionPeriod",
        requires=present,
        message="keeps insights for the default of the day: set PerformanceInsightsRetentionPeriod",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_PerfInsights.html",
    ),
    Rule(
        id="PavedRoad-RDSProxy-1",
        resource_type="AWS::RDS::DBProxy",
        place="RequireTLS",
        requires=is_true,
        message="takes connections without TLS: set RequireTLS",
        source="AWS Security Hub RDS.43",
    ),
    Rule(
        id="PavedRoad-RDSProxy-2",
        resource_type="AWS::RDS::DBProxy",
        place="VpcSecurityGroupIds",
        requires=present,
        message="takes the default security group of the VPC: name a security group",
        source="AWS Security Hub EC2.2",
    ),
    *_on_every_cluster("DocDB", "DocumentDB"),
    Rule(
        id="PavedRoad-DocumentDB-7",
        resource_type="AWS::DocDB::DBClusterParameterGroup",
        place="Parameters",
        requires=_audits_over_tls,
        message="takes connections without TLS 1.2 or does not audit: set tls to tls1.2+ and audit_logs to enabled",
        source="AWS Security Hub DocumentDB.4 and DocumentDB.6",
    ),
    Rule(
        id="PavedRoad-DocumentDB-8",
        resource_type="AWS::DocDB::DBCluster",
        place="ManageMasterUserPassword",
        requires=is_true,
        message="leaves the password to the template: set ManageMasterUserPassword",
        source="AWS Well-Architected SEC02-BP03",
        when=_first,
    ),
    Rule(
        id="PavedRoad-DocumentDB-9",
        resource_type="AWS::DocDB::DBCluster",
        place="MasterUserSecretKmsKeyId",
        requires=present,
        message="encrypts the password with the key that AWS manages: name a customer managed key",
        source="NIST SP 800-53 SC-12",
        when=_first,
    ),
    Rule(
        id="PavedRoad-DocumentDB-10",
        resource_type="AWS::DocDB::EventSubscription",
        place="Enabled",
        requires=is_true,
        message="tells nobody: set Enabled",
        source="https://docs.aws.amazon.com/documentdb/latest/developerguide/event-subscriptions.html",
    ),
    Rule(
        id="PavedRoad-DocumentDB-11",
        resource_type="AWS::DocDB::DBCluster",
        place="DeletionProtection",
        requires=is_true,
        message="can be deleted by one call: set DeletionProtection",
        source="AWS Security Hub DocumentDB.5",
    ),
)
