"""The embedded engine: SQLite 3.40 in WAL mode, every commit flushed to disk, everything off the event loop.

Several processes may open the same file. `sqlite_schema` says how keys are held, `sqlite_writer` how commits are made.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from shared.errors import Transient
from shared.store import sqlite_queries as queries
from shared.store import sqlite_schema as schema
from shared.store.changes import check_collections, check_depth, check_range, cleaned, coalesce, following, merged
from shared.store.port import After, Change, Collection, Document, Key, Page, Stored
from shared.store.sqlite_writer import BUSY_TIMEOUT_MS, Work, Writer, begin, is_away, patiently

T = TypeVar("T")
_READERS = 2


def _dump(doc: Document) -> str:
    return json.dumps(doc, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class SqliteStore:
    """A `DocumentStore` in one file. Belongs to the event loop it was opened on."""

    def __init__(self, path: Path, collections: Sequence[Collection]) -> None:
        check_collections(collections)
        self._path = path
        self._collections = tuple(collections)
        self._writing: aiosqlite.Connection | None = None
        self._writer: Writer | None = None
        self._readers: list[aiosqlite.Connection] = []
        self._turn = 0

    async def open(self) -> None:
        """Creates file, tables, columns and indexes where missing. Raises Transient when the file cannot be used."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._writing = await self._connect()
            await self._migrate(self._writing)
            self._writer = Writer(self._writing)
            for _ in range(_READERS):
                reader = await self._connect()
                self._readers.append(reader)
                await reader.execute("PRAGMA query_only=ON")
        except BaseException as error:
            await self.close()
            if isinstance(error, OSError) or (isinstance(error, sqlite3.Error) and is_away(error)):
                raise Transient(f"{self._path}: {error}") from error
            raise

    async def close(self) -> None:
        """Waits for writes under way, then lets go of the file."""
        writer, self._writer = self._writer, None
        if writer is not None:
            await writer.close()
        readers, self._readers = self._readers, []
        for connection in (*readers, self._writing):  # the writer last: it folds the WAL back into the file
            if connection is not None:
                await connection.close()
        self._writing = None

    async def ping(self) -> None:
        """Raises Transient when the store is not open or the file cannot be read."""
        await self._rows(queries.PING)

    async def insert_once(self, collection: Collection, id_: str, doc: Document) -> bool:
        """Commits together with what else waits."""
        text = _dump(cleaned(doc))

        async def work(connection: aiosqlite.Connection) -> bool:
            cursor = await connection.execute(queries.insert(collection), (id_, text))
            return cursor.rowcount == 1

        return await self._run(work)

    async def insert_many_once(self, collection: Collection, docs: Mapping[str, Document]) -> frozenset[str]:
        """One transaction for all."""
        rows = [(id_, _dump(cleaned(doc))) for id_, doc in docs.items()]
        ids = json.dumps(list(docs))

        async def work(connection: aiosqlite.Connection) -> frozenset[str]:
            there = {row[0] for row in await connection.execute_fetchall(queries.present(collection), (ids,))}
            new = [row for row in rows if row[0] not in there]
            await connection.executemany(queries.insert(collection), new)
            return frozenset(id_ for id_, _ in new)

        return await self._run(work) if rows else frozenset()

    async def get(self, collection: Collection, id_: str) -> Stored | None:
        """One read by primary key."""
        return (await self.get_many(collection, (id_,))).get(id_)

    async def get_many(self, collection: Collection, ids: Sequence[str]) -> dict[str, Stored]:
        """One read for all ids."""
        rows = await self._rows(queries.select(collection), (json.dumps(list(ids)),)) if ids else []
        return {row[0]: _stored(row) for row in rows}

    async def replace_if(self, collection: Collection, id_: str, version: int, doc: Document) -> bool:
        """Compare-and-set under the write lock."""
        if version == 0:
            return await self.insert_once(collection, id_, doc)
        text = _dump(cleaned(doc))

        async def work(connection: aiosqlite.Connection) -> bool:
            return (await connection.execute(queries.replace(collection), (text, id_, version))).rowcount == 1

        return await self._run(work)

    async def apply(self, name: str, position: int, changes: Sequence[Change]) -> None:
        """Changes and position in one transaction, read and merged under the write lock."""
        plans = coalesce(changes)
        known = {change.collection.name: change.collection for change in changes}

        async def work(connection: aiosqlite.Connection) -> None:
            for collection_name, ours in plans.items():
                collection = known[collection_name]
                kept = json.dumps([id_ for id_, plan in ours.items() if not plan.erase])
                old = {row[0]: row for row in await connection.execute_fetchall(queries.select(collection), (kept,))}
                rows: list[tuple[str, int, str]] = []
                for id_, plan in ours.items():
                    if plan.merges:
                        _, version, text = old.get(id_, (id_, 0, "{}"))
                        rows.append((id_, version + plan.merges, _dump(merged(json.loads(text), plan.fields))))
                gone = [(id_,) for id_, plan in ours.items() if plan.erase and not plan.merges]
                await connection.executemany(queries.upsert(collection), rows)
                await connection.executemany(queries.delete(collection), gone)
            await connection.execute(queries.MOVE, (name, position))

        await self._run(work)

    async def position(self, name: str) -> int:
        """0 for a name never applied."""
        rows = await self._rows(queries.POSITION, (name,))
        return int(rows[0][0]) if rows else 0

    async def scan(
        self,
        collection: Collection,
        index: str,
        *,
        where: Sequence[Key] = (),
        low: Key = None,
        high: Key = None,
        after: After | None = None,
        limit: int = 500,
    ) -> Page:
        """One keyset query along the index."""
        order = collection.index(index)
        check_range(order, where, low, high, limit)
        rows = await self._rows(*queries.scan(collection, order, where, low, high, after, limit + 1))
        items = tuple(_stored(row) for row in rows[:limit])
        return Page(items, following(order, items[-1]) if len(rows) > limit else None)

    async def count_by(
        self, collection: Collection, index: str, *, where: Sequence[Key] = (), depth: int = 0
    ) -> dict[tuple[Key, ...], int]:
        """Counts from the index alone, without reading documents."""
        order = collection.index(index)
        check_depth(order, where, depth)
        rows = await self._rows(*queries.count(collection, order, where, depth))
        return {tuple(schema.from_column(key) for key in keys): count for count, *keys in rows}

    async def delete(self, collection: Collection, id_: str) -> bool:
        """Commits together with what else waits."""

        async def work(connection: aiosqlite.Connection) -> bool:
            cursor = await connection.execute(queries.delete(collection), (id_,))
            return cursor.rowcount == 1

        return await self._run(work)

    async def clear(self, collections: Sequence[Collection], names: Sequence[str]) -> None:
        """One transaction for all."""

        async def work(connection: aiosqlite.Connection) -> None:
            for collection in collections:
                await connection.execute(queries.empty(collection))
            await connection.executemany(queries.FORGET, [(name,) for name in names])

        await self._run(work)

    async def _connect(self) -> aiosqlite.Connection:
        connection = await aiosqlite.connect(self._path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)
        await connection.execute("PRAGMA synchronous=FULL")
        return connection

    async def _migrate(self, connection: aiosqlite.Connection) -> None:
        # Several processes may start at once: the change to WAL fails without waiting when another one is at it.
        await patiently(connection, "PRAGMA journal_mode=WAL", attempts=100)
        await begin(connection)
        await connection.execute(schema.POSITIONS)
        for collection in self._collections:
            await connection.execute(schema.create_table(collection))
            info = await connection.execute_fetchall(f"PRAGMA table_xinfo({schema.table(collection)})")
            for statement in schema.upgrades(collection, {row[1] for row in info}):
                await connection.execute(statement)
        await connection.execute("COMMIT")

    async def _run(self, work: Work[T]) -> T:
        if self._writer is None:
            raise Transient(f"{self._path}: the store is not open")
        return await self._writer.run(work)

    async def _rows(self, sql: str, values: Sequence[schema.Column] = ()) -> list[tuple[Any, ...]]:
        if not self._readers:
            raise Transient(f"{self._path}: the store is not open")
        self._turn = (self._turn + 1) % len(self._readers)
        try:
            return [tuple(row) for row in await self._readers[self._turn].execute_fetchall(sql, values)]
        except sqlite3.OperationalError as error:
            if is_away(error):
                raise Transient(f"{self._path}: {error}") from error
            raise


def _stored(row: tuple[Any, ...]) -> Stored:
    return Stored(id=row[0], version=row[1], doc=json.loads(row[2]))
