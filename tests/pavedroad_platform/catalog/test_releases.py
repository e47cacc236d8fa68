import pytest

from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.releases import Releases, Status, digest
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


def test_the_version_before_is_found_whether_a_version_is_released_or_not(releases) -> None:
    assert [releases.before(version) for version in ("1.10.0", "1.9.5", "1.2.0")] == ["1.9.0", "1.9.0", None]


def test_lines_out_of_order_are_told(releases, tmp_path) -> None:
    file = tmp_path / "topic" / "releases.yaml"
    header, *lines = file.read_text().splitlines()
    file.write_text("\n".join([header, *reversed(lines)]))
    assert [problem.cause for problem in Releases("topic", tmp_path).problems()] == [
        "Version 1.9.0 of topic stands after 1.10.0, which is higher.",
        "Version 1.2.0 of topic stands after 1.9.0, which is higher.",
    ]


@pytest.mark.parametrize("version", ["1.0", "1.0.0-beta", "newest"])
def test_what_is_no_version_is_told(version, tmp_path) -> None:
    (tmp_path / "topic").mkdir()
    (tmp_path / "topic" / "releases.yaml").write_text(f"{version}: abc\n")
    [problem] = Releases("topic", tmp_path).problems()
    assert problem.cause == f"{version} is no semantic version like 1.0.0."


@pytest.mark.parametrize("content", ["1.0.0: [active", "- 1.0.0", "just a text", "1.0.0: active\n1.0.0: retired"])
def test_a_file_that_cannot_be_read_is_told_and_not_raised(content, releases, tmp_path) -> None:
    (tmp_path / "topic" / "lifecycle.yaml").write_text(content)
    [problem] = Releases("topic", tmp_path).problems()
    assert problem.cause.startswith("The file cannot be read")
    assert problem.file.name == "lifecycle.yaml"


@pytest.fixture
def many(tmp_path):
    """A product with so many versions, of which so many are retired."""

    def released(number: int, retired: int = 0) -> Releases:
        many = Releases("many", tmp_path)
        versions = [f"1.{minor}.0" for minor in range(number)]
        folder = tmp_path / "many"
        folder.mkdir()
        for version in versions:
            many.path(version).write_text("{}")
        (folder / "releases.yaml").write_text("".join(f"{version}: {digest('{}')}\n" for version in versions))
        states = ["retired"] * retired + ["active"] * (number - retired)
        lines = (f"{version}: {state}\n" for version, state in zip(versions, states, strict=True))
        (folder / "lifecycle.yaml").write_text("".join(lines))
        return many

    return released


@pytest.mark.parametrize(("number", "retired"), [(79, 0), (120, 41)])
def test_versions_that_service_catalog_has_room_for_are_in_order(many, number, retired) -> None:
    releases = many(number, retired)
    assert releases.problems() == releases.warnings() == []


@pytest.mark.parametrize("number", [80, 100])
def test_many_versions_leave_a_warning(many, number) -> None:
    releases = many(number)
    assert releases.problems() == []
    [warning] = releases.warnings()
    assert warning.cause == (
        f"many has {number} versions that are not retired; Service Catalog takes 100, and this warns from 80 on."
    )
    assert warning.fix == "Retire versions that nobody runs, the oldest first: 1.0.0."


def test_more_versions_than_service_catalog_takes_are_a_problem(many) -> None:
    releases = many(102, retired=1)
    [problem] = releases.problems()
    assert problem.cause == "many has 101 versions that are not retired; Service Catalog takes 100."
    assert problem.fix == "Retire versions that nobody runs, the oldest first: 1.1.0."
    assert releases.warnings() == []


@pytest.mark.parametrize("key", products.KEYS)
def test_every_product_is_released_and_in_order(key) -> None:
    assert Releases(key).problems() == []
    assert Releases(key).offered
