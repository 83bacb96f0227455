"""What a consultation's own words say of a text: hint phrases, single words by BM25, and the sections it cites.

Code 0, outside the groups, has words too (`elsewhere.py`).
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, repeat
from typing import NamedTuple

from services.classify.learning.scorer import UNIT, unpacked
from services.classify.model import BM25_LOG_ODDS, OUTSIDE, TopicModel, marked

_SECTION = 3.0
_EARLY_WORDS, _EARLY_FACTOR = 8, 1.5  # what an opinion is about stands at its beginning
_NEXT = 0.7  # each further hint of a group says less than the one before: fields are listed, subjects are named once
_OUTSIDE, _OUTSIDE_UNHINTED = 1.2, 1.5  # single words in common say less than a hint
_ARTICLE = 3.0  # an article (điều) of another document, when no draft of this one has articles

Phrase = tuple[str, ...]


class Prior(NamedTuple):
    """`topics`: log-odds of the model's codes; `outside`: log-odds of being outside them all; and where they come from."""

    topics: tuple[float, ...]
    outside: float
    hints: tuple[Phrase, ...]
    hinted: frozenset[int]
    sections: tuple[str, ...]


def prior(
    words: Sequence[str],
    there: Sequence[str],
    terms: Iterable[str],
    model: TopicModel,
    sections: Iterable[str] = (),
) -> Prior:
    """`words` are the span's bare ones, `there` the same as their writer spelt them (empty when without diacritics), `terms` those
    worth weighing and their pairs, each once; `sections` are refs."""
    common = unpacked(sum(map(model.term_table.get, terms, repeat(0))), len(model.codes))
    unit = BM25_LOG_ODDS / UNIT
    scores = {code: value * unit for code, value in zip(model.codes, common, strict=True)}
    scores[OUTSIDE] = 0.0
    hints: dict[Phrase, None] = {}
    heard: dict[int, list[float]] = {}
    if len(there) != len(words):
        there = ()  # letters of other scripts: the places do not agree
    for place, phrase in _phrases(words, model):
        if phrase in hints or (there and not _as_meant(phrase, place, there, model)):
            continue
        hints[phrase] = None
        factor = _EARLY_FACTOR if place < _EARLY_WORDS else 1.0
        for code, weight in model.phrases[phrase].items():
            heard.setdefault(code, []).append(weight * factor)
    for code, weights in heard.items():
        share = 1.0
        for weight in sorted(weights, reverse=True):
            scores[code] += weight * share
            share *= _NEXT
    hinted = frozenset(heard)
    tied = []
    for ref in dict.fromkeys(sections):
        if cited := model.topics_of_section(ref):
            tied.append(ref)
            for code in cited:
                scores[code] += _SECTION / len(cited)
    outside = scores.pop(OUTSIDE) + (_OUTSIDE if hinted - {OUTSIDE} else _OUTSIDE_UNHINTED)
    if not model.articles and "dieu" in words and any(a == "dieu" and b.isdecimal() for a, b in pairwise(words)):
        outside += _ARTICLE
    best = max(scores.values())
    return Prior(
        topics=tuple(scores[code] for code in model.codes),
        outside=(outside - best),
        hints=tuple(hints),
        hinted=hinted,
        sections=tuple(tied),
    )


def _as_meant(phrase: Phrase, place: int, there: Sequence[str], model: TopicModel) -> bool:
    """Whether a writer of diacritics wrote the hint's own: "chứa đựng tư tưởng" holds no "dùng từ"."""
    return tuple(map(marked, there[place : place + len(phrase)])) in model.spellings[phrase]


def _phrases(words: Sequence[str], model: TopicModel) -> Iterator[tuple[int, Phrase]]:
    """The longest hint at each place, none overlapping, and where it begins."""
    starts = model.phrases_from
    beyond = 0
    for place in [place for place, word in enumerate(words) if word in starts]:
        if place < beyond:
            continue
        begun = starts[words[place]]
        found: Phrase | None = None
        for phrase in begun.get(words[place + 1], ()) if place + 1 < len(words) else ():
            if len(phrase) == 2 or tuple(words[place : place + len(phrase)]) == phrase:
                found = phrase
                break
        if found is None and "" in begun:
            found = begun[""][0]
        if found is not None:
            beyond = place + len(found)
            yield place, found
