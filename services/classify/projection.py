"""What classify remembers, and how the stream brings it back: a rebuild never decides anew.

A fold cannot look, and the same event may come twice or late: so each revision of a result has a field of its own, pairs are only
ever added, and what depends on several events is worked out afterwards (`restore.py`).
"""

from collections.abc import Sequence
from typing import cast

from services.classify.near import records as near
from services.classify.review import queue
from shared.delivery import Delivery
from shared.events import (
    Event,
    OpinionReviewed,
    Outcome,
    SubmissionClassified,
    SubmissionReceived,
    SubmissionWithdrawn,
)
from shared.store.port import Change, Collection, Document, Index, Merge

NAME = "classify"

# submission id -> the event as published, so that a redelivery publishes the same again; read it with `result_of`
RESULTS = Collection("results")
# submission id -> where its text stands in the stream, and the stance its writer chose
SOURCES = Collection("sources", (Index("by_consultation", ("consultation",)),))
ORIGINALS = Collection("originals")  # duplicate key -> the submission that came first
# submissions taken back; `withdrawal.py` erases their words, for a fold cannot look
WITHDRAWN = Collection("withdrawn", (Index("by_consultation", ("consultation",)),))
# pairs of a text key or a cluster's head and an opinion: whom a correction concerns. Pairs may outlive what they tell
OPINIONS = Collection("opinions", (Index("by_key", ("consultation", "key")),))
REVIEWS = Collection("reviews", (Index("by_opinion", ("opinion_id",)),))  # review id -> the event
# opinion id -> what people made of it
CORRECTIONS = Collection(
    "corrections", (Index("by_text", ("consultation", "text_key")), Index("by_head", ("consultation", "head")))
)
LABELS = Collection("labels")  # consultation and text key or head -> the newest of these corrections
COLLECTIONS = (
    *(RESULTS, SOURCES, ORIGINALS, WITHDRAWN, OPINIONS, REVIEWS, CORRECTIONS, LABELS),
    *near.COLLECTIONS,
    *queue.COLLECTIONS,
)


def result_document(event: SubmissionClassified) -> Document:
    """The event as it is kept."""
    field = "event" if event.revision == 1 else f"event_{event.revision:06d}"
    return {field: event.model_dump(mode="json")}


def result_of(doc: Document) -> SubmissionClassified:
    """The highest revision that a document of RESULTS holds."""
    return SubmissionClassified.model_validate(doc[max(doc)])


def original_document(submission_id: str) -> Document:
    """The first submission of a duplicate key."""
    return {"submission_id": submission_id}


def source_document(event: SubmissionReceived, seq: int) -> Document:
    """Where a submission came from. No word of it stands here."""
    return {
        "consultation": event.consultation,
        "seq": seq,
        "stance": event.stance.value if event.stance is not None else None,
    }


def withdrawn_document(event: SubmissionWithdrawn) -> Document:
    """That a submission was taken back."""
    return {"consultation": event.consultation}


def review_document(event: OpinionReviewed) -> Document:
    """A person's decision as it is kept."""
    return {"opinion_id": event.opinion_id, "event": event.model_dump(mode="json")}


def review_of(doc: Document) -> OpinionReviewed:
    """The decision that a document of REVIEWS holds."""
    return OpinionReviewed.model_validate(cast("Document", doc["event"]))


def derived(event: SubmissionClassified | OpinionReviewed) -> Sequence[Change]:
    """What follows from a stored result or review: applied after it is stored and before it is published."""
    if isinstance(event, OpinionReviewed):
        return queue.changes(event)
    pairs: list[Change] = []
    for opinion in event.opinions:
        for key in (opinion.text_key, opinion.same_as):
            if key is not None:
                pair: Document = {"consultation": event.consultation, "key": key, "submission_id": event.submission_id}
                pairs.append(Merge(OPINIONS, f"{key}:{opinion.opinion_id}", pair))
    return [*pairs, *queue.changes(event)]


def fold(delivery: Delivery[Event]) -> Sequence[Change]:
    """Changes of one event; those that do not concern classify give none."""
    event = delivery.event
    if isinstance(event, SubmissionReceived):
        return (Merge(SOURCES, event.submission_id, source_document(event, delivery.seq)),)
    if isinstance(event, SubmissionWithdrawn):
        return (Merge(WITHDRAWN, event.submission_id, withdrawn_document(event)),)
    if isinstance(event, OpinionReviewed):
        return (Merge(REVIEWS, event.review_id, review_document(event)), *derived(event))
    if not isinstance(event, SubmissionClassified):
        return ()
    changes: list[Change] = [Merge(RESULTS, event.submission_id, result_document(event))]
    if event.outcome is Outcome.COUNTED and event.duplicate_key is not None:
        changes.append(Merge(ORIGINALS, event.duplicate_key, original_document(event.submission_id)))
    # Who says the same was decided when it came, once: later revisions change labels, and maybe cut an opinion.
    twins = near.changes(event) if event.revision == 1 else ()
    return [*changes, *derived(event), *twins]
