"""Topic groups of an opinion: the consultation's own words and the section it cites, then what people's corrections taught.

0 means outside the groups: nothing in the text speaks for any of them. Confidence is how likely a person would agree; low
confidence ("cannot tell") keeps the best guess and sends the opinion to a reader.
"""

from collections.abc import Iterable, Sequence
from math import exp
from operator import itemgetter
from typing import NamedTuple

from services.classify.learning.features import features
from services.classify.learning.features import words as words_of
from services.classify.learning.scorer import Heard
from services.classify.model import OUTSIDE, TopicModel
from services.classify.steps.prior import Prior, prior
from services.classify.steps.view import View, view
from services.classify.words import bare_words
from shared.events import Evidence, Term

__all__ = ["OUTSIDE", "Topics", "topics", "topics_of"]

_READ = 4800  # code points, about 600 words: they tell what an opinion is about; more only cost time
_SECOND_SHARE = 0.75  # of the best group's score, from which a second group is named
_MOST_TERMS = 8

_Loud = tuple[float, int, str, Term | None]  # what it adds, negated; for which code; its name; as evidence


class Topics(NamedTuple):
    """One or two topic codes, the likelier first, and how sure that is, 0..1."""

    codes: tuple[int, ...]
    confidence: float
    evidence: Evidence


def topics(text: str, model: TopicModel, sections: Iterable[str] = ()) -> Topics:
    """The topic groups of a whole text."""
    seen = view(text)
    return topics_of(seen, 0, len(seen.plain), model, sections)


def topics_of(seen: View, start: int, end: int, model: TopicModel, sections: Iterable[str] = ()) -> Topics:
    """The topic groups of one opinion, a span of the view; `sections` are the refs it cites."""
    learned = model.learned
    plain = seen.plain[start : min(end, start + _READ)]
    known = prior(bare_words(plain), plain if seen.accented else "", model, sections)
    if learned is None:
        codes, confidence = _decide(model.codes, known.topics, known.outside, known)
        return Topics(codes, confidence, _evidence(codes, model, known, None))
    heard = learned.scorer.hear(features(words_of(plain), learned.order))
    *added, added_outside = heard.scores
    head = learned.topics
    scores = [head.scale * s + a + b for s, a, b in zip(known.topics, added, head.bias, strict=True)]
    outside = learned.outside.scale * known.outside + added_outside + learned.outside.bias[0]
    codes, confidence = _decide(model.codes, scores, outside, known)
    return Topics(codes, confidence, _evidence(codes, model, known, heard))


def _decide(
    named: Sequence[int], scores: Sequence[float], outside: float, known: Prior
) -> tuple[tuple[int, ...], float]:
    """The codes and the confidence."""
    without = 1 / (1 + exp(min(outside, 500.0)))
    if without < 0.5:
        return (OUTSIDE,), round(1 - without, 3)
    ranked = sorted(scores, reverse=True)
    best = ranked[0]
    weights = [exp(score - best) for score in ranked]
    total = sum(weights) / without
    if len({*ranked[:3]}) < len(ranked[:3]):  # of equals the lower code
        at, *others = sorted(range(len(named)), key=lambda i: (-scores[i], named[i]))[:2]
    else:
        at, *others = map(scores.index, ranked[:2])
    if others and others[0] in known.hinted and 0 < _SECOND_SHARE * best <= ranked[1]:
        return (named[at], named[others[0]]), round((weights[0] + weights[1]) / total, 3)
    return (named[at],), round(weights[0] / total, 3)


def _evidence(codes: tuple[int, ...], model: TopicModel, known: Prior, heard: Heard | None) -> Evidence:
    """The hints and sections of the codes, and the words that weigh most for them, in log-odds."""
    terms: list[Term | dict[str, object]]
    if heard is None:
        spoken = [
            t for code in codes if code != OUTSIDE for t in map(model.spoken_for[code].__getitem__, known.terms) if t
        ]
        spoken.sort()  # no two have the same code and name: terms are never compared
        terms = [term for _, _, _, term in spoken[:_MOST_TERMS]]
    else:
        terms = _learned_terms(codes, model, known, heard)
    hints = [
        model.written.get(hint, " ".join(hint))
        for hint in known.hints
        if not model.phrases[hint].keys().isdisjoint(codes)
    ]
    sections = [ref for ref in known.sections if not set(model.topics_of_section(ref)).isdisjoint(codes)]
    made: Evidence = _MADE(
        {
            "by": "words" if heard is None else "learned",
            "hints": tuple(hints),
            "sections": tuple(sections),
            "terms": tuple(terms),
        }
    )
    return made


_BY_WEIGHT = itemgetter(0, 1, 2)
_MADE = Evidence.__pydantic_validator__.validate_python  # `Evidence(...)`, without what a call of a class costs


def _learned_terms(
    codes: tuple[int, ...], model: TopicModel, known: Prior, heard: Heard
) -> list[Term | dict[str, object]]:
    """Words of the definition and learned ones that are words."""
    loud: list[_Loud] = []
    for code in codes:
        if code != OUTSIDE:
            loud += filter(None, map(model.spoken_for[code].__getitem__, known.terms))
        output = model.codes.index(code) if code != OUTSIDE else len(model.codes)
        left = _MOST_TERMS
        for weight, name in heard.strongest(output, 2 * _MOST_TERMS):
            if name.isalnum() or _readable(name):
                loud.append((weight, code, name, None))
                left -= 1
                if not left:
                    break
    loud.sort(key=_BY_WEIGHT)
    return [
        {"term": name, "topic": code, "weight": round(-weight, 3)} if term is None else term
        for weight, code, name, term in loud[:_MOST_TERMS]
    ]


def _readable(feature: str) -> bool:
    """Words, and no marks of a text's begin and end."""
    return feature.replace(" ", "").isalnum()
