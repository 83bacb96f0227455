"""The figures: sums that agree, periods that follow on, policy that never counts twice."""

import random
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.report.calendar.periods import Period, current, periods
from services.report.counts.load import load_facts
from services.report.documents.balance import check
from services.report.figures.make import make_report
from services.report.figures.publication import publication
from services.report.model import Report
from services.report.projection import NAME, fold
from shared.consultation import Consultation
from shared.delivery import Delivery
from shared.events import Event, Outcome, Stance
from tests.support.memory_store import MemoryStore
from tests.support.report_events import (
    BASE,
    ID,
    classified,
    definition,
    deliver,
    opinion,
    received,
    sid,
    with_uncounted,
)

C = with_uncounted(definition(), "khac")
PERIODS = list(periods(C))
FINAL = PERIODS[-2]


async def report(
    deliveries: list[Delivery[Event]], as_of: datetime | None = None, consultation: Consultation = C
) -> Report:
    store = MemoryStore()
    for delivery in deliveries:
        await store.apply(NAME, delivery.seq, fold(delivery))
    at = as_of or BASE + timedelta(hours=1)
    facts = await load_facts(store, ID, at)
    period = current(consultation, at)
    return make_report(facts, report_id="r", kind="adhoc", consultation=consultation, period=period, as_of=at)


def story(dice: random.Random, submissions: int) -> list[Delivery[Event]]:
    """Events in stream order over the three periods, with every outcome, revisions and several channels."""
    found: list[tuple[datetime, int, Event]] = []
    for n in range(submissions):
        at = BASE + timedelta(hours=dice.uniform(-20, 340))
        channel = dice.choice(("web", "email", "khac"))
        found.append((at, n, received(n, channel=channel, at=at, unit=dice.choice(("x", "y")))))
        for revision in range(1, dice.choice((1, 2, 2, 2, 3, 4))):
            at += timedelta(hours=dice.uniform(0.01, 60))
            outcome = dice.choice((*[Outcome.COUNTED] * 6, *Outcome))
            some = [
                opinion(n, k, topic=dice.choice((0, 1, 4, 7, 55)), stance=dice.choice(list(Stance)))
                for k in range(dice.randint(1, 3))
            ]
            event = classified(
                n, *(some if outcome is Outcome.COUNTED else ()), outcome=outcome, revision=revision, channel=channel
            )
            found.append((at, n, event))
    return [deliver(event, seq, at) for seq, (at, _, event) in enumerate(sorted(found, key=lambda f: f[:2]), start=1)]


@settings(deadline=None, max_examples=40)
@given(st.randoms(use_true_random=False), st.integers(0, 60))
async def test_every_sum_of_every_report_agrees(dice: random.Random, submissions: int) -> None:
    events = story(dice, submissions)
    for as_of in (*(p.end for p in PERIODS if p.end), BASE + timedelta(days=40)):
        made = await report(events, as_of)
        check(made)
        assert made.cumulative.balanced
        assert made.in_period.balanced
        assert made.cumulative.received == sum(t.submissions_cumulative for t in made.channels)
        assert made.in_period.received - made.carried_over == sum(t.submissions for t in made.channels)
        for table in (made.groups, made.units, made.localities):
            assert sum(t.opinions for t in table) == made.opinions
            assert sum(t.opinions_cumulative for t in table) == made.opinions_cumulative
            assert sum(t.submissions_cumulative for t in table) == made.cumulative.received - made.not_included
        assert sum(d.opinions for d in made.days) == made.opinions_cumulative
        for topic in made.topics:
            assert sum(s.opinions_cumulative for s in topic.stances) == topic.opinions_cumulative
            assert sum(q.times for q in topic.quotes) + topic.quotes_left_out == topic.opinions
        rows = {row.submission_id for row in made.annex} | {row.submission_id for row in made.left_over}
        assert len(rows) == made.cumulative.received
        event = publication(made, ())
        assert sum(t.cumulative for t in event.topics) == event.opinions_cumulative


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=False))
async def test_the_periods_add_up_to_the_whole(dice: random.Random) -> None:
    events = [e for e in story(dice, 40) if not isinstance(e.event, type(classified(0))) or e.event.revision == 1]
    made = [await report(events, p.end - timedelta(microseconds=1)) for p in PERIODS if p.end]
    made.append(await report(events, BASE + timedelta(days=40)))
    assert sum(r.opinions for r in made) == made[-1].opinions_cumulative
    assert sum(r.in_period.counted for r in made) == made[-1].cumulative.counted
    assert sum(r.in_period.received - r.carried_over for r in made) == made[-1].cumulative.received
    pending = 0
    for r in made:
        assert r.carried_over == pending
        pending = r.in_period.pending


async def test_what_is_stored_at_the_cut_off_falls_into_the_next_period() -> None:
    cut_off = FINAL.start or BASE
    events = [deliver(received(1), 1, cut_off - timedelta(microseconds=1)), deliver(received(2), 2, cut_off)]
    made = await report(events, cut_off)
    assert (made.cumulative.received, made.cutoff_seq) == (1, 2)


async def test_a_channel_that_another_body_counts_is_listed_and_not_added() -> None:
    events = [deliver(received(1, channel="khac"), 1), deliver(received(2), 2)]
    events += [deliver(classified(1, channel="khac"), 3), deliver(classified(2), 4)]
    made = await report(events)
    assert (made.opinions_cumulative, made.not_included, made.cumulative.counted) == (1, 1, 2)
    assert [(t.key, t.opinions_cumulative) for t in made.channels] == [("web", 1), ("khac", 1)]
    assert len(made.annex) == 2


async def test_personal_data_are_masked_in_quotes_and_annex() -> None:
    text = "Xin gọi 0912 000 000 để trao đổi."
    found = opinion(1, text=text, pii=({"kind": "phone", "start": 8, "end": 20},))
    made = await report([deliver(received(1), 1), deliver(classified(1, found), 2)])
    assert made.annex[0].text == "Xin gọi […] để trao đổi."
    assert made.topics[0].quotes[0].text == "Xin gọi […] để trao đổi."
    assert "0912" not in made.model_dump_json()


async def test_what_has_no_opinion_is_listed_with_its_state() -> None:
    events = [deliver(received(n), n) for n in (1, 2, 3)]
    events += [deliver(classified(1, outcome=Outcome.UNREADABLE, reason="binary"), 4)]
    events += [deliver(classified(2, outcome=Outcome.DUPLICATE, duplicate_of=sid(1)), 5)]
    made = await report(events)
    assert [(x.state, x.reason, x.duplicate_of) for x in made.left_over] == [
        ("unreadable", "binary", None),
        ("duplicate", None, sid(1)),
        ("pending", None, None),
    ]


async def test_the_report_does_not_depend_on_the_order_of_arrival_here() -> None:
    events = story(random.Random(3), 30)
    mixed = events * 2
    random.Random(4).shuffle(mixed)
    assert await report(mixed) == await report(events)


def test_the_open_period_is_the_last() -> None:
    assert PERIODS[-1] == Period(4, FINAL.end, None)
