"""A corrected span: the opinion shrinks to it, and what it leaves out stays an opinion of its own, for a reader."""

from services.classify.pipeline import text_key
from shared.errors import Permanent
from shared.events import Opinion, PersonalData, ReviewReason


def shrunk(opinion: Opinion, start: int, end: int, next_number: int) -> list[Opinion]:
    """The opinion at [start, end) first, then what is left before and after it, numbered on from `next_number`.

    Nothing of the opinion may vanish: punctuation that would be left alone stays with it. Raises Permanent when the span does not
    lie inside the opinion or holds no word.
    """
    if not opinion.start <= start < end <= opinion.end:
        raise Permanent("span: not inside the opinion")
    if not _words(opinion, start, end):
        raise Permanent("span: holds no word")
    if not _words(opinion, opinion.start, start):
        start = opinion.start
    if not _words(opinion, end, opinion.end):
        end = opinion.end
    prefix = opinion.opinion_id.rpartition("-")[0]
    rest = [span for span in ((opinion.start, start), (end, opinion.end)) if span[0] < span[1]]
    left = {
        "review": (ReviewReason.LOW_CONFIDENCE,),
        "confidence": 0.0,
        "same_as": None,
        "similarity": None,
        "evidence": None,
    }
    return [
        cut(opinion, start, end),
        *(
            cut(opinion, *span).model_copy(update=left | {"opinion_id": f"{prefix}-{number}"})
            for number, span in enumerate(rest, start=next_number)
        ),
    ]


def cut(opinion: Opinion, start: int, end: int) -> Opinion:
    """The part of an opinion that lies at [start, end) of the submission, white space at its ends left out."""
    if (start, end) == (opinion.start, opinion.end):
        return opinion
    text = opinion.text[start - opinion.start : end - opinion.start]
    start += len(text) - len(text.lstrip())
    text = text.strip()
    end = start + len(text)
    return opinion.model_copy(
        update={
            "text": text,
            "start": start,
            "end": end,
            "text_key": text_key(text),
            "same_as": None,
            "similarity": None,
            "cites": tuple(cite for cite in opinion.cites if start <= cite.start and cite.end <= end),
            "edits": tuple(edit for edit in opinion.edits if start <= edit.start and edit.end <= end),
            # Clipped, never dropped: half a telephone number is to be masked as well.
            "pii": tuple(
                PersonalData(kind=found.kind, start=max(found.start, start), end=min(found.end, end))
                for found in opinion.pii
                if found.start < end and start < found.end
            ),
        }
    )


def _words(opinion: Opinion, start: int, end: int) -> bool:
    """Whether that part of the submission holds a letter or a digit."""
    return any(character.isalnum() for character in opinion.text[start - opinion.start : end - opinion.start])
