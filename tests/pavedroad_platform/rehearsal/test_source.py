"""The source artefact."""

import os
from pathlib import Path

import pytest

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.rehearsal.source import commit_of, take_source, uncommitted


def test_it_has_the_commit_without_history_and_nothing_is_executable(words, tmp_path: Path) -> None:
    (words.repository / "program").write_text("#!/bin/sh")
    (words.repository / "program").chmod(0o755)
    words.commit(words="two")
    (words.repository / "words").write_text("uncommitted")
    assert take_source(words.repository, words.head, tmp_path / "artifact") == 2
    assert (tmp_path / "artifact" / "words").read_text() == "two"
    assert not os.access(tmp_path / "artifact" / "program", os.X_OK)
    assert list((tmp_path / "artifact" / ".git").iterdir()) == []
    assert uncommitted(words.repository) == [" M words"]


def test_a_commit_that_there_is_not_is_told(words) -> None:
    with pytest.raises(PlatformError, match="has no commit nowhere"):
        commit_of(words.repository, "nowhere")
