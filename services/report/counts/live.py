"""The figures of this moment from index counts alone, for the dashboard and the public reconciliation."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from services.report.counts.load import every, load_aggregates
from services.report.counts.reconcile import reconcile
from services.report.figures.aggregates import aggregates
from services.report.figures.bare_stances import from_counts
from services.report.figures.labels import Labels
from services.report.figures.places import Place
from services.report.model import Aggregate, Day, StancePlace
from services.report.projection import DECISIONS, NAME, OPINIONS, SUBMISSIONS, WITHDRAWALS
from shared.events import Outcome, Reconciliation, Stance
from shared.store.port import DocumentStore, Key

COUNTED = Outcome.COUNTED.value
Count = Counter[tuple[Key, ...]]


@dataclass(frozen=True)
class Figures:
    """Counts over what is folded. Keys: (topic, stance), or one code; None is 'not declared'."""

    line: Reconciliation
    topics: Count
    channels: tuple[Count, Count]  # submissions, opinions; all channels
    units: tuple[Count, Count]
    localities: tuple[Count, Count]
    days: tuple[Day, ...]
    opinions: int
    outside_window: int
    unread_files: int = 0  # submissions with files that wait to be read by people
    bare_stances: tuple[StancePlace, ...] = ()  # of this moment: all is "cumulative", nothing "in the period"
    aggregates: tuple[Aggregate, ...] = ()


async def reconciliation(store: DocumentStore, consultation: str) -> Reconciliation:
    """The line of this moment. Read again when the fold moved in between, so that it does not fail without reason."""
    for _ in range(20):
        before = await store.position(NAME)
        states = await store.count_by(SUBMISSIONS, "by_state", where=(consultation,), depth=2)
        outcomes = await store.count_by(DECISIONS, "by_outcome", where=(consultation,), depth=2)
        line = reconcile(states, outcomes)
        if line.balanced or before == await store.position(NAME):
            break
        await asyncio.sleep(0.02)
    return line


async def figures(store: DocumentStore, consultation: str, labels: Labels, zone: ZoneInfo) -> Figures:
    """All counts of the dashboard."""

    async def submissions(index: str) -> Count:
        return Counter(await store.count_by(SUBMISSIONS, index, where=(consultation, True), depth=2))

    async def opinions(index: str, depth: int = 2) -> Count:
        """Of the revisions that stand."""
        return Counter(await store.count_by(OPINIONS, index, where=(consultation, None, COUNTED), depth=depth))

    topics = await opinions("by_topic", depth=3)
    hours = (await submissions("by_hour"), await opinions("by_hour"))
    windows = await store.count_by(SUBMISSIONS, "by_window", where=(consultation, True), depth=1)
    return Figures(
        line=await reconciliation(store, consultation),
        topics=_included(topics, labels),
        channels=(_first(hours[0]), _first(hours[1])),
        units=(
            _included(await submissions("by_unit"), labels),
            _included(await opinions("by_unit"), labels),
        ),
        localities=(
            _included(await submissions("by_locality"), labels),
            _included(await opinions("by_locality"), labels),
        ),
        days=_days(_included(hours[0], labels), _included(hours[1], labels), zone),
        opinions=_included(topics, labels).total(),
        outside_window=sum(n for (mark,), n in windows.items() if mark != "inside"),
        unread_files=await _unread_files(store, consultation),
        bare_stances=await _bare_stances(store, consultation, labels),
        aggregates=aggregates(await load_aggregates(store, consultation), labels.places, labels.channels),
    )


async def _unread_files(store: DocumentStore, consultation: str) -> int:
    """Those that were taken back need no reading; they are rare, and without any the index alone tells."""
    standing = (consultation, True, None)
    counts = await store.count_by(DECISIONS, "by_unread_files", where=standing, depth=0)
    total = sum(counts.values())
    if not total or not (await store.scan(WITHDRAWALS, "by_consultation", where=(consultation,), limit=1)).items:
        return total
    ids = [str(item.doc["submission_id"]) async for item in every(store, DECISIONS, "by_unread_files", standing)]
    return len(ids) - len(await store.get_many(WITHDRAWALS, ids))


async def _bare_stances(store: DocumentStore, consultation: str, labels: Labels) -> tuple[StancePlace, ...]:
    given = await store.count_by(DECISIONS, "by_bare_stance", where=(consultation, True), depth=5)
    counts: Counter[tuple[Place, Stance]] = Counter()
    for (superseded, channel, draft_id, section_ref, stance), n in given.items():
        if not superseded and labels.counts(str(channel)):
            place = labels.places.of(_text(draft_id), _text(section_ref))
            counts[place, Stance(str(stance))] += n
    return from_counts(labels.places, Counter(), counts)


def _text(key: Key) -> str | None:
    return None if key is None else str(key)


def _included(counts: Count, labels: Labels) -> Count:
    """Without the channels that another body counts; the channel, first of each key, is summed away."""
    out: Count = Counter()
    for (channel, *rest), n in counts.items():
        if labels.counts(str(channel)):
            out[tuple(rest)] += n
    return out


def _first(counts: Count) -> Count:
    out: Count = Counter()
    for key, n in counts.items():
        out[key[:1]] += n
    return out


def _days(submissions: Count, opinions: Count, zone: ZoneInfo) -> tuple[Day, ...]:
    """UTC hours to days of the zone (whole-hour zones, as all of Vietnam's are)."""

    def by_day(counts: Count) -> Counter[date]:
        out: Counter[date] = Counter()
        for (hour,), n in counts.items():
            out[datetime.strptime(str(hour), "%Y-%m-%dT%H").replace(tzinfo=UTC).astimezone(zone).date()] += n
        return out

    first, second = by_day(submissions), by_day(opinions)
    return tuple(Day(day=d, submissions=first[d], opinions=second[d]) for d in sorted({*first, *second}))
