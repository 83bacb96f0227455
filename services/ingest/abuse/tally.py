"""The arithmetic of a limit. Pure; times are seconds since 1970, as numbers."""

import math
from dataclasses import dataclass

VIETNAM_S = 7 * 3600  # a limit per day begins anew at midnight in Việt Nam, not at seven in the morning


@dataclass(frozen=True)
class Tally:
    """How much was used in a window."""

    window: int
    used: int


def window_at(now: float, period_s: int) -> int:
    """The number of the window."""
    return math.floor((now + VIETNAM_S) / period_s)


def seconds_left(now: float, period_s: int) -> int:
    """Whole seconds until the next window begins, at least 1: whoever waits so long is in it."""
    return max(1, math.ceil((window_at(now, period_s) + 1) * period_s - VIETNAM_S - now))


def chunk(limit: int) -> int:
    """How much one replica may admit before it reports: what several replicas may together go over a limit is a multiple of this."""
    return min(limit // 10, 100)


def newer(one: Tally | None, other: Tally) -> Tally:
    """Whichever knows more: within a window a tally only grows."""
    return other if one is None or (one.window, one.used) < (other.window, other.used) else one


def report(held: Tally | None, window: int, pending: int, amount: int, limit: int) -> tuple[Tally, bool]:
    """The shared tally after `pending` was reported and `amount` asked for, and whether that was taken.

    A replica whose clock is behind joins the newer window: a window never opens twice.
    """
    if held is None or held.window < window:
        held = Tally(window, 0)
    used = held.used + pending
    taken = used + amount <= limit
    return Tally(held.window, used + amount if taken else used), taken
