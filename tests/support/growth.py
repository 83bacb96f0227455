"""What a function costs, measured in a process full of other tests on a machine that others use too: time of this thread only, with
the collector at rest (a pass over the objects of thousands of tests is not the function's), at the best of several tries.
"""

import gc
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

LINEAR = 3.0  # the most by which the cost of a character may grow; a square shows `long / short`
_TRIES = 6  # other work makes a run dearer, never cheaper: only what is dear every time is the code's
_ROUNDS = 3  # of the short one, before the long one and after it
_Made = TypeVar("_Made")
_Result = TypeVar("_Result")


def growth(
    read: Callable[[_Made], object], make: Callable[[int], _Made], short: int, long: int, *, most: float = LINEAR
) -> float:
    """Time of `read` for each character of `make(long)` over that of `make(short)`: 1 is linear, `long / short` a square.

    The least of a few tries; the first that is not above `most` ends them. What is read is made anew each time, outside the measured
    time: nothing that it remembers makes it cheap.
    """
    least = math.inf
    with _collector_at_rest():
        for _ in range(_TRIES):
            # On both sides of the long one: what disturbs a moment must not make a square look linear.
            before = _quickest(read, make, short)
            large = _seconds(read, make(long))
            small = min(before, _quickest(read, make, short))
            least = min(least, large / long / (small / short))
            if least <= most:
                break
    return least


def timed(run: Callable[[], _Result], *, most: float) -> tuple[float, _Result]:
    """Seconds of this thread that `run` takes, and its result: the least of a few tries; the first that is not above `most` ends them.

    For costs that do not grow with a length; where they do, `growth` tells more on a slow machine.
    """
    least = math.inf
    with _collector_at_rest():
        for _ in range(_TRIES):
            began = time.thread_time()
            result = run()
            least = min(least, time.thread_time() - began)
            if least <= most:
                break
    return least, result


def _quickest(read: Callable[[_Made], object], make: Callable[[int], _Made], size: int) -> float:
    return min(_seconds(read, make(size)) for _ in range(_ROUNDS))


def _seconds(read: Callable[[_Made], object], made: _Made) -> float:
    began = time.thread_time()
    read(made)
    return max(time.thread_time() - began, 1e-9)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
