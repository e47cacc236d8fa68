"""Reads the finished templates of a cloud assembly, whichever app wrote it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pavedroad_platform.checks.findings import FinishedTemplate, acknowledgments_in
from pavedroad_platform.errors import PlatformError, Problem


def read_assembly(directory: Path) -> list[FinishedTemplate]:
    """The templates of all stacks in ``directory``, with their acknowledgments.

    Raises:
        PlatformError: There is no assembly.
    """
    try:
        manifest = json.loads((directory / "manifest.json").read_text())
    except OSError:
        raise PlatformError(
            Problem(file=directory, cause="there is no synthesised app", fix="run: make synth")
        ) from None
    artifacts = manifest["artifacts"]
    return [
        _finished(directory, name, artifact)
        for name, artifact in artifacts.items()
        if artifact["type"] == "aws:cloudformation:stack"
    ]


def _finished(directory: Path, name: str, artifact: dict[str, Any]) -> FinishedTemplate:
    body = json.loads((directory / artifact["properties"]["templateFile"]).read_text())
    paths, acknowledgments = acknowledgments_in(_entries(directory, artifact))
    return FinishedTemplate(name=name, body=body, paths=paths, acknowledgments=acknowledgments)


def _entries(directory: Path, artifact: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """The metadata, which the CDK writes into the manifest or, where it is long, into a file beside it."""
    metadata = dict(artifact.get("metadata", {}))
    if beside := artifact.get("additionalMetadataFile"):
        metadata |= json.loads((directory / beside).read_text())
    for path, entries in metadata.items():
        for entry in entries:
            yield path, entry["type"], entry.get("data")
