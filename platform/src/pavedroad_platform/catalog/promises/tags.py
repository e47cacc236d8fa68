"""Tags: what is launched tells who answers for it and who pays."""

from collections.abc import Iterator

from pavedroad.governance.mandatory_tags import TAG_KEYS


def tag_problems(name: str, found: set[str]) -> Iterator[str]:
    """All mandatory tags are set."""
    missing = sorted(set(TAG_KEYS.values()) - found)
    if missing:
        yield f"{name} has no tag {', '.join(missing)}"
