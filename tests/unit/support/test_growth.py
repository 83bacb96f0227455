"""A square is caught, a linear cost passes, and what is not the code's own is not counted."""

import gc
from collections.abc import Callable

import pytest

from tests.support import growth as module
from tests.support.growth import LINEAR, growth, timed

SHORT, LONG = 200, 4_000


class Clock:
    """A clock that only the code under measurement moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def thread_time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    one = Clock()
    monkeypatch.setattr(module, "time", one)
    return one


def costs(clock: Clock, cost: Callable[[int], float]) -> Callable[[int], None]:
    def read(size: int) -> None:
        clock.now += cost(size)

    return read


def same(size: int) -> int:
    return size


def test_a_loop_in_a_loop_is_caught_and_one_loop_passes() -> None:
    def make(size: int) -> str:
        return "a" * size

    assert growth(lambda text: sum(1 for _ in text for _ in text), make, SHORT, LONG) > LINEAR
    assert growth(lambda text: sum(1 for _ in text for _ in range(30)), make, SHORT, LONG) <= LINEAR


@pytest.mark.parametrize(
    ("cost", "grown"),
    [
        (lambda size: 3.0 * size, 1),
        (lambda size: 1.0 * size**2, LONG / SHORT),
        (lambda size: 1000.0 * size + size**2, 5000 / 1200),
        (lambda _: 5.0, SHORT / LONG),
    ],
)
def test_growth_is_the_cost_of_a_character_in_the_long_one_over_that_in_the_short(
    clock: Clock, cost: Callable[[int], float], grown: float
) -> None:
    assert growth(costs(clock, cost), same, SHORT, LONG) == pytest.approx(grown)


@pytest.mark.parametrize("spoilt", [SHORT, LONG])
def test_a_moment_that_other_work_made_dear_neither_fails_what_is_linear_nor_hides_a_square(
    clock: Clock, spoilt: int
) -> None:
    for power in (1, 2):
        left = [3]

        def disturbed(size: int, power: int = power, left: list[int] = left) -> float:
            if size == spoilt and left[0]:
                left[0] -= 1
                return 100.0 * float(size**power)
            return float(size**power)

        grown = growth(costs(clock, disturbed), same, SHORT, LONG)
        assert grown == pytest.approx(1 if power == 1 else LONG / SHORT)


def test_what_an_input_remembers_and_what_it_costs_to_make_do_not_count(clock: Clock) -> None:
    class Sheet:
        def __init__(self, size: int) -> None:
            clock.now += 7.0
            self.size = size

    def read(sheet: Sheet) -> None:
        clock.now += sheet.size**2
        sheet.size = 0

    assert growth(read, Sheet, SHORT, LONG) == pytest.approx(LONG / SHORT)


def test_seconds_are_those_of_the_best_try_and_come_with_the_result(clock: Clock) -> None:
    left = [9.0, 9.0, 2.0, 1.0]

    def run() -> str:
        clock.now += left.pop(0)
        return f"{len(left)} left"

    assert timed(run, most=3) == (2.0, "1 left")


def test_what_is_dear_every_time_is_told(clock: Clock) -> None:
    assert timed(lambda: costs(clock, lambda _: 4.0)(1), most=3)[0] == 4.0


def test_the_collector_rests_while_time_is_measured_and_works_again_afterwards() -> None:
    seen: list[bool] = []

    def read(_: object) -> None:
        seen.append(gc.isenabled())

    growth(read, same, SHORT, LONG)
    timed(lambda: read(None), most=1)
    assert set(seen) == {False}
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError):
        timed(lambda: 1 // 0, most=1)
    assert gc.isenabled()
