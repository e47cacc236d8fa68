"""The query language of AWS Config, as far as the platform speaks it; the rest is refused.

``SELECT`` properties or ``COUNT(*)``, ``WHERE`` with ``=`` and ``IN`` joined by ``AND``, ``OR``, ``NOT`` and brackets,
``GROUP BY`` and ``ORDER BY``. A property inside a list, such as ``tags.key``, matches when any of its items does.

Source: https://docs.aws.amazon.com/config/latest/developerguide/query-components.html
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Item = Mapping[str, Any]
Condition = Callable[[Item], bool]

_TOKENS: Final = re.compile(r"\s*(?:(?P<text>'[^']*')|(?P<word>[A-Za-z_][\w.]*)|(?P<sign>[(),=*]))")
_KEYWORDS: Final = {"SELECT", "WHERE", "AND", "OR", "NOT", "IN", "GROUP", "ORDER", "BY", "ASC", "DESC"}
_COUNT: Final = "COUNT(*)"


class InvalidQueryError(ValueError):
    """The query is not of the language, or not of the part that is emulated."""


@dataclass(frozen=True)
class Query:
    """A query that was understood.

    Attributes:
        fields: What is selected: paths of properties, or ``COUNT(*)``.
        condition: Which items are meant.
        groups: The paths of the properties that items are counted by.
        order: The path of the property to order by and whether the greatest comes first, or ``None``.
    """

    fields: tuple[str, ...]
    condition: Condition
    groups: tuple[str, ...] = ()
    order: tuple[str, bool] | None = None

    def rows(self, items: Iterable[Item]) -> list[dict[str, Any]]:
        """What the query finds."""
        found: Sequence[Item] = [item for item in items if self.condition(item)]
        if self.order:
            path, descending = self.order
            found = sorted(found, key=lambda item: str(_first(item, path)), reverse=descending)
        if _COUNT in self.fields or self.groups:
            return self._counts(found)
        return [_selected(item, self.fields) for item in found]

    def _counts(self, found: Sequence[Item]) -> list[dict[str, Any]]:
        counts: dict[tuple[Any, ...], int] = {} if self.groups else {(): len(found)}
        for item in found if self.groups else ():
            key = tuple(_first(item, path) for path in self.groups)
            counts[key] = counts.get(key, 0) + 1
        rows = []
        for key, count in counts.items():
            known = {**dict(zip(self.groups, key, strict=True)), _COUNT: count}
            row: dict[str, Any] = {}
            for name in self.fields:
                _put(row, name.split(".") if name != _COUNT else [name], known[name])
            rows.append(row)
        return rows


def parsed(expression: str, properties: Iterable[str]) -> Query:
    """Understand a query.

    Args:
        expression: The query.
        properties: The paths of the properties that there are, such as ``tags.key``.

    Raises:
        InvalidQueryError: It is not understood, or names a property that there is not.
    """
    return _Parser(list(_tokens(expression)), frozenset(properties)).query()


def _tokens(expression: str) -> Iterator[str]:
    position, end = 0, len(expression.rstrip())
    while position < end:
        match = _TOKENS.match(expression, position)
        if match is None:
            raise InvalidQueryError(f"Syntax error at '{expression[position:].strip()[:20]}'.")
        position = match.end()
        word = match["word"]
        yield word.upper() if word and word.upper() in _KEYWORDS else match[0].strip()


class _Parser:
    def __init__(self, tokens: list[str], properties: frozenset[str]) -> None:
        self._tokens = tokens
        self._properties = properties

    def query(self) -> Query:
        self._expect("SELECT")
        fields = self._list(self._field)
        self._expect("WHERE")
        condition = self._either()
        groups = self._list(self._property) if self._take("GROUP", "BY") else []
        order = self._order() if self._take("ORDER", "BY") else None
        if self._tokens:
            raise InvalidQueryError(f"Syntax error at '{self._tokens[0]}'.")
        self._check_groups(fields, groups)
        return Query(tuple(fields), condition, tuple(groups), order)

    @staticmethod
    def _check_groups(fields: Sequence[str], groups: Sequence[str]) -> None:
        alone = [name for name in fields if name != _COUNT and name not in groups]
        if alone and (groups or _COUNT in fields):
            raise InvalidQueryError(f"'{alone[0]}' must be in the GROUP BY clause.")

    def _field(self) -> str:
        if self._tokens[:4] == ["COUNT", "(", "*", ")"]:
            del self._tokens[:4]
            return _COUNT
        return self._property()

    def _property(self) -> str:
        path = self._next()
        if path not in self._properties:
            raise InvalidQueryError(f"The property '{path}' is invalid.")
        return path

    def _order(self) -> tuple[str, bool]:
        path = self._property()
        return path, self._take("DESC") or (self._take("ASC") and False)

    def _either(self) -> Condition:
        conditions = [self._both()]
        while self._take("OR"):
            conditions.append(self._both())
        return lambda item: any(condition(item) for condition in conditions)

    def _both(self) -> Condition:
        conditions = [self._comparison()]
        while self._take("AND"):
            conditions.append(self._comparison())
        return lambda item: all(condition(item) for condition in conditions)

    def _comparison(self) -> Condition:
        if self._take("NOT"):
            denied = self._comparison()
            return lambda item: not denied(item)
        if self._take("("):
            inner = self._either()
            self._expect(")")
            return inner
        path = self._property()
        if self._take("IN"):
            self._expect("(")
            wanted = frozenset(self._list(self._text))
            self._expect(")")
        else:
            self._expect("=")
            wanted = frozenset([self._text()])
        return lambda item: any(str(value) in wanted for value in _values(item, path.split(".")))

    def _text(self) -> str:
        token = self._next()
        if not token.startswith("'"):
            raise InvalidQueryError(f"Syntax error at '{token}': a text in single quotes is expected.")
        return token[1:-1]

    def _list(self, part: Callable[[], str]) -> list[str]:
        found = [part()]
        while self._take(","):
            found.append(part())
        return found

    def _take(self, *words: str) -> bool:
        if self._tokens[: len(words)] != list(words):
            return False
        del self._tokens[: len(words)]
        return True

    def _expect(self, word: str) -> None:
        if not self._take(word):
            raise InvalidQueryError(f"Syntax error at '{self._tokens[0] if self._tokens else 'end'}': no {word}.")

    def _next(self) -> str:
        if not self._tokens:
            raise InvalidQueryError("The query ends too early.")
        return self._tokens.pop(0)


def _values(value: Any, path: Sequence[str]) -> Iterator[Any]:
    if isinstance(value, list):
        for each in value:
            yield from _values(each, path)
    elif not path:
        yield value
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _values(value[path[0]], path[1:])


def _first(item: Item, path: str) -> Any:
    return next(_values(item, path.split(".")), None)


def _selected(item: Item, fields: Iterable[str]) -> dict[str, Any]:
    """The selected properties, nested as they are in the item; what it does not have is left out."""
    row: dict[str, Any] = {}
    for name in fields:
        path = name.split(".")
        value: Any = item
        for part in path:
            value = value.get(part) if isinstance(value, Mapping) else None
        if value is not None:
            _put(row, path, value)
    return row


def _put(row: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for part in path[:-1]:
        row = row.setdefault(part, {})
    row[path[-1]] = value
