"""Topic groups of an opinion: the consultation's own words and the section it cites, then what people's corrections taught.

0 means outside the groups: nothing in the text speaks for any of them. Confidence is how likely a person would agree; low
confidence ("cannot tell") keeps the best guess and sends the opinion to a reader.
"""

from collections.abc import Sequence
from math import exp
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from services.classify.learning.artifact import Learned
from services.classify.learning.scorer import Heard
from services.classify.model import OUTSIDE, Loud, TopicModel
from services.classify.steps.prior import About, Prior, priors, read_part
from services.classify.steps.view import SHORT, View, view
from services.classify.unchecked import unchecked
from shared.events import Evidence, Term

__all__ = ["OUTSIDE", "Topics", "topics", "topics_of"]

_SECOND_SHARE = 0.75  # of the best group's score, from which a second group is named
_MOST_TERMS = 8


_BY_WEIGHT = itemgetter(0, 1, 2)
_Taught = tuple[float, int, str, None]  # as `Loud`


class Topics(NamedTuple):
    """One or two topic codes, the likelier first, and how sure that is, 0..1."""

    codes: tuple[int, ...]
    confidence: float
    evidence: Evidence


def topics(text: str, model: TopicModel, sections: Sequence[str] = ()) -> Topics:
    """The topic groups of a whole text."""
    seen = view(text)
    return topics_of([(seen, 0, len(seen.plain), sections)], model)[0]


def topics_of(spans: Sequence[About], model: TopicModel) -> list[Topics]:
    """The topic groups of opinions, each a span of a view."""
    learned = model.learned
    known = priors(spans, model)
    if learned is None:
        decided = [_decide(model.codes, its.topics, its.outside, its) for its in known]
        evidence = [_evidence(codes, model, its, None) for (codes, _), its in zip(decided, known, strict=True)]
        return [Topics(*its, why) for its, why in zip(decided, evidence, strict=True)]
    packed = [_packed(seen, *read_part(start, end), model, learned) for seen, start, end, _ in spans]
    heard = learned.scorer.hear_packed(packed, learned.order)
    scores, outside = _weighed(known, heard, learned)
    decided = [_decide(model.codes, *its) for its in zip(scores, outside, known, strict=True)]
    taught = _taught([codes for codes, _ in decided], heard, learned)
    return [
        Topics(*its, _evidence(its[0], model, prior, words))
        for its, prior, words in zip(decided, known, taught, strict=True)
    ]


def _weighed(known: Sequence[Prior], heard: Heard, learned: Learned) -> tuple[list[list[float]], list[float]]:
    """For each text what the definition says and what was learned together: of its groups, and of being outside them all."""
    head, away = learned.topics, learned.outside
    added = np.array(heard.scores).reshape(len(known), len(learned.codes) + 1)
    of_topics = np.array([its.topics for its in known]).reshape(len(known), len(learned.codes))
    of_outside = np.array([its.outside for its in known])
    scores = head.scale * of_topics + added[:, :-1] + np.array(head.bias)
    return scores.tolist(), (away.scale * of_outside + added[:, -1] + away.bias[0]).tolist()


def _packed(seen: View, start: int, end: int, model: TopicModel, learned: Learned) -> bytes:
    """The numbers of a part's words: from the view's own chunks, where these know the model and the words as they are written."""
    if seen.accented and seen.chunks is model.chunks[True] and end - start <= SHORT:
        return b"".join(seen.read(start, end)[4])
    return learned.scorer.pack(seen.plain[start:end].split())


def _taught(decided: Sequence[tuple[int, ...]], heard: Heard, learned: Learned) -> list[list[_Taught]]:
    """For each text the learned words that speak for its codes."""
    output = {code: at for at, code in enumerate((*learned.codes, OUTSIDE))}
    found: list[list[_Taught]] = [[] for _ in decided]
    for which in range(max(map(len, decided), default=0)):
        asked = [output[codes[which]] if which < len(codes) else -1 for codes in decided]
        for terms, codes, words in zip(
            found, decided, learned.scorer.strongest(heard, asked, _MOST_TERMS), strict=True
        ):
            terms += [(weight, codes[which], name, None) for weight, name in words]
    return found


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


def _evidence(codes: tuple[int, ...], model: TopicModel, known: Prior, taught: list[_Taught] | None) -> Evidence:
    """The hints and sections of the codes, and the words that weigh most for them, in log-odds."""
    spoken = _spoken(codes, model, known.terms)
    hints: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    if known.hints:
        meant = [hint for hint in known.hints if not model.phrases[hint].keys().isdisjoint(codes)]
        hints = tuple([model.written.get(hint, " ".join(hint)) for hint in meant])
    if known.sections:
        sections = tuple([ref for ref in known.sections if not set(model.topics_of_section(ref)).isdisjoint(codes)])
    return unchecked(
        Evidence,
        {
            "by": "words" if taught is None else "learned",
            "hints": hints,
            "sections": sections,
            "terms": tuple([term for _, _, _, term in spoken]) if taught is None else _with_learned(spoken, taught),
            "review_id": None,
        },
    )


def _spoken(codes: tuple[int, ...], model: TopicModel, terms: Sequence[int]) -> list[Loud]:
    """Words of the definition that speak for the codes, the loudest first."""
    places: list[int] = []
    for code in codes:
        if code != OUTSIDE:
            places += filter(None, map(model.spoken_for[code].__getitem__, terms))
    places.sort()
    return [*map(model.spoken.__getitem__, places[:_MOST_TERMS])]


def _with_learned(spoken: list[Loud], taught: list[_Taught]) -> tuple[Term, ...]:
    """The loudest of both. A word may stand twice: once as the definition has it, once as it was learned."""
    loud = sorted([*spoken, *taught], key=_BY_WEIGHT)[:_MOST_TERMS]
    return tuple(
        [
            unchecked(Term, {"term": name, "topic": code, "weight": round(-weight, 3)}) if term is None else term
            for weight, code, name, term in loud
        ]
    )
