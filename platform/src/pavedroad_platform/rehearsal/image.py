"""What a build finds around it: the programs and variables of CodeBuild's image, and the way to the sandbox."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pavedroad_platform.rehearsal.directory import RehearsalDirectory

# How this machine reaches package registries; nothing else of the caller's environment is a build's business.
_KEPT: Final = ("PIP_", "UV_", "npm_config_", "NPM_CONFIG_", "LANG", "LC_", "SSL_", "TERM")
_KEPT_NAMES: Final = {
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
    *("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"),
}
_USERS_FILES: Final = {
    "PIP_CONFIG_FILE": ".config/pip/pip.conf",
    "UV_CONFIG_FILE": ".config/uv/uv.toml",
    "NPM_CONFIG_USERCONFIG": ".npmrc",
}


def build_variables(directory: RehearsalDirectory, scratch: Path) -> dict[str, str]:
    """The variables of an image with Python, Node.js and npm, and a home that is kept as the pipeline's cache is.

    Args:
        directory: Whose home and programs they name.
        scratch: A folder of the build's own, for what npm installs globally and for temporary files.
    """
    _install_programs(directory)
    directory.home.mkdir(parents=True, exist_ok=True)
    prefix, temporary = scratch / "npm", scratch / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    return {
        **_kept(os.environ),
        "PATH": os.pathsep.join([str(prefix / "bin"), str(directory.programs), *_machine_path()]),
        "HOME": str(directory.home),
        "TMPDIR": str(temporary),
        "npm_config_prefix": str(prefix),
        "CODEBUILD_CI": "true",
        "CI": "true",
        "NO_COLOR": "1",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "GIT_CEILING_DIRECTORIES": str(directory.path),
    }


def _kept(environment: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in environment.items() if name.startswith(_KEPT) or name in _KEPT_NAMES}
    # The home is another one, and so would be the settings of the package managers.
    files = {name: Path.home() / file for name, file in _USERS_FILES.items()}
    return {name: str(file) for name, file in files.items() if file.exists()} | kept


def _machine_path() -> list[str]:
    """The machine's programs, without those of the environment that the rehearsal itself runs in."""
    own = Path(sys.prefix) / "bin"
    return [entry for entry in os.environ.get("PATH", os.defpath).split(os.pathsep) if Path(entry) != own]


def _install_programs(directory: RehearsalDirectory) -> None:
    # The Python that the environment of the rehearsal was made of, which a build makes its own of.
    python = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    wanted = {"python3": python, **{name: Path(sys.executable).parent / name for name in ("node", "npm", "npx")}}
    shutil.rmtree(directory.programs, ignore_errors=True)
    directory.programs.mkdir(parents=True)
    for name, program in wanted.items():
        # Not a link: Python looks for its library beside the name that it was called by.
        (directory.programs / name).write_text(f'#!/bin/sh\nexec "{program}" "$@"\n')
        (directory.programs / name).chmod(0o755)
