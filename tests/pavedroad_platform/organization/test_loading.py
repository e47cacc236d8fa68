import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.organization import load_organization
from pavedroad_platform.organization.loading import FILES

Problems = Callable[[Path], list[str]]


def test_the_example_is_valid(example: Path) -> None:
    assert load_organization(example).name == "pavedroad"


def test_tells_all_problems_of_all_files_at_once(directory: Path, edit: Callable[..., Path]) -> None:
    edit(
        [
            ("organization", "home_region: eu-west-1", "home_region: eu-wset-1"),
            ("accounts", '"222222222222"', "222222222222"),
            ("accounts", '"444444444444"', '"333333333333"'),
            ("teams", "cost_centre", "cost_center"),
            ("access", "teams: [orders]", "teams: [order]"),
            ("network", "10.21.0.0/16", "10.20.0.0/20"),
            ("logging", "mode: compliance", "mode: comply"),
            ("catalog", "products: [network]", "products: [networks]"),
            ("budgets", None, "budgets: [\n"),
        ]
    )
    with pytest.raises(PlatformError) as failure:
        load_organization(directory)
    catalog = (directory / "catalog.yaml").read_text().splitlines()
    places = {(problem.file.name, problem.line, problem.path) for problem in failure.value.problems if problem.file}
    assert places >= {
        ("organization.yaml", 5, "home_region"),
        ("accounts.yaml", 11, "accounts.gateway.id"),
        ("accounts.yaml", 23, "accounts.audit.id"),
        ("teams.yaml", 6, "teams.platform.cost_center"),
        ("access.yaml", 18, "roles.developer.targets.teams[0]"),
        ("network.yaml", 11, "networks.orders-production.cidr"),
        ("logging.yaml", 5, "log_archive.object_lock.mode"),
        ("catalog.yaml", catalog.index("    products: [networks]") + 1, "portfolios.foundations.products[0]"),
        ("budgets.yaml", 2, None),
    }


def test_a_file_that_cannot_be_read_makes_no_reference_to_it_wrong(directory: Path, problems_in: Problems) -> None:
    for name in ("accounts", "organization", "teams", "access"):
        (directory / f"{name}.yaml").write_text("")
    assert problems_in(directory) == [
        f"{name}.yaml:1: the file is empty\n    Write its settings; the example organisation shows them."
        for name in ("organization", "accounts", "teams", "access")
    ]


def test_a_missing_directory(tmp_path: Path) -> None:
    with pytest.raises(PlatformError) as failure:
        load_organization(tmp_path / "organisation")
    fix = "Name the directory that organization.yaml is in, such as platform/organization."
    assert str(failure.value) == f"{tmp_path}/organisation: there is no such directory\n    {fix}"


def test_a_file_instead_of_a_directory(directory: Path) -> None:
    with pytest.raises(PlatformError, match=r"teams\.yaml: this is a file\n    Name the directory"):
        load_organization(directory / "teams.yaml")


def test_a_missing_file(directory: Path, problems_in: Problems) -> None:
    (directory / "budgets.yaml").unlink()
    assert problems_in(directory) == [
        "budgets.yaml: the file is missing\n    Create budgets.yaml; the example organisation has one."
    ]


def test_a_directory_instead_of_a_file(directory: Path, problems_in: Problems) -> None:
    (directory / "budgets.yaml").unlink()
    (directory / "budgets.yaml").mkdir()
    assert problems_in(directory) == [
        "budgets.yaml: the file cannot be read: Is a directory\n    Make it a file that you can read."
    ]


@pytest.mark.parametrize("name", ["account.yaml", "accounts.yml"])
def test_a_file_that_nobody_reads(directory: Path, problems_in: Problems, name: str) -> None:
    (directory / name).write_text("accounts: {}\n")
    (problem,) = problems_in(directory)
    expected = f"{name}: no file of this name is read\n    Did you mean accounts.yaml? Write one of: organization.yaml,"
    assert problem.startswith(expected)


def test_a_file_that_is_not_utf_8(directory: Path, problems_in: Problems) -> None:
    (directory / "budgets.yaml").write_bytes("# Budgets\n# für alle\nbudgets: {}\n".encode("latin-1"))
    assert problems_in(directory) == [
        "budgets.yaml:2: the file is not UTF-8 text\n    Save it with the encoding UTF-8."
    ]


def test_a_byte_order_mark_does_no_harm(directory: Path) -> None:
    file = directory / "budgets.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert load_organization(directory).budgets


def test_yaml_1_1_reads_the_same(directory: Path, problems_in: Problems) -> None:
    (directory / "budgets.yaml").write_text(
        "%YAML 1.1\n---\nbudgets:\n  orders:\n    team: orders\n    monthly_limit_usd: 1:30\n"
    )
    (problem,) = problems_in(directory)
    assert '"1:30" is a text, and a whole number is needed' in problem


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<a/>", "it has 4 bytes, and 1,000 to 10,000,000 are allowed"),
        ("x" * 1000, "it is not XML: syntax error: line 1, column 0"),
        (
            f"<a>{' ' * 1000}</a>",
            "it has no EntityDescriptor, no IDPSSODescriptor, no SingleSignOnService, no X509Certificate",
        ),
    ],
)
def test_unusable_saml_metadata(directory: Path, problems_in: Problems, content: str, reason: str) -> None:
    (directory / "saml" / "identity-provider.xml").write_text(content)
    fix = "Download the metadata document from your identity provider again."
    what = "saml/identity-provider.xml is no SAML metadata that IAM takes"
    assert problems_in(directory) == [f"access.yaml:5: identity_provider.metadata_file: {what}: {reason}\n    {fix}"]


def test_saml_metadata_without_its_certificate(directory: Path, problems_in: Problems) -> None:
    file = directory / "saml" / "identity-provider.xml"
    head, _, rest = file.read_text().partition("<ds:X509Certificate>")
    file.write_text(
        f"{head}<ds:X509Certificate>{' ' * 1000}</ds:X509Certificate>{rest.partition('</ds:X509Certificate>')[2]}"
    )
    (problem,) = problems_in(directory)
    assert "it has no X509Certificate\n" in problem


def replaced(value: Any, replacement: Any) -> Any:
    """The same settings with ``replacement`` in the place of every value."""
    if isinstance(value, dict):
        return {key: replaced(item, replacement) for key, item in value.items()}
    return replacement


@pytest.mark.parametrize(
    "replacement", [None, True, 7, -1.5, "", "x", "Été, 10.0.0.0/8", [], [None], [[1]], {}, {"a": 1}]
)
@pytest.mark.parametrize("name", FILES)
def test_whatever_stands_there_is_told_in_our_words(name: str, replacement: Any, directory: Path) -> None:
    file, yaml, text = directory / f"{name}.yaml", YAML(typ="safe", pure=True), io.StringIO()
    yaml.dump(replaced(yaml.load(file), replacement), text)
    file.write_text(text.getvalue())
    with pytest.raises(PlatformError) as failure:
        load_organization(directory)
    for problem in failure.value.problems:
        assert problem.file
        assert problem.line
        assert problem.fix
        assert not {"Input", "pydantic", "should", "Model"} & set(str(problem).split())


@pytest.mark.parametrize(
    ("name", "setting"), [(name, setting) for name, model in FILES.items() for setting in model.model_fields]
)
def test_a_setting_that_is_left_out_has_a_default_or_is_told(
    name: str, setting: str, directory: Path, problems_in: Problems
) -> None:
    file, yaml, text = directory / f"{name}.yaml", YAML(typ="safe", pure=True), io.StringIO()
    settings = yaml.load(file)
    settings.pop(setting, None)  # the example leaves some out
    yaml.dump(settings, text)
    file.write_text(text.getvalue())
    is_told = any(f"{setting} is missing" in problem for problem in problems_in(directory))
    assert is_told is FILES[name].model_fields[setting].is_required()
