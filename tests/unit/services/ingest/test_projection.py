"""The status fold: whatever the order and however often, the same documents; and what a respondent reads from them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.ingest import projection, status
from services.ingest.status import StatusReader
from shared import events as ev
from shared import tracking_code
from shared.delivery import Delivery
from shared.store.port import Stored
from tests.support.events import submission
from tests.support.memory_store import MemoryStore

SECRET = b"invented"
AT = datetime(2025, 6, 18, 7, tzinfo=UTC)
CODE = tracking_code.make(SECRET, submission(1).submission_id)


def classified(
    revision: int, topics: tuple[int, ...], outcome: ev.Outcome = ev.Outcome.COUNTED
) -> ev.SubmissionClassified:
    one = submission(1)
    opinion = ev.Opinion(opinion_id="o", text="x", start=0, end=1, topics=topics, confidence=1, stance=ev.Stance.AGREE)
    return ev.SubmissionClassified(
        consultation=one.consultation,
        submission_id=one.submission_id,
        revision=revision,
        outcome=outcome,
        classifier="t",
        channel=one.channel,
        received_at=one.received_at,
        window=one.window,
        opinions=(opinion,),
    )


def report(cutoff_seq: int) -> ev.ReportPublished:
    return ev.ReportPublished(
        consultation="dien-bien-2025",
        report_id=f"r{cutoff_seq}",
        kind="adhoc",
        period_start=AT,
        as_of=AT,
        cutoff_seq=cutoff_seq,
        reconciliation=ev.Reconciliation(),
    )


def answered() -> ev.OpinionAnswered:
    return ev.OpinionAnswered(
        consultation="dien-bien-2025",
        answer_id="a",
        submission_id=submission(1).submission_id,
        opinion_id="o",
        decision="accept",
        text="Tiếp thu.",
        answered_at=AT,
    )


STREAM: list[Delivery[ev.Event]] = [
    Delivery(event, seq, AT)
    for seq, event in enumerate(
        [
            submission(1),
            submission(2),
            classified(1, (3,)),
            report(3),
            classified(2, (5,)),
            submission(1),
            report(9),
            answered(),
        ],
        start=1,
    )
]


def documents(deliveries: Sequence[Delivery[ev.Event]]) -> tuple[MemoryStore, dict[str, dict[str, Stored]]]:
    store = MemoryStore()
    for delivery in deliveries:
        asyncio.run(store.apply(projection.NAME, delivery.seq, projection.fold(delivery, tracking=SECRET)))
    docs = {name: {id_: Stored(id_, 1, row.doc) for id_, row in rows.items()} for name, rows in store._rows.items()}
    return store, docs


@given(st.permutations(STREAM), st.lists(st.sampled_from(STREAM)))
def test_any_order_and_any_repetition_fold_to_the_same_documents(
    order: list[Delivery[ev.Event]], again: list[Delivery[ev.Event]]
) -> None:
    assert documents([*order, *again])[1] == documents(STREAM)[1]


def shown(deliveries: Sequence[Delivery[ev.Event]]) -> status.Status | None:
    store, _ = documents(deliveries)
    return asyncio.run(StatusReader(store, wait_s=0).find(CODE))


def test_the_status_grows_with_the_stream() -> None:
    steps = [found.status if (found := shown(STREAM[:n])) else None for n in range(9)]
    # report(3) was cut just before the classification; the second revision has to wait for report(9)
    assert steps == [
        None,
        "received",
        "received",
        "classified",
        "classified",
        "classified",
        "classified",
        "counted",
        "answered",
    ]


def test_the_highest_revision_is_what_the_respondent_sees() -> None:
    found = shown(list(reversed(STREAM)))
    assert found
    assert [opinion.topics for opinion in found.opinions] == [(5,)]


def test_what_a_report_counted_stays_counted_when_a_correction_makes_another_revision() -> None:
    events = [submission(1), classified(1, (3,)), report(9), classified(2, (5,))]
    found = shown([Delivery(event, seq, AT) for seq, event in enumerate(events, start=1)])
    assert found
    assert (found.status, [opinion.topics for opinion in found.opinions]) == ("counted", [(5,)])


def test_a_duplicate_in_a_report_is_not_called_counted() -> None:
    events = [submission(1), classified(1, (1,), ev.Outcome.DUPLICATE), report(9)]
    found = shown([Delivery(event, seq, AT) for seq, event in enumerate(events, start=1)])
    assert found
    assert (found.status, found.outcome) == ("classified", ev.Outcome.DUPLICATE)


def test_files_that_wait_to_be_read_are_told_until_a_revision_has_read_them() -> None:
    waiting = classified(1, (1,)).model_copy(update={"unread_files": (ev.Reading.TRANSCRIBE, ev.Reading.ENCRYPTED)})
    events: list[ev.Event] = [submission(1), waiting, classified(2, (1,))]
    stream = [Delivery(event, seq, AT) for seq, event in enumerate(events, start=1)]
    before, after = shown(stream[:2]), shown(stream)
    assert before
    assert after
    assert (before.unread_files, after.unread_files) == (2, 0)


def test_no_document_holds_the_citizens_words() -> None:
    _, docs = documents(STREAM)
    assert "trồng rừng" not in str(docs)
    assert "Tiếp thu." not in str(docs)


def test_what_a_person_sent_is_found_by_the_hash_of_the_person() -> None:
    ours = [
        submission(n).model_copy(update={"respondent": ev.Respondent(person_hash=who)})
        for n, who in enumerate(("a", "b", "a", None), start=1)
    ]

    async def found() -> list[object]:
        store = MemoryStore()
        changes = [
            c for seq, e in enumerate(ours, start=1) for c in projection.fold(Delivery(e, seq, AT), tracking=SECRET)
        ]
        await store.apply(projection.NAME, len(ours), changes)
        page = await store.scan(projection.STATUS, "by_person", where=("a",))
        return [item.doc["submission_id"] for item in page.items]

    assert sorted(map(str, asyncio.run(found()))) == [submission(1).submission_id, submission(3).submission_id]
