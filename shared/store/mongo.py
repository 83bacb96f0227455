"""The production engine: MongoDB through Motor, every write acknowledged by a majority and journaled.

The only file that imports Motor (end of life: May 2026, critical fixes to May 2027). To move to pymongo's own
`AsyncMongoClient`: name it in `_CLIENT`, `await` it in `close` and `aggregate` in `count_by`; nothing else differs.
No transactions and no change streams: changes are idempotent and carried out before the position is noted.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import DeleteOne, ReplaceOne, UpdateOne
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WriteConcernError,
)

from shared.errors import Transient
from shared.store import mongo_queries as queries
from shared.store.changes import Plan, check_collections, check_depth, check_range, cleaned, coalesce, following, merged
from shared.store.port import After, Change, Collection, Document, Key, Page, Stored

_CLIENT = AsyncIOMotorClient
_DUPLICATE = 11000
_POSITIONS = "positions"
# Without a socket timeout a server that hangs would hang the handler with it. The URL may say otherwise.
_TIMEOUTS_MS = {"serverSelectionTimeoutMS": 5_000, "connectTimeoutMS": 5_000, "socketTimeoutMS": 30_000}
_APPLY_ATTEMPTS = 3
_PREFIX = "doc_"


class MongoStore:
    """A `DocumentStore` in one database. Belongs to the event loop it was opened on, as Motor does."""

    def __init__(self, url: str, database: str, collections: Sequence[Collection]) -> None:
        check_collections(collections)
        self._url = url
        self._name = database
        self._collections = tuple(collections)
        self._client: Any = None

    async def open(self) -> None:
        """Connects and creates the indexes. Raises Transient when no server answers in time."""
        # Durability is ours to decide; everything else (retryWrites, replicaSet, TLS, credentials) is the URL's.
        defaults: dict[str, Any] = {
            name: value for name, value in _TIMEOUTS_MS.items() if name.lower() not in self._url.lower()
        }
        self._client = _CLIENT(self._url, w="majority", journal=True, **defaults)
        with _translated():
            for collection in self._collections:
                for index in collection.indexes:
                    if index.fields:
                        # Named by its fields: a changed definition is a new index, never a conflict under an old name.
                        await self._in(collection).create_index(
                            queries.keys(index), name="ix__" + "__".join(index.fields)
                        )

    async def close(self) -> None:
        """Lets go of every connection."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    async def ping(self) -> None:
        """Raises Transient when the server does not answer, whatever the reason."""
        try:
            await self._database.command("ping")
        except PyMongoError as error:
            raise Transient(f"MongoDB: {error}") from error

    async def insert_once(self, collection: Collection, id_: str, doc: Document) -> bool:
        """A duplicate id is the server's answer that it was there."""
        row = _row(id_, 1, doc)
        with _translated():
            try:
                await self._in(collection).insert_one(row)
            except DuplicateKeyError:
                return False
        return True

    async def insert_many_once(self, collection: Collection, docs: Mapping[str, Document]) -> frozenset[str]:
        """One unordered insert; those that were there are told by the server."""
        rows = [_row(id_, 1, doc) for id_, doc in docs.items()]
        if not rows:
            return frozenset()
        with _translated():
            try:
                await self._in(collection).insert_many(rows, ordered=False)
            except BulkWriteError as error:
                there = _duplicates(error)
                return frozenset(row["_id"] for place, row in enumerate(rows) if place not in there)
        return frozenset(docs)

    async def get(self, collection: Collection, id_: str) -> Stored | None:
        """One read by `_id`."""
        with _translated():
            row = await self._in(collection).find_one({"_id": id_})
        return None if row is None else queries.stored(row)

    async def get_many(self, collection: Collection, ids: Sequence[str]) -> dict[str, Stored]:
        """One read for all ids."""
        if not ids:
            return {}
        with _translated():
            rows = await self._in(collection).find({"_id": {"$in": list(ids)}}).to_list(length=None)
        return {row["_id"]: queries.stored(row) for row in rows}

    async def replace_if(self, collection: Collection, id_: str, version: int, doc: Document) -> bool:
        """Compare-and-set by a filter on the version, atomic within one document."""
        if version == 0:
            return await self.insert_once(collection, id_, doc)
        row = _row(id_, version + 1, doc)
        with _translated():
            result = await self._in(collection).replace_one({"_id": id_, "v": version}, row)
        return bool(result.matched_count == 1)

    async def apply(self, name: str, position: int, changes: Sequence[Change]) -> None:
        """One unordered bulk per collection (each document stands in it once), then the position."""
        for collection_name, plans in coalesce(changes).items():
            requests = [_request(id_, plan) for id_, plan in plans.items()]
            await self._bulk(collection_name, requests)
        with _translated():
            await self._database[_POSITIONS].update_one({"_id": name}, {"$max": {"position": position}}, upsert=True)

    async def position(self, name: str) -> int:
        """0 for a name never applied."""
        with _translated():
            row = await self._database[_POSITIONS].find_one({"_id": name})
        return 0 if row is None else int(row["position"])

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
        with _translated():
            cursor = self._in(collection).find(queries.scan(order, where, low, high, after))
            rows = await cursor.sort(queries.keys(order)).limit(limit + 1).to_list(length=None)
        items = tuple(queries.stored(row) for row in rows[:limit])
        return Page(items, following(order, items[-1]) if len(rows) > limit else None)

    async def count_by(
        self, collection: Collection, index: str, *, where: Sequence[Key] = (), depth: int = 0
    ) -> dict[tuple[Key, ...], int]:
        """Grouped on the server."""
        order = collection.index(index)
        check_depth(order, where, depth)
        with _translated():
            if depth == 0:
                return {(): await self._in(collection).count_documents(queries.equal(order, where))}
            rows = await self._in(collection).aggregate(queries.count(order, where, depth)).to_list(length=None)
        return {queries.counted(row, depth): int(row["n"]) for row in rows}

    async def delete(self, collection: Collection, id_: str) -> bool:
        """One delete by `_id`."""
        with _translated():
            return bool((await self._in(collection).delete_one({"_id": id_})).deleted_count == 1)

    async def clear(self, collections: Sequence[Collection], names: Sequence[str]) -> None:
        """Positions first: a rebuild that dies in between starts over instead of going on from the middle."""
        with _translated():
            await self._database[_POSITIONS].delete_many({"_id": {"$in": list(names)}})
            for collection in collections:
                await self._in(collection).delete_many({})

    async def _bulk(self, collection: str, requests: list[Any]) -> None:
        for attempt in range(1, _APPLY_ATTEMPTS + 1):
            with _translated():
                try:
                    await self._database[_PREFIX + collection].bulk_write(requests, ordered=False)
                except BulkWriteError as error:
                    # Two replicas created the same document at once: the loser's upsert finds it the second time.
                    lost = _duplicates(error)
                    if attempt == _APPLY_ATTEMPTS:
                        raise Transient("MongoDB: upserts kept colliding") from error
                    requests = [requests[place] for place in sorted(lost)]
                else:
                    return

    @property
    def _database(self) -> Any:
        if self._client is None:
            raise Transient("MongoDB: the store is not open")
        return self._client[self._name]

    def _in(self, collection: Collection) -> Any:
        return self._database[_PREFIX + collection.name]


def _row(id_: str, version: int, doc: Document) -> dict[str, Any]:
    return {"_id": id_, "v": version, "d": cleaned(doc)}


def _request(id_: str, plan: Plan) -> Any:
    if not plan.erase:
        return UpdateOne({"_id": id_}, queries.update(plan), upsert=True)
    if plan.merges:
        return ReplaceOne({"_id": id_}, {"v": plan.merges, "d": merged({}, plan.fields)}, upsert=True)
    return DeleteOne({"_id": id_})


def _duplicates(error: BulkWriteError) -> frozenset[int]:
    """Places of the requests that met an id already there. Raises the error when it tells of anything else."""
    faults = error.details.get("writeErrors", [])
    if error.details.get("writeConcernErrors"):
        raise Transient("MongoDB: written, but not acknowledged by a majority") from error
    if any(fault["code"] != _DUPLICATE for fault in faults):
        raise error
    return frozenset(fault["index"] for fault in faults)


@contextmanager
def _translated() -> Iterator[None]:
    """Turns what a later try may mend into Transient; a wrong request stays the error it is."""
    try:
        yield
    except (ConnectionFailure, ExecutionTimeout, WriteConcernError) as error:
        raise Transient(f"MongoDB: {error}") from error
    except OperationFailure as error:
        if error.has_error_label("RetryableWriteError") or error.has_error_label("TransientTransactionError"):
            raise Transient(f"MongoDB: {error}") from error
        raise
