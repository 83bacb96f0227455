"""What classify remembers, and how its own past events bring it back: a rebuild never decides anew."""

from collections.abc import Sequence

from shared.delivery import Delivery
from shared.events import Event, Outcome, SubmissionClassified
from shared.store.port import Change, Collection, Document, Merge

NAME = "classify"
SUBJECTS = (f"{SubmissionClassified.TYPE}.>",)

RESULTS = Collection(
    "results"
)  # submission id -> the event as published, so that a redelivery publishes the same again
ORIGINALS = Collection("originals")  # duplicate key -> the submission that came first
COLLECTIONS = (RESULTS, ORIGINALS)


def result_document(event: SubmissionClassified) -> Document:
    """The event as it is kept."""
    return {"event": event.model_dump(mode="json")}


def original_document(submission_id: str) -> Document:
    """The first submission of a duplicate key."""
    return {"submission_id": submission_id}


def fold(delivery: Delivery[Event]) -> Sequence[Change]:
    """Changes of one event; those that are none of classify's give none."""
    event = delivery.event
    if not isinstance(event, SubmissionClassified):
        return ()
    changes: list[Change] = [Merge(RESULTS, event.submission_id, result_document(event))]
    if event.outcome is Outcome.COUNTED and event.duplicate_key is not None:
        changes.append(Merge(ORIGINALS, event.duplicate_key, original_document(event.submission_id)))
    return changes
