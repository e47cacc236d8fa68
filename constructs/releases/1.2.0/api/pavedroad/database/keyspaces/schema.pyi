import re
from collections.abc import Sequence
from dataclasses import dataclass
from aws_cdk import Duration, Token
from pavedroad.arguments import Arguments
from pavedroad.database.keyspaces.throughput import ProvisionedThroughput, check_throughput
NAME = '[a-zA-Z0-9][a-zA-Z0-9_]{1,47}'
NAME_IN_WORDS = '2 to 48 letters, digits and underscores, not beginning with an underscore'
_TYPES = 'ascii|bigint|blob|boolean|counter|date|decimal|double|float|inet|int|smallint|text|time|timestamp|timeuuid|tinyint|uuid|varchar|varint'
_COLLECTION = re.compile('(?:frozen|list|set|map|tuple)<([^<>]+)>')
_LONGEST_LIFE = 630720000

@dataclass(frozen=True, kw_only=True)
class Column:
    name: str
    type: str

@dataclass(frozen=True, kw_only=True)
class ClusteringColumn:
    column: Column
    descending: bool = False

@dataclass(frozen=True, kw_only=True)
class WideColumnTable:
    name: str
    partition_key: Sequence[Column]
    clustering_key: Sequence[ClusteringColumn] = ()
    columns: Sequence[Column] = ()
    throughput: ProvisionedThroughput | None = None
    default_time_to_live: Duration | None = None
    client_side_timestamps: bool = False

def check_tables(arguments: Arguments, tables: Sequence[WideColumnTable]) -> None:
    ...
