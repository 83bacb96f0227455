"""Guessing is slowed down, honest slips are not."""

from datetime import UTC, datetime, timedelta

from shared.throttle import Throttle

NOW = datetime(2025, 6, 12, tzinfo=UTC)


def test_the_door_closes_after_so_many_failures_and_opens_again() -> None:
    throttle = Throttle(failures=3, while_=timedelta(minutes=10))
    for n in range(3):
        assert not throttle.open_in("a", NOW)
        throttle.failed("a", NOW + timedelta(minutes=n))
    assert throttle.open_in("a", NOW + timedelta(minutes=3)) == timedelta(minutes=7)
    assert not throttle.open_in("a", NOW + timedelta(minutes=10))
    assert not throttle.open_in("b", NOW)


def test_success_forgets_the_slips() -> None:
    throttle = Throttle(failures=1)
    throttle.failed("a", NOW)
    throttle.succeeded("a")
    assert not throttle.open_in("a", NOW)
