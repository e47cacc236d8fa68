"""A YAML file as a tree of nodes that know their place, so that every problem names file, line and path.

The tree keeps what a plain loader loses: the line of each key, how a number is written, and keys that stand twice.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from pavedroad_platform.errors import Problem

_SWITCH: Final = re.compile(r"(yes|no|on|off|y|n)", re.IGNORECASE)
_LEADING_ZERO: Final = re.compile(r"0[0-9]+")

Place = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True)
class Node:
    """A value in a YAML file and where it stands.

    Attributes:
        file: The file.
        line: The line of its key, or of itself in a list; counted from 1.
        path: The keys and list positions that lead to it.
        value: A text, number, boolean or ``None`` as YAML reads it; a ``dict`` or ``list`` of nodes.
        text: What stands in the file, for a scalar: ``0123`` is the number 123, and its text is ``0123``.
    """

    file: Path
    line: int
    path: Place = ()
    value: Any = None
    text: str = ""

    @property
    def key(self) -> str:
        """The last part of the path."""
        return str(self.path[-1])

    def plain(self) -> Any:
        """The value without places: what a plain loader gives."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def child(self, name: str) -> "Node | None":
        """What stands under ``name``; ``None`` where nothing does, be it left out or left empty."""
        child = self.value.get(name) if isinstance(self.value, dict) else None
        return None if child is None or child.value is None else child

    def items(self, name: str) -> list["Node"]:
        """The items of the mapping or list under ``name``; none where there is neither."""
        child = self.child(name)
        if child is None:
            return []
        if isinstance(child.value, dict):
            return list(child.value.values())
        return child.value if isinstance(child.value, list) else []

    def word(self, name: str) -> "Node | None":
        """The text under ``name``; ``None`` where there is none."""
        child = self.child(name)
        return child if child is not None and isinstance(child.value, str) else None

    def words(self, name: str) -> list["Node"]:
        """The texts of the list under ``name``."""
        return [item for item in self.items(name) if isinstance(item.value, str)]

    def number(self, name: str) -> int | None:
        """The whole number under ``name``; ``None`` where there is none."""
        child = self.child(name)
        return child.value if child is not None and type(child.value) is int else None

    def at(self, path: Place) -> "Node":
        """The node at ``path`` beneath this one, or the nearest above it that stands in the file."""
        node = self
        for part in path:
            try:
                node = node.value[part]
            except (KeyError, IndexError, TypeError):
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


def dotted(path: Place) -> str:
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
        return _unreadable(file, "the file is missing", f"Create {file.name}; the example organisation has one.")
    except OSError as error:
        return _unreadable(file, f"the file cannot be read: {error.strerror}", "Make it a file that you can read.")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return _unreadable(file, "the file is not UTF-8 text", "Save it with the encoding UTF-8.", line)
    return _parse(file, content)


def _parse(file: Path, content: str) -> Document:
    try:
        node = YAML(typ="safe", pure=True).compose(content)
    except MarkedYAMLError as error:
        return _broken(file, content, error)
    except YAMLError as error:
        reason = str(error).splitlines()[0]
        return _unreadable(file, f"the file is not YAML: {reason}", "Remove the characters that are not text.")
    if node is None or (isinstance(node, ScalarNode) and not node.value):
        return _unreadable(file, "the file is empty", "Write its settings; the example organisation shows them.", 1)
    builder = _Builder(file)
    return Document(builder.build(node, node.start_mark.line + 1, (), ()), builder.problems)


def _unreadable(file: Path, cause: str, fix: str, line: int | None = None) -> Document:
    return Document(problems=[Problem(cause=cause, fix=fix, file=file, line=line)])


def _broken(file: Path, content: str, error: MarkedYAMLError) -> Document:
    # What is never closed is noticed at the end of the file only; its beginning tells more.
    is_open = re.search("quoted|flow", error.context or "")
    mark = error.context_mark if is_open else error.problem_mark or error.context_mark
    line = mark.line + 1
    # A tab may confuse the parser only some lines later.
    tabbed = [number for number, text in enumerate(content.splitlines()[:line], 1) if re.match(r" *\t", text)]
    if tabbed:
        cause = "a tab indents this line, and YAML allows only spaces there"
        return _unreadable(file, cause, "Replace each tab with two spaces.", tabbed[0])
    reason = ", ".join(part for part in (error.context, error.problem) if part)
    fix = "Look here and in the line above for a missing colon, quote, bracket or space, or a wrong indentation."
    return _unreadable(file, f"the file is not YAML: {reason}", fix, line)


class _Builder:
    """Turns the nodes of ruamel.yaml into ours and notes what YAML allows but people never mean."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.problems: list[Problem] = []

    def build(self, node: Any, line: int, path: Place, above: tuple[Any, ...]) -> Node:
        place = Node(file=self._file, line=line, path=path)
        if any(node is ancestor for ancestor in above):
            self.problems.append(place.problem("an alias stands inside its own anchor", "Write the values out."))
            return place
        if isinstance(node, MappingNode):
            return Node(file=self._file, line=line, path=path, value=self._mapping(node, path, (*above, node)))
        if isinstance(node, SequenceNode):
            items = [
                self.build(item, item.start_mark.line + 1, (*path, index), (*above, node))
                for index, item in enumerate(node.value)
            ]
            return Node(file=self._file, line=line, path=path, value=items)
        return self._scalar(node, line, path)

    def _mapping(self, node: MappingNode, path: Place, above: tuple[Any, ...]) -> dict[str, Node]:
        children: dict[str, Node] = {}
        for key, child in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode):
                place = Node(file=self._file, line=line, path=path)
                self.problems.append(
                    place.problem("a key here is no text", "Write each key as one word, then a colon.")
                )
                continue
            name = str(key.value)
            built = self.build(child, line, (*path, name), above)
            if name in children:
                cause = f"the key stands twice here, first in line {children[name].line}; one of the two would be lost"
                self.problems.append(built.problem(cause, "Remove one of them or give it another key."))
            children.setdefault(name, built)
        return children

    def _scalar(self, node: ScalarNode, line: int, path: Place) -> Node:
        text, is_quoted = str(node.value), node.style is not None
        built = Node(file=self._file, line=line, path=path, value=text if is_quoted else _value(text), text=text)
        if is_quoted:
            return built
        if _SWITCH.fullmatch(text):
            switch = "true" if text.lower() in {"yes", "on", "y"} else "false"
            cause = f"{text} without quotes is a text to some readers of YAML and {switch} to others"
            fix = f'Write {switch} if it is a switch, or "{text}" in quotes if it is a text.'
            self.problems.append(built.problem(cause, fix))
        if _LEADING_ZERO.fullmatch(text):
            cause = f"{text} without quotes is a number, and YAML drops its leading zero or reads it as octal"
            fix = f'Write "{text}" in quotes if it is an id or another text, or {int(text)} if it is a number.'
            self.problems.append(built.problem(cause, fix))
        return built


def _value(text: str) -> Any:
    """What YAML 1.2 makes of a text without quotes, whatever version or tag the file claims."""
    if text in {"", "~", "null", "Null", "NULL"}:
        return None
    if text in {"true", "True", "TRUE", "false", "False", "FALSE"}:
        return text.lower() == "true"
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    if re.fullmatch(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?", text):
        return float(text)
    return text
