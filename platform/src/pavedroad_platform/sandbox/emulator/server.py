"""The HTTP server on 127.0.0.1: MiniStack's, completed, and the sandbox's own pages under ``/_pavedroad``."""

import asyncio
import json
import logging
import signal
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as ministack
from ministack.core import router

from pavedroad_platform.sandbox.emulator import (
    database_clusters,
    execution_role,
    functions,
    image_builder,
    instance_groups,
    kubernetes_clusters,
    launch_templates,
    metric_namespaces,
    organization_access,
    organizations,
    parameter_store_access,
    policy_conditions,
    resource_handlers,
    worker_threads,
)
from pavedroad_platform.sandbox.emulator.config import api as config
from pavedroad_platform.sandbox.emulator.security_token_service import (
    SecurityTokenService,
    complete_principal_keys,
    service_session,
)
from pavedroad_platform.sandbox.emulator.service_catalog import api as service_catalog

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

HOST = "127.0.0.1"


def install() -> None:
    """Complete MiniStack; everything is added to its tables."""
    resource_handlers.install()
    functions.install()
    instance_groups.install()
    database_clusters.install()
    kubernetes_clusters.install()
    launch_templates.install()
    image_builder.install()
    worker_threads.install()
    execution_role.install()
    organization_access.install()
    parameter_store_access.install()
    policy_conditions.install()
    metric_namespaces.install()
    service_catalog.install()
    config.install()
    # MiniStack reads the models of all services to know the name of one, which takes seconds.
    is_service_name = router._is_aws_service_name
    router._is_aws_service_name = lambda name: name in ministack.SERVICE_HANDLERS or is_service_name(name)
    complete_principal_keys()
    ministack.SERVICE_HANDLERS["sts"] = SecurityTokenService(ministack.SERVICE_HANDLERS["sts"]).handle_request


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application."""
    if scope["type"] == "http":
        if scope["path"].startswith("/_pavedroad/"):
            await _own_page(scope, receive, send)
            return
        # Loopback counts as TLS: else policies that demand it refuse every call.
        scope = {**scope, "scheme": "https"}
    await ministack.app(scope, receive, send)


async def _own_page(scope: Scope, receive: Receive, send: Send) -> None:
    status, page = await _answer(scope["method"], scope["path"].removeprefix("/_pavedroad/"), receive)
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(page).encode()})


async def _answer(method: str, page: str, receive: Receive) -> tuple[int, Any]:
    match method, page:
        case "GET", "health":
            return 200, {"status": "healthy"}
        case "GET", "resource-types":
            return 200, resource_handlers.tiers()
        case "PUT", "accounts":
            for account in json.loads(await _body(receive)):
                organizations.expect(organizations.ExpectedAccount(**account))
            return 200, {}
        case "PUT", "organization":
            organizations.establish(organizations.existing_organization(json.loads(await _body(receive))))
            return 200, {}
        case "PUT", "service-session":
            session = service_session(**json.loads(await _body(receive)))
            return (200, session) if session else (403, {"message": "the role does not exist or does not trust it"})
        case _:
            return 404, {"message": f"{method} /_pavedroad/{page} is not known"}


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def run(port: int, *, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT.

    Args:
        port: The port on 127.0.0.1.
        ready: Called once the server answers.
    """
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    config = Config()
    config.bind = [f"{HOST}:{port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    config.errorlog = logging.getLogger("hypercorn.error")
    logging.getLogger("hypercorn.error").setLevel(logging.WARNING)
    server = asyncio.create_task(serve(application, config, shutdown_trigger=stopped.wait))  # type: ignore[arg-type]
    await _listening(port, server)
    ready()
    await server


async def _listening(port: int, server: asyncio.Task[None]) -> None:
    while not server.done():
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            await asyncio.sleep(0.02)
            continue
        writer.close()
        await writer.wait_closed()
        return
    await server
