"""Runs a build specification as CodeBuild does: its phases in order, in a shell, with its environment and artefacts."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pavedroad_platform.followed_process import followed_process
from pavedroad_platform.rehearsal.build_specification import PHASES, BuildSpecification, Output, Phase

# The build phase tells of its failure; whatever the post_build phase does about that still runs.
_ENDING: Final = ("install", "pre_build")


@dataclass(frozen=True, kw_only=True)
class Built:
    """How a build ended.

    Attributes:
        failed: The phase that failed; empty where none did.
        exported: The variables that it exports.
    """

    failed: str
    exported: Mapping[str, str]


def run_build(
    specification: BuildSpecification,
    *,
    folder: Path,
    environment: Mapping[str, str],
    log: Path,
    on_line: Callable[[str], None],
) -> Built:
    """Run all phases.

    Args:
        specification: What it does.
        folder: Where it runs: a copy of its primary input.
        environment: All variables that it has.
        log: Where everything that it prints goes.
        on_line: Called with each line that it prints.
    """
    state = _Shell(log.parent, {**specification.variables, **environment}, folder)
    state.variables["CODEBUILD_BUILD_SUCCEEDING"] = "1"
    failed = ""
    with log.open("a", encoding="utf-8", errors="replace", buffering=1) as written:

        def tell(line: str) -> None:
            written.write(f"{line}\n")
            on_line(line)

        for name in PHASES:
            phase = specification.phases.get(name, Phase())
            passed = state.run(specification.shell, phase.commands, tell)
            passed = state.run(specification.shell, phase.finally_commands, tell) and passed
            if not passed:
                failed = failed or name
                state.variables["CODEBUILD_BUILD_SUCCEEDING"] = "0"
                if name in _ENDING and not phase.goes_on:
                    break
    exported = {name: state.variables.get(name, "") for name in specification.exported}
    return Built(failed=failed, exported=exported)


def collect(output: Output, folder: Path, artifact: Path) -> int:
    """Copy the files of an artefact; return how many there are."""
    base = folder / output.base
    found = {file for pattern in output.files for file in base.glob(_every_file(pattern)) if file.is_file()}
    found -= {file for pattern in output.excluded for file in base.glob(_every_file(pattern))}
    artifact.mkdir(parents=True)
    for file in found:
        target = artifact / file.relative_to(base)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, target)
    return len(found)


def _every_file(pattern: str) -> str:
    # Before Python 3.13 a pattern that ends with ** finds folders only.
    return f"{pattern}/*" if pattern.endswith("**") else pattern


class _Shell:
    """One shell of a build: what one phase exports and where it ends is where the next begins."""

    def __init__(self, scratch: Path, variables: Mapping[str, str], folder: Path) -> None:
        self.variables = dict(variables)
        self._scratch = scratch
        self._folder = folder

    def run(self, shell: str, commands: Sequence[str], tell: Callable[[str], None]) -> bool:
        """Run commands until one fails; say whether none did."""
        if not commands:
            return True
        left = self._scratch / "left.env"
        script = self._scratch / "commands.sh"
        script.write_text(_script(commands, left))
        with followed_process([shell, str(script)], self._folder, self.variables) as process:
            assert process.stdout is not None
            for line in process.stdout:
                tell(line.rstrip("\n"))
            code = process.wait()
        if left.exists():
            entries = left.read_text(errors="replace").split("\0")
            self.variables = dict(entry.split("=", 1) for entry in entries if "=" in entry)
            self._folder = Path(self.variables.get("PWD", self._folder))
            left.unlink()
        return code == 0


def _script(commands: Sequence[str], left: Path) -> str:
    lines = [f"trap 'code=$?; env -0 > \"{left}\"; exit $code' EXIT"]
    for command in commands:
        lines += [f"printf '%s\\n' {_quoted('$ ' + command)}", command]
        lines += ['code=$?; [ $code -eq 0 ] || { echo "The command ended with exit code $code."; exit $code; }']
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
