"""A YAML file as a tree of nodes that know their place, so that every problem names file, line and path.

The tree keeps what a plain loader loses: the line of each key, whether a text stood in quotes, and keys that stand twice.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from pavedroad_platform.errors import Problem

_TAG = "tag:yaml.org,2002:"
_SWITCH = re.compile(r"(yes|no|on|off|y|n)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Node:
    """A value in a YAML file and where it stands.

    Attributes:
        file: The file.
        line: The line of its key, or of itself in a list; counted from 1.
        path: The keys and list positions that lead to it.
        value: A text, number, boolean or ``None`` as written; a ``dict`` or ``list`` of nodes.
        text: What stands in the file, for a scalar: ``0123`` is the number 123, and its text is ``0123``.
        is_quoted: Whether a scalar stands in quotes.
    """

    file: Path
    line: int
    path: tuple[str | int, ...] = ()
    value: Any = None
    text: str = ""
    is_quoted: bool = False

    @property
    def key(self) -> str:
        """The last part of the path."""
        return str(self.path[-1])

    @cached_property
    def plain(self) -> Any:
        """The value without places: what a plain loader gives."""
        if isinstance(self.value, dict):
            return {key: child.plain for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain for child in self.value]
        return self.value

    def children(self, name: str) -> list["Node"]:
        """The items of the mapping or list ``name``; none where it is left out or something else."""
        child = self.child(name)
        if child is None:
            return []
        if isinstance(child.value, dict):
            return list(child.value.values())
        return child.value if isinstance(child.value, list) else []

    def child(self, name: str) -> "Node | None":
        """What stands under ``name``; ``None`` where nothing does."""
        return self.value.get(name) if isinstance(self.value, dict) else None

    def at(self, path: tuple[str | int, ...]) -> "Node":
        """The node at ``path`` beneath this one, or the nearest above it that stands in the file."""
        node = self
        for part in path:
            inner = node.value
            if isinstance(inner, dict) and part in inner:
                node = inner[part]
            elif isinstance(inner, list) and isinstance(part, int) and part < len(inner):
                node = inner[part]
            else:
                break
        return node

    def problem(self, cause: str, fix: str) -> Problem:
        """Something that is wrong here."""
        return Problem(cause=cause, fix=fix, file=self.file, line=self.line, path=dotted(self.path) or None)


@dataclass
class Document:
    """What was read of one file.

    Attributes:
        root: The tree; ``None`` where the file cannot be read as YAML.
        problems: What is wrong with the file as YAML.
    """

    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)


def dotted(path: tuple[str | int, ...]) -> str:
    """A path as people write it: ``networks.orders.interface_endpoints[1]``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read(file: Path) -> Document:
    """Read ``file``; whatever keeps it from being read is among the document's problems."""
    try:
        content = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return _unreadable(file, None, "the file is missing", f"Create {file.name}; the example organisation has one.")
    except OSError as error:
        return _unreadable(
            file, None, f"the file cannot be read: {error.strerror}", "Make it a file that you can read."
        )
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return _unreadable(file, line, "the file is not UTF-8 text", "Save it with the encoding UTF-8.")
    try:
        node = YAML(pure=True).compose(content)
    except MarkedYAMLError as error:
        return _broken(file, content, error)
    except YAMLError as error:
        cause = f"the file is not YAML: {str(error).splitlines()[0]}"
        return _unreadable(file, None, cause, "Remove characters that are no text.")
    if node is None:
        return _unreadable(file, 1, "the file is empty", "Write its settings; the example organisation shows them.")
    builder = _Builder(file)
    return Document(builder.build(node, node.start_mark.line + 1, (), ()), builder.problems)


def _unreadable(file: Path, line: int | None, cause: str, fix: str) -> Document:
    return Document(problems=[Problem(cause=cause, fix=fix, file=file, line=line)])


def _broken(file: Path, content: str, error: MarkedYAMLError) -> Document:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else None
    lines = content.splitlines()
    tabbed = [number for number, text in enumerate(lines[: line or len(lines)], 1) if re.match(r"[ ]*\t", text)]
    if tabbed:
        cause = "a tab stands where the line is indented, and YAML allows only spaces there"
        return _unreadable(file, tabbed[-1], cause, "Replace the tab with two spaces for each level.")
    reason = " ".join(filter(None, (error.context, error.problem)))
    fix = "Look at this line and the one above it for a missing colon, quote, bracket or space, or a wrong indentation."
    return _unreadable(file, line, f"the file is not YAML: {reason}", fix)


class _Builder:
    """Turns the nodes of ruamel.yaml into ours and notes what YAML allows but people never mean."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.problems: list[Problem] = []

    def build(self, node: Any, line: int, path: tuple[str | int, ...], above: tuple[int, ...]) -> Node:
        if id(node) in above:
            place = Node(file=self._file, line=line, path=path)
            self.problems.append(place.problem("an alias stands inside its own anchor", "Write the values out."))
            return place
        above = (*above, id(node))
        if isinstance(node, MappingNode):
            return Node(file=self._file, line=line, path=path, value=self._mapping(node, path, above))
        if isinstance(node, SequenceNode):
            items = [
                self.build(item, item.start_mark.line + 1, (*path, index), above)
                for index, item in enumerate(node.value)
            ]
            return Node(file=self._file, line=line, path=path, value=items)
        return self._scalar(node, line, path)

    def _mapping(self, node: MappingNode, path: tuple[str | int, ...], above: tuple[int, ...]) -> dict[str, Node]:
        children: dict[str, Node] = {}
        for key, child in node.value:
            name = str(key.value) if isinstance(key, ScalarNode) else "?"
            line = key.start_mark.line + 1
            built = self.build(child, line, (*path, name), above)
            if name in children:
                cause = f"the key stands twice here, first in line {children[name].line}; one of them would be lost"
                self.problems.append(built.problem(cause, "Remove one of the two or give it another name."))
            children.setdefault(name, built)
        return children

    def _scalar(self, node: ScalarNode, line: int, path: tuple[str | int, ...]) -> Node:
        is_quoted = node.style is not None
        built = Node(
            file=self._file, line=line, path=path, value=_value(node), text=str(node.value), is_quoted=is_quoted
        )
        if not is_quoted and _SWITCH.fullmatch(built.text):
            yes = built.text.lower() in {"yes", "on", "y"}
            cause = f"{built.text} without quotes is a text to some YAML readers and {str(yes).lower()} to others"
            fix = f'Write {str(yes).lower()} if it is a switch, or "{built.text}" in quotes if it is a text.'
            self.problems.append(built.problem(cause, fix))
        return built


def _value(node: ScalarNode) -> Any:
    text, kind = str(node.value), str(node.tag).removeprefix(_TAG)
    if node.style is not None:
        return text
    match kind:
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            return int(text.replace("_", ""), 0) if re.match(r"[-+]?0[box]", text) else int(text.replace("_", ""))
        case "float":
            return float(text.replace("_", ""))
        case _:
            return text
