"""Events -> status documents by tracking code. Pure, idempotent and free of order: `ykien rebuild ingest` folds the stream again.

Every fact is a field of its own, named by what never changes about it (revision, stream sequence), so no fold has to read first.
"""

from collections.abc import Callable, Sequence

from shared import topology, tracking_code
from shared.clock import format_instant
from shared.delivery import Delivery
from shared.events import Event, OpinionAnswered, ReportPublished, SubmissionClassified, SubmissionReceived
from shared.store.port import Change, Collection, Document, Index, Json, Merge

NAME = "status"
SUBJECTS = topology.INGEST_STATUS.subjects
STATUS = Collection("status", (Index("by_person", ("person",)),))
REPORTS = Collection("reports", (Index("by_cutoff", ("consultation", "cutoff_seq")),))
COLLECTIONS: tuple[Collection, ...] = (STATUS, REPORTS)
CLASSIFIED = "classified_"
ANSWERED = "answered_"

Fold = Callable[[Delivery[Event]], Sequence[Change]]


def fold(delivery: Delivery[Event], *, tracking: bytes) -> Sequence[Change]:
    """What one event changes. `tracking` is the secret of the codes: events carry none. Other events change nothing."""
    event = delivery.event
    if isinstance(event, ReportPublished):
        return (Merge(REPORTS, event.report_id, _report(event)),)
    if isinstance(event, SubmissionReceived):
        return (Merge(STATUS, tracking_code.make(tracking, event.submission_id), _received(event)),)
    if isinstance(event, SubmissionClassified):
        field = f"{CLASSIFIED}{event.revision:06d}_{delivery.seq:020d}"
        return (
            Merge(STATUS, tracking_code.make(tracking, event.submission_id), {field: _classified(event, delivery.seq)}),
        )
    if isinstance(event, OpinionAnswered):
        field = f"{ANSWERED}{delivery.seq:020d}"
        return (Merge(STATUS, tracking_code.make(tracking, event.submission_id), {field: _answered(event)}),)
    return ()


def _report(event: ReportPublished) -> Document:
    return {"consultation": event.consultation, "cutoff_seq": event.cutoff_seq, "as_of": format_instant(event.as_of)}


def _received(event: SubmissionReceived) -> Document:
    return {
        "consultation": event.consultation,
        "channel": event.channel,
        "received_at": format_instant(event.received_at),
        "window": event.window.value,
        "text_sha256": event.text_sha256,
        "submission_id": event.submission_id,  # its tracking code cannot be turned back into it
        "person": event.respondent.person_hash,  # a keyed hash: finds what a person takes back
    }


def _classified(event: SubmissionClassified, seq: int) -> Document:
    opinions: list[Json] = [{"topics": [*opinion.topics], "stance": opinion.stance.value} for opinion in event.opinions]
    unread: Document = {"unread_files": len(event.unread_files)} if event.unread_files else {}
    return {"seq": seq, "outcome": event.outcome.value, "opinions": opinions, **unread}


def _answered(event: OpinionAnswered) -> Document:
    return {
        "opinion_id": event.opinion_id,
        "decision": event.decision,
        "answered_at": format_instant(event.answered_at),
    }


def bind(tracking: bytes) -> Fold:
    """The fold with its secret."""
    return lambda delivery: fold(delivery, tracking=tracking)
