"""The review queue as documents: what waits for a reader, folded from facts in any order.

A document is a pointer, never the truth: it says that an opinion of some revision seemed to need a reader. `lane` says where it
waits and is only a help for finding it; `item.py` works out from the facts in the document whether and where it really waits, and
whoever reads the queue checks it against the result of the classification and puts right what is out of date. So no order of
arrival and no repetition can lose an opinion that needs a reader or show one that does not.

Opinions that only need a look have one document per revision; those of the blind sample have one for ever, for their
readings outlive a revision.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from shared.clock import format_instant
from shared.events import Event, Opinion, OpinionReviewed, Outcome, ReviewReason, SubmissionClassified
from shared.store.port import Change, Collection, Delete, Document, Index, Merge

QUEUE = Collection("review_queue", (Index("by_lane", ("consultation", "lane", "rank")),))
# review id -> the event, so that the same decision sent twice is published as one
ANSWERS = Collection("review_answers", (Index("by_reader", ("consultation", "reviewer", "day")),))
COLLECTIONS = (QUEUE, ANSWERS)  # a rebuild brings them back

CLAIMS = Collection("review_claims")  # opinion -> who has it on the screen, until when
LATER = Collection("review_later")  # opinion and reader -> put off by that reader
EPHEMERAL = (CLAIMS, LATER)  # a rebuild may leave or lose them

Lane = Literal["conflict", "outside", "language", "low_confidence", "sample", "settle"]
# What is read first; the sample is interleaved, and `settle` (two blind readings differ) is a conflict between people.
# Other languages come last: not everybody can read them.
PRIORITY: tuple[Lane, ...] = ("settle", "conflict", "outside", "low_confidence", "language")
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SAMPLE_SUFFIX = ":sample"
AGAIN = "again"  # where opinions of the sample stand that were just read
READING = "by:"  # field prefix of a blind reading, then the account


def queue_id(opinion_id: str, revision: int) -> str:
    """The document of an opinion that needs a look."""
    return f"{opinion_id}:{revision}"


def opinion_of(item_id: str) -> str:
    """The opinion that a document of the queue is about."""
    return item_id.rpartition(":")[0]


def sample_id(opinion_id: str) -> str:
    """The document of an opinion of the blind sample."""
    return opinion_id + SAMPLE_SUFFIX


def changes(event: Event) -> Sequence[Change]:
    """The changes one event makes; none for those that do not touch the queue."""
    if isinstance(event, SubmissionClassified):
        return _classified(event)
    if isinstance(event, OpinionReviewed):
        return _reviewed(event)
    return ()


def answer_document(event: OpinionReviewed) -> Document:
    """A review as it is kept."""
    return {
        "event": event.model_dump(mode="json"),
        "consultation": event.consultation,
        "reviewer": event.reviewer,
        "day": day_of(event.reviewed_at),
    }


def day_of(at: datetime) -> str:
    """The working day an instant belongs to, as yyyy-mm-dd."""
    return at.astimezone(_ZONE).date().isoformat()


def reading_fields(event: OpinionReviewed) -> tuple[str, Document]:
    """The queue document that a review changes, and how."""
    if event.kind == "sample":
        reading: Document = {
            "topics": list(event.topics),
            "stance": event.stance.value,
            "at": format_instant(event.reviewed_at),
            "review_id": event.review_id,
        }
        # A fold cannot tell whether it now waits for somebody else, or for nobody: whoever looks next puts it where it belongs.
        return sample_id(event.opinion_id), {
            READING + event.reviewer: reading,
            "consultation": event.consultation,
            "lane": AGAIN,
        }
    if event.kind == "settle":
        return sample_id(event.opinion_id), {"done": True, "lane": None}
    return queue_id(event.opinion_id, event.revision), {"done": True, "lane": None}


def _classified(event: SubmissionClassified) -> list[Change]:
    made: list[Change] = []
    for opinion in event.opinions:
        made.extend(Delete(QUEUE, queue_id(opinion.opinion_id, revision)) for revision in range(1, event.revision))
        if event.outcome is Outcome.COUNTED and opinion.review:
            made.append(_item(event, opinion))
    return made


def _reviewed(event: OpinionReviewed) -> list[Change]:
    id_, fields = reading_fields(event)
    return [Merge(ANSWERS, event.review_id, answer_document(event) | {"published": True}), Merge(QUEUE, id_, fields)]


def _item(event: SubmissionClassified, opinion: Opinion) -> Merge:
    sample = ReviewReason.SAMPLE in opinion.review
    lane = first_lane(opinion.review)
    fields: Document = {
        "consultation": event.consultation,
        "submission_id": event.submission_id,
        "opinion_id": opinion.opinion_id,
        "lane": lane,
        "rank": _rank(event, opinion, lane),
        "reasons": [reason.value for reason in opinion.review],
    }
    if sample:
        if event.revision > 1:
            fields["lane"] = AGAIN  # it may have been read meanwhile
        return Merge(QUEUE, sample_id(opinion.opinion_id), fields | {"sample": True})
    return Merge(QUEUE, queue_id(opinion.opinion_id, event.revision), fields | {"revision": event.revision})


def first_lane(reasons: Sequence[ReviewReason]) -> Lane:
    """Where an opinion with these reasons begins to wait. What is in the sample is read blind first, whatever else it needs."""
    if ReviewReason.SAMPLE in reasons:
        return "sample"
    if ReviewReason.LANGUAGE in reasons:
        return "language"  # nearly always outside the groups too, but it is the language that needs the right reader
    return next(lane for lane in PRIORITY if lane in {reason.value for reason in reasons})


def _rank(event: SubmissionClassified, opinion: Opinion, lane: Lane) -> int:
    """Within a lane: the least sure first; elsewhere who came first, in seconds."""
    if lane == "low_confidence":
        return round(opinion.confidence * 1000)
    return int(event.received_at.timestamp())
