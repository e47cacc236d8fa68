from pathlib import Path

import pytest

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.library import releases
from pavedroad_platform.library.releases import LibraryRelease, last_release


@pytest.fixture
def one_example(monkeypatch: pytest.MonkeyPatch) -> None:
    """The outlines are the library's; running each example is the subject of other tests."""
    example = releases.Example(source="", module="", resources={})
    monkeypatch.setattr(releases, "_examples", lambda: {"SecureBucket": example})


@pytest.mark.usefixtures("one_example")
def test_a_release_holds_outlines_of_what_is_public_and_the_examples(tmp_path: Path) -> None:
    release = LibraryRelease("1.0.0", tmp_path)
    assert release.write() is True
    outline = (release.api / "pavedroad/storage/s3/secure_bucket.pyi").read_text()
    assert "class SecureBucket(Construct):" in outline
    assert "_restrict_keys" not in outline
    assert not (release.api / "pavedroad/storage/s3/bucket_policy.pyi").exists()
    assert release.examples == {"SecureBucket": {"source": "", "module": "", "resources": {}}}


@pytest.mark.usefixtures("one_example")
def test_a_release_is_written_once_and_never_changes(tmp_path: Path) -> None:
    release = LibraryRelease("1.0.0", tmp_path)
    release.write()
    assert release.write() is False
    edited = release.api / "pavedroad/storage/s3/secure_bucket.pyi"
    edited.write_text("")
    with pytest.raises(PlatformError, match=r"version 1\.0\.0 of the library is released; a release never changes"):
        release.write()
    assert edited.read_text() == ""


def test_the_newest_release_is_found_by_number(tmp_path: Path) -> None:
    for version in ("1.9.0", "1.10.0"):
        (tmp_path / version).mkdir()
    assert last_release(tmp_path).version == "1.10.0"


def test_without_a_release_it_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match=r"no release is recorded\n    run: pavedroad library freeze"):
        last_release(tmp_path / "none")
