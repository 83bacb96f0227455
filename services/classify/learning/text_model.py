"""The learned text model on its own, for any set of labels: what topic groups are learned with, with nothing known beforehand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.classify.learning.features import BARE_WEIGHT, features, words
from services.classify.learning.fit import Goal, Strength, fit, lifted, space, table
from services.classify.learning.scorer import Scorer
from services.classify.learning.train import options_for
from services.classify.steps.view import View, view

_STRENGTH = Strength(words=0.04, bias=0.01)


@dataclass(frozen=True)
class TextModel:
    """Names one of `labels` for a text."""

    labels: tuple[int, ...]
    bias: tuple[float, ...]
    order: int
    scorer: Scorer

    def labels_of(self, texts: Sequence[str]) -> list[int]:
        """The likeliest label of each text; the first of equals."""
        heard = self.scorer.hear([view(text).plain.split() for text in texts], self.order)
        biased = [[score + bias for score, bias in zip(row, self.bias, strict=True)] for row in heard.scores]
        return [self.labels[row.index(max(row))] for row in biased]


def fit_text(texts: Sequence[str], labels: Sequence[int]) -> TextModel:
    """The model of these texts. Raises ValueError when there are no two different labels, or not one for each text."""
    names = tuple(sorted(set(labels)))
    if len(texts) != len(labels) or len(names) < 2:
        raise ValueError(f"{len(texts)} texts with {len(labels)} labels of {len(names)} kinds")
    options = options_for(len(texts))
    rows = [row for text in texts for row in _spellings(view(text), options.order)]
    target = [tuple(float(name == label) for name in names) for label in labels for _ in range(2)]
    goal = Goal(target, [(0.0,) * len(names)] * len(rows), [1.0, BARE_WEIGHT] * len(texts))
    points = space(rows, options.least)
    fitted = fit(points, goal, _STRENGTH)
    columns = [fitted.weights[:, output] for output in range(len(names))]
    bias = lifted(fitted.bias, [labels.count(name) for name in names]) if options.lift else fitted.bias
    return TextModel(names, bias, options.order, Scorer(len(names), table(points, columns)))


def _spellings(seen: View, order: int) -> Iterable[set[str]]:
    return features(words(seen.plain), order), features(words(seen.bare), order)
