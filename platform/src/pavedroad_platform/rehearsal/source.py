"""The source artefact: a commit, as a source action hands it on."""

import io
import subprocess
import tarfile
from pathlib import Path

from pavedroad_platform.errors import PlatformError, Problem


def commit_of(checkout: Path, revision: str) -> str:
    """The id of the commit that ``revision`` names.

    Raises:
        PlatformError: There is no such commit.
    """
    done = _git(checkout, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if done.returncode:
        cause = f"{checkout} has no commit {revision}"
        raise PlatformError(Problem(path="--commit", cause=cause, fix="name a branch, a tag or a commit of it"))
    return done.stdout.decode().strip()


def uncommitted(checkout: Path) -> list[str]:
    """The files that differ from the last commit."""
    return _git(checkout, "status", "--porcelain", "--untracked-files=no").stdout.decode().splitlines()


def take_source(checkout: Path, commit: str, artifact: Path) -> int:
    """Write the files of a commit into ``artifact``; return how many there are.

    As CodePipeline's ZIP has them: without the history, and nothing is executable.
    """
    archive = _git(checkout, "archive", "--format=tar", commit).stdout
    # Tools that look for the root of a repository must not find the checkout around this folder.
    (artifact / ".git").mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        members = [member for member in files if member.isfile()]
        for member in members:
            content = files.extractfile(member)
            assert content is not None
            file = artifact / member.name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.read())
    return len(members)


def _git(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", *arguments], cwd=checkout, capture_output=True, check=False)
