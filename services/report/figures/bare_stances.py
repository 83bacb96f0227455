"""Stances given by button, without a text: submissions (lượt), by draft, section and stance. Pure."""

from collections import Counter
from collections.abc import Iterable

from services.report.figures.places import Place, Places, in_order
from services.report.model import StanceCountBare, StancePlace
from shared.events import Stance

# What the buttons offer (formats.md §3) is always shown; another stance only where somebody gave it.
OFFERED = (Stance.AGREE, Stance.PARTLY_AGREE, Stance.DISAGREE)
Counted = tuple[Place, Stance]


def stance_places(places: Places, period: Iterable[Counted], cumulative: Iterable[Counted]) -> tuple[StancePlace, ...]:
    """One row per draft or section that somebody took a stance on."""
    return from_counts(places, Counter(period), Counter(cumulative))


def from_counts(places: Places, now: Counter[Counted], total: Counter[Counted]) -> tuple[StancePlace, ...]:
    """The same of counts."""
    given = {stance for _, stance in total}
    shown = [stance for stance in Stance if stance in OFFERED or stance in given]
    return tuple(
        StancePlace(
            label=places.label(place),
            stances=tuple(
                StanceCountBare(
                    stance=stance, submissions=now[place, stance], submissions_cumulative=total[place, stance]
                )
                for stance in shown
            ),
            submissions=sum(now[place, stance] for stance in shown),
            submissions_cumulative=sum(total[place, stance] for stance in shown),
        )
        for place in in_order(place for place, _ in total)
    )
