"""Ending tasks that run beside others."""

import asyncio
from typing import Any

_AGAIN_S = 5.0


async def end(*tasks: "asyncio.Task[Any]") -> None:
    """Cancels the tasks and waits until they are over, whatever they end with.

    `asyncio.wait_for` of Python 3.11, which nats-py waits with, loses a cancellation that comes together with a result: what goes
    on all the same is cancelled again.
    """
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=_AGAIN_S)
    await asyncio.gather(*tasks, return_exceptions=True)
