"""Around every HTTP request: an id, a span, security headers, one log line, figures.

Paths hold tracking codes and queries hold what people search for, so logs, spans and metrics know only the route's template.
"""

import time
import uuid
from typing import cast

import structlog
from litestar.enums import ScopeType
from litestar.status_codes import HTTP_500_INTERNAL_SERVER_ERROR
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode

from shared import metrics, telemetry

_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_TRACE_HEADERS = frozenset({b"traceparent", b"tracestate"})
_log = structlog.get_logger()
_tracer = telemetry.tracer()


def security_headers(*, scripts: bool) -> dict[str, str]:
    """What every answer carries; `scripts` allows the service's own script files (HTMX), never inline ones."""
    script = "'self'" if scripts else "'none'"
    policy = (
        "default-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        f"form-action 'self'; frame-ancestors 'none'; script-src {script}"
    )
    return {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
        "cache-control": "no-store",
    }


class Edge:
    """Gives the request its id, the answer its headers, and writes the log line; a header the answer has set itself stays."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        request_id = uuid.uuid4().hex
        scope["state"]["request_id"] = request_id
        status = 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name.lower() for name, _ in message["headers"]}
                extra = [pair for pair in self._headers if pair[0] not in present]
                message["headers"] = [*message["headers"], *extra, (b"x-request-id", request_id.encode())]
            await send(message)

        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_headers)
            finally:
                _finish_span(scope, status)
                _note(scope, status, time.perf_counter() - started)


class Traced:
    """A server span per request, told neither address, path, query nor cookies.

    Not OpenTelemetry's ASGI middleware: that one would have to be shown a made-up request to learn so little, and cost more
    than all of ingest's own checks.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["path"] in _QUIET:
            await self._app(scope, receive, send)
            return
        carried = {name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in _TRACE_HEADERS}
        facts = {"http.request.method": _method(scope), "url.scheme": scope["scheme"]}
        # An exception's text may quote a citizen, so none goes into the span; the log tells of it, cleaned.
        with _tracer.start_as_current_span(
            _method(scope), telemetry.extract(carried), SpanKind.SERVER, facts, record_exception=False
        ):
            await self._app(scope, receive, send)


def _method(scope: Scope) -> str:
    method = str(cast("HTTPScope", scope)["method"])
    return method if method in _METHODS else "OTHER"


def _route(scope: Scope) -> str:
    return str(scope.get("path_template") or "unmatched")


def _finish_span(scope: Scope, status: int) -> None:
    span = trace.get_current_span()
    if not span.is_recording():
        return
    span.update_name(f"{_method(scope)} {_route(scope)}")  # only now is the route known
    span.set_attributes({"http.route": _route(scope), "http.response.status_code": status})
    if status >= HTTP_500_INTERNAL_SERVER_ERROR:
        span.set_status(StatusCode.ERROR)


def _note(scope: Scope, status: int, seconds: float) -> None:
    route = _route(scope)
    if route in _QUIET:
        return
    metrics.HTTP_REQUESTS.labels(_method(scope), route, str(status)).inc()
    metrics.HTTP_SECONDS.labels(route).observe(seconds)
    _log.info("http.request", method=_method(scope), route=route, status=status, ms=round(seconds * 1000, 1))
