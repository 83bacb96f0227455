"""Waiting for something to become true, with an end."""

import asyncio
import time
from collections.abc import Awaitable, Callable


async def until(condition: Callable[[], bool | Awaitable[bool]], timeout_s: float = 15.0, what: str = "it") -> None:
    """Returns once the condition holds. Raises AssertionError after `timeout_s`."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        answer = condition()
        if not isinstance(answer, bool):
            answer = await answer
        if answer:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{what} did not happen within {timeout_s} s")
