"""The arithmetic of limits."""

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.abuse.tally import Tally, chunk, report, seconds_left, window_at

NOWS = st.floats(1.7e9, 2.0e9)
PERIODS = st.sampled_from([1, 60, 3600, 86_400])


@given(NOWS, PERIODS)
def test_whoever_waits_as_told_is_in_the_next_window_and_not_much_later(now: float, period: int) -> None:
    left = seconds_left(now, period)
    assert 1 <= left <= period
    assert window_at(now + left, period) == window_at(now, period) + 1


def test_a_day_begins_at_midnight_in_viet_nam() -> None:
    midnight = 1_750_006_800.0  # 2025-06-15T17:00:00Z
    assert window_at(midnight, 86_400) == window_at(midnight - 1, 86_400) + 1
    assert seconds_left(midnight - 90, 86_400) == 90


@given(st.integers(0, 50), st.integers(0, 200), st.integers(0, 50), st.integers(1, 60), st.integers(1, 200))
def test_what_is_reported_is_kept_and_what_is_asked_is_taken_only_within_the_limit(
    held_window: int, used: int, pending: int, amount: int, limit: int
) -> None:
    tally, taken = report(Tally(held_window, used), 25, pending, amount, limit)
    before = used if held_window >= 25 else 0
    assert tally.window == max(held_window, 25)
    assert tally.used == before + pending + (amount if taken else 0)
    assert taken == (before + pending + amount <= limit)


@given(st.integers(0, 10**6))
def test_a_chunk_is_a_small_part_of_its_limit(limit: int) -> None:
    assert 0 <= chunk(limit) <= limit / 10
