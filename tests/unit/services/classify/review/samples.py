"""Invented classifications with opinions that need readers."""

from typing import Any

from shared.events import Opinion, OpinionReviewed, Outcome, ReviewReason, Stance, SubmissionClassified, WindowMark
from tests.unit.services.classify.samples import AT, submission_id

CONSULTATION = "thu-nghiem"


def opinion(number: int = 1, submission: int = 1, **fields: Any) -> Opinion:
    """Accepted unless told otherwise."""
    words = fields.pop("text", "Đề nghị làm rõ chỉ tiêu giảm nghèo.")
    return Opinion(
        **{
            "opinion_id": f"{submission_id(submission)}-{number}",
            "text": words,
            "start": 0,
            "end": len(words),
            "topics": (1,),
            "confidence": 0.9,
            "stance": Stance.AMEND,
        }
        | fields
    )


def classified(*opinions: Opinion, submission: int = 1, **fields: Any) -> SubmissionClassified:
    return SubmissionClassified(
        **{
            "consultation": CONSULTATION,
            "submission_id": submission_id(submission),
            "outcome": Outcome.COUNTED,
            "classifier": "day0-thu",
            "channel": "web",
            "received_at": AT,
            "window": WindowMark.INSIDE,
            "opinions": opinions,
        }
        | fields
    )


def flagged(*reasons: ReviewReason, number: int = 1, submission: int = 1, **fields: Any) -> Opinion:
    return opinion(number, submission, review=reasons, **fields)


def reviewed(reviewer: str = "tham-dinh-1", number: int = 1, submission: int = 1, **fields: Any) -> OpinionReviewed:
    id_ = f"{submission_id(submission)}-{number}"
    return OpinionReviewed(
        **{
            "consultation": CONSULTATION,
            "review_id": f"{id_}-{reviewer}-{fields.get('kind', 'queue')}",
            "submission_id": submission_id(submission),
            "opinion_id": id_,
            "reviewer": reviewer,
            "reviewed_at": AT,
            "topics": (2,),
            "stance": Stance.AMEND,
            "confirmed": False,
        }
        | fields
    )
