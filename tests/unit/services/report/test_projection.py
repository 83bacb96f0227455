"""The fold: whatever order and however often events come, the same documents."""

import random
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from services.report.counts.live import figures, reconciliation
from services.report.counts.load import load_facts
from services.report.figures.labels import labels_of
from services.report.handlers import folder
from services.report.projection import COLLECTIONS, OPINIONS, REVIEWS, fold
from shared.delivery import Delivery
from shared.events import Cite, Event, Opinion, OpinionAnswered, OpinionReviewed, Outcome, PersonalData, Stance
from shared.store.port import Merge
from tests.support.memory_store import MemoryStore
from tests.support.report_events import (
    BASE,
    ID,
    aggregate,
    classified,
    definition,
    deliver,
    opinion,
    received,
    withdrawn,
)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
EVENTS: list[Delivery[Event]] = [
    deliver(received(1, group="nguoi-dan"), 1),
    deliver(received(2), 2),
    deliver(classified(1, opinion(1), opinion(1, 1, topic=3, stance=Stance.AMEND)), 3),
    deliver(classified(2, outcome=Outcome.DUPLICATE, duplicate_of="1" * 32), 4),
    deliver(received(3), 5),
    deliver(classified(1, opinion(1, topic=2), revision=2), 6),
    deliver(classified(1, opinion(1, topic=5, stance=Stance.DISAGREE), revision=3), 7),
    deliver(aggregate("a", 2, agree=7), 8),
    deliver(aggregate("a", 1, agree=5), 9),
    deliver(withdrawn(2), 10),
]


async def fold_all(deliveries: list[Delivery[Event]]) -> MemoryStore:
    store = MemoryStore()
    fold_batch = folder(store)
    for delivery in deliveries:
        await fold_batch([delivery])
    return store


def documents(store: MemoryStore) -> dict[str, dict[str, object]]:
    return {c.name: {id_: row.doc for id_, row in store._of(c).items()} for c in COLLECTIONS}


@settings(deadline=None)
@given(st.lists(st.sampled_from(EVENTS), max_size=6), st.randoms())
async def test_any_order_with_repeats_gives_the_same_documents(
    repeats: list[Delivery[Event]], shuffler: random.Random
) -> None:
    mixed = EVENTS + repeats
    shuffler.shuffle(mixed)
    assert documents(await fold_all(mixed)) == documents(await fold_all(EVENTS))


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(100, 999)), min_size=1, max_size=6), st.randoms())
async def test_a_fact_stored_again_later_happened_when_it_was_first_stored(
    again: list[tuple[Delivery[Event], int]], shuffler: random.Random
) -> None:
    mixed = [*EVENTS, *(deliver(delivery.event, seq) for delivery, seq in again)]
    shuffler.shuffle(mixed)
    store, plain = await fold_all(mixed), await fold_all(EVENTS)
    for seconds in (0, 4, 7, 200, 2000):
        at = BASE + timedelta(seconds=seconds)
        assert await load_facts(store, ID, at) == await load_facts(plain, ID, at)
    assert await reconciliation(store, ID) == await reconciliation(plain, ID)


@settings(deadline=None)
@given(st.permutations(EVENTS))
async def test_the_highest_revision_stands_in_live_figures_and_in_reports(order: list[Delivery[Event]]) -> None:
    store = await fold_all(order)
    live = await figures(store, ID, labels_of(definition()), ZONE)
    assert live.line.line() == "received=3 counted=1 duplicate=1 pending=1 unreadable=0 referred=0"
    assert live.line.balanced
    assert +live.topics == {(5, "disagree"): 1}
    assert live.opinions == 1
    facts = await load_facts(store, ID, BASE + timedelta(hours=1))
    assert [o.topic for o in facts.opinions] == [5]
    assert facts.cutoff_seq == 8
    earlier = await load_facts(store, ID, BASE + timedelta(seconds=7))
    assert [o.topic for o in earlier.opinions] == [2]


async def test_a_submission_classified_without_being_received_breaks_the_balance() -> None:
    store = await fold_all([deliver(received(1), 1), deliver(classified(1), 2), deliver(classified(9), 3)])
    line = await reconciliation(store, ID)
    assert (line.received, line.counted, line.balanced) == (1, 2, False)


async def test_counts_grow_with_index_counts_as_with_scans() -> None:
    events = [deliver(received(n, unit="u" + str(n % 2)), n) for n in range(1, 30)]
    events += [deliver(classified(n, unit="u" + str(n % 2)), 100 + n) for n in range(1, 20)]
    live = await figures(await fold_all(events), ID, labels_of(definition()), ZONE)
    assert live.units[0] == {("u0",): 14, ("u1",): 15}
    assert live.units[1] == {("u0",): 9, ("u1",): 10}
    assert sum(d.submissions for d in live.days) == 29
    assert sum(d.opinions for d in live.days) == live.opinions == 19


def test_personal_data_and_places_are_kept_relative_to_the_opinion() -> None:
    text = "Trang 6, gọi 0912 000 000."
    found = Opinion(
        opinion_id="x",
        text=text,
        start=10,
        end=10 + len(text),
        topics=(1,),
        confidence=1,
        stance=Stance.AMEND,
        cites=(
            Cite(units={"trang": "6"}, start=10, end=17),
            Cite(units={"muc": "II", "trang": None}, start=0, end=5),
            Cite(units={"dong": "4"}, start=19, end=36),
        ),
        pii=(PersonalData(kind="phone", start=23, end=35), PersonalData(kind="name", start=0, end=4)),
    )
    (doc,) = [
        c.fields for c in fold(deliver(classified(1, found), 1)) if isinstance(c, Merge) and c.collection is OPINIONS
    ]
    assert doc["places"] == ["Trang 6", "mục II", "dòng 4"]
    assert doc["pii"] == [[13, 25]]
    assert text[13:25] == "0912 000 000"


def test_a_review_is_kept_for_the_measures_and_changes_no_figure() -> None:
    review = OpinionReviewed(
        consultation=ID,
        review_id="r",
        submission_id="s",
        opinion_id="o",
        reviewer="tham-dinh-1",
        reviewed_at=BASE,
        topics=(1,),
        stance=Stance.AGREE,
        confirmed=True,
    )
    (change,) = fold(deliver(review, 1))
    assert (change.collection, change.id) == (REVIEWS, "r")
    answer = OpinionAnswered(
        consultation=ID,
        answer_id="a",
        submission_id="s",
        opinion_id="o",
        decision="accept",
        text="Tiếp thu.",
        answered_at=BASE,
    )
    assert fold(deliver(answer, 2)) == ()


def test_a_cited_place_outside_of_the_span_is_named_by_its_units_alone() -> None:
    cite = Cite(units={"muc": "II", "section": "II"}, start=500, end=506)
    changes = fold(deliver(classified(1, opinion(1, cites=(cite,))), 1))
    (fields,) = [c.fields for c in changes if isinstance(c, Merge) and c.collection is OPINIONS]
    assert fields["places"] == ["mục II"]
