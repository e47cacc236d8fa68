import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from pavedroad_platform.custom_resources.answer import answer


@pytest.fixture
def received() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Where CloudFormation waits for the answer, and what it was told."""
    told: list[dict[str, Any]] = []

    class CloudFormation(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), CloudFormation)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", told
    server.shutdown()
    thread.join()
    server.server_close()


def event(url: str, **more: str) -> dict[str, str]:
    return {"ResponseURL": url, "StackId": "stack", "RequestId": "request", "LogicalResourceId": "Thing", **more}


SENT_BACK = {"StackId": "stack", "RequestId": "request", "LogicalResourceId": "Thing"}


def test_success_names_the_resource(received) -> None:
    url, told = received
    answer(event(url), lambda: "it")
    assert told == [{**SENT_BACK, "Status": "SUCCESS", "PhysicalResourceId": "it"}]


def test_a_failure_is_told_with_its_reason(received) -> None:
    url, told = received

    def fail() -> str:
        raise LookupError("there is no such account")

    answer(event(url), fail)
    assert told == [
        {
            **SENT_BACK,
            "Status": "FAILED",
            "PhysicalResourceId": "not-made",
            "Reason": "LookupError: there is no such account",
        }
    ]


def test_a_failed_update_keeps_the_resource(received) -> None:
    url, told = received

    def fail() -> str:
        raise LookupError

    answer(event(url, PhysicalResourceId="it"), fail)
    assert told[0]["PhysicalResourceId"] == "it"
