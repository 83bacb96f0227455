"""Events -> documents, pure. Every change is an idempotent Merge and none depends on the order of arrival.

A submission classified anew (a higher revision) must win however the two events arrive. So each revision has a
document of its own, and a revision marks all lower ones as superseded: whichever comes first, the highest unmarked one
remains. Their opinions are marked afterwards (`superseded.py`), for a fold cannot look for them.

The stream may hold the same fact twice (a retry after the dedupe window). It happened when its first copy was stored,
so every copy leaves a field of its own, `at_<sequence>`, and `rows.first_copy` finds the first however they arrive.
`stored_at` and `classified_at` are those of the copy folded last: good for an order, not for an instant.
"""

from collections.abc import Sequence
from functools import singledispatch

from shared import events as ev
from shared.clock import format_instant
from shared.delivery import Delivery
from shared.store.port import Change, Collection, Document, Index, Json, Merge

NAME = "report"
SUBJECTS: tuple[str, ...] = (
    f"{ev.SubmissionReceived.TYPE}.>",
    f"{ev.SubmissionClassified.TYPE}.>",
    f"{ev.ReportPublished.TYPE}.>",
    f"{ev.AggregateReceived.TYPE}.>",
    f"{ev.SubmissionWithdrawn.TYPE}.>",
    f"{ev.OpinionReviewed.TYPE}.>",
)

SUBMISSIONS = Collection(
    "submissions",
    (
        Index("by_arrival", ("consultation", "registered", "stored_at")),
        Index("by_state", ("consultation", "registered", "classified", "stored_at")),
        Index("by_hour", ("consultation", "registered", "channel", "hour")),
        Index("by_unit", ("consultation", "registered", "channel", "unit")),
        Index("by_locality", ("consultation", "registered", "channel", "locality")),
        Index("by_window", ("consultation", "registered", "window")),
    ),
)
DECISIONS = Collection(
    "decisions",
    (
        Index("by_time", ("consultation", "classified_at")),
        Index("by_outcome", ("consultation", "superseded", "outcome")),
        Index("by_unread_files", ("consultation", "unread", "superseded")),
        Index("by_bare_stance", ("consultation", "bare", "superseded", "channel", "draft_id", "section_ref", "stance")),
    ),
)
OPINIONS = Collection(
    "opinions",
    (
        Index("by_time", ("consultation", "classified_at")),
        Index("by_topic", ("consultation", "superseded", "outcome", "channel", "topic", "stance")),
        Index("by_hour", ("consultation", "superseded", "outcome", "channel", "hour")),
        Index("by_unit", ("consultation", "superseded", "outcome", "channel", "unit")),
        Index("by_locality", ("consultation", "superseded", "outcome", "channel", "locality")),
    ),
)
REPORTS = Collection("reports", (Index("by_time", ("consultation", "as_of")),))
AGGREGATES = Collection("aggregates", (Index("by_time", ("consultation", "stored_at")),))
# Submissions that were taken back. The words themselves are erased by `withdrawal.py`, for a fold cannot look for them.
WITHDRAWALS = Collection("withdrawals", (Index("by_consultation", ("consultation",)),))
# What people said of opinions: only for measuring the classifier; a correction changes figures by a new revision.
REVIEWS = Collection("reviews", (Index("by_consultation", ("consultation",)),))
COLLECTIONS: tuple[Collection, ...] = (SUBMISSIONS, DECISIONS, OPINIONS, REPORTS, AGGREGATES, WITHDRAWALS, REVIEWS)

UNIT_WORDS = {
    "phan": "phần",
    "chuong": "chương",
    "muc": "mục",
    "tieumuc": "tiểu mục",
    "dieu": "điều",
    "khoan": "khoản",
    "diem": "điểm",
    "trang": "trang",
    "dong": "dòng",
    "doan": "đoạn",
    "gach": "gạch đầu dòng",
    "phuluc": "phụ lục",
    "bieu": "biểu",
    "loinoidau": "lời nói đầu",
}


def fold(delivery: Delivery[ev.Event]) -> Sequence[Change]:
    """The changes one event makes; none for the events that reports do not count."""
    return _fold(delivery.event, delivery.seq, format_instant(delivery.stored_at))


@singledispatch
def _fold(event: ev.Event, seq: int, stored_at: str) -> Sequence[Change]:  # noqa: ARG001
    return ()


@_fold.register
def _received(event: ev.SubmissionReceived, seq: int, stored_at: str) -> Sequence[Change]:
    received_at = format_instant(event.received_at)
    fields: Document = {
        "consultation": event.consultation,
        "registered": True,
        f"at_{seq}": stored_at,
        "stored_at": stored_at,
        "received_at": received_at,
        "hour": received_at[:13],
        "channel": event.channel,
        "group": event.respondent.group,
        "unit": event.respondent.unit,
        "locality": event.respondent.locality,
        "window": event.window.value,
        "has_text": bool(event.text.strip()),
        "person": event.respondent.person_hash,
    }
    return (Merge(SUBMISSIONS, event.submission_id, fields),)


@_fold.register
def _classified(event: ev.SubmissionClassified, seq: int, stored_at: str) -> Sequence[Change]:
    sid, revision = event.submission_id, event.revision
    shared: Document = {
        "consultation": event.consultation,
        "submission_id": sid,
        "revision": revision,
        "classified_at": stored_at,
        "outcome": event.outcome.value,
    }
    decision: Document = {
        **shared,
        f"at_{seq}": stored_at,
        "duplicate_of": event.duplicate_of,
        "reason": event.reason,
        "classifier": event.classifier,
        "opinions": [_opinion_key(event, opinion) for opinion in event.opinions],
    }
    if event.outcome is ev.Outcome.COUNTED and event.stance is not None and not event.opinions:
        decision |= {
            "bare": True,
            "channel": event.channel,
            "draft_id": event.draft_id,
            "section_ref": event.section_ref,
            "stance": event.stance.value,
        }
    if event.campaign is not None:
        decision["campaign"] = event.campaign
    if event.unread_files:
        decision |= {"unread": True, "unread_files": [reading.value for reading in event.unread_files]}
    superseded = (Merge(DECISIONS, f"{sid}:{lower}", {"superseded": True}) for lower in range(1, revision))
    opinions = (
        Merge(OPINIONS, _opinion_key(event, opinion), {**shared, **_opinion(event, opinion)})
        for opinion in event.opinions
    )
    return (
        # What classified knows of the submission itself is only that somebody has decided on it: `registered` and the
        # rest come from its own event, so one that was classified but never received shows up as an imbalance.
        Merge(SUBMISSIONS, sid, {"consultation": event.consultation, "classified": True}),
        Merge(DECISIONS, f"{sid}:{revision}", decision),
        *superseded,
        *opinions,
    )


@_fold.register
def _published(event: ev.ReportPublished, seq: int, stored_at: str) -> Sequence[Change]:
    fields: Document = {
        **event.model_dump(mode="json"),
        "as_of": format_instant(event.as_of),
        "period_start": format_instant(event.period_start),
        "published_seq": seq,
        "published_at": stored_at,
    }
    return (Merge(REPORTS, event.report_id, fields),)


@_fold.register
def _counted_elsewhere(event: ev.AggregateReceived, seq: int, stored_at: str) -> Sequence[Change]:
    fields: Document = {
        **event.model_dump(mode="json"),
        "period_start": format_instant(event.period_start),
        "period_end": format_instant(event.period_end),
        f"at_{seq}": stored_at,
        "stored_at": stored_at,
    }
    return (Merge(AGGREGATES, event.event_id, fields),)


@_fold.register
def _reviewed(event: ev.OpinionReviewed, seq: int, stored_at: str) -> Sequence[Change]:
    """Account ids only; the reader's words do not exist, the citizen's stand elsewhere."""
    machine = event.machine
    fields: Document = {
        "consultation": event.consultation,
        "opinion_id": event.opinion_id,
        "submission_id": event.submission_id,
        "kind": event.kind,
        "reviewer": event.reviewer,
        "reviewed_at": format_instant(event.reviewed_at),
        "topics": list(event.topics),
        "stance": event.stance.value,
        "confirmed": event.confirmed,
        "machine_topics": list(machine.topics) if machine else None,
        "machine_stance": machine.stance.value if machine else None,
        f"at_{seq}": stored_at,
    }
    return (Merge(REVIEWS, event.review_id, fields),)


@_fold.register
def _withdrawn(event: ev.SubmissionWithdrawn, seq: int, stored_at: str) -> Sequence[Change]:
    return (Merge(WITHDRAWALS, event.submission_id, {"consultation": event.consultation, f"at_{seq}": stored_at}),)


def _opinion_key(event: ev.SubmissionClassified, opinion: ev.Opinion) -> str:
    return f"{event.submission_id}:{event.revision}:{opinion.opinion_id}"


def _opinion(event: ev.SubmissionClassified, opinion: ev.Opinion) -> Document:
    received_at = format_instant(event.received_at)
    return {
        "opinion_id": opinion.opinion_id,
        "start": opinion.start,
        "topic": opinion.topics[0],
        "second_topic": opinion.topics[1] if len(opinion.topics) > 1 else None,
        "stance": opinion.stance.value,
        "channel": event.channel,
        "unit": event.unit,
        "locality": event.locality,
        "group": event.group,
        "window": event.window.value,
        "received_at": received_at,
        "hour": received_at[:13],
        "text": opinion.text,
        "places": [place for cite in opinion.cites if (place := _place(opinion, cite))],
        "pii": _spans(opinion),
        "confidence": opinion.confidence,
        "petition_suspected": opinion.petition_suspected,
        "general": opinion.general,
        "text_key": opinion.text_key,
        "same_as": opinion.same_as,
        "review": [reason.value for reason in opinion.review],
        "by": opinion.evidence.by if opinion.evidence else None,
        "reasons": _reasons(opinion),
        "edits": [edit.model_dump(mode="json") for edit in opinion.edits],
    }


def _reasons(opinion: ev.Opinion) -> list[Json]:
    """Why it stands in its group, as far as words of the definition tell; a cited section as `Mục <ref>`."""
    if opinion.evidence is None:
        return []
    sections = [f"Mục {ref}" for ref in opinion.evidence.sections]
    return [*dict.fromkeys(opinion.evidence.hints), *sections]


def _place(opinion: ev.Opinion, cite: ev.Cite) -> str:
    """The place in the respondent's own words; from the units it names when it stands outside the span."""
    inside = opinion.start <= cite.start < cite.end <= opinion.end
    personal = any(p.start < cite.end and cite.start < p.end for p in opinion.pii)
    if inside and not personal:
        return opinion.text[cite.start - opinion.start : cite.end - opinion.start]
    named = ((UNIT_WORDS.get(unit, unit), value) for unit, value in cite.units.items() if unit != "section")
    return ", ".join(
        f"{unit} {value}" for unit, value in named if value
    )  # `section` is where they lead, not how it was said


def _spans(opinion: ev.Opinion) -> list[Json]:
    """Personal data as [start, end) inside the opinion's own text, cut to it."""
    length = len(opinion.text)
    cut = [(max(0, p.start - opinion.start), min(length, p.end - opinion.start)) for p in opinion.pii]
    return [[start, end] for start, end in cut if start < end]
