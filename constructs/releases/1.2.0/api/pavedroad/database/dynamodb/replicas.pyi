from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
import jsii
from aws_cdk import CfnTag, Duration, IAnyProducer, IResolveContext, Lazy, Stack, Token
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.database.dynamodb.billing import OnDemandBilling, TableBilling

@dataclass(frozen=True, kw_only=True)
class TableReplica:
    region: str
    encryption_key_arn: str

@dataclass(frozen=True, kw_only=True)
class ReplicaSettings:
    billing: TableBilling
    backup_retention: Duration
    contributor_insights: dynamodb.ContributorInsightsMode | None
    deletion_protection: bool
    table_class: dynamodb.TableClass
    indexes: Sequence[dynamodb.GlobalSecondaryIndexPropsV2]

def check_replicas(arguments: Arguments, own_region: str, replicas: Sequence[TableReplica], witness_region: str | None) -> None:
    ...

def set_replicas(table: dynamodb.TableV2, encryption_key: kms.IKey, replicas: Sequence[TableReplica], settings: ReplicaSettings) -> None:
    ...

def tables_elsewhere(scope: Construct, table: dynamodb.TableV2, replicas: Sequence[TableReplica], *, indexes: bool) -> dict[str, dynamodb.ITableV2]:
    ...
