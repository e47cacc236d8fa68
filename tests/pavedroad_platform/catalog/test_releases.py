import pytest

from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.releases import Releases, Status
from pavedroad_platform.errors import PlatformError


@pytest.fixture
def releases(tmp_path) -> Releases:
    released = Releases("topic", tmp_path)
    for version in ("1.9.0", "1.10.0", "1.2.0"):
        released.add(version, f'{{"Description": "{version}"}}\n')
    return released


def test_versions_are_ordered_as_numbers(releases) -> None:
    assert list(releases.digests) == ["1.2.0", "1.9.0", "1.10.0"]
    assert releases.newest == "1.10.0"


def test_a_new_version_may_be_launched(releases) -> None:
    assert releases.lifecycle["1.10.0"] is Status.ACTIVE
    assert releases.template("1.10.0") == {"Description": "1.10.0"}
    assert releases.problems() == []


def test_a_retired_version_is_not_offered(releases, tmp_path) -> None:
    lifecycle = tmp_path / "topic" / "lifecycle.yaml"
    lifecycle.write_text(
        lifecycle.read_text().replace("1.2.0: active", "1.2.0: retired").replace("1.9.0: active", "1.9.0: deprecated")
    )
    assert Releases("topic", tmp_path).offered == ["1.9.0", "1.10.0"]


def test_a_released_version_cannot_be_released_again(releases) -> None:
    with pytest.raises(PlatformError, match=r"Version 1\.9\.0 of topic is frozen; a released template never changes"):
        releases.add("1.9.0", "{}")
    assert releases.template("1.9.0") == {"Description": "1.9.0"}


def test_what_people_wrote_into_the_lifecycle_stays(releases, tmp_path) -> None:
    lifecycle = tmp_path / "topic" / "lifecycle.yaml"
    lifecycle.write_text(lifecycle.read_text().replace("1.2.0: active", "1.2.0: retired"))
    again = Releases("topic", tmp_path)
    again.add("2.0.0", "{}")
    assert again.lifecycle["1.2.0"] is Status.RETIRED
    assert again.lifecycle["2.0.0"] is Status.ACTIVE


def test_files_that_do_not_agree_are_all_told(releases, tmp_path) -> None:
    folder = tmp_path / "topic"
    (folder / "1.2.0.template.json").write_text("{}")
    (folder / "1.9.0.template.json").unlink()
    (folder / "3.0.0.template.json").write_text("{}")
    (folder / "lifecycle.yaml").write_text("1.2.0: active\n1.9.0: resting\n4.0.0: active\n")
    assert [problem.cause for problem in releases.problems()] == [
        "The frozen template of topic 1.2.0 was edited; teams run what it was before.",
        "Version 1.9.0 of topic was released, but its template is gone.",
        "3.0.0.template.json is no release of topic: releases.yaml does not list it.",
        "Version 1.10.0 of topic has no status.",
        "'resting' is no status.",
        "There is no release 4.0.0 of topic.",
    ]
    with pytest.raises(PlatformError, match="'resting' is no status"):
        Releases("topic", tmp_path).lifecycle  # noqa: B018


@pytest.mark.parametrize("key", products.KEYS)
def test_every_product_is_released_and_in_order(key) -> None:
    assert Releases(key).problems() == []
    assert Releases(key).offered
