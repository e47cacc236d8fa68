"""Calls a service of the emulator in process: botocore's own serialiser and parser, without HTTP or credentials."""

import asyncio
import functools
from collections.abc import Coroutine
from typing import Any, cast
from urllib.parse import parse_qs, urlencode, urlsplit

import botocore.parsers
import botocore.serialize
import botocore.session
from ministack import app as ministack
from ministack.core.responses import get_account_id, get_region

Answer = tuple[int, dict[str, str], bytes | str]


class ServiceError(ValueError):
    """A service refused a call.

    Attributes:
        code: The service's error code.
    """

    def __init__(self, service: str, code: str, message: str, status: int) -> None:
        super().__init__(f"{message} (Service: {service}, Status Code: {status}, Error Code: {code})")
        self.code = code
        self.detail = message


@functools.cache
def _model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


def call(service: str, operation: str, **parameters: Any) -> dict[str, Any]:
    """Call ``operation`` of ``service`` in the account and region of the current request.

    Args:
        service: botocore's name of the service.
        operation: Such as ``CreateTrail``.
        parameters: The operation's input as boto3 takes it.

    Returns:
        The output as boto3 gives it.

    Raises:
        ServiceError: The service refused.
    """
    model = _model(service)
    operation_model = model.operation_model(operation)
    request = botocore.serialize.create_serializer(model.resolved_protocol).serialize_to_request(
        parameters, operation_model
    )
    status, headers, content = _answer(service, model.signing_name, request)
    parsed: dict[str, Any] = botocore.parsers.create_parser(model.resolved_protocol).parse(
        {
            "status_code": status,
            "headers": {name.lower(): value for name, value in headers.items()},
            "body": content if isinstance(content, bytes) else content.encode(),
        },
        operation_model.output_shape,
    )
    if status >= 300:  # noqa: PLR2004 - HTTP
        error = parsed.get("Error", {})
        raise ServiceError(service, error.get("Code", "Unknown"), error.get("Message") or operation, status)
    return parsed


def _answer(service: str, signing_name: str, request: dict[str, Any]) -> Answer:
    body = request["body"]
    headers = {name.lower(): value for name, value in request["headers"].items()}
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={get_account_id()}/20260101/{get_region()}/{signing_name}/aws4_request, "
        "SignedHeaders=host, Signature=0"
    )
    if isinstance(body, dict):
        body = urlencode(body)
        headers["content-type"] = "application/x-www-form-urlencoded"
    if isinstance(body, str):
        body = body.encode()
    url = urlsplit(request["url_path"])
    query = parse_qs(url.query, keep_blank_values=True)
    query |= {name: [str(value)] for name, value in (request.get("query_string") or {}).items()}
    handler = ministack.SERVICE_HANDLERS[service]
    arguments = (request["method"], url.path, headers, body or b"", query)
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        # A worker thread: the handler runs on the server's loop, so that the tasks that it starts outlive this call.
        return cast(Answer, ministack.call_service_handler_sync(handler, *arguments))
    return _finished(handler(*arguments))


def _finished(coroutine: Coroutine[Any, None, Answer]) -> Answer:
    """The result of a handler that does not wait, as nothing may on the event loop."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return cast(Answer, stop.value)
    coroutine.close()
    raise RuntimeError("the service waits for something and cannot be called from the event loop")
