"""Multinomial logistic regression on top of what is known already, by SciPy; imported only where something is trained.

`known` are scores of each row's outputs from elsewhere (the consultation's own words): with no row at all the model says what they
say, and every row moves it away from them as far as the row's words allow. scikit-learn's estimator takes no such offset.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from services.classify.learning.scorer import LARGEST, UNIT, Weights

_RARITY = 0.7  # how much a rare feature weighs more than a common one: 0 not at all, 1 as in TF-IDF
_LIFT = 0.2  # how much of a rare output's disadvantage is taken back: 0 nothing, 1 all of it


@dataclass(frozen=True)
class Space:
    """The rows as points: `matrix` has a line of length one per row and a column per feature of `vocabulary`."""

    vocabulary: tuple[str, ...]
    idf: Any
    matrix: Any


@dataclass(frozen=True)
class Goal:
    """What to fit, per row: target shares of the outputs (sum 1), known scores of them, and how much the row counts."""

    target: Sequence[Sequence[float]]
    known: Sequence[Sequence[float]]
    weight: Sequence[float]


@dataclass(frozen=True)
class Strength:
    """How hard the fit is held back: weights of words and biases towards 0, the known scores' scale towards 1."""

    words: float
    bias: float
    trust: float = 20.0
    steps: int = 100


@dataclass(frozen=True)
class Fitted:
    """Scores are `scale` * known + weights of the words (a column per output) + bias."""

    weights: Any
    bias: tuple[float, ...]
    scale: float


def space(rows: Sequence[Iterable[str]], least: int) -> Space:
    """The space of the features that at least `least` rows have."""
    import numpy as np
    from scipy.sparse import csr_matrix

    held = Counter(feature for row in rows for feature in row)
    vocabulary = tuple(sorted(feature for feature, count in held.items() if count >= least))
    counts = np.array([held[feature] for feature in vocabulary], dtype=float)
    idf = (np.log((1 + len(rows)) / (1 + counts)) + 1) ** _RARITY
    column = {feature: index for index, feature in enumerate(vocabulary)}
    ends, columns = [0], list[int]()
    for row in rows:
        columns.extend(sorted(column[feature] for feature in row if feature in column))
        ends.append(len(columns))
    matrix = csr_matrix((idf[columns], columns, ends), shape=(len(rows), len(vocabulary)))
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1.0
    matrix.data /= np.repeat(lengths, np.diff(matrix.indptr))
    return Space(vocabulary, idf, matrix)


def fit(points: Space, goal: Goal, strength: Strength) -> Fitted:
    """The best weights; the same rows in the same order give the same ones."""
    import numpy as np
    from scipy.optimize import minimize

    x, y, known = points.matrix, np.asarray(goal.target, dtype=float), np.asarray(goal.known, dtype=float)
    row_weight = np.asarray(goal.weight, dtype=float)[:, None]
    outputs = y.shape[1]
    size = len(points.vocabulary) * outputs

    def loss(p: Any) -> tuple[float, Any]:
        w, b, s = p[:size].reshape(-1, outputs), p[size:-1], p[-1]
        scale = math.exp(s)
        z = x @ w + b + known * scale
        z -= z.max(axis=1, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        miss = row_weight * (np.exp(log_p) - y)
        held_back = strength.words * (w**2).sum() + strength.bias * (b**2).sum() + strength.trust * s * s
        slopes = (
            (x.T @ miss + strength.words * w).ravel(),
            miss.sum(axis=0) + strength.bias * b,
            [float((miss * known).sum()) * scale + strength.trust * s],
        )
        return held_back / 2 - float((row_weight * y * log_p).sum()), np.concatenate(slopes)

    start = np.zeros(size + outputs + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": strength.steps}).x
    bias = tuple(round(float(b), 6) for b in found[size:-1])
    return Fitted(found[:size].reshape(-1, outputs), bias, round(math.exp(float(found[-1])), 6))


def lifted(bias: Sequence[float], counts: Sequence[float]) -> tuple[float, ...]:
    """The biases with those of rare outputs raised, of common ones lowered; `counts` says how often each was the right one.

    Weights held back towards 0 leave a rare output's words short of what they mean: on texts not seen before the fit is too sure of
    the common ones. On UIT-VSFC, five-fold within its training rows, weighted F1 and the likelihood of the right label both rose.
    Logit adjustment: Menon et al., "Long-tail learning via logit adjustment" (2021). An output without a row keeps its bias.
    """
    total = sum(counts)
    logs = [math.log(count / total) if count > 0 else None for count in counts]
    mean = sum(log * count / total for log, count in zip(logs, counts, strict=True) if log is not None)
    return tuple(b if log is None else round(b - _LIFT * (log - mean), 6) for b, log in zip(bias, logs, strict=True))


def table(points: Space, columns: Sequence[Any]) -> dict[str, Weights]:
    """Feature -> the weights of the outputs (`columns`), and the square of its own length, as `Scorer` reads them.

    They are rounded here, so that what is served is what was stored.
    """
    import numpy as np

    lanes = np.column_stack([*(column * points.idf for column in columns), points.idf**2])
    whole = np.rint(np.clip(lanes, -LARGEST, LARGEST) * UNIT).astype(np.int64).tolist()
    return {feature: tuple(weights) for feature, weights in zip(points.vocabulary, whole, strict=True)}
