"""A rule for every list."""

from collections.abc import Iterator

from pavedroad_platform.errors import Problem
from pavedroad_platform.organization.document import Node
from pavedroad_platform.organization.rules.files import Files, repeated


def lists_name_nothing_twice(files: Files) -> Iterator[Problem]:
    """AWS refuses a policy that is attached twice, a product that is associated twice, and so on."""
    for root in files.roots.values():
        yield from _repetitions(root)


def _repetitions(node: Node) -> Iterator[Problem]:
    children = list(node.value.values()) if isinstance(node.value, dict) else node.value
    if not isinstance(children, list):
        return
    if isinstance(node.value, list):
        for again, _ in repeated([item for item in children if isinstance(item.value, str)]):
            yield again.problem(f"{again.value} stands twice in this list", "Remove one of the two.")
    for child in children:
        yield from _repetitions(child)
