"""A channel's compartment."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.abuse.bulkhead import Bulkhead


async def test_places_are_given_in_turn_and_a_full_queue_says_no_at_once() -> None:
    bulkhead = Bulkhead(1, 2, 30, 0)
    assert await bulkhead.enter()
    waiting = [asyncio.create_task(bulkhead.enter()) for _ in range(2)]
    await asyncio.sleep(0)
    assert not await asyncio.wait_for(bulkhead.enter(), 1)
    for task in waiting:
        assert not task.done()
        bulkhead.leave()
        assert await task
    bulkhead.leave()
    assert await bulkhead.enter()


async def test_nobody_waits_longer_than_told_and_no_place_is_lost_by_waiting_or_hanging_up() -> None:
    bulkhead = Bulkhead(1, 5, 0.02, 0)
    assert await bulkhead.enter()
    assert [await bulkhead.enter() for _ in range(3)] == [False] * 3
    gone = asyncio.create_task(bulkhead.enter())
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    bulkhead.leave()
    assert await bulkhead.enter()


@given(st.lists(st.integers(0, 60), max_size=30))
def test_bytes_held_never_exceed_what_may_be_held(sizes: list[int]) -> None:
    bulkhead = Bulkhead(1, 1, 1, 100)
    kept = [size for size in sizes if bulkhead.hold(size)]
    assert sum(kept) <= 100
    for size in kept:
        bulkhead.drop(size)
    assert bulkhead.hold(100)
