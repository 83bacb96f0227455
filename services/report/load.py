"""Reads the folded documents: all facts before an instant, page by page."""

from collections.abc import AsyncIterator
from datetime import datetime

from services.report.projection import DECISIONS, OPINIONS, SUBMISSIONS
from services.report.rows import Decision, Facts, OpinionRow, Submission, facts_before
from shared.clock import format_instant, parse_instant
from shared.store.port import Collection, DocumentStore, Key, Stored


async def load_facts(store: DocumentStore, consultation: str, as_of: datetime) -> Facts:
    """What was in the stream before `as_of`, provided it is all folded (see freshness.py)."""
    high = format_instant(as_of)
    submissions = [
        Submission.of(item.id, item.doc)
        async for item in every(store, SUBMISSIONS, "by_arrival", (consultation, True), high)
    ]
    decisions = [Decision.of(item.doc) async for item in every(store, DECISIONS, "by_time", (consultation,), high)]
    opinions = [OpinionRow.of(item.doc) async for item in every(store, OPINIONS, "by_time", (consultation,), high)]
    return facts_before(as_of, submissions, decisions, opinions)


async def first_stored(store: DocumentStore, consultation: str) -> datetime | None:
    """When the first submission reached the stream; None when there is none."""
    page = await store.scan(SUBMISSIONS, "by_arrival", where=(consultation, True), limit=1)
    return parse_instant(str(page.items[0].doc["stored_at"])) if page.items else None


async def oldest_pending(store: DocumentStore, consultation: str) -> datetime | None:
    """When the submission that has waited longest for classification reached the stream."""
    page = await store.scan(SUBMISSIONS, "by_state", where=(consultation, True, None), limit=1)
    return parse_instant(str(page.items[0].doc["stored_at"])) if page.items else None


async def every(
    store: DocumentStore, collection: Collection, index: str, where: tuple[Key, ...], high: Key = None
) -> AsyncIterator[Stored]:
    """All documents of a scan."""
    after = None
    while True:
        page = await store.scan(collection, index, where=where, high=high, after=after, limit=2000)
        for item in page.items:
            yield item
        if page.next is None:
            return
        after = page.next
