import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.library.changes import changes_since, check_version, current_version
from pavedroad_platform.library.releases import RELEASES, LibraryRelease, last_release
from pavedroad_platform.versions import Change, Step, lowest_version

FIRST = LibraryRelease("1.2.3")
MINOR = Change(step=Step.MINOR, what="Store.keep is new")
MAJOR = Change(step=Step.MAJOR, what="Store.drop was removed")


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[str, str], LibraryRelease]:
    """The last release with its bucket alone, and something in its example or its outcome replaced."""

    def edit(before: str, after: str) -> LibraryRelease:
        newest = last_release()
        shutil.copytree(RELEASES / newest.version, tmp_path / newest.version)
        text = json.dumps({"SecureBucket": newest.examples["SecureBucket"]})
        assert before in text
        (tmp_path / newest.version / "examples.json").write_text(text.replace(before, after))
        return last_release(tmp_path)

    return edit


def test_the_version_of_the_library_keeps_what_the_last_release_promised() -> None:
    release = last_release()
    check_version(release, current_version(), changes_since(release))


def test_another_logical_id_of_what_holds_data_is_a_major_version(edited: Callable[..., LibraryRelease]) -> None:
    changes = changes_since(edited("Uploads88C64F96", "Uploads00000000"))
    assert (
        Change(
            step=Step.MAJOR,
            what="SecureBucket: AWS::S3::Bucket Uploads00000000, which holds data or outlives its stack, is gone",
        )
        in changes
    )


def test_another_logical_id_of_what_is_made_anew_is_a_minor_version(edited: Callable[..., LibraryRelease]) -> None:
    changes = changes_since(edited("UploadsPolicy", "UploadsRules"))
    assert [change.step for change in changes if "AWS::S3::BucketPolicy UploadsRules" in change.what] == [Step.MINOR]


def test_an_app_that_no_longer_runs_is_a_major_version(edited: Callable[..., LibraryRelease]) -> None:
    [change] = [it for it in changes_since(edited("event_bridge=True", "events=True")) if it.step is Step.MAJOR]
    assert change.what.startswith("the released example of SecureBucket fails: ")
    assert "unexpected keyword argument 'events'" in change.what


@pytest.mark.parametrize(
    ("changes", "lowest"), [([], "1.2.3"), ([MINOR], "1.3.0"), ([MAJOR], "2.0.0"), ([MAJOR, MINOR], "2.0.0")]
)
def test_the_gravest_change_decides_the_version(changes: list[Change], lowest: str) -> None:
    assert lowest_version(FIRST.version, changes) == lowest
    check_version(FIRST, lowest, changes)
    check_version(FIRST, "3.0.0", changes)


def test_a_version_that_promises_too_much_is_refused_and_says_why() -> None:
    with pytest.raises(PlatformError) as refused:
        check_version(FIRST, "1.3.0", [MAJOR, MINOR])
    assert str(refused.value).endswith(
        "constructs/pyproject.toml: project.version: 1.3.0 is not enough after 1.2.3: Store.drop was removed\n"
        '    write version = "2.0.0", or undo the change'
    )
