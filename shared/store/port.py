"""The one narrow door to a database: only what the services need, the same on every engine.

Documents are JSON objects (str, int up to 2**53, finite float, bool, None, lists, objects); instants are stored as
`format_instant` text. A top-level field that is None is a missing field: it is not stored and does not come back; a
Merge with None removes it. A top-level field name is not empty, has no dot and does not begin with `$`.
Indexed fields hold texts, integers or booleans (one kind per field) and sort None < integers < texts by code point <
booleans, then by id.
No query language leaves an engine, so no code depends on a dialect. `tests/contract/test_store.py` holds both to this.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Document = dict[str, Json]
Key = str | int | bool | None


@dataclass(frozen=True)
class Index:
    """An order over a collection by top-level fields; the document id is always the last tie-breaker."""

    name: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Collection:
    """A named set of documents and the indexes that may be asked for."""

    name: str
    indexes: tuple[Index, ...] = ()

    def index(self, name: str) -> Index:
        """The index of that name. Raises KeyError when the collection declares none."""
        for index in self.indexes:
            if index.name == name:
                return index
        raise KeyError(f"collection {self.name} has no index {name}")


@dataclass(frozen=True)
class Stored:
    """A document as the engine holds it; `version` starts at 1 (anew after a delete) and grows by one with each change."""

    id: str
    version: int
    doc: Document


@dataclass(frozen=True)
class Merge:
    """Set these top-level fields (None: remove), creating the document when it is not there.

    Repeating it leaves the same fields; the version counts every Merge.
    """

    collection: Collection
    id: str
    fields: Document


@dataclass(frozen=True)
class Delete:
    """Remove the document; nothing happens when it is not there."""

    collection: Collection
    id: str


Change = Merge | Delete


@dataclass(frozen=True)
class After:
    """Where a scan goes on: the index values and the id of the last document seen."""

    values: tuple[Key, ...]
    id: str


@dataclass(frozen=True)
class Page:
    """A slice of a scan in index order; `next` is None when nothing may follow."""

    items: tuple[Stored, ...] = ()
    next: After | None = field(default=None)


class DocumentStore(Protocol):
    """Raises `Transient` when the database is away; a duplicate id is an answer, not an error."""

    async def open(self) -> None:
        """Connects and creates what the collections declare."""

    async def close(self) -> None:
        """Lets go of every connection."""

    async def ping(self) -> None:
        """Returns when the database answers; raises Transient when not."""

    async def insert_once(self, collection: Collection, id_: str, doc: Document) -> bool:
        """Inserts; True when it was new, False (and nothing changed) when the id was there."""

    async def insert_many_once(self, collection: Collection, docs: Mapping[str, Document]) -> frozenset[str]:
        """Inserts those that are new; answers their ids."""

    async def get(self, collection: Collection, id_: str) -> Stored | None:
        """The document, or None."""

    async def get_many(self, collection: Collection, ids: Sequence[str]) -> dict[str, Stored]:
        """Those of the documents that are there."""

    async def replace_if(self, collection: Collection, id_: str, version: int, doc: Document) -> bool:
        """Compare-and-set: replaces when the stored version is `version` (0: when it is not there)."""

    async def apply(self, name: str, position: int, changes: Sequence[Change]) -> None:
        """Carries out the changes in order and notes the projection's stream position (the highest wins).

        On SQLite one transaction; on MongoDB the changes first, the position last: as every change is idempotent,
        a crash in between is mended by the redelivery of the same messages.
        """

    async def position(self, name: str) -> int:
        """The highest position applied under that name; 0 at first."""

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
        """Documents whose leading index fields equal `where` and whose next one lies in [low, high), in index order.

        `low` or `high` None leaves that side open; a document without the field lies only in the fully open range.
        Keyset paging: `after` is the previous page's `next`, with the same other arguments. Raises KeyError for an
        unknown index, ValueError for more keys than it has fields.
        """

    async def count_by(
        self, collection: Collection, index: str, *, where: Sequence[Key] = (), depth: int = 0
    ) -> dict[tuple[Key, ...], int]:
        """Counts under `where`, grouped by the next `depth` index fields; a missing field is None.

        Depth 0 gives {(): total}. Raises KeyError for an unknown index, ValueError for more fields than it has.
        """

    async def delete(self, collection: Collection, id_: str) -> bool:
        """Removes; True when it was there."""

    async def clear(self, collections: Sequence[Collection], names: Sequence[str]) -> None:
        """Empties these collections and forgets these positions (rebuild)."""
