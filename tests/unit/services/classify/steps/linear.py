"""How the time of one step grows with the length of a text of one unit without end."""

from collections.abc import Callable

from services.classify.steps.view import View, view
from tests.support import growth as measured


def growth(step: Callable[[View, int, int], object], unit: str, short: int = 20_000, long: int = 400_000) -> float:
    """Time of the step for each code point at `long` over that at `short`; 1 is linear. Making the view is not counted."""
    return measured.growth(
        lambda seen: step(seen, 0, len(seen.plain)), lambda size: view(unit * (size // len(unit))), short, long
    )
