"""The code of the function that makes the report: some modules of the platform and the scope, in a directory."""

import json
import shutil
from pathlib import Path
from typing import Final

import pavedroad
from pavedroad_platform.adoption.handler import SCOPE_FILE
from pavedroad_platform.adoption.scope import Scope

HANDLER: Final = "pavedroad_platform.adoption.handler.handler"
"""What Lambda calls."""

_PLATFORM: Final = Path(__file__).resolve().parents[1]
_LIBRARY: Final = Path(pavedroad.__file__).resolve().parent

# These need nothing but boto3; a test imports them without anything else.
_MODULES: Final = (
    (_PLATFORM, ("__init__.py", "errors.py", "versions.py", "launching/__init__.py", "launching/client.py")),
    (_LIBRARY, ("__init__.py", "version_stamp.py")),
)


def write_function_code(directory: Path, scope: Scope) -> None:
    """Write the function's code.

    Args:
        directory: Where to; it is there already.
        scope: What the reports are about.
    """
    for package, modules in _MODULES:
        for module in modules:
            _copy(package / module, directory / package.name / module)
    adoption = _PLATFORM / "adoption"
    for path in sorted(adoption.rglob("*")):
        if path.suffix in {".py", ".css", ".js"} and path != Path(__file__).resolve():
            _copy(path, directory / _PLATFORM.name / "adoption" / path.relative_to(adoption))
    (directory / SCOPE_FILE).write_text(json.dumps(scope.as_json(), indent=1, sort_keys=True))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
