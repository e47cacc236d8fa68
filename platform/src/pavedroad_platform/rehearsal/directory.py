"""Where a rehearsal keeps what it makes: one folder beneath the sandbox's, and nothing outside of it."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Execution:
    """One execution of the pipeline.

    Attributes:
        folder: Where it is kept.
        commit: What was delivered.
        structure: The structure of the pipeline that it runs in.
        succeeded: The stages that succeeded.
        variables: The variables of its actions, as ``namespace.name``.
    """

    folder: Path
    commit: str
    structure: str
    succeeded: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)

    def artifact(self, name: str) -> Path:
        """The folder of an artefact."""
        return self.folder / "artifacts" / name

    def build(self, stage: str, action: str) -> Path:
        """An empty folder for a build."""
        made = self.folder / "builds" / stage / action
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        return made

    def save(self) -> None:
        """Write down what is known of it."""
        known: Mapping[str, Any] = {name: value for name, value in vars(self).items() if name != "folder"}
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "execution.json").write_text(json.dumps(known))


@dataclass(frozen=True)
class RehearsalDirectory:
    """The folder of all rehearsals in one sandbox.

    Attributes:
        path: The folder.
    """

    path: Path

    @property
    def home(self) -> Path:
        """The home of builds: it has their caches, as the pipeline has them in its bucket."""
        return self.path / "home"

    @property
    def programs(self) -> Path:
        """The programs that CodeBuild's image has."""
        return self.path / "programs"

    def begin(self, commit: str, structure: str) -> Execution:
        """A new execution; of those before it, the last and the last that a stage can be rolled back to are kept."""
        before = self.executions()
        kept = [*before[-1:], *[each for each in before if each.succeeded][-1:]]
        for execution in before:
            if execution not in kept:
                shutil.rmtree(execution.folder)
        number = int(before[-1].folder.name) + 1 if before else 1
        execution = Execution(self.path / "executions" / str(number), commit, structure)
        execution.save()
        return execution

    def executions(self) -> list[Execution]:
        """Those that are kept, the oldest first."""
        files = self.path.glob("executions/*/execution.json")
        folders = sorted((file.parent for file in files), key=lambda folder: int(folder.name))
        return [Execution(folder, **json.loads((folder / "execution.json").read_text())) for folder in folders]
