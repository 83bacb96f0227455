"""The watch before every posting route: limits first, then the body at its own pace, then a place to be worked on."""

from collections.abc import Mapping
from typing import cast

from litestar import Request
from litestar.enums import ScopeType
from litestar.middleware.base import DefineMiddleware
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from services.ingest.abuse import words
from services.ingest.abuse.body import Body
from services.ingest.abuse.bulkhead import Bulkhead
from services.ingest.abuse.gate import Gate
from services.ingest.abuse.rules import KNOWN, Rule, channel_of, rule_of
from services.ingest.abuse.shared_limits import SharedLimits
from services.ingest.context import HttpRequest, Ingest, ingest
from services.ingest.operator_token import matches
from services.ingest.settings import IngestSettings
from shared.networks import Networks, networks_of

# Pages that turn somebody away with all that was typed cost as much as a post that is taken: few at a time, beside the channel's places.
SIDE_PLACES, SIDE_QUEUE, SIDE_PATIENCE_S = 2, 1_000, 20.0
_GATE = "abuse-gate"


def guard(settings: IngestSettings) -> list[DefineMiddleware]:
    """The middleware of ingest; none when limits are off. Litestar makes one for each route: what they share is made here, once."""
    if settings.rate_limit == "off":
        return []
    rules = {name: rule_of(name, settings) for name in (*KNOWN, "other")}
    bulkheads = {
        name: Bulkhead(rule.at_once, rule.queue, rule.patience_s, settings.max_held) for name, rule in rules.items()
    }
    side = Bulkhead(SIDE_PLACES, SIDE_QUEUE, SIDE_PATIENCE_S, 0)
    return [DefineMiddleware(Guard, rules=rules, bulkheads=bulkheads, side=side)]


def gate_of(request: HttpRequest) -> Gate | None:
    """What the watch found about this request; None when limits are off."""
    found = request.scope["state"].get(_GATE)
    return found if isinstance(found, Gate) else None


class Guard:
    """Litestar middleware."""

    def __init__(
        self, app: ASGIApp, rules: Mapping[str, Rule], bulkheads: Mapping[str, Bulkhead], side: Bulkhead
    ) -> None:
        self._app = app
        self._rules = rules
        self._bulkheads = bulkheads
        self._side = side

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises Problem 429, 503 or 408; a page's own refusals are left to its handler, which has the text to show again."""
        # The route, not the path: the router takes "//c/x" for "/c/x".
        channel = channel_of(str(scope.get("path_template"))) if scope["type"] == ScopeType.HTTP else None
        method = cast("HTTPScope", scope)["method"] if channel else ""
        if channel is None or method not in {"POST", "GET"}:
            await self._app(scope, receive, send)
            return
        request: HttpRequest = Request(scope)
        service = ingest(request)
        rule = self._rules[channel]
        gate = Gate(service.part(SharedLimits) or SharedLimits(None, b""), rule, _networks(scope))
        if method == "GET":
            if rule.page:
                gate.look()
                scope["state"][_GATE] = gate
            await self._app(scope, receive, send)
            return
        if not _operator(request, service):
            await gate.knock()
            if gate.pressure and not rule.page:
                raise words.problem(gate.pressure)
        scope["state"][_GATE] = gate
        await self._watched(gate, self._bulkheads[channel], scope, receive, send)

    async def _watched(self, gate: Gate, bulkhead: Bulkhead, scope: Scope, receive: Receive, send: Send) -> None:
        held = 0
        entered: Bulkhead | None = None

        def on_part(size: int) -> None:
            nonlocal held
            if not bulkhead.hold(size):
                raise words.overrun()
            held += size

        async def on_end() -> None:
            nonlocal entered
            if gate.pressure is None:
                if await bulkhead.enter():
                    entered = bulkhead
                    return
                gate.pressure, gate.crowded = words.BUSY, None
            if not gate.rule.page:
                raise words.problem(gate.pressure)
            if not await self._side.enter():
                raise words.overrun()
            entered = self._side

        try:
            await self._app(scope, Body(receive, on_part, on_end), send)
        finally:
            bulkhead.drop(held)
            if entered:
                entered.leave()


def _networks(scope: Scope) -> Networks | None:
    client = scope.get("client")
    return networks_of(client[0]) if client else None


def _operator(request: HttpRequest, service: Ingest) -> bool:
    token = request.headers.get("Authorization")
    return token is not None and matches(token, service.secrets.operator_token_sha256)
