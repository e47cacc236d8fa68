"""A change of one resource, and whether it loses what the resource holds."""

from dataclasses import dataclass
from typing import Final

_HOLD_DATA: Final = frozenset(
    {
        "AWS::Backup::BackupVault",
        "AWS::Cognito::UserPool",
        "AWS::DocDB::DBCluster",
        "AWS::DynamoDB::GlobalTable",
        "AWS::DynamoDB::Table",
        "AWS::EC2::Volume",
        "AWS::ECR::Repository",
        "AWS::EFS::FileSystem",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::ElastiCache::ServerlessCache",
        "AWS::FSx::FileSystem",
        "AWS::KMS::Key",
        "AWS::Kinesis::Stream",
        "AWS::Logs::LogGroup",
        "AWS::MSK::Cluster",
        "AWS::Neptune::DBCluster",
        "AWS::OpenSearchService::Domain",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::Redshift::Cluster",
        "AWS::S3::Bucket",
        "AWS::SQS::Queue",
        "AWS::SecretsManager::Secret",
        "AWS::Cassandra::Table",
    }
)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What an update does to a resource.

    Attributes:
        action: ``ADD``, ``MODIFY`` or ``REMOVE``.
        resource: Its logical id.
        type: Its type.
        replacement: Whether a modified one is made anew: ``TRUE``, ``FALSE`` or ``CONDITIONAL``.
        causes: What changes in it.
    """

    action: str
    resource: str
    type: str
    replacement: str = "FALSE"
    causes: tuple[str, ...] = ()

    @property
    def what(self) -> str:
        """The change in a word or two."""
        if self.action == "MODIFY":
            return {"TRUE": "replaced", "CONDITIONAL": "perhaps replaced"}.get(self.replacement, "changed")
        return {"ADD": "created", "REMOVE": "deleted"}.get(self.action, self.action.lower())

    @property
    def loses_data(self) -> bool:
        """Whether a resource that holds data is replaced or deleted, or may be."""
        return self.type in _HOLD_DATA and self.what in {"replaced", "perhaps replaced", "deleted"}
