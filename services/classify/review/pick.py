"""Finding the next item for a reader: index scans of bounded length, never the whole queue.

Documents that are out of date are put right on the way, each once.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.classify.projection import RESULTS, WITHDRAWN, result_of
from services.classify.review import claims
from services.classify.review.item import SECOND, Item, item_of
from services.classify.review.queue import AGAIN, PRIORITY, QUEUE, SAMPLE_SUFFIX, opinion_of, queue_id
from shared.events import Opinion, Outcome, SubmissionClassified
from shared.store.port import After, Change, Delete, DocumentStore, Merge

Filter = Literal["conflict", "outside", "language", "low_confidence", "sample", "settle"]
PAGE = 20
PAGES = 50  # of one lane; what stands behind a thousand claimed or put-off items is found another time
OUTDATED = 1000  # pages looked at in one go, those with nothing but what is out of date included
SAMPLE_EVERY = 5  # a blind reading among so many items, so that the sample grows with the work


@dataclass(frozen=True)
class Work:
    """An item that really waits, with what it points at."""

    item: Item
    result: SubmissionClassified
    opinion: Opinion


def lanes_for(reviewer: str, accounts: Sequence[str], done_today: int, kind: Filter | None) -> tuple[str, ...]:
    """Where to look, in this order. `kind`: only that lane; for the sample, what another has read first."""
    sample = (*(SECOND + account for account in accounts if account != reviewer), "sample")
    if kind is not None:
        return sample if kind == "sample" else (kind,)
    turn = done_today % SAMPLE_EVERY == SAMPLE_EVERY - 1
    return (*sample, *PRIORITY) if turn else (*PRIORITY, *sample)


async def next_work(
    store: DocumentStore, consultation: str, reviewer: str, lanes: Sequence[str], now: datetime
) -> Work | None:
    """Takes the first item that is free for the reader; what the reader has put off only when nothing else is left."""
    await settle_lanes(store, consultation)
    put_off: list[Work] = []
    for lane in lanes:
        async for page in _pages(store, consultation, lane):
            ids = [work.item.opinion_id for work in page]
            taken = await claims.of_others(store, ids, reviewer, now)
            later = await claims.put_off_by(store, ids, reviewer, now)
            for work in page:
                if work.item.opinion_id in taken or not work.item.open_to(reviewer):
                    continue
                if work.item.opinion_id in later:
                    put_off.append(work)
                elif await take(store, work, reviewer, now):
                    return work
    for work in put_off:
        if await take(store, work, reviewer, now):
            return work
    return None


async def take(store: DocumentStore, work: Work, reviewer: str, now: datetime) -> bool:
    """Takes the opinion for the reader, who is shown it as it stands now; False while another has it."""
    return await claims.take(store, work.item.opinion_id, reviewer, now, seen(work.result.revision, work.opinion))


def seen(revision: int, opinion: Opinion) -> str:
    """What a reader saw of an opinion at that revision: a later one may have changed only others of the same letter."""
    topics = ",".join(map(str, sorted(opinion.topics)))
    return f"{revision}:{opinion.start}-{opinion.end}:{topics}:{opinion.stance.value}"


async def settle_lanes(store: DocumentStore, consultation: str) -> None:
    """Puts what was just read where it now waits. Few at a time but after a rebuild, when it goes on at the next look."""
    async for _ in _pages(store, consultation, AGAIN):
        pass


async def work_of(store: DocumentStore, item_id: str) -> Work | None:
    """The item of that id, or of the newest revision of its opinion, if it still waits."""
    opinion_id = opinion_of(item_id)
    submission = await store.get(RESULTS, opinion_id.rpartition("-")[0])
    ids = {item_id}
    if submission is not None and not item_id.endswith(SAMPLE_SUFFIX):
        ids.add(queue_id(opinion_id, result_of(submission.doc).revision))
    held = await store.get_many(QUEUE, sorted(ids))
    found = await _waiting(store, [item for one in held.values() if (item := item_of(one)) is not None])
    return found[0] if found else None


async def _pages(store: DocumentStore, consultation: str, lane: str) -> AsyncIterator[list[Work]]:
    after: After | None = None
    shown = looked_at = 0
    while shown < PAGES and looked_at < OUTDATED:
        page = await store.scan(QUEUE, "by_lane", where=(consultation, lane), after=after, limit=PAGE)
        items = [item for stored in page.items if (item := item_of(stored)) is not None]
        waiting = await _waiting(store, items)
        yield waiting
        if page.next is None:
            return
        after = page.next
        looked_at += 1
        shown += bool(waiting)  # what was only put right is no item anybody has: "nothing left" would be wrong


async def _waiting(store: DocumentStore, items: Sequence[Item]) -> list[Work]:
    """Those that wait, in their order; the documents of the others are put right."""
    submissions = sorted({item.submission_id for item in items})
    results = {id_: result_of(found.doc) for id_, found in (await store.get_many(RESULTS, submissions)).items()}
    withdrawn = await store.get_many(WITHDRAWN, submissions)
    waiting: list[Work] = []
    mend: list[Change] = []
    for item in items:
        result = results.get(item.submission_id)
        if result is None:
            continue  # not known here yet: a later look finds it
        opinion = next((o for o in result.opinions if o.opinion_id == item.opinion_id), None)
        if item.revision is not None and item.revision < result.revision:
            mend.append(Delete(QUEUE, item.id))  # a newer revision has an item of its own, if it needs one
        elif item.lane is None or opinion is None or item.submission_id in withdrawn or _uncounted(result):
            mend.append(Merge(QUEUE, item.id, {"lane": None}))
        else:
            if item.lane != item.noted_lane:
                mend.append(Merge(QUEUE, item.id, {"lane": item.lane}))
            if item.revision is None or item.revision == result.revision:
                waiting.append(Work(item, result, opinion))
    if mend:
        await store.apply("review-mend", 0, mend)
    return waiting


def _uncounted(result: SubmissionClassified) -> bool:
    return result.outcome is not Outcome.COUNTED
