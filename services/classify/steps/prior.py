"""What a consultation's own words say of a text: hint phrases, single words by BM25, and the sections it cites.

Code 0, outside the groups, has words too (`elsewhere.py`).
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import compress, count, pairwise, repeat
from typing import NamedTuple

from services.classify.learning.scorer import UNIT, unpacked
from services.classify.model import BM25_LOG_ODDS, UNKNOWN, Phrase, TopicModel
from services.classify.words import marked, weighed, written_words

_SECTION = 3.0
_EARLY_WORDS, _EARLY_FACTOR = 8, 1.5  # what an opinion is about stands at its beginning
_NEXT = 0.7  # each further hint of a group says less than the one before: fields are listed, subjects are named once
_OUTSIDE, _OUTSIDE_UNHINTED = 1.2, 1.5  # single words in common say less than a hint
_ARTICLE = 3.0  # an article (điều) of another document, when no draft of this one has articles

_UNIT = BM25_LOG_ODDS / UNIT


class Prior(NamedTuple):
    """`topics`: log-odds of the model's codes; `outside`: log-odds of being outside them all; and where they come from."""

    topics: list[float]
    outside: float
    hints: Collection[Phrase]
    hinted: Collection[int]  # places of their codes in the model's, that of OUTSIDE after the last
    sections: list[str]
    terms: set[int]  # numbers of `TopicModel.term_numbers`; UNKNOWN may be among them


def prior(words: list[str], written: str, model: TopicModel, sections: Iterable[str] = ()) -> Prior:
    """`words` are the bare ones of a span, `written` is the span in lower case as its writer spelt it (empty when without diacritics);
    `sections` are refs."""
    kept = weighed(words)
    number = model.term_numbers.get
    terms = {*map(number, kept, repeat(UNKNOWN)), *map(number, pairwise(kept), repeat(UNKNOWN))}
    last = len(model.codes)
    scores = [value * _UNIT for value in unpacked(sum(map(model.term_weights.__getitem__, terms)), last)]
    scores.append(0.0)  # of OUTSIDE
    hints = _hints(words, written, model)
    heard: dict[int, list[float]] = {}
    for phrase, factor in hints.items():
        for at, weight in model.phrase_weights[phrase]:
            heard.setdefault(at, []).append(weight * factor)
    for at, weights in heard.items():
        if len(weights) == 1:
            scores[at] += weights[0]
            continue
        share = 1.0
        for weight in sorted(weights, reverse=True):
            scores[at] += weight * share
            share *= _NEXT
    tied = []
    for ref in dict.fromkeys(sections):
        if cited := model.topics_of_section(ref):
            tied.append(ref)
            for code in cited:
                scores[model.codes.index(code)] += _SECTION / len(cited)
    # A group is hinted at when anything but what is outside them all is.
    outside = scores.pop() + (_OUTSIDE if len(heard) > (last in heard) else _OUTSIDE_UNHINTED)
    if not model.articles and "dieu" in words and any(a == "dieu" and b.isdecimal() for a, b in pairwise(words)):
        outside += _ARTICLE
    return Prior(scores, outside - max(scores), hints, heard, tied, terms)


def _hints(words: list[str], written: str, model: TopicModel) -> dict[Phrase, float]:
    """The longest hint at each place, none overlapping, in order, each once; and what its place makes of its weight."""
    starts = model.phrases_from
    places = list(compress(count(), map(starts.__contains__, pairwise(words))))
    if not model.alone.isdisjoint(words):
        places = sorted({*places, *(at for at, word in enumerate(words) if word in model.alone)})
    hints: dict[Phrase, float] = {}
    there: Sequence[str] | None = None
    beyond = 0
    for place in places:
        if place < beyond:
            continue
        for phrase in starts.get(tuple(words[place : place + 2]), ()):
            if len(phrase) == 2 or tuple(words[place : place + len(phrase)]) == phrase:
                break
        else:
            if words[place] not in model.alone:
                continue
            phrase = (words[place],)
        beyond = place + len(phrase)
        if phrase in hints:
            continue
        if there is None:
            there = written_words(written)
            if len(there) != len(words):
                there = ()  # letters of other scripts: the places do not agree
        if there and not _as_meant(phrase, place, there, model):
            continue
        hints[phrase] = _EARLY_FACTOR if place < _EARLY_WORDS else 1.0
    return hints


def _as_meant(phrase: Phrase, place: int, there: Sequence[str], model: TopicModel) -> bool:
    """Whether a writer of diacritics wrote the hint's own: "chứa đựng tư tưởng" holds no "dùng từ"."""
    return tuple(map(marked, there[place : place + len(phrase)])) in model.spellings[phrase]
