"""Real processes on one SQLite file: a kill -9 in the middle leaves all or nothing, and two writers lose nothing."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shared.errors import Transient
from shared.settings import ServiceSettings
from shared.store import sqlite_writer
from shared.store.open import open_store
from shared.store.port import Collection, DocumentStore, Index, Key, Merge

DOCS = Collection("docs", (Index("by_batch", ("batch", "place")),))
BATCH = 400
SERVICE = "crash"

APPLIER = """
import asyncio, sys
from pathlib import Path
from tests.connected.test_store_crash import BATCH, DOCS, SERVICE
from shared.settings import ServiceSettings
from shared.store.open import open_store
from shared.store.port import Merge

async def main(folder, name, batches):
    store = open_store(ServiceSettings(data=Path(folder)), SERVICE, (DOCS,))
    await store.open()
    for batch in range(1, int(batches) + 1):
        changes = [Merge(DOCS, f"{name}-{batch}-{n}", {"batch": batch, "place": n, "text": "Đề nghị " * 40}) for n in range(BATCH)]
        await store.apply(name, batch, [*changes, Merge(DOCS, "shared", {f"{name}{batch}": True})])
        print(batch, flush=True)
    await store.close()

asyncio.run(main(*sys.argv[1:]))
"""


def applier(folder: Path, name: str, batches: int) -> subprocess.Popen[str]:
    """A process applying batches and printing the number of each one that it was told is on disk."""
    return subprocess.Popen(
        [sys.executable, "-c", APPLIER, str(folder), name, str(batches)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def the_store(folder: Path) -> DocumentStore:
    return open_store(ServiceSettings(data=folder), SERVICE, (DOCS,))


@pytest.mark.parametrize("grace_ms", [0, 3, 7, 12, 18, 25, 40])
async def test_a_kill_in_the_middle_of_apply_leaves_all_or_nothing(tmp_path: Path, grace_ms: int) -> None:
    process = applier(tmp_path, "p", 10_000)
    assert process.stdout is not None
    acknowledged = int(process.stdout.readline())
    time.sleep(grace_ms / 1000)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    acknowledged = max([acknowledged, *map(int, process.stdout.read().split())])
    process.stdout.close()

    store = the_store(tmp_path)
    await store.open()
    position = await store.position("p")
    counts = await store.count_by(DOCS, "by_batch", depth=1)
    shared = await store.get(DOCS, "shared")
    await store.close()
    assert position in {acknowledged, acknowledged + 1}
    assert {key: n for key, n in counts.items() if key != (None,)} == {(n,): BATCH for n in range(1, position + 1)}
    assert shared is not None
    assert shared.version == position
    assert shared.doc == {f"p{n}": True for n in range(1, position + 1)}


async def test_two_processes_and_this_one_write_the_same_file_and_nothing_is_lost(tmp_path: Path) -> None:
    batches = 15
    processes = [applier(tmp_path, name, batches) for name in ("p", "q")]
    store = the_store(tmp_path)
    await store.open()
    mine = 0
    while any(process.poll() is None for process in processes):
        assert await store.insert_once(DOCS, f"mine-{mine}", {"batch": -1})
        mine += 1
        await asyncio.sleep(0.002)
    assert [process.wait() for process in processes] == [0, 0]
    for process in processes:
        assert process.stdout is not None
        process.stdout.close()
    assert [await store.position(name) for name in ("p", "q")] == [batches, batches]
    counts = await store.count_by(DOCS, "by_batch", depth=1)
    shared = await store.get(DOCS, "shared")
    await store.close()
    expected: dict[tuple[Key, ...], int] = {(None,): 1, (-1,): mine, **{(n,): 2 * BATCH for n in range(1, batches + 1)}}
    assert counts == expected
    assert shared is not None
    assert shared.doc == {f"{name}{n}": True for name in ("p", "q") for n in range(1, batches + 1)}


def test_many_processes_may_open_a_new_file_at_the_same_moment(tmp_path: Path) -> None:
    processes = [applier(tmp_path, f"p{n}", 1) for n in range(6)]
    outputs = [process.communicate(timeout=60)[0] for process in processes]
    assert outputs == ["1\n"] * 6


async def test_a_file_locked_for_too_long_is_a_transient_failure_and_heals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.store.sqlite.BUSY_TIMEOUT_MS", 50)
    store, other = the_store(tmp_path), the_store(tmp_path)
    await store.open()
    await other.open()
    held, release = asyncio.Event(), asyncio.Event()

    async def hold(_: object) -> None:
        held.set()
        await release.wait()

    holding = asyncio.create_task(other._writer.run(hold))  # type: ignore[attr-defined]
    await held.wait()
    with pytest.raises(Transient, match="locked"):
        await store.apply("p", 1, [Merge(DOCS, "a", {"batch": 1})])
    release.set()
    await holding
    await store.apply("p", 1, [Merge(DOCS, "a", {"batch": 1})])
    assert await other.position("p") == 1
    await store.close()
    await other.close()


async def test_one_bad_write_in_a_group_fails_alone(tmp_path: Path) -> None:
    store = the_store(tmp_path)
    await store.open()
    writes = [store.insert_once(DOCS, f"d{n}", {"text": "\ud800" if n == 5 else "ổn"}) for n in range(20)]
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(outcome) for n, outcome in enumerate(outcomes) if n == 5] == [UnicodeEncodeError]
    assert [outcome for n, outcome in enumerate(outcomes) if n != 5] == [True] * 19
    assert await store.count_by(DOCS, "by_batch") == {(): 19}
    await store.close()


async def test_a_cancelled_caller_does_not_disturb_the_others(tmp_path: Path) -> None:
    store = the_store(tmp_path)
    await store.open()
    tasks = [asyncio.create_task(store.insert_once(DOCS, f"d{n}", {"batch": n})) for n in range(20)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert outcomes[1::2] == [True] * 10
    await store.close()
    with pytest.raises(Transient, match="not open"):
        await store.ping()
    with pytest.raises(Transient, match="not open"):
        await store.insert_once(DOCS, "late", {})


async def test_a_path_that_cannot_be_a_file_is_a_transient_failure(tmp_path: Path) -> None:
    (tmp_path / f"{SERVICE}.sqlite3").mkdir()
    with pytest.raises(Transient, match="unable to open"):
        await the_store(tmp_path).open()
    await asyncio.sleep(0.05)  # aiosqlite's thread of the failed connection ends on its own, and wants the loop for it
    assert sqlite_writer.BUSY_TIMEOUT_MS >= 1_000
