"""The report's projection: fold and apply 5,000 classified submissions into SQLite, against inserting the same JSON at once."""

import asyncio
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from services.report import projection
from shared.delivery import Delivery
from shared.events import Event
from shared.store.sqlite import SqliteStore
from tests.bench.row import Row, timed
from tests.bench.sample import TEXT
from tests.support.report_events import classified, deliver, opinion, received

SUBMISSIONS = 5_000
BATCH = 128  # deliveries handed to the handler at once


def run() -> list[Row]:
    """Submissions per second; each is two events, two opinions and seven documents' changes."""
    deliveries = _deliveries()
    with tempfile.TemporaryDirectory() as folder:
        floor = _floor(Path(folder) / "floor.sqlite3", deliveries)
        seconds = asyncio.run(_fold(Path(folder), deliveries))
    pure = timed("report fold alone, pure", SUBMISSIONS, lambda: [projection.fold(one) for one in deliveries])
    ours = Row(f"report fold and apply, batches of {BATCH}", SUBMISSIONS, seconds)
    return [floor, pure.against(floor), ours.against(floor)]


def _deliveries() -> list[Delivery[Event]]:
    found: list[Delivery[Event]] = []
    for n in range(1, SUBMISSIONS + 1):
        found.append(deliver(received(n, text=TEXT), 2 * n - 1))
        found.append(deliver(classified(n, opinion(n, 0, text=TEXT), opinion(n, 1, topic=2)), 2 * n))
    return found


def _floor(path: Path, deliveries: list[Delivery[Event]]) -> Row:
    rows = [(one.seq, one.event.model_dump_json()) for one in deliveries]
    with closing(sqlite3.connect(path)) as db:
        db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (id PRIMARY KEY, d)")

        def insert() -> None:
            db.executemany("INSERT INTO t VALUES (?, ?)", rows)
            db.commit()

        return timed("sqlite3, one executemany of the same events' JSON", SUBMISSIONS, insert)


async def _fold(folder: Path, deliveries: list[Delivery[Event]]) -> float:
    store = SqliteStore(folder / "report.sqlite3", projection.COLLECTIONS)
    await store.open()
    started = time.perf_counter()
    for start in range(0, len(deliveries), BATCH):
        batch = deliveries[start : start + BATCH]
        await store.apply("report", batch[-1].seq, [change for one in batch for change in projection.fold(one)])
    seconds = time.perf_counter() - started
    await store.close()
    return seconds
