"""Which of the decisions about one opinion counts: pure, the same in whatever order they came.

A decision of the queue, or one that settles a dispute, counts at once, the latest first. Readings of the blind sample are made to
measure the classifier; they count only when two readers say the same. When they do not, a third has to decide.
"""

from collections.abc import Iterable, Sequence
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
    cut: bool = False  # by this decision or one before it: the opinion says less than those that said the same

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
    read = _read_blind([review for review in ordered if review.kind == "sample"])
    deciding = [review for review in ordered if review.kind != "sample"]
    if not deciding:
        return read
    cut = any(review.start is not None for review in deciding) or (isinstance(read, Label) and read.cut)
    return label_of(deciding[-1], cut=cut)


def _read_blind(ordered: Sequence[OpinionReviewed]) -> Label | Conflict | None:
    latest = {review.reviewer: review for review in ordered}  # a later reading of the same reader replaces the former
    if len(latest) < 2:
        return None
    first, second = sorted(latest.values(), key=_order)[
        :2
    ]  # a third reading, of one whose turn had run out, changes nothing
    if (frozenset(first.topics), first.stance) != (frozenset(second.topics), second.stance):
        return Conflict()
    return label_of(second, cut=second.start is not None)


def _order(review: OpinionReviewed) -> tuple[str, str]:
    return format_instant(review.reviewed_at), review.review_id


def label_of(review: OpinionReviewed, *, cut: bool) -> Label:
    """The label that one decision gives."""
    at = format_instant(review.reviewed_at)
    return Label(review.review_id, at, review.topics, review.stance, review.start, review.end, cut)
