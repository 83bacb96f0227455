"""Counting tables of a report, pure: by channel, group, unit, locality and day. Sums over the rows equal the totals."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from services.report.figures.labels import NOT_DECLARED
from services.report.figures.rows import OpinionRow, Submission
from services.report.model import Day, StanceCount, Tally
from shared.events import Stance

SubmissionKey = Callable[[Submission], str | None]
OpinionKey = Callable[[OpinionRow], str | None]


def tally(
    labels: Mapping[str, str],
    submissions: tuple[Iterable[str | None], Iterable[str | None]],
    opinions: tuple[Iterable[str | None], Iterable[str | None]],
) -> tuple[Tally, ...]:
    """One row per key that occurs, in the order of the labels, unknown codes after them, undeclared last.

    Each pair is (keys in the period, keys cumulative).
    """
    counts = [Counter(key or "" for key in keys) for keys in (*submissions, *opinions)]
    seen = set().union(*counts)
    known = [key for key in labels if key in seen]
    rest = sorted(seen - set(known) - {""})
    return tuple(
        Tally(
            key=key,
            label=labels.get(key, key) if key else NOT_DECLARED,
            submissions=counts[0][key],
            submissions_cumulative=counts[1][key],
            opinions=counts[2][key],
            opinions_cumulative=counts[3][key],
        )
        for key in [*known, *rest, *([""] if "" in seen else [])]
    )


def stance_counts(period: Iterable[OpinionRow], cumulative: Iterable[OpinionRow]) -> tuple[StanceCount, ...]:
    """Every stance, also those nobody took, so that a zero is stated."""
    now, total = Counter(o.stance for o in period), Counter(o.stance for o in cumulative)
    return tuple(StanceCount(stance=s, opinions=now[s], opinions_cumulative=total[s]) for s in Stance)


def days(submissions: Iterable[Submission], opinions: Iterable[OpinionRow], zone: ZoneInfo) -> tuple[Day, ...]:
    """The days, in the consultation's zone, on which the hub received something; cumulative."""
    by_day: tuple[Counter[date], Counter[date]] = (
        Counter(s.received_at.astimezone(zone).date() for s in submissions),
        Counter(o.received_at.astimezone(zone).date() for o in opinions),
    )
    return tuple(
        Day(day=day, submissions=by_day[0][day], opinions=by_day[1][day]) for day in sorted({*by_day[0], *by_day[1]})
    )
