"""Limits shared by replicas: never much more than the limit, never an error, hardly a word to the bus."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.abuse.shared_limits import MAX_KEYS, Refusal, SharedLimits
from services.ingest.abuse.tally import chunk
from tests.support.kv import MemoryBucket, bus_with

SECRET = b"invented"
NOON = 1_750_046_400.0


class Clock:
    now = NOON

    def __call__(self) -> float:
        return self.now


def replicas(count: int, bucket: MemoryBucket, clock: Clock | None = None) -> list[SharedLimits]:
    return [SharedLimits(bus_with(bucket), SECRET, clock or Clock()) for _ in range(count)]


@given(
    st.integers(1, 150),
    st.integers(1, 4),
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 30)), max_size=120),
    st.booleans(),
)
def test_replicas_together_admit_at_most_the_limit_and_a_chunk_each(
    limit: int, count: int, asks: list[tuple[int, int]], at_once: bool
) -> None:
    async def run() -> None:
        bucket = MemoryBucket()
        all_ = replicas(count, bucket)
        calls = [all_[who % count].take("t", "k", amount, limit, 60) for who, amount in asks]
        answers = await asyncio.gather(*calls) if at_once else [await call for call in calls]
        taken = sum(amount for (_, amount), answer in zip(asks, answers, strict=True) if answer is None)
        assert taken <= limit + (count - 1) * chunk(limit)
        assert all(answer is None or 1 <= answer.retry_after_s <= 60 for answer in answers)
        if count == 1 and not at_once:
            smallest_refused = min((a for (_, a), r in zip(asks, answers, strict=True) if r), default=limit + 1)
            assert taken + smallest_refused > limit, "whoever was refused had no room"

    asyncio.run(run())


async def test_there_is_room_again_exactly_when_the_refusal_says() -> None:
    clock = Clock()
    clock.now = NOON + 12.3
    (limits,) = replicas(1, MemoryBucket(), clock)
    assert [await limits.take("t", "k", 1, 2, 60) for _ in range(3)] == [None, None, Refusal(48)]
    clock.now += 47
    assert await limits.take("t", "k", 1, 2, 60) == Refusal(1)
    clock.now += 1
    assert await limits.take("t", "k", 1, 2, 60) is None


async def test_a_replica_whose_clock_is_behind_opens_no_window_twice() -> None:
    bucket, ahead, behind = MemoryBucket(), Clock(), Clock()
    behind.now -= 1
    one, two = SharedLimits(bus_with(bucket), SECRET, ahead), SharedLimits(bus_with(bucket), SECRET, behind)
    answers = [await limits.take("t", "k", 1, 5, 60) for _ in range(6) for limits in (one, two)]
    assert sum(answer is None for answer in answers) == 5


async def test_keys_and_scopes_have_limits_of_their_own_and_stand_nowhere_in_clear() -> None:
    bucket = MemoryBucket()
    (limits,) = replicas(1, bucket)
    for scope, key in (("a", "192.0.2.7"), ("a", "192.0.2.8"), ("b", "192.0.2.7")):
        assert await limits.take(scope, key, 1, 1, 60) is None
        assert await limits.take(scope, key, 1, 1, 60) is not None
    assert len(bucket.values) == 3
    assert "192.0.2" not in f"{bucket.values} {limits.__dict__}"


async def test_somebody_who_sends_a_few_times_costs_the_bus_nothing_and_a_flood_very_little() -> None:
    bucket = MemoryBucket()
    (limits,) = replicas(1, bucket)
    for _ in range(6):
        await limits.take("t", "citizen", 1, 60, 60)
    assert bucket.calls == 0
    for _ in range(10_000):
        await limits.take("t", "flood", 1, 60, 60)
    assert bucket.calls < 20


async def test_while_the_bus_is_away_each_replica_counts_alone_and_raises_nothing() -> None:
    bucket = MemoryBucket(away=True)
    (limits,) = replicas(1, bucket)
    answers = [await limits.take("t", "k", 1, 20, 60) for _ in range(25)]
    assert [answer is None for answer in answers] == [True] * 20 + [False] * 5
    assert bucket.calls < 5, "a bus that does not answer is left alone for a while"


async def test_what_was_counted_alone_is_reported_when_the_bus_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.ingest.abuse.shared_limits.AWAY_S", 0)
    bucket = MemoryBucket(away=True)
    one, two = replicas(2, bucket)
    for _ in range(15):
        await one.take("t", "k", 1, 20, 60)
    bucket.away = False
    assert await one.take("t", "k", 1, 20, 60) is None
    admitted = [await two.take("t", "k", 1, 20, 60) is None for _ in range(10)]
    assert sum(admitted) <= 4 + chunk(20)


async def test_a_look_takes_nothing() -> None:
    (limits,) = replicas(1, MemoryBucket())
    assert limits.pressed("t", "k", 2, 60) is None
    for _ in range(2):
        assert await limits.take("t", "k", 1, 2, 60) is None
        assert limits.pressed("t", "other", 2, 60) is None
    assert limits.pressed("t", "k", 2, 60) is not None


async def test_with_limits_off_nothing_is_refused() -> None:
    limits = SharedLimits(None, SECRET)
    assert await limits.take("t", "k", 10**9, 1, 60) is None
    assert limits.pressed("t", "k", 0, 60) is None


async def test_the_memory_of_keys_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_KEYS >= 10_000
    monkeypatch.setattr("services.ingest.abuse.shared_limits.MAX_KEYS", 100)
    (limits,) = replicas(1, MemoryBucket())
    for number in range(1_000):
        await limits.take("t", str(number), 1, 60, 60)
    assert len(limits._uses) <= 100
