"""``python -m pavedroad_platform.sandbox.emulator --port N``: the emulator as a process, until SIGTERM or SIGINT."""

import argparse
import asyncio
import contextlib
import os
import shutil
import signal
import tempfile


def main() -> None:
    """Serve on 127.0.0.1 and say so in one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="the port on 127.0.0.1")
    port = parser.parse_args().port
    # Lambda functions run as processes of their own: they must end with this one, and leave no files behind.
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    directory = tempfile.mkdtemp(prefix="pavedroad-emulator-")
    tempfile.tempdir = directory
    os.environ.update(environment(port, directory))
    try:
        _serve(port)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        _end_group()


def environment(port: int, directory: str) -> dict[str, str]:
    """What MiniStack reads when it is imported: loopback only, IAM enforced, no other listeners."""
    return {
        "AUTH": "true",
        "AWS_ACCESS_KEY_ID": "000000000000",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "ERROR"),
        "MINISTACK_ACCOUNT_ID": "000000000000",
        "MINISTACK_HOST": "127.0.0.1",
        "SFTP_ENABLED": "0",
        "TMPDIR": directory,
    }


def _serve(port: int) -> None:
    # MiniStack reads its environment when it is imported.
    from pavedroad_platform.sandbox.emulator import server

    server.install()
    asyncio.run(server.run(port, ready=lambda: print(f"ready on http://127.0.0.1:{port}", flush=True)))  # noqa: T201


def _end_group() -> None:
    """End the workers: they share this process's group."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(os.getpgrp(), signal.SIGTERM)


if __name__ == "__main__":
    main()
