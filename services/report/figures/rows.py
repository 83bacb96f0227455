"""The folded documents as typed rows, and what of them stood at an instant. Pure. A store keeps no None: it is absent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.clock import parse_instant
from shared.events import Edit, Outcome, Reading, ReviewReason, Stance, WindowMark

Doc = Mapping[str, Any]
COPY = "at_"  # see projection.py


def first_copy(doc: Doc) -> tuple[int, datetime]:
    """Sequence and time of the first message that stated the fact; the stream may hold it again."""
    seq = min(int(name[len(COPY) :]) for name in doc if name.startswith(COPY))
    return seq, parse_instant(doc[f"{COPY}{seq}"])


@dataclass(frozen=True)
class Submission:
    """A received submission. `stored_at` decides the period, `received_at` the day of the trend."""

    submission_id: str
    seq: int
    stored_at: datetime
    received_at: datetime
    channel: str
    group: str | None
    unit: str | None
    locality: str | None
    window: WindowMark
    has_text: bool = False  # False too where nobody noted it: folded before reports looked at it
    person: str | None = None  # keyed hash, only for counting how many people wrote

    @classmethod
    def of(cls, id_: str, doc: Doc) -> "Submission":
        """From a document of `submissions` that has been received."""
        seq, stored_at = first_copy(doc)
        return cls(
            id_,
            seq,
            stored_at,
            parse_instant(doc["received_at"]),
            doc["channel"],
            doc.get("group"),
            doc.get("unit"),
            doc.get("locality"),
            WindowMark(doc["window"]),
            doc.get("has_text", False),
            doc.get("person"),
        )


@dataclass(frozen=True)
class Decision:
    """What one revision of the classification made of a submission."""

    submission_id: str
    revision: int
    seq: int
    at: datetime
    outcome: Outcome
    duplicate_of: str | None
    reason: str | None
    classifier: str
    channel: str | None = None  # these four only of a bare stance
    draft_id: str | None = None
    section_ref: str | None = None
    stance: Stance | None = None
    unread_files: tuple[Reading, ...] = ()
    campaign: str | None = None  # the first submission of the form letter it repeats
    opinions: int = 0  # how many it holds

    @classmethod
    def of(cls, doc: Doc) -> "Decision":
        """From a document of `decisions`."""
        seq, at = first_copy(doc)
        return cls(
            doc["submission_id"],
            doc["revision"],
            seq,
            at,
            Outcome(doc["outcome"]),
            doc.get("duplicate_of"),
            doc.get("reason"),
            doc["classifier"],
            doc.get("channel"),
            doc.get("draft_id"),
            doc.get("section_ref"),
            Stance(doc["stance"]) if "stance" in doc else None,
            tuple(Reading(reading) for reading in doc.get("unread_files", ())),
            doc.get("campaign"),
            len(doc.get("opinions", ())),
        )


@dataclass(frozen=True)
class OpinionRow:
    """One opinion of one revision; `pii` holds spans of its own text."""

    opinion_id: str
    submission_id: str
    revision: int
    start: int
    topic: int
    second_topic: int | None
    stance: Stance
    outcome: Outcome
    channel: str
    group: str | None
    unit: str | None
    locality: str | None
    window: WindowMark
    received_at: datetime
    text: str
    places: tuple[str, ...]
    pii: tuple[tuple[int, int], ...]
    confidence: float
    petition_suspected: bool
    withdrawn: bool = False  # its words are gone
    general: bool = False
    text_key: str | None = None
    same_as: str | None = None  # the first opinion that says (nearly) the same
    review: tuple[ReviewReason, ...] = ()  # why it waits for a reader
    by: str | None = None  # words, learned, correction
    reasons: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()

    @classmethod
    def of(cls, doc: Doc) -> "OpinionRow":
        """From a document of `opinions`."""
        return cls(
            doc["opinion_id"],
            doc["submission_id"],
            doc["revision"],
            doc["start"],
            doc["topic"],
            doc.get("second_topic"),
            Stance(doc["stance"]),
            Outcome(doc["outcome"]),
            doc["channel"],
            doc.get("group"),
            doc.get("unit"),
            doc.get("locality"),
            WindowMark(doc["window"]),
            parse_instant(doc["received_at"]),
            doc["text"],
            tuple(doc.get("places", ())),
            tuple((start, end) for start, end in doc.get("pii", ())),
            doc["confidence"],
            doc["petition_suspected"],
            general=doc.get("general", False),
            text_key=doc.get("text_key"),
            same_as=doc.get("same_as"),
            review=tuple(ReviewReason(reason) for reason in doc.get("review", ())),
            by=doc.get("by"),
            reasons=tuple(doc.get("reasons", ())),
            edits=tuple(Edit.model_validate(edit) for edit in doc.get("edits", ())),
        )


@dataclass(frozen=True)
class Review:
    """What one reader said of one opinion."""

    opinion_id: str
    reviewer: str
    kind: str
    reviewed_at: datetime
    stored_at: datetime
    topics: tuple[int, ...]
    stance: Stance
    confirmed: bool
    machine_topics: tuple[int, ...] | None
    machine_stance: Stance | None

    @classmethod
    def of(cls, doc: Doc) -> "Review":
        """From a document of `reviews`."""
        machine = doc.get("machine_topics")
        return cls(
            doc["opinion_id"],
            doc["reviewer"],
            doc["kind"],
            parse_instant(doc["reviewed_at"]),
            first_copy(doc)[1],
            tuple(doc["topics"]),
            Stance(doc["stance"]),
            doc["confirmed"],
            None if machine is None else tuple(machine),
            Stance(doc["machine_stance"]) if "machine_stance" in doc else None,
        )


@dataclass(frozen=True)
class Decided:
    """The decision that stands for a submission, and when the first one was made: that one fixes its period."""

    decision: Decision
    first_at: datetime


@dataclass(frozen=True)
class Facts:
    """What was in the stream before an instant: submissions and opinions in order of arrival.

    `folded` alone looks past the instant: where every submission the fold knows stands in the stream.
    """

    submissions: tuple[Submission, ...]
    decided: Mapping[str, Decided]
    opinions: tuple[OpinionRow, ...]
    cutoff_seq: int
    folded: tuple[int, ...]
    withdrawn: frozenset[str] = frozenset()  # submissions taken back
    reviews: tuple[Review, ...] = ()  # in the order they were made


def facts_before(
    as_of: datetime,
    submissions: Sequence[Submission],
    decisions: Iterable[Decision],
    opinions: Iterable[OpinionRow],
    withdrawals: Mapping[str, datetime] | None = None,
    reviews: Iterable[Review] = (),
) -> Facts:
    """What stood at `as_of`: events stored before it; of several revisions of one submission the highest.

    `withdrawals`: when each submission was taken back. Its words are gone from every report made from then on, of whatever instant.
    """
    taken_back = withdrawals or {}
    received = sorted((s for s in submissions if s.stored_at < as_of), key=lambda s: s.seq)
    decided: dict[str, Decided] = {}
    cutoff_seq = 1 + max((s.seq for s in received), default=-1)
    for decision in decisions:
        if decision.at >= as_of:
            continue
        cutoff_seq = max(cutoff_seq, decision.seq + 1)
        other = decided.get(decision.submission_id)
        if other is None:
            decided[decision.submission_id] = Decided(decision, decision.at)
            continue
        best = max(decision, other.decision, key=lambda d: d.revision)
        decided[decision.submission_id] = Decided(best, min(decision.at, other.first_at))
    order = {s.submission_id: s.seq for s in received}
    standing = [
        replace(o, text="", places=(), pii=(), edits=(), withdrawn=True) if o.submission_id in taken_back else o
        for o in opinions
        if (d := decided.get(o.submission_id)) is not None and d.decision.revision == o.revision
    ]
    last = cutoff_seq
    standing.sort(key=lambda o: (order.get(o.submission_id, last), o.submission_id, o.start, o.opinion_id))
    withdrawn = frozenset(s.submission_id for s in received if taken_back.get(s.submission_id, as_of) < as_of)
    folded = tuple(sorted(s.seq for s in submissions))
    made = tuple(sorted((r for r in reviews if r.stored_at < as_of), key=lambda r: (r.reviewed_at, r.reviewer, r.kind)))
    return Facts(tuple(received), decided, tuple(standing), cutoff_seq, folded, withdrawn, made)
