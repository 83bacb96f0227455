"""One writer per process, and group commit: what waits together is made durable with one fsync.

Other processes may write the same file: a transaction begins IMMEDIATE, so it never fails half way for a lock.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar

import aiosqlite

from shared.errors import Transient

T = TypeVar("T")
Work = Callable[[aiosqlite.Connection], Awaitable[T]]

BUSY_TIMEOUT_MS = 5_000
_PAUSE_S = 0.05
_GROUP = 256
_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}


def is_away(error: sqlite3.Error) -> bool:
    """Whether the file cannot be used now (locked, full, unreadable), so that a later try may succeed."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _AWAY


async def begin(connection: aiosqlite.Connection) -> None:
    """Takes the write lock, waiting about 15 s for other processes. Raises sqlite3.OperationalError at the end."""
    await patiently(connection, "BEGIN IMMEDIATE", attempts=3)


async def patiently(connection: aiosqlite.Connection, statement: str, *, attempts: int) -> None:
    """Executes once the file can be used; each attempt waits as long as the connection's own busy timeout lets it.

    Raises sqlite3.OperationalError when the attempts are used up.
    """
    for attempt in range(1, attempts + 1):
        try:
            await connection.execute(statement)
        except sqlite3.OperationalError as error:
            if attempt == attempts or not is_away(error):
                raise
            await asyncio.sleep(_PAUSE_S)
        else:
            return


class Writer:
    """Runs pieces of work in order, many per transaction. A piece may run twice, so it acts on the database alone."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._waiting: list[tuple[Work[Any], asyncio.Future[Any]]] = []
        self._drain: asyncio.Task[None] | None = None

    async def run(self, work: Work[T]) -> T:
        """The work's result once on disk. Raises Transient when the file cannot be written, or the work's own error."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, future))
        if self._drain is None or self._drain.done():
            self._drain = asyncio.create_task(self._commit_groups())
        return await future

    async def close(self) -> None:
        """Returns when everything handed in is on disk."""
        while self._drain is not None and not self._drain.done():
            await asyncio.wait({self._drain})

    async def _commit_groups(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:_GROUP], self._waiting[_GROUP:]
            outcome = await self._commit([work for work, _ in group])
            if isinstance(outcome, Exception) and len(group) > 1:
                # One piece spoilt the transaction: each alone, so that only the guilty one fails.
                for work, future in group:
                    _settle([future], await self._commit([work]))
            else:
                _settle([future for _, future in group], outcome)

    async def _commit(self, group: list[Work[Any]]) -> list[Any] | Exception:
        try:
            await self._roll_back()
            await begin(self._connection)
            results = [await work(self._connection) for work in group]
            await self._connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - handed to the callers by _settle
            with suppress(sqlite3.Error):  # tried again before the next transaction; the first error is the one to tell
                await self._roll_back()
            return error
        return results

    async def _roll_back(self) -> None:
        if self._connection.in_transaction:
            await self._connection.execute("ROLLBACK")


def _settle(futures: list[asyncio.Future[Any]], outcome: list[Any] | Exception) -> None:
    for place, future in enumerate(futures):
        if future.done():  # the caller was cancelled; the work is done all the same
            continue
        if not isinstance(outcome, Exception):
            future.set_result(outcome[place])
        elif isinstance(outcome, sqlite3.Error) and is_away(outcome):
            future.set_exception(Transient(f"SQLite: {outcome}"))
        else:
            future.set_exception(outcome)
