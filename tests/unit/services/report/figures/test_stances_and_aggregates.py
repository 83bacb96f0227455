"""Stances given by button, and counts made by other bodies: shown apart, added to nothing else."""

import itertools
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.report.calendar.periods import current
from services.report.counts.live import figures
from services.report.counts.load import load_aggregates, load_facts
from services.report.documents import render_all
from services.report.documents.balance import UnbalancedReport, check
from services.report.figures.labels import labels_of
from services.report.figures.make import make_report
from services.report.figures.places import NO_DRAFT, NO_SECTION, WHOLE, Places
from services.report.model import Report
from services.report.projection import NAME, fold
from shared.consultation import Consultation
from shared.consultation_yaml import load
from shared.delivery import Delivery
from shared.events import AggregateCount, Event, Outcome, Stance
from tests.support.memory_store import MemoryStore
from tests.support.report_events import (
    BASE,
    ID,
    ROOT,
    aggregate,
    bare,
    classified,
    definition,
    deliver,
    received,
    sid,
    with_uncounted,
)

SEVERAL = load(ROOT / "consultations" / "lai-chau-2025.yaml")
DRAFT = "bao-cao-chinh-tri"


async def folded(deliveries: list[Delivery[Event]]) -> MemoryStore:
    store = MemoryStore()
    for delivery in deliveries:
        await store.apply(NAME, delivery.seq, fold(delivery))
    return store


async def report(
    deliveries: list[Delivery[Event]], seconds: float = 3600, consultation: Consultation | None = None
) -> Report:
    c = consultation or definition()
    store, at = await folded(deliveries), BASE + timedelta(seconds=seconds)
    made = make_report(
        await load_facts(store, ID, at),
        report_id="r",
        kind="adhoc",
        consultation=c,
        period=current(c, at),
        as_of=at,
        elsewhere=await load_aggregates(store, ID, at),
    )
    check(made)
    return made


def story() -> list[Delivery[Event]]:
    decisions = [
        bare(1, draft_id=DRAFT),
        bare(2),
        bare(3, Stance.DISAGREE, section_ref="II"),
        bare(4, Stance.PARTLY_AGREE, section_ref=f"{DRAFT}:II"),
        bare(5, Stance.AGREE, section_ref="mục tôi tự đặt tên, gọi 0912 000 000"),
        bare(6, Stance.AGREE, draft_id="du-thao-la"),
        bare(7, outcome=Outcome.DUPLICATE, duplicate_of=sid(1)),
        classified(8),
    ]
    found = [deliver(received(n, channel="vneid", text=""), n) for n in range(1, 9)]
    return [*found, *(deliver(event, 10 + n) for n, event in enumerate(decisions))]


async def test_bare_stances_are_counted_by_place_and_stance_and_are_no_opinions() -> None:
    made = await report(story())
    rows = {row.label: [s.submissions_cumulative for s in row.stances] for row in made.bare_stances}
    draft = definition().drafts[0]
    section = next(s for s in draft.current.sections if s.ref == "II")
    assert rows == {
        draft.title: [2, 0, 0],
        f"Mục II. {section.title}": [0, 1, 1],
        NO_SECTION[:1].upper() + NO_SECTION[1:]: [1, 0, 0],
        NO_DRAFT: [1, 0, 0],
    }
    assert (made.opinions_cumulative, made.cumulative.counted, made.cumulative.duplicate) == (1, 7, 1)
    assert "0912" not in made.model_dump_json(), "a stranger's name for a section is no row of an official report"
    html = render_all(made)["report.html"][1].decode()
    assert "Có 6 lượt (lũy kế) chỉ bày tỏ mức độ tán thành" in html


async def test_stances_of_a_channel_that_another_body_counts_are_not_added() -> None:
    made = await report(
        [deliver(received(1, channel="khac", text=""), 1), deliver(bare(1, channel="khac"), 2)],
        consultation=with_uncounted(definition(), "khac"),
    )
    assert made.bare_stances == ()


async def test_the_dashboard_and_the_report_show_the_same_stances_and_counts() -> None:
    events = [*story(), deliver(aggregate(agree=5, disagree=2), 30)]
    labels = labels_of(definition())
    live = await figures(await folded(events), ID, labels, ZoneInfo("Asia/Ho_Chi_Minh"))
    made = await report(events)
    assert [(r.label, r.submissions_cumulative) for r in live.bare_stances] == [
        (r.label, r.submissions_cumulative) for r in made.bare_stances
    ]
    assert [a.lines for a in live.aggregates] == [a.lines for a in made.aggregates]


async def test_a_revision_of_a_classification_moves_its_stance() -> None:
    events = [deliver(received(1, text=""), 1), deliver(bare(1), 2), deliver(bare(1, Stance.DISAGREE, revision=2), 3)]
    for order in itertools.permutations(events):
        made = await report(list(order))
        assert [s.submissions_cumulative for s in made.bare_stances[0].stances] == [0, 0, 1]
    early = await report(events, seconds=3)
    assert [s.submissions_cumulative for s in early.bare_stances[0].stances] == [1, 0, 0]


@given(st.permutations([(1, 5), (2, 9), (3, 7)]))
async def test_of_a_batch_the_highest_revision_stands_in_any_order(revisions: list[tuple[int, int]]) -> None:
    events = [deliver(aggregate("a", n, agree=count), n) for n, count in revisions]
    assert [a.submissions for a in (await report(events)).aggregates] == [7]
    assert [a.submissions for a in (await report(events, seconds=3)).aggregates] == [9]
    assert (await report(events, seconds=1)).aggregates == ()


async def test_batches_are_added_among_themselves_and_to_nothing_of_ours() -> None:
    events: list[Delivery[Event]] = [deliver(received(1), 1), deliver(classified(1), 2)]
    events += [deliver(aggregate(f"d{n}", day=n, agree=10, disagree=1), 10 + n) for n in (0, 1, 3)]
    made = await report(events)
    (found,) = made.aggregates
    assert (found.submissions, found.batches, found.counted_by) == (33, 3, "Bộ Công an")
    assert [(line.stance, line.submissions) for line in found.lines] == [(Stance.AGREE, 30), (Stance.DISAGREE, 3)]
    assert [(s.end - s.start).days for s in found.periods] == [2, 1]
    plain = await report(events[:2])
    assert made.model_copy(update={"aggregates": ()}) == plain


async def test_how_many_have_a_text_is_told_only_when_all_tell() -> None:
    one = aggregate("a").model_copy(update={"counts": (AggregateCount(submissions=5, with_text=2),)})
    two = aggregate("b", day=1).model_copy(update={"counts": (AggregateCount(submissions=5, with_text=3),)})
    assert (await report([deliver(one, 1), deliver(two, 2)])).aggregates[0].lines[0].with_text == 5
    three = aggregate("c", day=2).model_copy(update={"counts": (AggregateCount(submissions=5),)})
    assert (await report([deliver(one, 1), deliver(three, 2)])).aggregates[0].lines[0].with_text is None


@pytest.mark.parametrize(
    ("draft_id", "section_ref", "label"),
    [
        (None, None, WHOLE),
        (None, "khong-co", WHOLE),
        ("khac", "I", NO_DRAFT),
        (SEVERAL.drafts[1].id, None, SEVERAL.drafts[1].title),
    ],
)
def test_places_are_named_by_the_definition_only(draft_id: str | None, section_ref: str | None, label: str) -> None:
    places = Places(SEVERAL.drafts)
    assert places.label(places.of(draft_id, section_ref)) == label


def test_a_section_is_the_same_place_however_it_is_named() -> None:
    draft = SEVERAL.drafts[0]
    ref = draft.current.sections[0].ref
    places = Places(SEVERAL.drafts)
    assert places.of(draft.id, ref) == places.of(draft.id, f"{draft.id}:{ref}") == places.of(None, f"{draft.id}:{ref}")
    assert draft.title in places.label(places.of(draft.id, ref))
    assert NO_SECTION in places.label(places.of(draft.id, "khong-co"))


async def test_a_row_that_does_not_sum_stops_the_report() -> None:
    made = await report(story())
    row = made.bare_stances[0].model_copy(update={"submissions_cumulative": 99})
    with pytest.raises(UnbalancedReport):
        check(made.model_copy(update={"bare_stances": (row,)}))
