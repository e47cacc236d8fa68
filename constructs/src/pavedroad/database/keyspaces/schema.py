"""Tables of a keyspace, their columns and types."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Duration, Token

from pavedroad.arguments import Arguments
from pavedroad.database.keyspaces.throughput import ProvisionedThroughput, check_throughput

NAME = "[a-zA-Z0-9][a-zA-Z0-9_]{1,47}"
NAME_IN_WORDS = "2 to 48 letters, digits and underscores, not beginning with an underscore"
# https://docs.aws.amazon.com/keyspaces/latest/devguide/cql.elements.html#cql.data-types
_TYPES = (
    "ascii|bigint|blob|boolean|counter|date|decimal|double|float|inet|int|smallint|text|time|timestamp|timeuuid"
    "|tinyint|uuid|varchar|varint"
)
_COLLECTION = re.compile(r"(?:frozen|list|set|map|tuple)<([^<>]+)>")
# 20 years.
_LONGEST_LIFE = 630_720_000


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column with its type.

    Attributes:
        name: The column's name.
        type: A type of CQL, such as ``text``, ``timeuuid`` or ``map<text, int>``.
    """

    name: str
    type: str


@dataclass(frozen=True, kw_only=True)
class ClusteringColumn:
    """A column that the rows of a partition are sorted by.

    Attributes:
        column: The column.
        descending: Newest or greatest first. Left out: ascending.
    """

    column: Column
    descending: bool = False


@dataclass(frozen=True, kw_only=True)
class WideColumnTable:
    """A table of a keyspace.

    Attributes:
        name: The table's name, known at synth. Another name is another table.
        partition_key: The columns that rows are spread by.
        clustering_key: The columns that rows of a partition are sorted by. Left out: one row a partition.
        columns: Further columns. Left out: none.
        throughput: Provisioned capacity, scaled out and in. Left out: on demand.
        default_time_to_live: After which rows expire, up to 20 years. Left out: they stay, unless written with their
            own.
        client_side_timestamps: Let clients date their writes, for good. Left out: off; on in several regions.
    """

    name: str
    partition_key: Sequence[Column]
    clustering_key: Sequence[ClusteringColumn] = ()
    columns: Sequence[Column] = ()
    throughput: ProvisionedThroughput | None = None
    default_time_to_live: Duration | None = None
    client_side_timestamps: bool = False


def check_tables(arguments: Arguments, tables: Sequence[WideColumnTable]) -> None:
    """Refuse what Keyspaces would, and names that are not known at synth."""
    names = [table.name for table in tables]
    for name in sorted({name for name in names if names.count(name) > 1}):
        arguments.refuse("tables.name", name, "stands twice")
    for table in tables:
        if Token.is_unresolved(table.name):
            arguments.refuse("tables.name", "a token", "must be known at synth, as it identifies the table")
        arguments.matches("tables.name", table.name, NAME, NAME_IN_WORDS)
        if not table.partition_key:
            arguments.refuse(f"tables.{table.name}.partition_key", [], "must name one column at least")
        _check_columns(arguments, table)
        _check_life(arguments, table)
        if table.throughput is not None:
            check_throughput(arguments, f"tables.{table.name}.throughput", table.throughput)


def _check_columns(arguments: Arguments, table: WideColumnTable) -> None:
    columns = [*table.partition_key, *(sorted_by.column for sorted_by in table.clustering_key), *table.columns]
    for column in columns:
        arguments.matches(f"tables.{table.name}.columns", column.name, NAME, NAME_IN_WORDS)
        if not Token.is_unresolved(column.type) and not _is_type(column.type):
            arguments.refuse(f"tables.{table.name}.{column.name}", column.type, "must be a type of CQL, such as text")
    names = [column.name for column in columns if not Token.is_unresolved(column.name)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        arguments.refuse(f"tables.{table.name}.columns", name, "stands twice")


def _check_life(arguments: Arguments, table: WideColumnTable) -> None:
    life = table.default_time_to_live
    if life is not None and not life.is_unresolved():
        arguments.between(f"tables.{table.name}.default_time_to_live", life.to_seconds(), 1, _LONGEST_LIFE)


def _is_type(text: str) -> bool:
    """Whether the text is a type; collections are read from the inside out."""
    text = text.lower().replace(" ", "")
    while match := _COLLECTION.search(text):
        if not all(re.fullmatch(_TYPES, part) for part in match[1].split(",")):
            return False
        text = text.replace(match[0], "text")
    return re.fullmatch(_TYPES, text) is not None
