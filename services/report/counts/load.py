"""Reads the folded documents: all facts before an instant, page by page."""

from collections.abc import AsyncIterator
from datetime import datetime

from services.report.figures.aggregates import Batch, standing
from services.report.figures.rows import Decision, Facts, OpinionRow, Review, Submission, facts_before, first_copy
from services.report.projection import AGGREGATES, DECISIONS, OPINIONS, REVIEWS, SUBMISSIONS, WITHDRAWALS
from shared.store.port import Collection, DocumentStore, Key, Stored


async def load_facts(store: DocumentStore, consultation: str, as_of: datetime) -> Facts:
    """What was in the stream before `as_of`, provided it is all folded (see freshness.py).

    All is read and then looked through: an index knows the time of a fact's last copy, what counts is its first.
    """
    submissions = [
        Submission.of(item.id, item.doc) async for item in every(store, SUBMISSIONS, "by_arrival", (consultation, True))
    ]
    decisions = [Decision.of(item.doc) async for item in every(store, DECISIONS, "by_time", (consultation,))]
    opinions = [OpinionRow.of(item.doc) async for item in every(store, OPINIONS, "by_time", (consultation,))]
    gone = [item async for item in every(store, WITHDRAWALS, "by_consultation", (consultation,))]
    withdrawals = {item.id: first_copy(item.doc)[1] for item in gone}
    reviews = [Review.of(item.doc) async for item in every(store, REVIEWS, "by_consultation", (consultation,))]
    return facts_before(as_of, submissions, decisions, opinions, withdrawals, reviews)


async def load_aggregates(store: DocumentStore, consultation: str, as_of: datetime | None = None) -> tuple[Batch, ...]:
    """The counts of other bodies that stood at `as_of` (None: now)."""
    held = [Batch.of(item.doc) async for item in every(store, AGGREGATES, "by_time", (consultation,))]
    return standing(held, as_of)


async def first_stored(store: DocumentStore, consultation: str) -> datetime | None:
    """When the first submission reached the stream; None when there is none.

    One that was stored again has moved back in the index: then it is the next one's time, which is close enough to tell
    whether a period had anything to report.
    """
    page = await store.scan(SUBMISSIONS, "by_arrival", where=(consultation, True), limit=1)
    return first_copy(page.items[0].doc)[1] if page.items else None


async def oldest_pending(store: DocumentStore, consultation: str) -> datetime | None:
    """When the submission that has waited longest for classification reached the stream."""
    page = await store.scan(SUBMISSIONS, "by_state", where=(consultation, True, None), limit=1)
    return first_copy(page.items[0].doc)[1] if page.items else None


async def every(
    store: DocumentStore, collection: Collection, index: str, where: tuple[Key, ...]
) -> AsyncIterator[Stored]:
    """All documents of a scan."""
    after = None
    while True:
        page = await store.scan(collection, index, where=where, after=after, limit=2000)
        for item in page.items:
            yield item
        if page.next is None:
            return
        after = page.next
