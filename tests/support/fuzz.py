"""Random input for a given time: each fuzz test runs `YKIEN_FUZZ_SECONDS` (default 3; `make fuzz` gives each 60)."""

import os
import random
import time
from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

_BATCH = 100  # examples between two looks at the clock
_Example = TypeVar("_Example")
_PHASES = (Phase.explicit, Phase.generate, Phase.shrink)


def budget() -> float:
    """Seconds each fuzz test may take."""
    return float(os.environ.get("YKIEN_FUZZ_SECONDS", "3"))


def for_seconds(
    source: "SearchStrategy[_Example] | Callable[[random.Random], _Example]",
    check: Callable[[_Example], object],
    seconds: float | None = None,
) -> int:
    """Runs `check` on examples of `source` until the time is up; how many it ran. What `check` raises comes out.

    A strategy's failing example is shrunk by hypothesis; of a plain function of a `Random` the seed is told. `YKIEN_FUZZ_SEED`
    starts elsewhere; the same seed gives the same examples.
    """
    first = int(os.environ.get("YKIEN_FUZZ_SEED", "0"))
    until = time.monotonic() + (budget() if seconds is None else seconds)
    if isinstance(source, SearchStrategy):
        return _by_hypothesis(source, check, first, until)
    return _by_function(source, check, first, until)


def _by_hypothesis(
    source: SearchStrategy[_Example], check: Callable[[_Example], object], first: int, until: float
) -> int:
    ran, failed = 0, False

    def one(example: _Example) -> None:
        nonlocal ran, failed
        if time.monotonic() > until and ran and not failed:
            return  # the time is up in the middle of a batch; a failure is still shrunk
        ran += 1
        try:
            check(example)
        except BaseException:
            failed = True
            raise

    quiet = settings(
        max_examples=_BATCH, deadline=None, database=None, phases=_PHASES, suppress_health_check=list(HealthCheck)
    )
    batch = first
    while not ran or time.monotonic() < until:
        seed(batch)(quiet(given(source)(one)))()
        batch += 1
    return ran


def _by_function(
    source: Callable[[random.Random], _Example], check: Callable[[_Example], object], first: int, until: float
) -> int:
    ran = 0
    while not ran or time.monotonic() < until:
        number = first + ran
        try:
            check(source(random.Random(number)))
        except BaseException as error:
            error.add_note(f"fuzz example number {number} (YKIEN_FUZZ_SEED={number} starts with it)")
            raise
        ran += 1
    return ran
