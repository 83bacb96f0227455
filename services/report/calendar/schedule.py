"""Which reports are to be triggered when, pure. `scheduler.py` carries it out on the bus.

The waiting messages are JetStream one-shots (`@at`), which fired exactly once through every crash tried; cron did not.
A past `@at` fires at once: that is how a report missed while the system was down is caught up with.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from services.report.calendar.periods import Period, periods
from shared.clock import format_instant
from shared.consultation import Consultation
from shared.topology import schedule_subject, trigger_subject

AHEAD = 8  # periods


@dataclass(frozen=True)
class Waiting:
    """A one-shot message on its way: waiting for its time, or fired already."""

    cut_off: str
    fired: bool
    seq: int = 0  # in the stream, so that exactly this one is taken back


@dataclass(frozen=True)
class Trigger:
    """The order to make the report of one period."""

    consultation: str
    period: int
    cut_off: datetime

    @property
    def report_id(self) -> str:
        """One report per period, whoever makes it."""
        return report_id(self.consultation, self.period)

    @property
    def message_id(self) -> str:
        """Deterministic, so that replicas schedule once; a moved cut-off is another message."""
        return f"report:{self.consultation}:{self.period}:{format_instant(self.cut_off)}"

    @property
    def subject(self) -> str:
        """Where it waits."""
        return schedule_subject(self.consultation, str(self.period))

    @property
    def headers(self) -> dict[str, str]:
        """What makes the server hold it back until the cut-off."""
        return {
            "Nats-Msg-Id": self.message_id,
            "Nats-Schedule": f"@at {self.cut_off.strftime('%Y-%m-%dT%H:%M:%SZ')}",
            "Nats-Schedule-Target": trigger_subject(self.consultation, str(self.period)),
        }


def report_id(consultation: str, period: int) -> str:
    """The id of a period's report."""
    return f"{consultation}:{period}"


def adhoc_report_id(consultation: str, as_of: datetime) -> str:
    """The id of a report made on request: the instant is in it, so the same request is the same report."""
    return f"{consultation}:adhoc-{as_of.astimezone(UTC).strftime('%Y%m%dT%H%M%S.%fZ')}"


def due(
    consultation: Consultation,
    *,
    now: datetime,
    first_stored: datetime | None,
    published: Iterable[str],
    waiting: Mapping[int, Waiting],
) -> tuple[Trigger, ...]:
    """The triggers to put on the bus now.

    Coming periods: the next eight. Missed ones: only those before whose cut-off anything was received (an old
    consultation that is loaded anew has nothing to say about last year); once the final cut-off has passed, only the
    final report, which holds all that the missed weekly ones would have said. Published ones and those already on
    their way are left alone, unless the calendar moved a cut-off.
    """
    done = set(published)
    closed = [p for p in periods(consultation) if p.end is not None]
    over = closed[-1].end is not None and closed[-1].end <= now
    coming = [p for p in closed if p.end is not None and p.end > now][:AHEAD]
    missed = [p for p in closed if _missed(p, now, first_stored) and (p.final or not over)]
    triggers = (Trigger(consultation.id, p.number, p.end) for p in (*missed, *coming) if p.end is not None)
    return tuple(t for t in triggers if t.report_id not in done and not _on_its_way(t, waiting.get(t.period)))


def replaced(consultation: Consultation, waiting: Mapping[int, Waiting]) -> tuple[int, ...]:
    """Periods whose waiting message has no place in the calendar any more: it is to be taken back."""
    closed = {p.number for p in periods(consultation) if p.end is not None}
    return tuple(sorted(number for number, message in waiting.items() if number not in closed and not message.fired))


def _missed(period: Period, now: datetime, first_stored: datetime | None) -> bool:
    return period.end is not None and period.end <= now and first_stored is not None and first_stored < period.end


def _on_its_way(trigger: Trigger, message: Waiting | None) -> bool:
    return message is not None and message.cut_off == format_instant(trigger.cut_off)
