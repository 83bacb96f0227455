"""Opinions of a revision that a later one replaced: marked, so that index counts pass them by. Reports of earlier instants need them.

A fold cannot look which opinions a lower revision held, and the revisions may come in any order: each looks for the lower ones, and
whether it is one itself.
"""

from collections.abc import Iterable, Mapping, Sequence

from services.report.counts.load import every
from services.report.projection import DECISIONS, NAME, OPINIONS
from shared.delivery import Delivery
from shared.events import Event, SubmissionClassified
from shared.store.port import Change, Document, DocumentStore, Merge, Stored

_AT_ONCE = 500  # decisions looked at in one read


async def take_off(store: DocumentStore, deliveries: Iterable[Delivery[Event]]) -> None:
    """Marks what a batch replaced. Call it when the batch is folded and before it is acknowledged; it may be repeated."""
    ids = {
        f"{delivery.event.submission_id}:{revision}"
        for delivery in deliveries
        if isinstance(delivery.event, SubmissionClassified)
        for revision in range(1, delivery.event.revision + 1)
    }
    ordered = sorted(ids)
    for start in range(0, len(ordered), _AT_ONCE):
        await _mark(store, await store.get_many(DECISIONS, ordered[start : start + _AT_ONCE]))


async def take_off_all(store: DocumentStore) -> None:
    """After a rebuild."""
    found: dict[str, Stored] = {}
    async for item in every(store, DECISIONS, "by_time", ()):
        if item.doc.get("superseded") is True:
            found[item.id] = item
        if len(found) == _AT_ONCE:
            await _mark(store, found)
            found = {}
    await _mark(store, found)


async def _mark(store: DocumentStore, decisions: Mapping[str, Stored]) -> None:
    changes: list[Change] = []
    for id_, stored in decisions.items():
        if stored.doc.get("superseded") is True and (keys := _opinions(stored.doc)):
            changes += [Merge(OPINIONS, key, {"superseded": True}) for key in keys]
            changes.append(Merge(DECISIONS, id_, {"taken_off": True}))
    if changes:
        await store.apply(NAME, 0, changes)


def _opinions(decision: Document) -> Sequence[str]:
    listed = decision.get("opinions")
    done = decision.get("taken_off") is True
    return [str(key) for key in listed] if isinstance(listed, list) and not done else ()
