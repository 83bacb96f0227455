"""Rate limit for posts, per client address; an operator's token lifts it. Behind the gateway uvicorn puts the client's address in."""

import math
import time
from typing import Any

from litestar.exceptions import TooManyRequestsException
from litestar.middleware.base import DefineMiddleware
from litestar.middleware.rate_limit import RateLimitConfig, RateLimitMiddleware
from litestar.stores.memory import MemoryStore
from litestar.types import Receive, Scope, Send

from services.ingest.context import HttpRequest, ingest
from services.ingest.operator_token import matches
from services.ingest.settings import IngestSettings
from shared import metrics
from shared.problem import Problem

SWEEP_S = 60.0


class _Polite(RateLimitMiddleware):
    """Litestar's limiter, answering with a problem that says when to come again."""

    _swept = -SWEEP_S

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._sweep(scope)
        try:
            await super().__call__(scope, receive, send)
        except TooManyRequestsException as error:
            metrics.REFUSED.labels("too-many-requests").inc()
            headers: dict[str, Any] = dict(error.headers or {})
            wait = headers.get("RateLimit-Reset") or str(60 - math.floor(time.time()) % 60)
            detail = f"Ý kiến chưa được tiếp nhận. Hệ thống nhận quá nhiều lượt gửi từ cùng một địa chỉ mạng; xin gửi lại sau {wait} giây."
            raise Problem(
                429, "too-many-requests", "Gửi quá nhanh", detail, headers={**headers, "Retry-After": wait}
            ) from error

    async def _sweep(self, scope: Scope) -> None:
        """Litestar's store forgets an address only when it comes again: those that never do would stay for ever."""
        now = time.monotonic()
        store = self.config.get_store_from_app(scope["litestar_app"])
        if now - self._swept >= SWEEP_S and isinstance(store, MemoryStore):
            self._swept = now
            await store.delete_expired()


def limits(settings: IngestSettings) -> list[DefineMiddleware]:
    """The middleware of the posting routes; none when the limit is off."""
    if settings.rate_limit == "off":
        return []
    config = RateLimitConfig(
        rate_limit=("minute", settings.posts_per_minute), check_throttle_handler=_applies, middleware_class=_Polite
    )
    return [config.middleware]


def _applies(request: HttpRequest) -> bool:
    if request.method != "POST":
        return False
    token = request.headers.get("Authorization")
    return token is None or not matches(token, ingest(request).secrets.operator_token_sha256)
