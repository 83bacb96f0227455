"""The dashboard as data: figures with their labels, in the order of the definition. Pure; the template only draws it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.report.calendar.periods import Period, current
from services.report.counts.live import Count, Figures
from services.report.figures.labels import NOT_DECLARED, STANCES, STATES, Labels, topic_titles
from shared.consultation import Consultation
from shared.events import Reconciliation, Stance
from shared.store.port import Key

KINDS = {"weekly": "Định kỳ", "final": "Tổng kết", "adhoc": "Theo yêu cầu"}


@dataclass(frozen=True)
class TopicRow:
    """One topic group: opinions by stance, in the order of STANCES."""

    code: int
    title: str
    stances: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class CountRow:
    """Submissions and opinions of one channel, unit or locality."""

    label: str
    submissions: int
    opinions: int


def topic_rows(topics: Count, labels: Labels) -> tuple[TopicRow, ...]:
    """Every topic group of the definition, and any other code that occurs."""
    titles = topic_titles(labels, {int(str(topic)) for topic, _ in topics})
    rows = []
    for code, title in titles.items():
        counts = tuple(topics[code, stance.value] for stance in STANCES)
        rows.append(TopicRow(code, title, counts, sum(counts)))
    return tuple(rows)


def count_rows(counts: tuple[Count, Count], labels: Mapping[str, str]) -> tuple[CountRow, ...]:
    """Known codes in the order of the definition, unknown ones, undeclared last; empty rows are left out."""
    seen: set[Key] = {key for side in counts for (key,), n in side.items() if n}
    known = [key for key in labels if key in seen]
    rest = sorted(str(key) for key in seen - set(known) if key is not None)
    order: list[Key] = [*known, *rest, *([None] if None in seen else [])]
    return tuple(
        CountRow(labels.get(str(key), str(key)) if key is not None else NOT_DECLARED, counts[0][key,], counts[1][key,])
        for key in order
    )


def states(line: Reconciliation) -> tuple[tuple[str, int], ...]:
    """(label, submissions) of every state."""
    return tuple((label, getattr(line, name)) for name, label in STATES.items())


def stance_totals(figures: Figures) -> tuple[tuple[str, int], ...]:
    """(label, opinions) of every stance."""
    totals: Counter[str] = Counter()
    for (_, stance), n in figures.topics.items():
        totals[str(stance)] += n
    return tuple((STANCES[stance], totals[stance.value]) for stance in Stance)


def period_now(consultation: Consultation, now: datetime) -> Period:
    """The period that is running."""
    return current(consultation, now)


def duration(span: timedelta) -> str:
    """A waiting time in words: `3 phút`, `2 giờ 5 phút`, `4 ngày`."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 1:
        return "dưới 1 phút"
    hours, days = minutes // 60, minutes // (60 * 24)
    if days >= 2:
        return f"{days} ngày"
    if hours:
        return f"{hours} giờ {minutes % 60} phút" if minutes % 60 else f"{hours} giờ"
    return f"{minutes} phút"
