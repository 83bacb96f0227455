"""Pure work on texts: on the event loop while it is little, in a thread when it is much, so that pages and heartbeats go on."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

LARGE = 20_000  # code points of texts from which work leaves the event loop: some 50 ms at the worst

Result = TypeVar("Result")


async def aside(size: int, work: Callable[[], Result]) -> Result:
    """What `work` returns; `size`: the code points it goes through. Nobody else may touch what it changes meanwhile."""
    return work() if size < LARGE else await asyncio.to_thread(work)
