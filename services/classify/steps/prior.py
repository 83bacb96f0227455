"""What a consultation's own words say of a text: hint phrases, single words by BM25, and the sections it cites.

Code 0, outside the groups, has words too (`elsewhere.py`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat

from services.classify.learning.scorer import UNIT, unpacked
from services.classify.model import OUTSIDE, TopicModel, marked, written_words
from services.classify.steps.view import View

_BM25, _SECTION = 0.22, 3.0
_EARLY_WORDS, _EARLY_FACTOR = 8, 1.5  # what an opinion is about stands at its beginning
_NEXT = 0.7  # each further hint of a group says less than the one before: fields are listed, subjects are named once
_OUTSIDE, _OUTSIDE_UNHINTED = 1.2, 1.5  # single words in common say less than a hint
_ARTICLE = 3.0  # an article (điều) of another document, when no draft of this one has articles
_TEMPERATURE = 1.0
BM25_LOG_ODDS = _BM25 / _TEMPERATURE  # what a unit of `TopicModel.terms` adds to a group's log-odds

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Prior:
    """`topics`: log-odds of the model's codes; `outside`: log-odds of being outside them all; and where they come from."""

    topics: tuple[float, ...]
    outside: float
    hints: tuple[Phrase, ...]
    hinted: frozenset[int]
    sections: tuple[str, ...]


def prior(
    seen: View,
    start: int,
    end: int,
    words: Sequence[str],
    terms: Iterable[str],
    model: TopicModel,
    sections: Iterable[str] = (),
) -> Prior:
    """`words` are the span's bare ones, `terms` those worth weighing and their pairs, each once; `sections` are refs."""
    common = unpacked(sum(map(model.term_table.get, terms, repeat(0))), len(model.codes))
    scores = {code: value * (_BM25 / UNIT) for code, value in zip(model.codes, common, strict=True)}
    scores[OUTSIDE] = 0.0
    hints: dict[Phrase, None] = {}
    heard: dict[int, list[float]] = {}
    there = written_words(seen.plain[start:end]) if seen.accented else []
    if len(there) != len(words):
        there = []  # letters of other scripts: the places do not agree
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
        topics=tuple(scores[code] / _TEMPERATURE for code in model.codes),
        outside=(outside - best) / _TEMPERATURE,
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
    position = 0
    while position < len(words):
        found = None
        for phrase in starts.get(words[position], ()):
            if len(phrase) == 1 or tuple(words[position : position + len(phrase)]) == phrase:
                found = phrase
                break
        if found is None:
            position += 1
        else:
            yield position, found
            position += len(found)
