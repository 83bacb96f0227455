"""Topic groups of an opinion: hint phrases and BM25 over the consultation's own words, and the section it cites.

0 means outside the groups: nothing in the text speaks for any of them. Confidence is the share of the best group's evidence.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.classify.model import TopicModel, terms_of, tokens
from shared.events import Evidence

OUTSIDE = 0

_WORDS_READ = 600  # the first words tell what an opinion is about; more only cost time
_HINT, _BM25, _SECTION = 1.0, 0.22, 3.0
_OUTSIDE_SCORE, _OUTSIDE_SCORE_UNHINTED = 1.2, 1.5  # single words in common say less than a hint
_EARLY_WORDS, _EARLY_FACTOR = 8, 1.5  # what an opinion is about stands at its beginning
_TEMPERATURE = 0.9
_SECOND_SHARE = 0.75  # of the best group's score


@dataclass(frozen=True)
class Topics:
    """One or two topic codes, the likelier first, and how sure that is, 0..1."""

    codes: tuple[int, ...]
    confidence: float
    evidence: Evidence


def topics(text: str, model: TopicModel, sections: Iterable[str] = ()) -> Topics:
    """The topic groups of one opinion; `sections` are the refs it cites."""
    words = tokens(text[: _WORDS_READ * 8])[:_WORDS_READ]
    scores = dict.fromkeys(model.codes, 0.0)
    hinted = _add_hints(scores, words, model)
    for term in set(terms_of(words)):
        for code, weight in model.terms.get(term, {}).items():
            scores[code] += _BM25 * weight
    for ref in dict.fromkeys(sections):
        for code in (cited := model.topics_of_section(ref)):
            scores[code] += _SECTION / len(cited)
    return _decide(scores, hinted)


def _add_hints(scores: dict[int, float], words: Sequence[str], model: TopicModel) -> set[int]:
    """Adds every distinct hint once, the longest at each place; answers the groups that had one."""
    seen: set[tuple[str, ...]] = set()
    hinted: set[int] = set()
    position = 0
    while position < len(words):
        candidates = model.phrases_from.get(words[position], ())
        phrase = next((p for p in candidates if tuple(words[position : position + len(p)]) == p), None)
        early = position < _EARLY_WORDS
        position += len(phrase) if phrase else 1
        if phrase is None or phrase in seen:
            continue
        seen.add(phrase)
        owners = model.phrases[phrase]
        hinted.update(owners)
        for code, weight in owners.items():
            scores[code] += _HINT * weight * (_EARLY_FACTOR if early else 1.0)
    return hinted


def _decide(scores: dict[int, float], hinted: set[int]) -> Topics:
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    best, score = ranked[0]
    weights = [math.exp((value - score) / _TEMPERATURE) for _, value in ranked]
    threshold = _OUTSIDE_SCORE if hinted else _OUTSIDE_SCORE_UNHINTED
    outside = math.exp((threshold - score) / _TEMPERATURE)
    total = sum(weights) + outside
    if score <= threshold:
        return Topics((OUTSIDE,), round(outside / total, 3), Evidence())
    second = ranked[1] if len(ranked) > 1 else None
    if second and second[0] in hinted and second[1] >= _SECOND_SHARE * score and second[1] > threshold:
        return Topics((best, second[0]), round((weights[0] + weights[1]) / total, 3), Evidence())
    return Topics((best,), round(weights[0] / total, 3), Evidence())
