"""How time grows with length: the ratio per character between a short and a long text."""

import gc
import math
import time
from collections.abc import Callable

from services.classify.steps.view import View, view


def growth(step: Callable[[View, int, int], object], unit: str, short: int = 20_000, long: int = 400_000) -> float:
    """Time per character at `long` code points over that at `short`; 1 is linear. The collector rests: it is not the step's."""

    def took(size: int) -> float:
        seen = view(unit * (size // len(unit)))
        len(seen.matched)
        best = math.inf
        for _ in range(3):
            began = time.process_time()
            step(seen, 0, len(seen.plain))
            best = min(best, time.process_time() - began)
        return best / size

    gc.disable()
    try:
        # A busy machine may spoil one measurement; a square would show twentyfold in every one.
        return min(took(long) / took(short) for _ in range(2))
    finally:
        gc.enable()
