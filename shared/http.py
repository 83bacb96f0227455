"""The HTTP side of every service: one Litestar app with health, metrics, problems, traces, headers and static files."""

import logging
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from litestar import Litestar, MediaType, Response, get
from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from shared import problem, web
from shared.edge import Edge, Traced, security_headers
from shared.settings import ServiceSettings, SettingsError
from shared.yaml_model import DefinitionError

GRACE_S = 15  # how long open requests may take to end after SIGTERM
Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]
WRONG_SETTINGS = "wrong_settings"  # name in the app's state
UNREACHABLE = 3  # exit code when the service could not start


def create_app(
    *,
    service: str,
    route_handlers: Sequence[Any],
    ready: Callable[[], Awaitable[None]],
    lifespan: Sequence[Lifespan] = (),
    static: Mapping[str, Path] | None = None,
    scripts: bool = False,
    request_max_body_size: int = 10_000_000,
    exception_handlers: Mapping[Any, Any] | None = None,
    **litestar: Any,
) -> Litestar:
    """The app of a service. `ready` returns when work can be accepted and raises Transient when not (503 on /readyz).

    `static` adds folders below /static (`{"report": path}` is served at /static/report); `scripts` allows own script files;
    sizes are bytes; everything else goes to Litestar as it is.
    """

    @get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "ok", "service": service}

    @get("/readyz", include_in_schema=False)
    async def readyz() -> dict[str, str]:
        await ready()
        return {"status": "ready", "service": service}

    @get("/metrics", include_in_schema=False)
    async def metrics() -> Response[bytes]:
        return Response(generate_latest(), headers={"content-type": CONTENT_TYPE_LATEST})

    app = Litestar(
        route_handlers=[healthz, readyz, metrics, *_static_routers(static or {}), *route_handlers],
        lifespan=[_noting_wrong_settings(manager) for manager in lifespan],
        exception_handlers={Exception: problem.respond, **(exception_handlers or {})},
        request_max_body_size=request_max_body_size,
        **({"openapi_config": None, "logging_config": None} | litestar),
    )
    # Around the router, not as Litestar middleware: answers that no route gives (404, 405) need the same care.
    app.asgi_handler = Traced(Edge(app.asgi_handler, security_headers(scripts=scripts)))
    return app


def page(html: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[str]:
    """A rendered template as an answer."""
    return Response(html, status_code=status, media_type=MediaType.HTML, headers=dict(headers or {}))


def serve(app: Litestar, settings: ServiceSettings) -> None:
    """Serves until SIGTERM or SIGINT, lets open requests end (at most 15 s) and returns; exits with 3 when start-up fails.

    Raises SettingsError or DefinitionError when it failed for wrong settings (a port in use, a key file that is not there).
    """
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=GRACE_S,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
    )
    server = uvicorn.Server(config)
    # uvicorn raises the signal again after a clean stop; an orderly end shall exit with 0, not die of the signal.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    try:
        server.run()
    except SystemExit as end:
        if end.code and WRONG_SETTINGS in app.state:
            raise app.state[WRONG_SETTINGS] from None
        raise
    if not server.started:
        logging.getLogger("ykien").error("the service could not start")
        sys.exit(UNREACHABLE)


def _noting_wrong_settings(manager: Lifespan) -> Lifespan:
    """The server logs what a lifespan raises and goes on to its end; this remembers what the operator must mend."""

    @asynccontextmanager
    async def noting(app: Litestar) -> AsyncIterator[None]:
        try:
            async with manager(app):
                yield
        except (SettingsError, DefinitionError) as error:
            app.state[WRONG_SETTINGS] = error
            raise

    return noting


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _static_routers(extra: Mapping[str, Path]) -> list[Any]:
    folders = {"/static": web.STATIC} | {f"/static/{name}": folder for name, folder in extra.items()}
    return [
        create_static_files_router(
            path=path,
            directories=[folder],
            name=f"static{path.removeprefix('/static').replace('/', '-')}",
            cache_control=CacheControlHeader(max_age=86_400, public=True),
        )
        for path, folder in folders.items()
    ]
