"""The changelog of a product, written from its frozen templates: what changed, and what a team has to do."""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from pavedroad_platform.catalog.comparison.change import ProductChange
from pavedroad_platform.catalog.comparison.templates import compare
from pavedroad_platform.versions import Step

_HEADINGS = {
    Step.MAJOR: "Major: read this before you upgrade",
    Step.MINOR: "Minor: more than before",
    Step.PATCH: "Patch: nothing to do",
}

_MARKDOWN = re.compile(r"([\\`*<\[])")


def changelog(title: str, templates: Mapping[str, Mapping[str, Any]]) -> str:
    """The changelog as Markdown.

    Args:
        title: The name of the product as people say it.
        templates: The template of each version, the oldest first.
    """
    versions = list(templates)
    entries = [_first_entry(versions[0], templates[versions[0]])]
    for before, after in pairwise(versions):
        entries.append(_entry(after, before, compare(templates[before], templates[after])))
    introduction = (
        f"# {title}: releases\n\n"
        "What changed, and what to do when you upgrade, the newest release first. Written by 'pavedroad catalog freeze'"
        " from the\nfrozen templates; not edited.\n"
    )
    return "\n".join([introduction, *reversed(entries)])


def _first_entry(version: str, template: Mapping[str, Any]) -> str:
    summary = template.get("Description", "").partition(": ")[2]
    required = [name for name, parameter in template.get("Parameters", {}).items() if "Default" not in parameter]
    lines = [f"The first release. {_escaped(summary)}".strip(), ""]
    lines.append(f"- To fill in: {_names(required)}; every other field has a default.")
    lines.append(f"- Handed out: {_names(template.get('Outputs', {}))}.")
    return _section(version, lines)


def _entry(version: str, before: str, changes: list[ProductChange]) -> str:
    lines = [] if changes else [f"As {before}: nothing that a team notices changed."]
    for step, heading in _HEADINGS.items():
        of_step = [change for change in changes if change.step is step]
        if of_step:
            lines += ["" for _ in lines[:1]] + [f"### {heading}", "", *map(_line, of_step)]
    return _section(version, lines)


def _section(version: str, lines: list[str]) -> str:
    return "\n".join([f"## {version}", "", *lines, ""])


def _line(change: ProductChange) -> str:
    what = change.what[0].upper() + change.what[1:]
    return f"- {_escaped(what)}. {_escaped(change.advice)}".rstrip()


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "nothing"


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)
