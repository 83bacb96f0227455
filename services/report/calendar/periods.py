"""The calendar of reporting periods, pure: period k covers [previous cut-off, its cut-off) in the consultation's zone.

The first period starts at the beginning of time, so what came before the window opened is in a report too. The first
cut-off at or after the window's end makes the final report; what arrives later falls into one last, open period.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.consultation import Consultation, ReportCalendar

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Period:
    """`start` None: from the beginning; `end` (the cut-off) None: open, after the final report."""

    number: int
    start: datetime | None
    end: datetime | None
    final: bool = False

    def __contains__(self, at: datetime) -> bool:
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)

    def shown_start(self, opens: datetime, as_of: datetime) -> datetime:
        """What a report prints as its beginning: the first period starts with the window."""
        return self.start if self.start is not None else min(opens, as_of)


def cut_offs(calendar: ReportCalendar, after: datetime) -> Iterator[datetime]:
    """The cut-offs later than `after`, in order, without end, in UTC."""
    zone = ZoneInfo(calendar.zone)
    day = after.astimezone(zone).date()
    day += timedelta(days=(WEEKDAYS.index(calendar.weekday) - day.weekday()) % 7)
    while True:
        at = datetime.combine(day, calendar.cut_off, tzinfo=zone).astimezone(UTC)
        if at > after:
            yield at
        day += timedelta(days=7)


def periods(consultation: Consultation) -> Iterator[Period]:
    """All periods, numbered from 1; the last one yielded is the open one after the final report."""
    start: datetime | None = None
    closes = consultation.window.closes
    number = 0
    for end in cut_offs(consultation.report, consultation.window.opens):
        number += 1
        final = end >= closes
        yield Period(number, start, end, final)
        start = end
        if final:
            break
    yield Period(number + 1, start, None)


def current(consultation: Consultation, at: datetime) -> Period:
    """The one period that contains the instant."""
    return next(period for period in periods(consultation) if at in period)


def numbered(consultation: Consultation, number: int) -> Period | None:
    """The period of that number when it has a cut-off; None otherwise."""
    return next((p for p in periods(consultation) if p.number == number and p.end is not None), None)
