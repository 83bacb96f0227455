"""The SQLite engine of the store port against the bare sqlite3 module with the same durability (WAL, synchronous=FULL)."""

import asyncio
import json
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from shared.store.port import Collection, Document, Index
from shared.store.sqlite import SqliteStore
from tests.bench.row import Row, percentile, timed
from tests.bench.sample import TEXT

ALONE, CALLERS, MANY = 3_000, 64, 20_000
THINGS = Collection("things", (Index("by_time", ("consultation", "at")),))
ALL = ("dien-bien-2025",)


def run() -> list[Row]:
    """Documents per second."""
    with tempfile.TemporaryDirectory() as folder:
        single, many, scanned = _floors(Path(folder) / "floor.sqlite3")
        once, bulk, scan = asyncio.run(_ours(Path(folder) / "store.sqlite3"))
    return [single, once.against(single), many, bulk.against(many), scanned, scan.against(scanned)]


def _doc(n: int) -> Document:
    return {"consultation": ALL[0], "at": f"2025-06-11T02:{n:010d}Z", "text": TEXT}


def _floors(path: Path) -> tuple[Row, Row, Row]:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (id TEXT PRIMARY KEY, at, d)"
        )

        def one_by_one() -> None:
            for n in range(ALONE):
                db.execute("INSERT INTO t VALUES (?, ?, ?)", _row(n))

        def together() -> None:
            db.execute("BEGIN")
            db.executemany("INSERT INTO t VALUES (?, ?, ?)", (_row(n) for n in range(ALONE, ALONE + MANY)))
            db.execute("CREATE INDEX i ON t (at)")
            db.execute("COMMIT")

        def read() -> None:
            for (text,) in db.execute("SELECT d FROM t WHERE at >= '' ORDER BY at"):
                json.loads(text)

        return (
            timed("sqlite3, one transaction per insert", ALONE, one_by_one),
            timed("sqlite3, one executemany", MANY, together),
            timed("sqlite3, one ordered select", ALONE + MANY, read),
        )


def _row(n: int) -> tuple[str, str, str]:
    doc = _doc(n)
    return f"{n:032x}", str(doc["at"]), json.dumps(doc, ensure_ascii=False)


async def _ours(path: Path) -> tuple[Row, Row, Row]:
    store = SqliteStore(path, (THINGS,))
    await store.open()
    took: list[float] = []
    numbers = iter(range(ALONE))

    async def caller() -> None:
        for n in numbers:
            started = time.perf_counter()
            await store.insert_once(THINGS, f"{n:032x}", _doc(n))
            took.append(time.perf_counter() - started)

    started = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    once = Row(f"store, insert_once, c={CALLERS}", ALONE, time.perf_counter() - started, percentile(took, 0.99))

    started = time.perf_counter()
    for first in range(ALONE, ALONE + MANY, 1_000):
        await store.insert_many_once(THINGS, {f"{n:032x}": _doc(n) for n in range(first, first + 1_000)})
    bulk = Row("store, insert_many_once, 1,000 at a time", MANY, time.perf_counter() - started)

    started = time.perf_counter()
    after, read = None, 0
    while True:
        page = await store.scan(THINGS, "by_time", where=ALL, after=after, limit=2_000)
        read += len(page.items)
        if (after := page.next) is None:
            break
    scan = Row("store, scan in pages of 2,000", read, time.perf_counter() - started)
    await store.close()
    return once, bulk, scan
