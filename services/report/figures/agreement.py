"""How far readers agree with one another, and the classifier with them: pure statistics with their intervals.

Only the random sample counts: what was chosen for review because the classifier doubted says nothing about the rest. Two people
read each sampled opinion without seeing the classifier's answer or each other's; a third settles where they differ.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from services.report.figures.rows import Review
from services.report.model import Accuracy, Agreement
from shared.events import Stance

Z_95 = 1.959963984540054  # normal quantile of a two-sided 95 % interval


@dataclass(frozen=True)
class Sampled:
    """One sampled opinion that two people have read; None: they differ and nobody has settled it."""

    first: Review
    second: Review
    topics: frozenset[int] | None
    stance: Stance | None


def sampled(reviews: Sequence[Review]) -> tuple[Sampled, ...]:
    """Opinions of the sample with two readings or more, in order of their first reading; the last word of each reader counts."""
    read: dict[str, dict[str, Review]] = {}
    settled: dict[str, Review] = {}
    for review in reviews:
        if review.kind == "sample":
            read.setdefault(review.opinion_id, {})[review.reviewer] = review
        elif review.kind == "settle":
            settled[review.opinion_id] = review
    pairs = ((id_, tuple(by_reader.values())[:2]) for id_, by_reader in read.items() if len(by_reader) >= 2)
    return tuple(_sampled(first, second, settled.get(id_)) for id_, (first, second) in pairs)


def _sampled(first: Review, second: Review, settled: Review | None) -> Sampled:
    """What was right is what both say, groups and stance alike (as classify takes it), or else what the third says."""
    if (frozenset(first.topics), first.stance) == (frozenset(second.topics), second.stance):
        return Sampled(first, second, frozenset(first.topics), first.stance)
    if settled is not None:
        return Sampled(first, second, frozenset(settled.topics), settled.stance)
    return Sampled(first, second, None, None)


def agreement(pairs: Iterable[tuple[Hashable, Hashable]]) -> Agreement:
    """Cohen's kappa of two readings per item with its asymptotic 95 % interval (Cohen 1960, Educ. Psychol. Meas. 20:37-46).

    Who reads first changes from item to item; the readings are pooled in the order they were made. Kappa is None without readings,
    and where all readings give one and the same answer: then chance explains everything.
    """
    read = list(pairs)
    n = len(read)
    same = sum(a == b for a, b in read)
    if not n:
        return Agreement(items=0, same=0)
    firsts, seconds = Counter(a for a, _ in read), Counter(b for _, b in read)
    observed = same / n
    chance = sum(firsts[value] * seconds[value] for value in firsts) / n**2
    if chance >= 1:
        return Agreement(items=n, same=same)
    kappa = (observed - chance) / (1 - chance)
    half = Z_95 * sqrt(observed * (1 - observed) / n) / (1 - chance)
    return Agreement(
        items=n,
        same=same,
        kappa=round(kappa, 4),
        low=round(max(-1.0, kappa - half), 4),
        high=round(min(1.0, kappa + half), 4),
    )


def accuracy(right: int, judged: int) -> Accuracy:
    """The share that was right with its 95 % interval (Wilson 1927, J. Am. Stat. Assoc. 22:209-212), which holds for few items too."""
    if not judged:
        return Accuracy(judged=0, right=0)
    share = right / judged
    spread = Z_95**2 / judged
    centre = (share + spread / 2) / (1 + spread)
    half = Z_95 * sqrt(share * (1 - share) / judged + spread / (4 * judged)) / (1 + spread)
    return Accuracy(
        judged=judged,
        right=right,
        share=round(share, 4),
        low=round(max(0.0, centre - half), 4),
        high=round(min(1.0, centre + half), 4),
    )


def topic_accuracy(items: Iterable[Sampled]) -> Accuracy:
    """The classifier's first group against what readers settled on."""
    judged = [(s.first.machine_topics, s.topics) for s in items if s.first.machine_topics and s.topics]
    return accuracy(sum(machine[0] in topics for machine, topics in judged), len(judged))


def stance_accuracy(items: Iterable[Sampled]) -> Accuracy:
    """The classifier's stance against what readers settled on."""
    judged = [(s.first.machine_stance, s.stance) for s in items if s.first.machine_stance and s.stance]
    return accuracy(sum(machine is stance for machine, stance in judged), len(judged))
