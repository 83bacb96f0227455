"""Which of the decisions about one opinion counts: pure, the same in whatever order they came.

A decision of the queue, or one that settles a dispute, counts at once, the latest first. Readings of the blind sample are made to
measure the classifier; they count only when two readers say the same. When they do not, a third has to decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.clock import format_instant
from shared.events import OpinionReviewed, Stance


@dataclass(frozen=True)
class Label:
    """What an opinion is, by people. `at` is text whose order is that of time; `start`, `end`: the corrected span."""

    review_id: str
    at: str
    topics: tuple[int, ...]
    stance: Stance
    start: int | None = None
    end: int | None = None

    @property
    def order(self) -> str:
        """The later label is the greater."""
        return f"{self.at} {self.review_id}"


@dataclass(frozen=True)
class Conflict:
    """Two readers of the blind sample differ."""


def effective(reviews: Iterable[OpinionReviewed]) -> Label | Conflict | None:
    """What all decisions about one opinion come to; None: nothing yet."""
    ordered = sorted(reviews, key=_order)
    if deciding := [review for review in ordered if review.kind != "sample"]:
        return _label(deciding[-1])
    latest = {review.reviewer: review for review in ordered}  # a later reading of the same reader replaces the former
    if len(latest) < 2:
        return None
    readings = sorted(latest.values(), key=_order)
    said = {(frozenset(reading.topics), reading.stance) for reading in readings}
    return _label(readings[-1]) if len(said) == 1 else Conflict()


def _order(review: OpinionReviewed) -> tuple[str, str]:
    return format_instant(review.reviewed_at), review.review_id


def _label(review: OpinionReviewed) -> Label:
    at = format_instant(review.reviewed_at)
    return Label(review.review_id, at, review.topics, review.stance, review.start, review.end)
