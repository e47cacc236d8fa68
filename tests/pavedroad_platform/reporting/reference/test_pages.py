import pytest

import pavedroad
from pavedroad_platform.organization.loading import FILES
from pavedroad_platform.reporting.reference.commands import command_reference
from pavedroad_platform.reporting.reference.configuration import configuration_reference
from pavedroad_platform.reporting.reference.constructs import construct_reference
from pavedroad_platform.reporting.reference.markdown import table


def settings_of(schema: dict) -> set[str]:
    return {name for each in (schema, *schema.get("$defs", {}).values()) for name in each.get("properties", {})}


@pytest.mark.parametrize("name", FILES)
def test_every_setting_of_every_file_is_described(name: str) -> None:
    page = configuration_reference()
    section = page.partition(f"\n## {name}.yaml\n")[2].partition("\n## ")[0]
    described = {line.split("`")[1] for line in section.splitlines() if line.startswith("| `")}
    assert described == settings_of(FILES[name].model_json_schema())


def test_a_setting_is_told_with_its_values_and_limits() -> None:
    page = configuration_reference()
    assert "### access.yaml: `roles.<key>.targets`" in page
    assert "| `session_hours` | a whole number from 1 to 12 | no | How long a sign-in lasts, in hours" in page
    assert "| `mode` | `governance`, `compliance` | yes |" in page
    assert "| `tag_options` | a mapping to a list: letters" in page


def test_every_command_is_there_with_its_options() -> None:
    page = command_reference()
    for command in ("pavedroad validate", "pavedroad sandbox up", "pavedroad catalog permissions"):
        assert f"\n## {command}\n\n```text\nUsage: {command} [OPTIONS]" in page
    assert "--port INTEGER RANGE" in page.partition("\n## pavedroad sandbox up\n")[2].partition("\n## ")[0]


def test_the_width_of_the_terminal_does_not_change_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    page = command_reference()
    monkeypatch.setenv("COLUMNS", "40")
    assert command_reference() == page


@pytest.mark.parametrize("name", pavedroad.__all__)
def test_every_construct_has_arguments_attributes_and_controls(name: str) -> None:
    section = construct_reference().partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    # A construct that only watches, such as a budget, has no method.
    for heading in ("Arguments", "Attributes", *(["Methods"] if f"### Methods of {name}" in section else [])):
        rows = section.partition(f"### {heading} of {name}\n")[2].partition("\n#")[0]
        assert len([line for line in rows.splitlines() if line.startswith("| `")]) >= 1, heading
    assert "``" not in section
    assert "**Controls:** " in section


def test_an_argument_is_told_with_its_type_and_all_of_its_text() -> None:
    page = construct_reference()
    assert "| `encryption_key` | `kms.IKey \\| None` | Encrypts the objects. Left out: a new key with yearly" in page
    assert "| `availability_zones` |" in page
    assert "the region must have as many. |" in page  # the end of a text of several lines


def test_what_would_end_a_cell_is_escaped() -> None:
    assert table(("a", "b"), [("x|y", "z")]) == "| a | b |\n| --- | --- |\n| x\\|y | z |\n"
