"""What must always hold of the repository, whatever is in it."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("folder", ["constructs", "platform"])
def test_no_module_stands_where_it_would_shadow_a_package(folder: str) -> None:
    # `import constructs` must find the CDK's package and `import platform` the standard library's.
    assert [path.name for path in (ROOT / folder).glob("*.py")] == []


def test_no_file_names_a_package_index() -> None:
    # Written in pieces, so that this file names none itself.
    hosts = re.compile("|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "registry" + r"\.npmjs"]))
    texts = {path: path.read_text(errors="replace") for path in tracked() if path.suffix not in {".png", ".svg"}}
    assert [str(path.relative_to(ROOT)) for path, text in texts.items() if hosts.search(text)] == []


@pytest.mark.parametrize(
    "name", ["requirements.txt", *(f"requirements/{n}.txt" for n in ("installer", "checkov", "parliament"))]
)
def test_every_requirement_is_pinned_with_a_hash(name: str) -> None:
    text = (ROOT / name).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert lines
    assert [line for line in lines if "==" not in line or "--hash=sha256:" not in line] == []


def test_every_npm_package_is_pinned_with_an_integrity_hash_and_without_an_address() -> None:
    for lock in (path for path in tracked() if path.name == "package-lock.json"):
        packages = {name: entry for name, entry in json.loads(lock.read_text())["packages"].items() if name}
        # A bundled package comes inside another one, whose hash covers it.
        packages = {name: entry for name, entry in packages.items() if not entry.get("inBundle")}
        assert packages
        assert [name for name, entry in packages.items() if "resolved" in entry or "integrity" not in entry] == []


def test_account_ids_are_made_up() -> None:
    # Twelve times the same digit, or the ids that AWS's own documentation uses.
    made_up = re.compile(r"(\d)\1{11}|123456789012|012345678901")
    folders = ("stacks", "platform/organization", "docs", "constructs/src")
    for path in tracked():
        if path.relative_to(ROOT).as_posix().startswith(folders) and path.suffix in {".py", ".yaml", ".md"}:
            found = re.findall(r"(?<![\w.-])\d{12}(?![\w.-])", path.read_text())
            assert [account for account in found if not made_up.fullmatch(account)] == [], path
