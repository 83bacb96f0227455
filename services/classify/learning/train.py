"""Labelled rows -> an artifact. Deterministic: the same rows in any order, on the same libraries, give the same bytes.

Every row is learned from twice, as written and without diacritics, so that what is taught in one spelling is known in the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.classify.learning.artifact import Head, Learned, dump
from services.classify.learning.features import BARE_WEIGHT, features, words
from services.classify.learning.fit import Goal, Strength, fit, lifted, space, table
from services.classify.learning.rows import Labelled, digest, in_order
from services.classify.learning.scorer import Scorer
from services.classify.model import CODE_VERSION, OUTSIDE, TopicModel
from services.classify.steps.prior import priors
from services.classify.steps.view import view

FIRST_SHARE = 0.6  # of a row with two topics: the first one
_TOPICS = Strength(words=0.1, bias=20.0)
_OUTSIDE = Strength(words=1.0, bias=5.0)


@dataclass(frozen=True)
class Options:
    """Which features are made: runs of up to `order` words, those that at least `least` rows (both spellings) have.

    `lift`: whether rare groups are raised (`fit.lifted`). A few rows do not tell which groups are rare.
    """

    order: int
    least: int
    lift: bool = False


def options_for(rows: int) -> Options:
    """More rows carry longer runs of words."""
    return Options(2, 1) if rows < 500 else Options(2, 2) if rows < 3000 else Options(3, 1, lift=True)


def train(rows: Sequence[Labelled], day0: TopicModel) -> bytes:
    """The artifact of what the rows teach, on top of what the definition says by itself.

    Raises ValueError when there is no row, or one has a topic that the definition does not know.
    """
    if not rows:
        raise ValueError("no rows to learn from")
    for row in rows:
        if unknown := set(row.topics) - {OUTSIDE, *day0.codes}:
            raise ValueError(f"topic {min(unknown)} is not in the definition")
    ordered = in_order(rows)
    options = options_for(len(rows))
    spelt, known_topics, known_outside, topics, outside, within, weight = [], [], [], [], [], [], []
    views = [view(row.text) for row in ordered]
    heard = priors([(seen, 0, len(seen.plain), ()) for seen in views], day0)
    for row, seen, known in zip(ordered, views, heard, strict=True):
        for written, counts in ((words(seen.plain), 1.0), (words(seen.bare), BARE_WEIGHT)):
            spelt.append(features(written, options.order))
            known_topics.append(known.topics)
            known_outside.append((0.0, known.outside))
            topics.append(_shares(row.topics, day0.codes))
            is_outside = row.topics == (OUTSIDE,)
            outside.append((0.0, 1.0) if is_outside else (1.0, 0.0))
            within.append(0.0 if is_outside else counts)
            weight.append(counts)
    points = space(spelt, options.least)
    by_topic = fit(points, Goal(topics, known_topics, within), _TOPICS)
    by_outside = fit(points, Goal(outside, known_outside, weight), _OUTSIDE)
    weights = [by_topic.weights[:, i] for i in range(len(day0.codes))]
    weights.append(by_outside.weights[:, 1] - by_outside.weights[:, 0])
    bias = by_topic.bias
    if options.lift:
        bias = lifted(
            bias,
            [sum(shares[i] * counts for shares, counts in zip(topics, within, strict=True)) for i in range(len(bias))],
        )
    return dump(
        Learned(
            digest="",
            rows=digest(rows),
            labels=len(rows),
            day0=day0.version,
            code=CODE_VERSION,
            codes=day0.codes,
            order=options.order,
            topics=Head(0, bias, by_topic.scale),
            outside=Head(len(day0.codes), (by_outside.bias[1] - by_outside.bias[0],), by_outside.scale),
            scorer=Scorer(len(day0.codes) + 1, table(points, weights)),
        )
    )


def _shares(topics: Sequence[int], codes: Sequence[int]) -> tuple[float, ...]:
    """What each code has of a row; a row outside the groups has weight 0 here, its shares only have to be some."""
    if topics[0] == OUTSIDE:
        return tuple(1.0 / len(codes) for _ in codes)
    share = dict(zip(topics, (FIRST_SHARE, 1 - FIRST_SHARE) if len(topics) == 2 else (1.0,), strict=True))
    return tuple(share.get(code, 0.0) for code in codes)
