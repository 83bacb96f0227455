"""A task ends even when it loses a cancellation."""

import asyncio

import pytest

from shared import tasks


async def test_a_task_that_swallows_a_cancellation_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_AGAIN_S", 0.01)
    lost: list[str] = []

    async def deaf() -> None:
        while True:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                lost.append("one")
                if len(lost) > 1:
                    raise

    task = asyncio.create_task(deaf())
    await asyncio.sleep(0)
    await asyncio.wait_for(tasks.end(task), 10)
    assert (task.cancelled(), len(lost)) == (True, 2)


async def test_what_ended_by_itself_or_failed_is_no_hindrance() -> None:
    async def fails() -> None:
        raise ValueError

    done, failed = asyncio.create_task(asyncio.sleep(0)), asyncio.create_task(fails())
    await tasks.end(done, failed)
    await tasks.end()
    assert done.done()
    assert failed.done()
