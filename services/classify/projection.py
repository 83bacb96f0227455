"""What classify remembers, and how its own past events bring it back: a rebuild never decides anew."""

from collections.abc import Sequence

from shared.delivery import Delivery
from shared.events import Event, Outcome, SubmissionClassified, SubmissionWithdrawn
from shared.store.port import Change, Collection, Document, Index, Merge

NAME = "classify"
SUBJECTS = (f"{SubmissionClassified.TYPE}.>", f"{SubmissionWithdrawn.TYPE}.>")

RESULTS = Collection(
    "results"
)  # submission id -> the event as published, so that a redelivery publishes the same again
ORIGINALS = Collection("originals")  # duplicate key -> the submission that came first
WITHDRAWN = Collection(
    "withdrawn", (Index("by_consultation", ("consultation",)),)
)  # submissions taken back; `withdrawal.py` erases their words, for a fold cannot look
COLLECTIONS = (RESULTS, ORIGINALS, WITHDRAWN)


def result_document(event: SubmissionClassified) -> Document:
    """The event as it is kept."""
    return {"event": event.model_dump(mode="json")}


def original_document(submission_id: str) -> Document:
    """The first submission of a duplicate key."""
    return {"submission_id": submission_id}


def withdrawn_document(event: SubmissionWithdrawn) -> Document:
    """That a submission was taken back."""
    return {"consultation": event.consultation}


def fold(delivery: Delivery[Event]) -> Sequence[Change]:
    """Changes of one event; those that are none of classify's give none."""
    event = delivery.event
    if isinstance(event, SubmissionWithdrawn):
        return (Merge(WITHDRAWN, event.submission_id, withdrawn_document(event)),)
    if not isinstance(event, SubmissionClassified):
        return ()
    changes: list[Change] = [Merge(RESULTS, event.submission_id, result_document(event))]
    if event.outcome is Outcome.COUNTED and event.duplicate_key is not None:
        changes.append(Merge(ORIGINALS, event.duplicate_key, original_document(event.submission_id)))
    return changes
