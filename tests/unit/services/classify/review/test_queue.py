"""The queue folded from facts: no order and no repetition changes who still has to be read."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classify.review.item import Item, item_of
from services.classify.review.queue import QUEUE, changes, queue_id, sample_id
from shared.events import Event, Outcome, ReviewReason, Stance
from tests.support.memory_store import MemoryStore
from tests.unit.services.classify.review.samples import CONSULTATION, classified, flagged, opinion, reviewed
from tests.unit.services.classify.samples import AT

OP = flagged(ReviewReason.OUTSIDE).opinion_id


def folded(*events: Event) -> MemoryStore:
    async def run() -> MemoryStore:
        store = MemoryStore()
        for seq, event in enumerate(events, 1):
            await store.apply("test", seq, changes(event))
        return store

    return asyncio.run(run())


def item(store: MemoryStore, id_: str) -> Item | None:
    stored = asyncio.run(store.get(QUEUE, id_))
    return item_of(stored) if stored else None


def lane(store: MemoryStore, id_: str) -> str | None:
    found = item(store, id_)
    return found.lane if found else None


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        ((ReviewReason.LOW_CONFIDENCE, ReviewReason.OUTSIDE), "outside"),
        ((ReviewReason.LOW_CONFIDENCE, ReviewReason.CONFLICT), "conflict"),
        ((ReviewReason.LANGUAGE, ReviewReason.LOW_CONFIDENCE), "language"),
        (
            (ReviewReason.OUTSIDE, ReviewReason.LANGUAGE),
            "language",
        ),  # nearly always both: who reads that tongue finds it
        ((ReviewReason.LOW_CONFIDENCE,), "low_confidence"),
    ],
)
def test_an_opinion_waits_once_where_its_gravest_reason_says(reasons: tuple[ReviewReason, ...], expected: str) -> None:
    assert lane(folded(classified(flagged(*reasons))), queue_id(OP, 1)) == expected


def test_what_is_drawn_for_the_sample_is_never_offered_with_the_labels_beside_it() -> None:
    store = folded(classified(flagged(ReviewReason.CONFLICT, ReviewReason.SAMPLE)))
    assert item(store, queue_id(OP, 1)) is None
    assert lane(store, sample_id(OP)) == "sample"


def test_accepted_and_uncounted_opinions_do_not_wait() -> None:
    assert item(folded(classified(opinion())), queue_id(OP, 1)) is None
    duplicate = classified(flagged(ReviewReason.OUTSIDE), outcome=Outcome.DUPLICATE)
    assert item(folded(duplicate), queue_id(OP, 1)) is None


def test_a_newer_revision_takes_the_place_of_the_older() -> None:
    store = folded(classified(flagged(ReviewReason.OUTSIDE)), classified(flagged(ReviewReason.CONFLICT), revision=2))
    assert item(store, queue_id(OP, 1)) is None
    assert lane(store, queue_id(OP, 2)) == "conflict"


def test_a_reviewed_opinion_waits_no_longer_even_when_its_classification_is_folded_again() -> None:
    first = classified(flagged(ReviewReason.OUTSIDE))
    for events in ((first, reviewed()), (reviewed(), first), (first, reviewed(), first)):
        assert lane(folded(*events), queue_id(OP, 1)) is None


def sample_story() -> dict[str, Event]:
    later = AT + timedelta(minutes=5)
    return {
        "classified": classified(flagged(ReviewReason.SAMPLE)),
        "again": classified(flagged(ReviewReason.SAMPLE, ReviewReason.CONFLICT), revision=2),
        "first": reviewed("a", kind="sample", topics=(1, 2)),
        "second": reviewed("b", kind="sample", topics=(2, 1), reviewed_at=later),
        "other": reviewed("b", kind="sample", topics=(3,), reviewed_at=later),
        "late": reviewed("c", kind="sample", topics=(5,), reviewed_at=later + timedelta(minutes=1)),
        "settle": reviewed("c", kind="settle", topics=(3,), reviewed_at=later),
    }


@given(st.data())
def test_the_state_of_a_sampled_opinion_does_not_depend_on_the_order(data: st.DataObject) -> None:
    story = sample_story()
    for names, expected in (
        (("classified", "first"), "second:a"),
        (("classified", "again", "first", "second"), None),
        (("classified", "again", "first", "second", "late"), None),
        (("classified", "again", "first", "other"), "settle"),
        (("classified", "first", "other", "late"), "settle"),
        (("classified", "first", "other", "settle"), None),
    ):
        order: Sequence[str] = data.draw(st.permutations(names + names))
        assert lane(folded(*(story[name] for name in order)), sample_id(OP)) == expected, order


def test_stance_alone_can_keep_two_readers_apart() -> None:
    store = folded(
        sample_story()["classified"],
        reviewed("a", kind="sample"),
        reviewed("b", kind="sample", stance=Stance.DELETE),
    )
    found = item(store, sample_id(OP))
    assert found is not None
    assert (found.lane, found.kind) == ("settle", "settle")
    assert not found.open_to("a")
    assert not found.open_to("b")
    assert found.open_to("c")


@given(st.permutations(range(3)))
def test_no_order_loses_the_newest_revision_that_needs_a_reader(order: Sequence[int]) -> None:
    events = (
        classified(flagged(ReviewReason.OUTSIDE)),
        classified(opinion(), revision=2),
        classified(flagged(ReviewReason.CONFLICT), revision=3),
    )
    store = folded(*(events[n] for n in order))
    assert lane(store, queue_id(OP, 3)) == "conflict"


def test_the_least_sure_comes_first() -> None:
    doubtful = (
        flagged(ReviewReason.LOW_CONFIDENCE, number=1, confidence=0.4),
        flagged(ReviewReason.LOW_CONFIDENCE, number=2, confidence=0.1),
    )

    async def run() -> list[str]:
        store = MemoryStore()
        await store.apply("test", 1, changes(classified(*doubtful)))
        page = await store.scan(QUEUE, "by_lane", where=(CONSULTATION, "low_confidence"))
        return [stored.id for stored in page.items]

    assert asyncio.run(run()) == [queue_id(doubtful[1].opinion_id, 1), queue_id(doubtful[0].opinion_id, 1)]
