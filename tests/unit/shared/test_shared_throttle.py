"""Replicas count failed logins together; without the bus each goes on counting, and nobody is locked out or waved through."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import shared_throttle
from shared.shared_throttle import SharedThrottle
from shared.throttle import FAILURES, WHILE
from tests.support.kv import MemoryBucket, bus_with

NOW = datetime(2025, 6, 12, tzinfo=UTC)
ADDRESS = "203.0.113.7"


@pytest.fixture(autouse=True)
def tried_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_throttle, "AWAY_S", 0.0)


def replicas(
    bucket: MemoryBucket, count: int = 2, name: str = "review", secret: bytes = b"k" * 32
) -> list[SharedThrottle]:
    return [SharedThrottle(bus_with(bucket), name, secret) for _ in range(count)]


async def admitted(throttles: list[SharedThrottle], tries: int, now: datetime = NOW) -> int:
    """How many of so many attempts, one replica after the other, came through the door."""
    return sum([not await throttles[n % len(throttles)].attempt(ADDRESS, now) for n in range(tries)])


async def test_all_replicas_together_admit_as_many_as_one_does() -> None:
    throttles = replicas(MemoryBucket(), 3)
    assert await admitted(throttles, 30) == FAILURES
    for throttle in throttles:
        assert await throttle.attempt(ADDRESS, NOW + timedelta(minutes=4)) == WHILE - timedelta(minutes=4)
        assert not await throttle.attempt("203.0.113.8", NOW)
    assert await admitted(throttles, 30, NOW + WHILE) == FAILURES


async def test_guesses_sent_to_all_replicas_at_once_are_counted_one_by_one() -> None:
    throttles = replicas(MemoryBucket(), 3)
    doors = await asyncio.gather(*(throttles[n % 3].attempt(ADDRESS, NOW) for n in range(40)))
    assert sum(not closed for closed in doors) == FAILURES


async def test_a_right_password_forgets_the_slips_everywhere() -> None:
    one, other = replicas(MemoryBucket())
    for _ in range(FAILURES - 1):
        await one.attempt(ADDRESS, NOW)
    assert not await other.attempt(ADDRESS, NOW)
    await other.succeeded(ADDRESS)
    assert await admitted([one], 30) == FAILURES


async def test_without_the_bus_each_counts_for_itself_on_top_of_what_it_knew() -> None:
    bucket = MemoryBucket()
    one, other = replicas(bucket)
    assert await admitted([one], 2) == 2
    bucket.away = True
    assert await admitted([one], 30) == FAILURES - 2
    assert await admitted([other], 30) == FAILURES, "not everybody is locked out"
    assert not await one.attempt(ADDRESS, NOW + WHILE), "nor for ever"


async def test_what_was_counted_alone_is_told_when_the_bus_is_back() -> None:
    bucket = MemoryBucket(away=True)
    one, other = replicas(bucket)
    assert await admitted([one], 3) == 3
    bucket.away = False
    assert await admitted([one], 1) == 1
    assert await admitted([other], 30) == FAILURES - 4


async def test_a_right_password_counts_without_the_bus_too() -> None:
    bucket = MemoryBucket(away=True)
    (one,) = replicas(bucket, 1)
    await admitted([one], FAILURES - 1)
    await one.succeeded(ADDRESS)
    assert await admitted([one], 30) == FAILURES


async def test_another_login_counts_apart_and_no_address_stands_in_the_bucket() -> None:
    bucket = MemoryBucket()
    (one,) = replicas(bucket, 1)
    (other,) = replicas(bucket, 1, name="report")
    assert await admitted([one], 30) == FAILURES
    assert await admitted([other], 30) == FAILURES
    assert len(bucket.values) == 2
    assert not any(ADDRESS in key or ADDRESS.encode() in value for key, (_, value) in bucket.values.items())


@given(st.one_of(st.binary(max_size=40), st.sampled_from([b"[1e400]", b"[null]", b"{}", b"7", b"[99999999999999999]"])))
async def test_an_entry_nobody_can_read_closes_no_door_for_ever(value: bytes) -> None:
    bucket = MemoryBucket()
    (one,) = replicas(bucket, 1)
    await one.attempt(ADDRESS, NOW)
    (key,) = bucket.values
    bucket.values[key] = (bucket.revision, value)
    assert await one.attempt(ADDRESS, NOW) <= WHILE


async def test_a_clock_that_is_ahead_closes_the_door_no_longer_than_the_while() -> None:
    one, other = replicas(MemoryBucket())
    assert await admitted([one], FAILURES, NOW + timedelta(days=1)) == FAILURES
    assert await other.attempt(ADDRESS, NOW) == WHILE
    assert not await other.attempt(ADDRESS, NOW + WHILE)
