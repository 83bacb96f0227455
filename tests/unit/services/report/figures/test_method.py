"""The method page counts what people and the classifier did, and a submission that lost an opinion stops the report."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.report.calendar.periods import current
from services.report.counts.load import load_facts
from services.report.documents.balance import UnbalancedReport, check
from services.report.figures.make import make_report
from services.report.model import Report
from services.report.projection import NAME, fold
from shared import events as ev
from shared.store.port import Merge
from tests.support.memory_store import MemoryStore
from tests.support.report_events import BASE, ID, bare, classified, definition, deliver, opinion, received, sid


async def report(*events: ev.Event) -> Report:
    store = MemoryStore()
    for seq, event in enumerate(events, start=1):
        await store.apply(NAME, seq, fold(deliver(event, seq)))
    at = BASE + timedelta(hours=1)
    facts = await load_facts(store, ID, at)
    c = definition()
    return make_report(facts, report_id="r", kind="adhoc", consultation=c, period=current(c, at), as_of=at)


def reviewed(
    n: int, reviewer: str, kind: str = "queue", topic: int = 1, *, confirmed: bool = True
) -> ev.OpinionReviewed:
    return ev.OpinionReviewed.model_validate(
        {
            "consultation": ID,
            "review_id": f"{n}-{reviewer}-{kind}",
            "submission_id": sid(n),
            "opinion_id": f"{sid(n)}-0",
            "reviewer": reviewer,
            "reviewed_at": BASE,
            "topics": (topic,),
            "stance": "agree",
            "confirmed": confirmed,
            "kind": kind,
            "machine": {"topics": (1,), "stance": "agree", "confidence": 0.4, "classifier": "test 1"},
        }
    )


async def test_every_decided_submission_is_classified_in_review_unreadable_or_referred() -> None:
    made = await report(
        *(received(n) for n in range(1, 6)),
        classified(1),
        classified(2, opinion(2, review=("low_confidence",))),
        classified(3, outcome=ev.Outcome.UNREADABLE, reason="noise"),
        classified(4, opinion(4), outcome=ev.Outcome.DUPLICATE, duplicate_of=sid(1)),
    )
    check(made)
    found = made.method.faithfulness
    assert (found.classified, found.review, found.unreadable, found.decided) == (2, 1, 1, 4)
    assert made.method.waiting == 1
    assert made.cumulative.pending == 1


async def test_a_text_without_any_opinion_stops_the_report_and_is_named() -> None:
    event = classified(1).model_copy(update={"opinions": ()})
    made = await report(received(1), event)
    with pytest.raises(UnbalancedReport, match=sid(1)):
        check(made)


async def test_a_correction_leaves_the_queue_and_counts_as_decided_by_people() -> None:
    first = classified(1, opinion(1, topic=2, review=("outside",)))
    second = classified(1, opinion(1, topic=3, evidence={"by": "correction", "review_id": "x"}), revision=2)
    made = await report(received(1), first, reviewed(1, "a", topic=3, confirmed=False), second)
    check(made)
    assert (made.method.waiting, made.method.by_people) == (0, 1)
    assert (made.method.reviewed, made.method.corrected) == (1, 1)
    assert next(t.opinions_cumulative for t in made.topics if t.code == 2) == 0


async def test_reviews_of_later_than_the_report_do_not_change_it() -> None:
    store = MemoryStore()
    for seq, event in enumerate((received(1), classified(1), reviewed(1, "a")), start=1):
        await store.apply(NAME, seq, fold(deliver(event, seq, BASE + timedelta(minutes=seq))))
    assert (await load_facts(store, ID, BASE + timedelta(minutes=3))).reviews == ()
    assert len((await load_facts(store, ID, BASE + timedelta(minutes=4))).reviews) == 1


async def test_the_same_words_are_counted_both_ways_and_none_is_merged_away() -> None:
    events: list[ev.Event] = [received(n, person_hash="p" if n < 3 else "") for n in range(1, 5)]
    events = [received(1, person_hash="a" * 64), received(2, person_hash="b" * 64), received(3), received(4)]
    events += [
        classified(1, opinion(1, text_key="k")),
        *(
            classified(n, opinion(n, text_key="k", same_as=f"{sid(1)}-0", similarity=1.0), campaign=sid(1))
            for n in (2, 3)
        ),
        classified(
            4,
            opinion(4, text_key="j", same_as=f"{sid(1)}-0", similarity=0.9),
            opinion(4, 1, text_key="own", start=90),
            campaign=sid(1),
        ),
    ]
    made = await report(*events)
    u = made.uniqueness
    assert (u.submissions, u.people, u.unknown, u.opinions, u.unique_texts, u.unique_or_near) == (4, 2, 2, 5, 3, 2)
    (campaign,) = made.campaigns
    assert (campaign.submissions, campaign.people, campaign.unknown, campaign.own_opinions) == (4, 2, 2, 1)
    assert made.opinions_cumulative == 5


async def test_a_stance_folded_before_reports_looked_for_lost_opinions_does_not_stop_them() -> None:
    """A data folder of the former version has documents that do not say whether there was a text."""
    store = MemoryStore()
    for seq, event in enumerate((received(1, text=""), bare(1, section_ref="II")), start=1):
        changes = [replace(c, fields=dict(c.fields)) if isinstance(c, Merge) else c for c in fold(deliver(event, seq))]
        for change in changes:
            if isinstance(change, Merge):
                change.fields.pop("has_text", None)
        await store.apply(NAME, seq, changes)
    at = BASE + timedelta(hours=1)
    made = make_report(
        await load_facts(store, ID, at),
        report_id="r",
        kind="adhoc",
        consultation=definition(),
        period=current(definition(), at),
        as_of=at,
    )
    check(made)
    assert made.method.faithfulness.classified == 1
