"""The engines the store contract is held against: always SQLite and the oracle, Motor when a MongoDB is named."""

import os
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from shared.settings import ServiceSettings
from shared.store.open import open_store
from shared.store.port import Collection, DocumentStore, Index
from tests.support.memory_store import MemoryStore

MONGO_URL = os.environ.get("YKIEN_TEST_MONGO_URL")
MISSING = "YKIEN_TEST_MONGO_URL is not set: the Motor half of the store contract was NOT tested"
ENGINES = ("memory", "sqlite", "motor")
# One database for the whole run: creating one per test is what costs time on the stand-in.
DATABASE = f"contract_{uuid.uuid4().hex[:12]}"

FACTS = Collection(
    "facts",
    (
        Index("by_kind", ("kind", "n")),
        Index("by_flag", ("flag", "kind", "n")),
        Index("by_n", ("n",)),
        Index("by_id", ()),
    ),
)
OTHERS = Collection("others", (Index("by_kind", ("kind",)),))
COLLECTIONS = (FACTS, OTHERS)
NAMES = ("first", "second", "tên thứ ba")


def make_store(engine: str, folder: Path, collections: Sequence[Collection] = COLLECTIONS) -> DocumentStore:
    """A store of that engine, not opened; skips the test when there is no MongoDB to talk to."""
    if engine == "memory":
        return MemoryStore()
    if engine == "sqlite":
        return open_store(ServiceSettings(data=folder), "contract", collections)
    if MONGO_URL is None:
        pytest.skip(MISSING)
    return open_store(ServiceSettings(mongo_url=MONGO_URL), DATABASE, collections)


@asynccontextmanager
async def opened(engine: str, folder: Path) -> AsyncIterator[DocumentStore]:
    """An open and empty store."""
    store = make_store(engine, folder)
    await store.open()
    try:
        await store.clear(COLLECTIONS, NAMES)
        yield store
    finally:
        await store.close()
