import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.sandbox import emulator_process
from pavedroad_platform.sandbox.directory import SandboxDirectory


@pytest.fixture
def directory(tmp_path: Path) -> SandboxDirectory:
    return SandboxDirectory(checkout=tmp_path, path=tmp_path / ".sandbox")


def record(directory: SandboxDirectory, *, pid: int, started: float) -> None:
    directory.path.mkdir(parents=True)
    directory.state.write_text(json.dumps({"port": 1, "pid": pid, "started": started}))


def test_a_taken_port_is_told_before_anything_is_started(directory: SandboxDirectory) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PlatformError, match=f"port {port} on 127.0.0.1 cannot be used: Address already in use"):
            emulator_process.start(directory, port=port)
    assert not directory.state.exists()


def test_an_emulator_that_does_not_start_is_told_with_its_last_words(
    directory: SandboxDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(directory.checkout))
    package = directory.checkout / "ministack"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('the emulator has a cold')")
    with pytest.raises(PlatformError, match=r"(?s)did not start on port \d+; it said:.*has a cold"):
        emulator_process.start(directory)
    assert not directory.state.exists()


def test_what_a_dead_emulator_left_is_cleared_away(directory: SandboxDirectory) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    record(directory, pid=ended.pid, started=1.0)
    assert emulator_process.find(directory) is None
    assert not directory.state.exists()


def test_a_process_that_only_has_the_same_number_is_left_alone(directory: SandboxDirectory) -> None:
    record(directory, pid=os.getpid(), started=psutil.Process().create_time() - 100)
    assert emulator_process.stop(directory) is False


def test_an_unreadable_state_counts_as_none(directory: SandboxDirectory) -> None:
    directory.path.mkdir()
    directory.state.write_text("{half")
    assert emulator_process.find(directory) is None
    assert emulator_process.stop(directory) is False


def test_starts_is_found_again_answers_and_is_gone_after_the_stop(directory: SandboxDirectory) -> None:
    emulator = emulator_process.start(directory)
    try:
        assert emulator_process.find(directory) == emulator
        assert emulator.resource_types()["AWS::S3::Bucket"] == "native"
        listening = {
            connection.laddr.ip
            for connection in psutil.Process(emulator.pid).net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        }
        assert listening == {"127.0.0.1"}
    finally:
        assert emulator_process.stop(directory) is True
    assert not emulator.is_healthy()
    assert emulator_process.find(directory) is None
