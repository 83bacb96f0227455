"""Withdrawn submissions: what they were counted as stays, what they said goes.

Events may come in any order, so both a withdrawal and a classification look for the other; a rebuild looks for all at its end.
"""

from collections.abc import Iterable

from services.report.counts.load import every
from services.report.projection import DECISIONS, NAME, OPINIONS, WITHDRAWALS
from shared.delivery import Delivery
from shared.events import Event, SubmissionClassified, SubmissionWithdrawn
from shared.store.port import Change, Document, DocumentStore, Merge

ERASED: Document = {"text": "", "places": [], "pii": [], "edits": [], "text_key": None}
_REVISIONS = 16  # looked at in one read; few submissions ever have a second one


def touched(deliveries: Iterable[Delivery[Event]]) -> tuple[list[str], list[str]]:
    """(withdrawn, classified) submissions of a batch."""
    withdrawn: set[str] = set()
    classified: set[str] = set()
    for delivery in deliveries:
        if isinstance(delivery.event, SubmissionWithdrawn):
            withdrawn.add(delivery.event.submission_id)
        elif isinstance(delivery.event, SubmissionClassified):
            classified.add(delivery.event.submission_id)
    return sorted(withdrawn), sorted(classified - withdrawn)


async def erase(store: DocumentStore, withdrawn: Iterable[str], classified: Iterable[str] = ()) -> None:
    """Erases the words of the submissions: of all `withdrawn`, and of those `classified` that were withdrawn before.

    Call it when the batch is folded and before it is acknowledged; it may be repeated.
    """
    gone = {*withdrawn, *await store.get_many(WITHDRAWALS, sorted(classified))}
    changes: list[Change] = []
    for submission_id in sorted(gone):
        changes += [Merge(OPINIONS, key, ERASED) for key in await _opinions(store, submission_id)]
    if changes:
        await store.apply(NAME, 0, changes)


async def erase_all(store: DocumentStore) -> None:
    """After a rebuild, which folds every submission's words anew."""
    await erase(store, [item.id async for item in every(store, WITHDRAWALS, "by_consultation", ())])


async def _opinions(store: DocumentStore, submission_id: str) -> list[str]:
    """The ids of its opinions, of every revision that has come."""
    keys: list[str] = []
    first = 1
    while True:
        ids = [f"{submission_id}:{revision}" for revision in range(first, first + _REVISIONS)]
        found = await store.get_many(DECISIONS, ids)
        for stored in found.values():
            listed = stored.doc.get("opinions")
            keys += [str(key) for key in listed] if isinstance(listed, list) else []
        if ids[-1] not in found:  # a revision leaves a mark on all lower ones
            return keys
        first += _REVISIONS
