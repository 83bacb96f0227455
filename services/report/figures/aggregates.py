"""Counts that other bodies made themselves, as they sent them: added up among themselves, never with ours. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.report.figures.places import Place, Places
from services.report.figures.rows import first_copy
from services.report.model import Aggregate, AggregateLine, Span
from shared.clock import parse_instant
from shared.events import AggregateCount, Stance

_STANCES = list(Stance)


@dataclass(frozen=True)
class Batch:
    """One revision of one batch."""

    issuer: str
    batch_id: str
    revision: int
    stored_at: datetime
    channel: str
    counted_by: str
    start: datetime
    end: datetime
    counts: tuple[AggregateCount, ...]

    @classmethod
    def of(cls, doc: Mapping[str, Any]) -> "Batch":
        """From a document of `aggregates`."""
        return cls(
            doc["issuer"],
            doc["batch_id"],
            doc["revision"],
            first_copy(doc)[1],
            doc["channel"],
            doc["counted_by"],
            parse_instant(doc["period_start"]),
            parse_instant(doc["period_end"]),
            tuple(AggregateCount.model_validate(count) for count in doc["counts"]),
        )


def standing(batches: Iterable[Batch], as_of: datetime | None = None) -> tuple[Batch, ...]:
    """Of each batch the highest revision that was in the stream before `as_of`, by period."""
    found: dict[tuple[str, str], Batch] = {}
    for batch in batches:
        if as_of is not None and batch.stored_at >= as_of:
            continue
        key = (batch.issuer, batch.batch_id)
        if key not in found or found[key].revision < batch.revision:
            found[key] = batch
    return tuple(sorted(found.values(), key=lambda b: (b.start, b.issuer, b.batch_id)))


def aggregates(batches: Iterable[Batch], places: Places, channels: Mapping[str, str]) -> tuple[Aggregate, ...]:
    """One table per channel and body."""
    groups: dict[tuple[str, str], list[Batch]] = defaultdict(list)
    for batch in batches:
        groups[batch.channel, batch.counted_by].append(batch)
    return tuple(
        Aggregate(
            channel=channels.get(channel, channel),
            counted_by=counted_by,
            batches=len(found),
            periods=_spans(found),
            lines=(lines := _lines(found, places)),
            submissions=sum(line.submissions for line in lines),
        )
        for (channel, counted_by), found in sorted(groups.items())
    )


def _lines(batches: Sequence[Batch], places: Places) -> tuple[AggregateLine, ...]:
    rows: dict[tuple[Place, int], list[AggregateCount]] = defaultdict(list)
    for batch in batches:
        for count in batch.counts:
            order = len(_STANCES) if count.stance is None else _STANCES.index(count.stance)
            rows[places.of(count.draft_id, count.section_ref), order].append(count)
    return tuple(
        AggregateLine(
            label=places.label(place),
            stance=_STANCES[order] if order < len(_STANCES) else None,
            submissions=sum(count.submissions for count in counts),
            with_text=_told(counts),
        )
        for (place, order), counts in sorted(rows.items(), key=lambda row: row[0])
    )


def _told(counts: Sequence[AggregateCount]) -> int | None:
    """None as soon as one does not tell: a sum of some would be taken for the sum of all."""
    told = [count.with_text for count in counts if count.with_text is not None]
    return sum(told) if len(told) == len(counts) else None


def _spans(batches: Sequence[Batch]) -> tuple[Span, ...]:
    """The periods, those that touch or overlap joined."""
    joined: list[tuple[datetime, datetime]] = []
    for batch in sorted(batches, key=lambda b: b.start):
        if joined and batch.start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], batch.end))
        else:
            joined.append((batch.start, batch.end))
    return tuple(Span(start=start, end=end) for start, end in joined)
