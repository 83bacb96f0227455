"""Topic groups of an opinion: the consultation's own words and the section it cites, then what people's corrections taught.

0 means outside the groups: nothing in the text speaks for any of them. Confidence is how likely a person would agree; low
confidence ("cannot tell") keeps the best guess and sends the opinion to a reader.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.classify.learning.features import features
from services.classify.learning.features import words as words_of
from services.classify.learning.scorer import Heard
from services.classify.model import OUTSIDE, TopicModel, bare_words, terms_of
from services.classify.steps.prior import BM25_LOG_ODDS, Prior, prior
from services.classify.steps.view import View, view
from shared.events import Evidence, Term

__all__ = ["OUTSIDE", "Topics", "topics", "topics_of"]

_READ = 4800  # code points, about 600 words: they tell what an opinion is about; more only cost time
_SECOND_SHARE = 0.75  # of the best group's score, from which a second group is named
_MOST_TERMS = 8


@dataclass(frozen=True)
class Topics:
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
    words = bare_words(seen.bare[start:end])
    terms = set(terms_of(words))
    known = prior(seen, start, end, words, terms, model, sections)
    scores, outside = list(known.topics), known.outside
    heard = None
    if (learned := model.learned) is not None:
        heard = learned.scorer.hear(features(words_of(seen.plain[start:end]), learned.order))
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
    ranked = sorted(zip(scores, named, strict=True), key=lambda pair: (-pair[0], pair[1]))
    best, code = ranked[0]
    weights = [math.exp(score - best) for score, _ in ranked]
    total = sum(weights) / without
    if len(ranked) > 1 and (second := ranked[1])[1] in known.hinted and second[0] >= _SECOND_SHARE * best > 0:
        return (code, second[1]), round((weights[0] + weights[1]) / total, 3)
    return (code,), round(weights[0] / total, 3)


def _evidence(
    codes: tuple[int, ...], model: TopicModel, known: Prior, terms: Iterable[str], heard: Heard | None
) -> Evidence:
    """The hints and sections of the codes, and the words that weigh most for them, in log-odds."""
    loud: list[tuple[float, int, str]] = []
    learned = model.learned
    for code in codes:
        if code != OUTSIDE:
            unit = -BM25_LOG_ODDS * (learned.topics.scale if learned else 1.0)
            weights = model.terms
            loud += [(w * unit, code, t) for t in terms if (by := weights.get(t)) and (w := by.get(code))]
        if heard is not None:
            output = model.codes.index(code) if code != OUTSIDE else len(model.codes)
            loud += [(w, code, t) for w, t in heard.strongest(output, 2 * _MOST_TERMS) if _readable(t)]
    loud.sort()
    hints, sections = known.hints, known.sections
    return Evidence(
        by="words" if learned is None else "learned",
        hints=tuple(
            model.written.get(hint, " ".join(hint))
            for hint in hints
            if not model.phrases[hint].keys().isdisjoint(codes)
        ),
        sections=tuple(ref for ref in sections if not set(model.topics_of_section(ref)).isdisjoint(codes)),
        terms=tuple(Term(term=term, topic=code, weight=round(-w, 3)) for w, code, term in loud[:_MOST_TERMS]),
    )


def _readable(feature: str) -> bool:
    """Words, and no marks of a text's begin and end."""
    return feature.replace(" ", "").isalnum()
