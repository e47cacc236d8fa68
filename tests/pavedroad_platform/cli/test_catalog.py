import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pavedroad_platform.catalog import products, releases
from pavedroad_platform.cli.catalog import command
from pavedroad_platform.errors import PlatformError


@pytest.fixture
def empty_catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue of one product that nobody has released yet."""
    monkeypatch.setattr(products, "KEYS", ("secure-bucket",))
    monkeypatch.setattr(releases.Releases, "__init__", _releases_in(tmp_path))
    return tmp_path


def _releases_in(directory: Path):
    def initialise(self: releases.Releases, key: str) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "directory", directory)

    return initialise


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, catch_exceptions=True)


def test_products_are_listed_with_their_versions() -> None:
    listed = json.loads(run("list", "--json").stdout)
    assert [product["product"] for product in listed] == list(products.KEYS)
    (bucket,) = (product for product in listed if product["product"] == "secure-bucket")
    assert bucket["newest"] == "1.0.0"
    assert bucket["versions"] == {"1.0.0": "active"}
    assert bucket["summary"].startswith("A private bucket")
    table = run("list")
    assert table.exit_code == 0
    assert "secure-bucket" in table.stdout


def test_what_is_not_frozen_is_refused_then_frozen_then_unchanged(empty_catalog: Path) -> None:
    refused = run("freeze", "--check")
    assert refused.exit_code == 1
    assert isinstance(refused.exception, PlatformError)
    assert [problem.cause for problem in refused.exception.problems] == [
        "Version 1.0.0 of secure-bucket is not frozen."
    ]
    assert list(empty_catalog.iterdir()) == []
    frozen = {"product": "secure-bucket", "version": "1.0.0", "state": "frozen"}
    assert json.loads(run("freeze", "--json").stdout) == [frozen]
    assert json.loads(run("freeze", "--json").stdout) == [{**frozen, "state": "unchanged"}]
    checked = run("freeze", "--check")
    assert checked.exit_code == 0
    assert "unchanged" in checked.stdout


def test_a_difference_is_told_with_the_version_that_it_asks_for(empty_catalog: Path) -> None:
    run("freeze")
    bucket = releases.Releases("secure-bucket")
    text = bucket.text("1.0.0").replace('"COMPLIANCE"\n', '"COMPLIANCE",\n        "NONE"\n')
    bucket.add("2.0.0", text)
    told = run("diff", "secure-bucket", "--from", "1.0.0", "--to", "2.0.0")
    assert told.exit_code == 0
    assert "minor" in told.stdout
    assert "1 change from 1.0.0 to 2.0.0: this is 1.1.0 or later, and 2.0.0 is enough." in told.stdout
    assert json.loads(run("diff", "secure-bucket", "--json").stdout) == {
        "product": "secure-bucket",
        "from": "2.0.0",
        "to": None,
        "version": "1.0.0",
        "lowest": "3.0.0",
        "changes": [
            {
                "raises": "major",
                "what": "parameter ObjectLockMode lost the value NONE",
                "advice": "Choose a value of ObjectLockMode that is still allowed when you upgrade.",
            }
        ],
    }


def test_a_new_product_is_told_with_its_form_its_files_and_what_is_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = (
        "platform/src/pavedroad_platform/catalog/products",
        "tests/pavedroad_platform/catalog/products",
    )
    for folder in (*folders, "platform/organization"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "platform/organization/catalog.yaml").write_text("products:\n  network: {}\nportfolios: {}\n")
    monkeypatch.chdir(tmp_path)
    told = json.loads(run("new", "image-store", "--construct", "ContainerRepository", "--json").stdout)
    assert told["fields"] == ["UntaggedExpirationDays", "TaggedImages"]
    assert [Path(file).exists() for file in told["files"]] == [True] * 3
    assert any(step.endswith("pavedroad validate") for step in told["next"])
    made = run("new", "file-store", "--construct", "SecureBucket")
    assert made.exit_code == 0
    assert "lifecycle_rules" in made.stdout
    assert "Sequence[s3.LifecycleRule]" in " ".join(made.stdout.replace("│", " ").split())
    assert "1. Read and edit " in made.stdout
    assert run("new", "file-store", "--construct", "SecureBucket").exit_code == 1


def test_releases_in_order_are_counted() -> None:
    assert f"releases of {len(products.KEYS)} products are in order." in run("check").stdout
    checked = json.loads(run("check", "--json").stdout)
    assert checked["problems"] == checked["warnings"] == []
    assert checked["versions"] >= len(products.KEYS)


def test_many_versions_are_warned_of_and_nothing_fails(empty_catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("freeze")
    monkeypatch.setattr(releases, "MANY_VERSIONS", 1)
    for name in ("check", "freeze"):
        done = run(name)
        assert done.exit_code == 0
        assert "warning: " in done.stderr
        assert (
            "secure-bucket has 1 versions that are not retired; Service Catalog takes 100, and this warns from 1 on."
        ) in done.stderr
    [warning] = json.loads(run("check", "--json").stdout)["warnings"]
    assert warning["fix"] == "Retire versions that nobody runs, the oldest first: 1.0.0."


def test_an_edited_release_fails_all(empty_catalog: Path) -> None:
    run("freeze")
    template = empty_catalog / "secure-bucket" / "1.0.0.template.json"
    template.write_text(template.read_text().replace("90", "91"))
    for arguments in (["freeze"], ["freeze", "--check"], ["check"], ["diff", "secure-bucket"]):
        failed = run(*arguments)
        assert failed.exit_code == 1
        assert "was edited" in str(failed.exception)


def test_a_launch_role_is_explained() -> None:
    why = json.loads(run("permissions", "secure-bucket", "--json").stdout)
    assert why["s3:CreateBucket"] == {"AWS::S3::Bucket": ["create"]}
    table = run("permissions", "secure-bucket")
    assert table.exit_code == 0
    assert "kms:CreateKey" in table.stdout


def test_a_product_that_there_is_not_has_no_launch_role() -> None:
    failed = run("permissions", "buckets")
    assert failed.exit_code == 1
    assert "There is no product 'buckets'" in str(failed.exception)
