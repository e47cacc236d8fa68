"""Every link between the pages leads somewhere."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("constructs/*.md")])
_CODE = re.compile(r"^ *```.*?^ *```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def links_of(text: str) -> list[str]:
    return [link for link in _LINK.findall(_CODE.sub("", text)) if not link.startswith(("https://", "mailto:"))]


def anchors_of(text: str) -> set[str]:
    """The anchors that GitHub gives headings: letters, digits and hyphens, numbered where they repeat."""
    seen: Counter[str] = Counter()
    anchors = set()
    for heading in _HEADING.findall(re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)):
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        anchors.add(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
        seen[anchor] += 1
    return anchors


def broken(page: Path) -> list[str]:
    found = []
    for link in links_of(page.read_text()):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors_of(target.read_text())):
            found.append(link)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_the_page_leads_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_every_page_of_the_documentation_is_reached_from_where_readers_begin() -> None:
    reached: set[Path] = set()
    ahead = [ROOT / "README.md", ROOT / "docs" / "index.md"]
    while ahead:
        page = ahead.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        ahead += [(page.parent / link.partition("#")[0]).resolve() for link in links_of(page.read_text())]
    assert sorted(set(ROOT.glob("docs/**/*.md")) - reached) == []


def test_a_link_that_leads_nowhere_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Two `words`\n\n[a](#two-words) [b](#three) [c](none.md) `[d](none.md)` [e](page.md#two-words)\n")
    assert broken(page) == ["#three", "none.md"]
