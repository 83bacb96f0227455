"""Reads the mails that have been begun before in a process apart: what kills it must not kill the intake again and again."""

import asyncio
import hashlib
import multiprocessing
import resource
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import structlog

from services.ingest.mail.content import MailContent
from services.ingest.mail.parse import parse

TIME_S, START_S = 60.0, 120.0
MEMORY = 3_000_000_000  # bytes of address space
_log = structlog.get_logger("ingest")


class ParseApart:
    """One process, started when it is first needed. Close it."""

    def __init__(self, time_s: float = TIME_S) -> None:
        self._time_s = time_s
        self._pool: ProcessPoolExecutor | None = None
        self._one = asyncio.Lock()

    async def read(self, raw: bytes, own: frozenset[str], return_path: str | None) -> MailContent | None:
        """The mail; None when the process died over it or was too slow."""
        async with self._one:
            try:
                pool = await self._ready()
                work = asyncio.get_running_loop().run_in_executor(pool, _read, raw, own, return_path)
                return await asyncio.wait_for(work, self._time_s)
            except (BrokenProcessPool, MemoryError, TimeoutError) as error:
                _log.error("mail.kills_its_reader", bytes=len(raw), error=type(error).__name__)
                self.close()
                return None

    async def _ready(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_limit)
            # What it imports first takes seconds on a busy machine, and is not the mail's fault.
            await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(self._pool, int), START_S)
        return self._pool

    def close(self) -> None:
        """Ends the process, whatever it is doing."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - the pool waits for a hanging process for ever
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)


def unknown(raw: bytes) -> MailContent:
    """A mail of which nothing is known but its bytes; people will read the original."""
    return MailContent(
        message_id=None,
        references=None,
        subject="",
        from_name=None,
        from_address=None,
        reply_address=None,
        recipients=(),
        date=None,
        text="",
        files=(),
        automatic=None,
        answerable=False,
        damage="unforeseen",
        fingerprint=hashlib.sha256(raw).hexdigest(),
    )


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(raw: bytes, own: frozenset[str], return_path: str | None) -> MailContent:
    return parse(raw, own_addresses=own, return_path=return_path)
