"""What a consultation's own words say of a text: hint phrases, single words by BM25, and the sections it cites.

Code 0, outside the groups, has words too (`elsewhere.py`).
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from services.classify.lexicon import LookedUp
from services.classify.model import BM25_LOG_ODDS, TopicModel
from services.classify.packed import parted
from services.classify.phrases import Phrase
from services.classify.steps.view import SHORT, View
from services.classify.words import bare_words

_READ = 4800  # code points, about 600 words: they tell what an opinion is about; more only cost time
_SECTION = 3.0
_EARLY_WORDS, _EARLY_FACTOR = 8, 1.5  # what an opinion is about stands at its beginning
_NEXT = 0.7  # each further hint of a group says less than the one before: fields are listed, subjects are named once
_OUTSIDE, _OUTSIDE_UNHINTED = 1.2, 1.5  # single words in common say less than a hint
_ARTICLE = 3.0  # an article (điều) of another document, when no draft of this one has articles


class Prior(NamedTuple):
    """`topics`: log-odds of the model's codes; `outside`: log-odds of being outside them all; and where they come from."""

    topics: list[float]
    outside: float
    hints: Collection[Phrase]
    hinted: Collection[int]  # places of their codes in the model's, that of OUTSIDE after the last
    sections: list[str]
    terms: list[int]  # places in `Lexicon.terms`


About = tuple[View, int, int, Sequence[str]]
"""A span of a view, and the refs of the sections it is about."""


def read_part(start: int, end: int) -> tuple[int, int]:
    """The part of a span that tells what it is about."""
    return start, min(end, start + _READ)


def priors(spans: Iterable[About], model: TopicModel) -> list[Prior]:
    """One for each of the spans."""
    parts = [(seen, *read_part(start, end)) for seen, start, end, _ in spans]
    words, marked, counts = parted([_packed(*part, model) for part in parts])
    looked_up = model.lexicon.look_up_numbers(words, counts, BM25_LOG_ODDS)
    found = model.marked_phrases.find_numbers(marked, counts)
    bare = {row: seen.matched[start:end].split() for row, (seen, start, end) in enumerate(parts) if not seen.accented}
    for row, its in zip(bare, model.bare_phrases.find(bare.values()) if bare else (), strict=True):
        found[row] = its
    hints = [_hints(its) if its else {} for its in found]
    return [
        _prior(found, its, not model.articles and _names_article(*part), sections, model)
        for found, its, part, (_, _, _, sections) in zip(looked_up, hints, parts, spans, strict=True)
    ]


_new = tuple.__new__


def _packed(seen: View, start: int, end: int, model: TopicModel) -> bytes:
    """The numbers of a part's words: from the view's own chunks, where these know the model."""
    if seen.chunks is model.chunks[seen.accented] and end - start <= SHORT:
        return b"".join(seen.read(start, end)[3])
    return model.words.pack(seen.matched[start:end].split())


def _prior(
    found: LookedUp, hints: dict[Phrase, float], elsewhere: bool, sections: Sequence[str], model: TopicModel
) -> Prior:
    last = len(model.codes)
    terms, weights = found
    scores = [*weights, 0.0]  # the last of OUTSIDE
    heard: dict[int, list[float]] = {}
    for phrase, factor in hints.items():
        for at, weight in model.phrase_weights[phrase]:
            heard.setdefault(at, []).append(weight * factor)
    for at, of_hints in heard.items():
        if len(of_hints) == 1:
            scores[at] += of_hints[0]
            continue
        share = 1.0
        for weight in sorted(of_hints, reverse=True):
            scores[at] += weight * share
            share *= _NEXT
    tied = []
    for ref in dict.fromkeys(sections) if sections else ():
        if cited := model.topics_of_section(ref):
            tied.append(ref)
            for code in cited:
                scores[model.codes.index(code)] += _SECTION / len(cited)
    # A group is hinted at when anything but what is outside them all is.
    outside = scores.pop() + (_OUTSIDE if len(heard) > (last in heard) else _OUTSIDE_UNHINTED)
    if elsewhere:
        outside += _ARTICLE
    return _new(Prior, (scores, outside - max(scores), hints, heard, tied, terms))  # `Prior(...)`, sooner


def _names_article(seen: View, start: int, end: int) -> bool:
    """Whether a numbered article (điều) is named."""
    said = seen.matched[start:end]
    if "điều" not in said and "dieu" not in said:
        return False
    words = bare_words(said)
    return any(a == "dieu" and b.isdecimal() for a, b in pairwise(words))


def _hints(found: Sequence[tuple[int, Phrase]]) -> dict[Phrase, float]:
    """The hints of a text in order, and what their place makes of their weights.

    A writer of diacritics has to mean the hint's own: "chứa đựng tư tưởng" holds no "dùng từ".
    """
    hints: dict[Phrase, float] = {}
    for place, phrase in found:
        hints.setdefault(phrase, _EARLY_FACTOR if place < _EARLY_WORDS else 1.0)
    return hints
