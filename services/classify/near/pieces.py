"""An opinion that holds a form letter's words and its signatory's own, taken apart: exact spans, nothing left out."""

from collections.abc import Callable, Mapping

from services.classify.near.choose import Cut, Verdict
from services.classify.near.records import submission_of
from shared.events import Opinion, SubmissionClassified

Reread = Callable[[SubmissionClassified, Opinion, int, int, str], Opinion]
"""Reads a piece of an opinion anew: its event, the opinion, start and end in the submission's text, the id it will have."""


def in_pieces(
    event: SubmissionClassified, verdicts: dict[str, Verdict], cuts: Mapping[str, Cut], reread: Reread
) -> SubmissionClassified:
    """The event with these opinions in pieces; `verdicts` gets those of further parts of the letter.

    The first part of the letter keeps the opinion's id; the other pieces continue the submission's numbering.
    """
    if not any(opinion.opinion_id in cuts for opinion in event.opinions):
        return event
    number = max(_number(opinion.opinion_id) for opinion in event.opinions)
    opinions: list[Opinion] = []
    for opinion in event.opinions:
        taken = cuts.get(opinion.opinion_id)
        if taken is None:
            opinions.append(opinion)
            continue
        kept = min(taken.letter)
        for start, end in sorted((*taken.letter, *taken.own)):
            id_ = opinion.opinion_id
            if (start, end) != kept:
                number += 1
                id_ = f"{submission_of(opinion.opinion_id)}-{number}"
            piece = reread(event, opinion, opinion.start + start, opinion.start + end, id_)
            opinions.append(_checked(piece, opinion, start, end, id_))
            if (start, end) in taken.letter:
                verdicts[id_] = verdicts[opinion.opinion_id]
    return event.model_copy(update={"opinions": tuple(opinions)})


def shifted(opinion: Opinion, by: int) -> Opinion:
    """An opinion read from a piece of a text, with the offsets of the whole text."""
    moved = opinion.model_dump()
    for part in (moved, *moved["cites"], *moved["edits"], *moved["pii"]):
        for field in ("start", "end", "old_at", "new_at"):
            if part.get(field) is not None:
                part[field] += by
    return Opinion.model_validate(moved)


def _checked(piece: Opinion, whole: Opinion, start: int, end: int, opinion_id: str) -> Opinion:
    """Raises ValueError when the piece is not exactly what was asked for: a text must not change by being linked."""
    if (piece.opinion_id, piece.start, piece.end) != (opinion_id, whole.start + start, whole.start + end):
        raise ValueError(f"opinion {opinion_id} was read anew with another id or span")
    if piece.text != whole.text[start:end]:
        raise ValueError(f"opinion {opinion_id} was read anew with another text")
    return piece


def _number(opinion_id: str) -> int:
    return int(opinion_id.rpartition("-")[2])
