"""A channel's own compartment: how many of its posts are worked on at once, how many wait, how many bytes of theirs are held.

A flood fills its own compartment; the other channels keep theirs. Places are given in the order of asking.
"""

import asyncio


class Bulkhead:
    """One channel of one process; bytes and seconds."""

    def __init__(self, at_once: int, queue: int, patience_s: float, max_held: int) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._queue = queue
        self._patience_s = patience_s
        self._max_held = max_held
        self._waiting = 0
        self._held = 0

    async def enter(self) -> bool:
        """A place, at once or after waiting; False: the queue is full, or it took too long. After True comes `leave`."""
        if not self._places.locked():
            await self._places.acquire()
            return True
        if self._waiting >= self._queue:
            return False
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience_s):
                await self._places.acquire()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
        return True

    def leave(self) -> None:
        """Gives the place back."""
        self._places.release()

    def hold(self, size: int) -> bool:
        """Counts bytes that came; False, and nothing counted, when the channel holds too many already. After True comes `drop`."""
        if self._held + size > self._max_held:
            return False
        self._held += size
        return True

    def drop(self, size: int) -> None:
        """The bytes are gone."""
        self._held -= size
