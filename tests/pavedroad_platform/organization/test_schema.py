import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from pavedroad_platform.organization.loading import FILES
from pavedroad_platform.organization.models import PATTERNS
from pavedroad_platform.organization.schema import schemas


def settings(file: Path) -> Any:
    return YAML(typ="safe", pure=True).load(file)


def validator(example: Path, name: str) -> Draft202012Validator:
    schema = json.loads((example / "schema" / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("name", FILES)
def test_the_committed_schema_is_current(example: Path, name: str) -> None:
    path = Path("schema", f"{name}.schema.json")
    assert (example / path).read_text() == schemas()[path], "run pavedroad schema"


@pytest.mark.parametrize("name", FILES)
def test_the_example_is_valid_and_names_its_schema(example: Path, name: str) -> None:
    file = example / f"{name}.yaml"
    assert [error.message for error in validator(example, name).iter_errors(settings(file))] == []
    first_line = file.read_text().splitlines()[0]
    assert first_line == f"# yaml-language-server: $schema=schema/{name}.schema.json"


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("accounts", ("accounts", "audit", "id"), 444444444444),
        ("accounts", ("accounts", "audit", "id"), "4444"),
        ("accounts", ("accounts", "audit", "key"), "audit"),
        ("accounts", ("accounts", "audit", "purpose"), "audits"),
        ("accounts", ("accounts", "Audit_2"), {}),
        ("organization", ("home_region",), "eu-wset-1"),
        ("organization", ("service_control_policies", "protect"), {"targets": ["root"]}),
        ("access", ("roles", "auditor", "session_hours"), 13),
        ("access", ("roles", "auditor", "groups"), "auditors"),
    ],
)
def test_an_editor_marks_mistakes(example: Path, name: str, path: tuple[str, ...], value: Any) -> None:
    content = settings(example / f"{name}.yaml")
    place = content
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    errors = list(validator(example, name).iter_errors(content))
    assert errors
    assert all(list(path[:-1]) == list(error.absolute_path)[: len(path) - 1] for error in errors)


def patterns(schema: Any) -> list[dict[str, Any]]:
    if isinstance(schema, list):
        return [found for item in schema for found in patterns(item)]
    if not isinstance(schema, dict):
        return []
    own = [schema] if isinstance(schema.get("pattern"), str) else []
    return own + [found for item in schema.values() for found in patterns(item)]


def test_every_pattern_is_told_in_words() -> None:
    found = [item for text in schemas().values() for item in patterns(json.loads(text))]
    assert found
    assert all(item["patternErrorMessage"] == f"Write {PATTERNS[item['pattern']]}." for item in found)
