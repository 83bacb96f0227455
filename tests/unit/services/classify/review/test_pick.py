"""Who is offered what, and in which order; what is out of date is put right on the way."""

from datetime import timedelta

import pytest

from services.classify.projection import RESULTS, WITHDRAWN, result_document
from services.classify.review import claims
from services.classify.review.pick import Work, lanes_for, next_work
from services.classify.review.queue import QUEUE, changes, queue_id, sample_id
from shared.events import Event, ReviewReason, SubmissionClassified
from shared.store.port import Merge
from tests.support.memory_store import MemoryStore
from tests.unit.services.classify.review.samples import CONSULTATION, classified, flagged, opinion, reviewed
from tests.unit.services.classify.samples import AT

READERS = ("a", "b", "c")


async def store_of(*events: Event) -> MemoryStore:
    store = MemoryStore()
    for event in events:
        if isinstance(event, SubmissionClassified):
            await store.apply("test", 0, [Merge(RESULTS, event.submission_id, result_document(event))])
        await store.apply("test", 0, changes(event))
    return store


async def offered(store: MemoryStore, reader: str, done: int = 0, minutes: int = 0) -> Work | None:
    lanes = lanes_for(reader, READERS, done, None)
    return await next_work(store, CONSULTATION, reader, lanes, AT + timedelta(minutes=minutes))


async def test_conflicts_first_then_outside_then_the_least_sure() -> None:
    events = [
        classified(flagged(ReviewReason.LOW_CONFIDENCE, submission=1, confidence=0.4), submission=1),
        classified(flagged(ReviewReason.LOW_CONFIDENCE, submission=2, confidence=0.2), submission=2),
        classified(flagged(ReviewReason.OUTSIDE, submission=3), submission=3),
        classified(flagged(ReviewReason.CONFLICT, submission=4), submission=4),
    ]
    store = await store_of(*events)
    found = []
    for n in range(4):
        work = await offered(store, f"doc-gia-{n}")
        assert work is not None
        found.append(work.item.submission_id)
    assert found == [events[n].submission_id for n in (3, 2, 1, 0)]
    assert await offered(store, "doc-gia-5") is None, "all are on somebody's screen"
    assert await offered(store, "doc-gia-5", minutes=16) is not None


async def test_every_fifth_is_of_the_sample() -> None:
    store = await store_of(
        classified(flagged(ReviewReason.OUTSIDE, submission=1), submission=1),
        classified(flagged(ReviewReason.SAMPLE, submission=2), submission=2),
    )
    kinds = [work.item.kind for done in (0, 4) if (work := await offered(store, f"r{done}", done=done)) is not None]
    assert kinds == ["queue", "sample"]


async def test_a_second_reading_goes_to_somebody_else() -> None:
    store = await store_of(classified(flagged(ReviewReason.SAMPLE)), reviewed("a", kind="sample"))
    assert await offered(store, "a") is None
    work = await offered(store, "b")
    assert work is not None
    assert work.item.id == sample_id(work.item.opinion_id)


async def test_a_pointer_to_an_older_revision_is_taken_away_and_never_shown() -> None:
    late = classified(flagged(ReviewReason.OUTSIDE))
    newest = classified(opinion(), revision=2)
    store = await store_of(newest)
    await store.apply("test", 0, changes(late))  # delivered again after the newer one
    assert await offered(store, "a") is None
    assert await store.get(QUEUE, queue_id(late.opinions[0].opinion_id, 1)) is None


async def test_an_item_whose_result_is_not_here_yet_is_kept() -> None:
    event = classified(flagged(ReviewReason.OUTSIDE))
    store = MemoryStore()
    await store.apply("test", 0, changes(event))
    assert await offered(store, "a") is None
    await store.apply("test", 0, [Merge(RESULTS, event.submission_id, result_document(event))])
    assert await offered(store, "a") is not None


async def test_put_off_is_for_one_reader_and_comes_back_when_nothing_else_is_left() -> None:
    one, two = (classified(flagged(ReviewReason.OUTSIDE, submission=n), submission=n) for n in (1, 2))
    store = await store_of(one, two)
    first = await offered(store, "a")
    assert first is not None
    await claims.put_off(store, first.item.opinion_id, "a", AT)
    second = await offered(store, "a")
    assert second is not None
    assert second.item.opinion_id != first.item.opinion_id
    await claims.put_off(store, second.item.opinion_id, "a", AT)
    assert await offered(store, "a") is not None
    assert await offered(store, "b") is not None


async def test_what_is_out_of_date_in_bulk_does_not_hide_what_waits_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form letter whose signatories all took it back stands before the rest of the lane."""
    monkeypatch.setattr("services.classify.review.pick.PAGES", 2)
    gone = [classified(flagged(ReviewReason.OUTSIDE, submission=n), submission=n) for n in range(1, 101)]
    late = classified(flagged(ReviewReason.OUTSIDE, submission=200), submission=200, received_at=AT + timedelta(days=1))
    store = await store_of(*gone, late)
    await store.insert_many_once(WITHDRAWN, {event.submission_id: {"consultation": CONSULTATION} for event in gone})
    work = await offered(store, "a")
    assert work is not None
    assert work.item.submission_id == late.submission_id
