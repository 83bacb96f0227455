"""A request's body as it comes in: slow senders are told to come again, and work begins only when all of it is there.

So somebody on a slow phone holds no place that others need, and somebody who sends a byte a minute holds not even a connection.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from litestar.types import Receive

from services.ingest.abuse.words import too_slow

GRACE_S = 30.0
MIN_RATE = 500.0  # bytes per second over the whole body; EDGE (2G) brings some 20,000


def patience(received: int, waited_s: float) -> float:
    """Seconds to wait for the next part: GRACE_S in all, and as long as what has come would take at MIN_RATE. Pure."""
    return max(GRACE_S, received / MIN_RATE) - waited_s


class Body:
    """`receive` of one request, watched. `on_part` is told the size of every part, `on_end` is awaited once when the last has come."""

    def __init__(self, receive: Receive, on_part: Callable[[int], None], on_end: Callable[[], Awaitable[None]]) -> None:
        self._receive = receive
        self._on_part = on_part
        self._on_end = on_end
        self._received = 0
        self._waited_s = 0.0
        self._ended = False

    async def __call__(self) -> Any:
        """The next part. Raises Problem 408 for a sender slower than MIN_RATE, and whatever `on_part` and `on_end` raise."""
        if self._ended:
            return await self._receive()
        before = time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, patience(self._received, self._waited_s))):
                message = await self._receive()
        except TimeoutError as error:
            raise too_slow() from error
        self._waited_s += time.monotonic() - before
        if message["type"] != "http.request":
            self._ended = True
            return message
        size = len(message.get("body", b""))
        self._received += size
        self._on_part(size)
        if not message.get("more_body", False):
            self._ended = True
            await self._on_end()
        return message
