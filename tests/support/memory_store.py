"""The oracle: a `DocumentStore` as plain as Python allows, held to the same contract as the engines."""

import copy
from collections import Counter
from collections.abc import Mapping, Sequence

from shared.store.port import After, Change, Collection, Document, Key, Merge, Page, Stored


def _present(doc: Document) -> Document:
    return copy.deepcopy({name: value for name, value in doc.items() if value is not None})


def _rank(key: object) -> tuple[int, object]:
    """None < integers < texts by code point < booleans."""
    if key is None:
        return (0, 0)
    if isinstance(key, bool):
        return (3, key)
    return (1, key) if isinstance(key, int) else (2, key)


def _order(values: Sequence[object], id_: str) -> tuple[tuple[int, object], ...]:
    return (*map(_rank, values), (4, id_))


class MemoryStore:
    """Documents in dicts; nothing survives the object."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Stored]] = {}
        self._positions: dict[str, int] = {}

    async def open(self) -> None:
        """Nothing to do."""

    async def close(self) -> None:
        """Nothing to do."""

    async def ping(self) -> None:
        """Always there."""

    async def insert_once(self, collection: Collection, id_: str, doc: Document) -> bool:
        """See the port."""
        new = id_ not in self._of(collection)
        if new:
            self._of(collection)[id_] = Stored(id_, 1, _present(doc))
        return new

    async def insert_many_once(self, collection: Collection, docs: Mapping[str, Document]) -> frozenset[str]:
        """See the port."""
        return frozenset([id_ for id_, doc in docs.items() if await self.insert_once(collection, id_, doc)])

    async def get(self, collection: Collection, id_: str) -> Stored | None:
        """See the port."""
        return copy.deepcopy(self._of(collection).get(id_))

    async def get_many(self, collection: Collection, ids: Sequence[str]) -> dict[str, Stored]:
        """See the port."""
        return {id_: copy.deepcopy(self._of(collection)[id_]) for id_ in ids if id_ in self._of(collection)}

    async def replace_if(self, collection: Collection, id_: str, version: int, doc: Document) -> bool:
        """See the port."""
        old = self._of(collection).get(id_)
        if version != (old.version if old else 0):
            return False
        self._of(collection)[id_] = Stored(id_, version + 1, _present(doc))
        return True

    async def apply(self, name: str, position: int, changes: Sequence[Change]) -> None:
        """See the port."""
        for change in changes:
            rows = self._of(change.collection)
            if isinstance(change, Merge):
                old = rows.get(change.id, Stored(change.id, 0, {}))
                rows[change.id] = Stored(change.id, old.version + 1, _present({**old.doc, **change.fields}))
            else:
                rows.pop(change.id, None)
        self._positions[name] = max(position, self._positions.get(name, position))

    async def position(self, name: str) -> int:
        """See the port."""
        return self._positions.get(name, 0)

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
        """See the port."""
        fields = collection.index(index).fields
        rows = self._under(collection, fields, where)
        if low is not None or high is not None:
            name = fields[len(where)]
            rows = [row for row in rows if name in row.doc]
            rows = [row for row in rows if low is None or _rank(row.doc[name]) >= _rank(low)]
            rows = [row for row in rows if high is None or _rank(row.doc[name]) < _rank(high)]
        placed = sorted(
            ((_order([row.doc.get(name) for name in fields], row.id), row) for row in rows), key=lambda p: p[0]
        )
        if after is not None:
            placed = [(place, row) for place, row in placed if place > _order(after.values, after.id)]
        items = tuple(copy.deepcopy(row) for _, row in placed[:limit])
        if len(placed) <= limit:
            return Page(items)
        values = tuple(items[-1].doc.get(name) for name in fields)
        return Page(items, After(values, items[-1].id))  # type: ignore[arg-type]  # indexed fields hold keys

    async def count_by(
        self, collection: Collection, index: str, *, where: Sequence[Key] = (), depth: int = 0
    ) -> dict[tuple[Key, ...], int]:
        """See the port."""
        fields = collection.index(index).fields
        group = fields[len(where) : len(where) + depth]
        rows = self._under(collection, fields, where)
        counts = Counter(tuple(row.doc.get(name) for name in group) for row in rows)
        return dict(counts) if depth else {(): len(rows)}  # type: ignore[arg-type]  # indexed fields hold keys

    async def delete(self, collection: Collection, id_: str) -> bool:
        """See the port."""
        return self._of(collection).pop(id_, None) is not None

    async def clear(self, collections: Sequence[Collection], names: Sequence[str]) -> None:
        """See the port."""
        for collection in collections:
            self._of(collection).clear()
        for name in names:
            self._positions.pop(name, None)

    def _of(self, collection: Collection) -> dict[str, Stored]:
        return self._rows.setdefault(collection.name, {})

    def _under(self, collection: Collection, fields: Sequence[str], where: Sequence[Key]) -> list[Stored]:
        prefix = [_rank(key) for key in where]
        rows = self._of(collection).values()
        return [row for row in rows if [_rank(row.doc.get(name)) for name in fields[: len(where)]] == prefix]
