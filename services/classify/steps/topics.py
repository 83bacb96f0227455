"""Topic groups of an opinion: the consultation's own words and the section it cites, then what people's corrections taught.

0 means outside the groups: nothing in the text speaks for any of them. Confidence is how likely a person would agree; low
confidence ("cannot tell") keeps the best guess and sends the opinion to a reader.
"""

import math
from collections.abc import Iterable, Sequence
from operator import itemgetter, neg
from typing import NamedTuple

from services.classify.learning.features import features, without_marks
from services.classify.learning.features import words as words_of
from services.classify.learning.scorer import Heard
from services.classify.model import OUTSIDE, TopicModel, bared, terms_of, written_words
from services.classify.steps.prior import Prior, prior
from services.classify.steps.view import View, view
from shared.events import Evidence, Term

__all__ = ["OUTSIDE", "Topics", "topics", "topics_of"]

_READ = 4800  # code points, about 600 words: they tell what an opinion is about; more only cost time
_SECOND_SHARE = 0.75  # of the best group's score, from which a second group is named
_MOST_TERMS = 8


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
    end = min(end, start + _READ)
    learned = model.learned
    plain = seen.plain[start:end]
    if learned is None:
        spelt = there = written_words(plain)
    else:
        spelt = words_of(plain)
        there = without_marks(spelt)
    words = bared(there)
    terms = set(terms_of(words))
    known = prior(words, there if seen.accented else (), terms, model, sections)
    scores, outside = list(known.topics), known.outside
    heard = None
    if learned is not None:
        heard = learned.scorer.hear(features(spelt, learned.order))
        *added, added_outside = heard.scores
        head = learned.topics
        scores = [head.scale * s + a + b for s, a, b in zip(scores, added, head.bias, strict=True)]
        outside = learned.outside.scale * outside + added_outside + learned.outside.bias[0]
    codes, confidence = _decide(model.codes, scores, outside, known)
    return Topics(codes, confidence, _evidence(codes, model, known, terms, heard))


def _decide(
    named: Sequence[int], scores: Sequence[float], outside: float, known: Prior
) -> tuple[tuple[int, ...], float]:
    """The codes and the confidence."""
    without = 1 / (1 + math.exp(min(outside, 500.0)))
    if without < 0.5:
        return (OUTSIDE,), round(1 - without, 3)
    ranked = sorted(zip(map(neg, scores), named, strict=True))  # negated: the best first, of equals the lower code
    best, code = ranked[0]
    weights = [math.exp(best - score) for score, _ in ranked]
    total = sum(weights) / without
    if len(ranked) > 1 and (second := ranked[1])[1] in known.hinted and second[0] <= _SECOND_SHARE * best < 0:
        return (code, second[1]), round((weights[0] + weights[1]) / total, 3)
    return (code,), round(weights[0] / total, 3)


def _evidence(
    codes: tuple[int, ...], model: TopicModel, known: Prior, terms: Iterable[str], heard: Heard | None
) -> Evidence:
    """The hints and sections of the codes, and the words that weigh most for them, in log-odds."""
    loud: list[tuple[float, int, str, Term | None]] = []
    for code in codes:
        if code != OUTSIDE:
            loud += filter(None, map(model.spoken_for[code].get, terms))
        if heard is not None:
            output = model.codes.index(code) if code != OUTSIDE else len(model.codes)
            loud += [(w, code, t, None) for w, t in heard.strongest(output, 2 * _MOST_TERMS)]
    loud.sort(key=_BY_WEIGHT)
    return Evidence(
        by="words" if heard is None else "learned",
        hints=tuple(
            [
                model.written.get(hint, " ".join(hint))
                for hint in known.hints
                if not model.phrases[hint].keys().isdisjoint(codes)
            ]
        ),
        sections=tuple([ref for ref in known.sections if not set(model.topics_of_section(ref)).isdisjoint(codes)]),
        terms=_terms(loud),
    )


_BY_WEIGHT = itemgetter(0, 1, 2)


def _terms(loud: Iterable[tuple[float, int, str, Term | None]]) -> tuple[Term, ...]:
    """The first of them, but for learned ones that are no words."""
    kept: list[Term] = []
    for weight, code, name, term in loud:
        if term is not None:
            kept.append(term)
        elif _readable(name):
            kept.append(Term(term=name, topic=code, weight=round(-weight, 3)))
        if len(kept) == _MOST_TERMS:
            break
    return tuple(kept)


def _readable(feature: str) -> bool:
    """Words, and no marks of a text's begin and end."""
    return feature.replace(" ", "").isalnum()
