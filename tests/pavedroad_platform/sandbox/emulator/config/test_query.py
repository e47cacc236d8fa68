"""The query language of AWS Config, as far as it is emulated; the rest is refused."""

from typing import Any

import pytest

from pavedroad_platform.sandbox.emulator.config.query import InvalidQueryError, parsed

PROPERTIES = ("accountId", "resourceType", "resourceId", "tags", "tags.key", "tags.value", "configuration.status")
ITEMS: list[dict[str, Any]] = [
    {
        "accountId": "1",
        "resourceType": "A",
        "resourceId": "first",
        "tags": [{"key": "team", "value": "orders"}, {"key": "environment", "value": "test"}],
        "configuration": {"status": "AVAILABLE", "arn": "unasked"},
    },
    {"accountId": "1", "resourceType": "B", "resourceId": "second", "tags": []},
    {"accountId": "2", "resourceType": "A", "resourceId": "third", "tags": [{"key": "team", "value": "billing"}]},
]


def found(condition: str) -> list[str]:
    return [row["resourceId"] for row in parsed(f"SELECT resourceId WHERE {condition}", PROPERTIES).rows(ITEMS)]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("resourceType = 'A'", ["first", "third"]),
        ("resourceType IN ('A', 'B') AND accountId = '1'", ["first", "second"]),
        ("resourceType = 'B' OR accountId = '2' AND resourceType = 'A'", ["second", "third"]),
        ("(resourceType = 'B' OR accountId = '2') AND NOT resourceType = 'A'", ["second"]),
        ("tags.key = 'team'", ["first", "third"]),
        # Each condition looks at all tags, as the service's does: the key of one and the value of another match.
        ("tags.key = 'team' AND tags.value = 'test'", ["first"]),
        ("configuration.status = 'AVAILABLE'", ["first"]),
        ("resourceType = 'C'", []),
        ("resourceType = 'A' order by resourceId desc", ["third", "first"]),
    ],
)
def test_conditions(condition: str, expected: list[str]) -> None:
    assert found(condition) == expected


def test_properties_are_answered_nested_and_what_is_missing_is_left_out() -> None:
    query = parsed("SELECT accountId, configuration.status, tags WHERE accountId IN ('1')", PROPERTIES)
    first, second = query.rows(ITEMS)
    assert first == {"accountId": "1", "configuration": {"status": "AVAILABLE"}, "tags": ITEMS[0]["tags"]}
    assert second == {"accountId": "1", "tags": []}


def test_items_are_counted_by_group_and_altogether() -> None:
    by_account = parsed("SELECT accountId, COUNT(*) WHERE resourceType = 'A' GROUP BY accountId", PROPERTIES)
    assert by_account.rows(ITEMS) == [{"accountId": "1", "COUNT(*)": 1}, {"accountId": "2", "COUNT(*)": 1}]
    assert parsed("SELECT COUNT(*) WHERE accountId = '3'", PROPERTIES).rows(ITEMS) == [{"COUNT(*)": 0}]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("SELECT * FROM resources", "The property '\\*' is invalid"),
        ("SELECT resourceId FROM resources", "Syntax error at 'FROM': no WHERE"),
        ("SELECT resourceId, unknown WHERE accountId = '1'", "The property 'unknown' is invalid"),
        ("SELECT resourceId WHERE accountId LIKE '1%'", "Syntax error at 'LIKE': no ="),
        ("SELECT resourceId WHERE accountId = 1", "Syntax error at '1'"),
        ("SELECT resourceId WHERE accountId = '1' LIMIT", "Syntax error at 'LIMIT'"),
        ("SELECT resourceId WHERE accountId =", "ends too early"),
        ("SELECT resourceId WHERE (accountId = '1'", r"Syntax error at 'end': no \)"),
        ("SELECT resourceId, COUNT(*) WHERE accountId = '1'", "'resourceId' must be in the GROUP BY clause"),
        ("DELETE", "no SELECT"),
    ],
)
def test_what_is_not_understood_is_refused(expression: str, message: str) -> None:
    with pytest.raises(InvalidQueryError, match=message):
        parsed(expression, PROPERTIES)
