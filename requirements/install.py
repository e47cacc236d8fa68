"""Sets up .venv and node_modules from the pinned files. Runs on any Python 3, to say plainly when it is too old.

An interrupted run leaves no stamp, so that the next one completes it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMP = VENV / "installed"
OLDEST, FIRST_UNSUPPORTED = (3, 11), (3, 15)
INPUTS = (
    "requirements/install.py",
    "requirements/installer.txt",
    "requirements.txt",
    "constructs/pyproject.toml",
    "platform/pyproject.toml",
    "package-lock.json",
)


def fingerprint():
    """Changes when anything that is installed changes, or when the environment's interpreter does."""
    digest = hashlib.sha256(sys.version.encode())
    for name in INPUTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def step(what, *command):
    """Run one installer command quietly; on failure show what it said and what to do."""
    print("  " + what, flush=True)
    # An active environment of the user's must not receive our packages.
    environment = dict(os.environ, VIRTUAL_ENV=str(VENV), PATH=str(BIN) + os.pathsep + os.environ.get("PATH", ""))
    done = subprocess.run(
        [str(part) for part in command],
        check=False,
        cwd=str(ROOT),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        lines = done.stdout.decode(errors="replace").strip().splitlines()
        said = [line for line in lines if not line.startswith("WARNING: Retrying")]
        stop(
            "{} failed.\n\n{}\n\nIf this machine has no network, or reaches packages through a mirror,"
            " set PIP_INDEX_URL, UV_DEFAULT_INDEX and npm_config_registry to it and run the command again."
            " Nothing is half-done: it starts over.".format(what, "\n".join(said[-15:]))
        )


def bytecode():
    """The option to compile all packages, unless uv's own variable says no: a build that ends soon imports few."""
    return [] if os.environ.get("UV_COMPILE_BYTECODE") == "0" else ["--compile-bytecode"]


def stop(message):
    """End with a message instead of a traceback."""
    sys.exit("set-up: " + message)


def install_tool(name):
    """Install a checker whose pins conflict with ours into an environment of its own."""
    pins = ROOT / "requirements" / (name + ".txt")
    home = VENV / "tools" / name
    stamp = home / "installed"
    wanted = hashlib.sha256(sys.version.encode() + pins.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Setting up " + name, flush=True)
    shutil.rmtree(str(home), ignore_errors=True)
    venv.create(str(home), with_pip=False, symlinks=True)
    step(
        name,
        BIN / "uv",
        "pip",
        "sync",
        "--quiet",
        "--python",
        home / "bin" / "python",
        *bytecode(),
        "--require-hashes",
        str(pins),
    )
    stamp.write_text(wanted)


def main():
    """Install the project, then the checkers that are named on the command line."""
    install_project()
    for name in sys.argv[1:]:
        install_tool(name)


def make_environment():
    """Make .venv, anew where it is incomplete or belongs to another Python."""
    made_by = VENV / "made-by"
    if (BIN / "pip").exists() and made_by.exists() and made_by.read_text() == sys.version:
        return
    shutil.rmtree(str(VENV), ignore_errors=True)
    try:
        venv.create(str(VENV), with_pip=True, symlinks=True)
    except (OSError, subprocess.CalledProcessError) as error:
        stop("the virtual environment could not be made: {}. On Debian: apt-get install python3-venv".format(error))
    made_by.write_text(sys.version)


def install_project():
    """Create the virtual environment, install the pinned packages, then the two distributions and the CDK CLI."""
    if not OLDEST <= sys.version_info[:2] < FIRST_UNSUPPORTED:
        stop(
            "Python {}.{} is not supported; Paved Road needs {}.{} or newer, below {}.{}."
            " Name one: make PYTHON=python3.11 ...".format(*(sys.version_info[:2] + OLDEST + FIRST_UNSUPPORTED))
        )
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    print("Setting up .venv (once, and again when a pin changes)", flush=True)
    if STAMP.exists():
        STAMP.unlink()
    make_environment()
    step(
        "installer",
        BIN / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "--requirement",
        "requirements/installer.txt",
    )
    # Without bytecode the first import of the CDK takes several times as long.
    step(
        "Python packages",
        BIN / "uv",
        "pip",
        "sync",
        "--quiet",
        "--python",
        BIN / "python",
        *bytecode(),
        "--require-hashes",
        "requirements/installer.txt",
        "requirements.txt",
    )
    step(
        "pavedroad and pavedroad-platform",
        BIN / "uv",
        "pip",
        "install",
        "--quiet",
        "--python",
        BIN / "python",
        "--no-deps",
        "--no-build-isolation",
        "--offline",
        "--no-index",
        "--editable",
        "constructs",
        "--editable",
        "platform",
    )
    step("CDK CLI", BIN / "npm", "ci", "--no-fund", "--no-audit")
    STAMP.write_text(wanted)


if __name__ == "__main__":
    main()
