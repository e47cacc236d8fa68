"""What rules are given: the trees of all files that could be read, right or wrong."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pavedroad_platform.errors import Problem
from pavedroad_platform.organization.document import Node
from pavedroad_platform.organization.suggestions import instead_of


@dataclass(frozen=True)
class Files:
    """The files of an organisation.

    A rule reads the trees and not the models, so that it still finds what is wrong with one item when another has the
    wrong shape. It passes over what is missing or of the wrong type: that is told already.

    Attributes:
        directory: Where the files are.
        roots: The tree of each file by its name without ``.yaml``; those that cannot be read are not among them.
    """

    directory: Path
    roots: Mapping[str, Node]

    def root(self, file: str) -> Node:
        """The tree of a file; an empty one where it cannot be read."""
        return self.roots.get(file) or Node(file=self.directory / f"{file}.yaml", line=1)

    def items(self, file: str, name: str) -> list[Node]:
        """The items of the mapping ``name`` in ``file``."""
        return self.root(file).items(name)

    def keys(self, file: str, name: str) -> set[str] | None:
        """The keys of the mapping ``name`` in ``file``; ``None`` where they are not known because there is none."""
        child = self.root(file).child(name)
        return set(child.value) if child and isinstance(child.value, dict) else None

    @property
    def accounts(self) -> list[Node]:
        """The accounts."""
        return self.items("accounts", "accounts")

    @property
    def organizational_units(self) -> list[Node]:
        """The organizational units."""
        return self.items("organization", "organizational_units")


def unknown(what: str, references: Collection[Node | None], known: set[str] | None) -> Iterator[Problem]:
    """A problem for each of ``references`` that names nothing.

    Args:
        what: What they should name, such as ``account``.
        references: The texts; ``None``, which is left out, names nothing and is right.
        known: What there is. ``None``: nobody knows, for its file cannot be read.
    """
    for reference in references:
        if reference is not None and known is not None and reference.value not in known:
            yield reference.problem(f"there is no {what} {reference.value}", instead_of(reference.value, sorted(known)))


def repeated(nodes: Collection[Node | None]) -> Iterator[tuple[Node, Node]]:
    """Each text that stands a second time, in any case of letters, with the first that has it."""
    first: dict[str, Node] = {}
    for node in nodes:
        if node is None:
            continue
        earlier = first.setdefault(node.value.lower(), node)
        if earlier is not node:
            yield node, earlier


def place_of(node: Node) -> str:
    """Where a node stands, as another problem's text names it: ``accounts.orders.id (accounts.yaml, line 7)``."""
    path = node.problem("", "").path
    return f"{path} ({node.file.name}, line {node.line})"
