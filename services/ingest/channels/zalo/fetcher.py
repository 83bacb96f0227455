"""Fetches files beside everything else: a slow server keeps nobody else's message waiting."""

import asyncio

import structlog

from services.ingest.channels.zalo.office import Office
from shared.errors import YkienError
from shared.tasks import end

AT_ONCE = 4
log = structlog.get_logger("ingest")


class Fetcher:
    """What it has not fetched when the process ends is fetched when the conversation comes up at a sweep."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)

    def soon(self, key: str) -> None:
        """Asks for the files of a conversation; returns at once."""
        if key in self._tasks:
            self._again.add(key)
            return
        task = asyncio.create_task(self._run(key), name="zalo-media")
        self._tasks[key] = task
        task.add_done_callback(lambda _done: self._tasks.pop(key, None))

    async def close(self) -> None:
        """Stops."""
        tasks = list(self._tasks.values())
        await end(*tasks)

    async def _run(self, key: str) -> None:
        while True:
            self._again.discard(key)
            try:
                async with self._slots:
                    await self._office.fetch(key)
                await self._office.work(key)
            except YkienError as error:
                log.warning("zalo.file_waits", reason=str(error)[:200])
            except Exception:  # a task of its own: nobody else would tell
                log.exception("zalo.file_waits")
            if key not in self._again:
                return
