"""F1 of labels, as scikit-learn computes it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class F1:
    """`weighted` by how often a label is expected; `macro`: every label alike, those that occur on either side."""

    weighted: float
    macro: float


def f1(expected: Sequence[int], answered: Sequence[int]) -> F1:
    """Both are one label per text, in the same order, at least one."""
    right = Counter(a for a, b in zip(expected, answered, strict=True) if a == b)
    wanted, given = Counter(expected), Counter(answered)
    each = {label: 2 * right[label] / (wanted[label] + given[label]) for label in wanted.keys() | given.keys()}
    weighted = sum(each[label] * count for label, count in wanted.items()) / len(expected)
    return F1(weighted, sum(each.values()) / len(each))
