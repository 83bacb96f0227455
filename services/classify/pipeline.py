"""Text -> opinions, pure: the same text and model give the same answer, on any machine, in linear time."""

from bisect import bisect_left
from hashlib import sha256
from typing import Any, NamedTuple

from services.classify.model import Correction, TopicModel
from services.classify.steps.citing.cites import cites
from services.classify.steps.editing.edits import edits
from services.classify.steps.language import language
from services.classify.steps.personal.personal_data import personal_data
from services.classify.steps.petition import petition_suspected
from services.classify.steps.splitting.split import AsideKind, split
from services.classify.steps.stances.general import is_general
from services.classify.steps.stances.stance import stance
from services.classify.steps.topics import Topics, topics_of
from services.classify.steps.view import View, view
from shared.events import Evidence, Opinion, SetAside, Stance
from shared.text import fold, fold_words

_SHORT = 1000  # code points


class TextRead(NamedTuple):
    """What a text holds: its opinions in order, and what was set aside. Together they cover all but white space."""

    opinions: tuple[Opinion, ...]
    set_aside: tuple[SetAside, ...]


def classify_text(
    text: str, model: TopicModel, *, id_prefix: str, section_ref: str | None = None, given: Stance | None = None
) -> TextRead:
    """The opinions of a text, in order, as exact spans; none when it holds nothing but white space.

    `given` is the stance the respondent chose: it is never overridden. `section_ref` is the section they wrote about.
    Opinion ids are `{id_prefix}-1`, `-2`, ...
    """
    seen = view(text)
    parts = split(seen)
    opinions = [
        _read(seen, span, model, f"{id_prefix}-{number}", section_ref, given)
        for number, span in enumerate(parts.opinions, start=1)
    ]
    return TextRead(tuple(opinions), tuple([_aside(seen, *part) for part in parts.set_aside]))


def read_piece(
    seen: View,
    span: tuple[int, int],
    model: TopicModel,
    *,
    opinion_id: str,
    section_ref: str | None = None,
    given: Stance | None = None,
) -> Opinion:
    """One opinion whose span (code points of `seen.text`) is settled already, read in the sight of the whole text."""
    start, end = span
    if seen.offsets is not None:
        start, end = bisect_left(seen.offsets, start), bisect_left(seen.offsets, end)
    read = _read(seen, (start, end), model, opinion_id, section_ref, given)
    return read if (read.start, read.end) == span else read.model_copy(update={"start": span[0], "end": span[1]})


def text_key(text: str) -> str:
    """32 hex digits, the same for the same folded words."""
    return _digest(fold(text))


def _key(seen: View, text: str, first: int, last: int) -> str:
    """`text_key(text)`, from words that are at hand: capitals make no difference to folding."""
    if seen.accented and seen.offsets is None and last - first <= _SHORT:
        return _digest(fold_words(seen.said(first, last)))
    return text_key(text)


def _digest(folded: str) -> str:
    return sha256(folded.encode()).hexdigest()[:32]


def _as_decided(correction: Correction) -> Topics:
    """A person's decision about the same words."""
    return Topics(correction.topics, 1.0, Evidence(by="correction", review_id=correction.review_id))


def _aside(seen: View, kind: AsideKind, start: int, end: int) -> SetAside:
    begin, stop = seen.original(start, end)
    return SetAside(kind=kind, start=begin, end=stop)


def _read(
    seen: View, span: tuple[int, int], model: TopicModel, opinion_id: str, section_ref: str | None, given: Stance | None
) -> Opinion:
    first, last = span
    start, end = span if seen.offsets is None else seen.original(first, last)
    text = seen.text[start:end]
    named = cites(seen, first, last, model, model.drafts.draft_of(section_ref))
    about = [ref for cite in named if (ref := cite.units.get("section")) is not None] if named else []
    if section_ref is not None and (ref := model.sections.get(section_ref.upper())) is not None:
        about.append(ref)
    asked = edits(seen, first, last, model.drafts, named, section_ref)
    key = _key(seen, text, first, last)
    decided = model.corrections.get(key) if model.corrections else None
    group = topics_of(seen, first, last, model, about) if decided is None else _as_decided(decided)
    if given is None and decided is not None:
        given = decided.stance
    attitude = given if given is not None else stance(seen, first, last, asked)
    return _opinion(
        {
            "opinion_id": opinion_id,
            "text": text,
            "start": start,
            "end": end,
            "topics": group.codes,
            "confidence": group.confidence,
            "stance": attitude,
            "cites": named,
            "edits": asked,
            "language": language(seen, first, last),
            "pii": personal_data(seen, first, last),
            "petition_suspected": petition_suspected(seen, first, last),
            "general": is_general(seen, first, last, named, asked, attitude),
            "text_key": key,
            "same_as": None,
            "similarity": None,
            "review": (),
            "evidence": group.evidence,
        }
    )


_LATER = frozenset(("same_as", "similarity", "review"))  # what other steps say of an opinion
_SAID = frozenset(Opinion.model_fields) - _LATER
_set: Any = object.__setattr__


def _opinion(values: dict[str, Any]) -> Opinion:
    """An opinion of all its fields, without asking again whether our own values are of their types: a quarter of the time.

    What pydantic keeps of a model is its `__dict__` and three slots; a test holds this to be what the constructor makes.
    """
    made = Opinion.__new__(Opinion)
    _set(made, "__dict__", values)
    _set(made, "__pydantic_fields_set__", set(_SAID))
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made
