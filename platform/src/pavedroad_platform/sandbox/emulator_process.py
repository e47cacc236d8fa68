"""Starts, finds and stops the emulator's process."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from typing import Any

import psutil

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Purpose
from pavedroad_platform.sandbox.directory import SandboxDirectory

_START_SECONDS = 60
_STOP_SECONDS = 10

# An emulator outlives the run that starts it: forgetting its process object would count as a leak.
_started: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class Emulator:
    """A running emulator.

    Attributes:
        port: Where it listens on 127.0.0.1.
        pid: Its process.
        started: When that process started, in seconds since 1970: the number alone may come to belong to another.
    """

    port: int
    pid: int
    started: float

    @property
    def endpoint(self) -> str:
        """The URL for AWS clients."""
        return f"http://127.0.0.1:{self.port}"

    def is_healthy(self) -> bool:
        """Whether it answers."""
        try:
            self._ask("health")
        except OSError:
            return False
        return True

    def resource_types(self) -> dict[str, str]:
        """Each CloudFormation type: ``native`` (the service is emulated) or ``schema`` (its properties are checked)."""
        tiers: dict[str, str] = self._ask("resource-types")
        return tiers

    def establish(self, organization: Organization) -> None:
        """Let the organisation and its accounts be there, as they are at AWS before the platform comes."""
        management = organization.account_with_purpose(Purpose.MANAGEMENT)
        document = {
            "id": organization.id,
            "root_id": organization.root_id,
            "management_account": management.id,
            "accounts": [
                {"id": account.id, "name": key, "email": account.email}
                for key, account in organization.accounts.items()
                if account != management
            ],
        }
        self._put("organization", document)

    def service_session(self, service: str, role_arn: str, name: str) -> dict[str, str]:
        """The credentials that an AWS service has when it works as a role, as variables of the environment.

        Raises:
            PlatformError: The role does not exist, or does not trust the service.
        """
        try:
            session = self._put("service-session", {"service": service, "role_arn": role_arn, "name": name})
        except urllib.error.HTTPError as error:
            cause = f"{service} cannot work as the role: it does not exist, or does not trust the service"
            fix = "look at the role's trust policy, then deploy it with: make sandbox"
            raise PlatformError(Problem(path=role_arn, cause=cause, fix=fix)) from error
        return {
            "AWS_ACCESS_KEY_ID": session["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": session["SecretAccessKey"],
            "AWS_SESSION_TOKEN": session["SessionToken"],
        }

    def _put(self, what: str, document: Any) -> Any:
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.endpoint}/_pavedroad/{what}", data=json.dumps(document).encode(), method="PUT"
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
            return json.load(answer)

    def _ask(self, what: str) -> Any:
        with urllib.request.urlopen(f"{self.endpoint}/_pavedroad/{what}", timeout=10) as answer:  # noqa: S310 - loopback
            return json.load(answer)


def find(directory: SandboxDirectory) -> Emulator | None:
    """The emulator that an earlier run left running, or ``None``; what remains of a dead one is cleared away."""
    emulator = _recorded(directory)
    if emulator is None or emulator.is_healthy():
        return emulator
    _end(emulator)
    directory.state.unlink(missing_ok=True)
    return None


def start(directory: SandboxDirectory, *, port: int | None = None) -> Emulator:
    """Start an emulator and wait until it answers.

    Args:
        directory: Where its state and log go.
        port: The port on 127.0.0.1. Left out: a free one.

    Raises:
        PlatformError: The port is taken, or the emulator ended or did not answer; its last words are in the message.
    """
    chosen = _free_port(port)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment["TMPDIR"] = str(directory.temporary)
    with directory.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "pavedroad_platform.sandbox.emulator", "--port", str(chosen)],
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=environment,
            cwd=directory.checkout,
            start_new_session=True,  # a group of its own: it outlives this run, and ends together with its workers
        )
    _started.append(process)
    emulator = Emulator(port=chosen, pid=process.pid, started=psutil.Process(process.pid).create_time())
    directory.state.write_text(json.dumps(asdict(emulator)))
    try:
        _wait_until_healthy(emulator, process, directory)
    except BaseException:
        stop(directory)
        raise
    return emulator


def stop(directory: SandboxDirectory) -> bool:
    """End the emulator and its workers; say whether there was one."""
    emulator = _recorded(directory)
    if emulator is None:
        return False
    ended = _end(emulator)
    directory.state.unlink(missing_ok=True)
    return ended


def last_words(directory: SandboxDirectory, lines: int = 12) -> str:
    """The end of the emulator's log."""
    try:
        return "\n".join(directory.log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def _recorded(directory: SandboxDirectory) -> Emulator | None:
    try:
        return Emulator(**json.loads(directory.state.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _wait_until_healthy(emulator: Emulator, process: subprocess.Popen[bytes], directory: SandboxDirectory) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if emulator.is_healthy():
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    said = last_words(directory)
    raise PlatformError(
        Problem(
            path="emulator",
            cause=f"it did not start on port {emulator.port}; it said:\n{said}",
            fix=f"see {directory.log}; then run make sandbox again, which starts afresh",
        )
    )


def _free_port(wanted: int | None) -> int:
    with socket.socket() as probe:
        # As the server will: a port that only waits for old connections to time out is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted or 0))
        except OSError as error:
            raise PlatformError(
                Problem(
                    path="--port",
                    cause=f"port {wanted} on 127.0.0.1 cannot be used: {error.strerror}",
                    fix="leave --port out to get a free one, or name another",
                )
            ) from None
        port: int = probe.getsockname()[1]
    return port


def _end(emulator: Emulator) -> bool:
    """End the emulator's process group; ``False`` where the process is gone, or its number belongs to another now."""
    try:
        process = psutil.Process(emulator.pid)
        if process.create_time() != emulator.started:
            return False
    except psutil.NoSuchProcess:
        return False
    workers = process.children(recursive=True)
    process.terminate()
    _, alive = psutil.wait_procs([process, *workers], timeout=_STOP_SECONDS)
    for survivor in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            survivor.kill()
    return True
