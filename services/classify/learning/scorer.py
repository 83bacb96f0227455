"""A linear model served from arrays: for many texts at once, what their features add to each of its outputs.

Weights are whole numbers in units of 1/UNIT: their sums are exact, in any order, and a text's score does not depend on the machine
or on the texts beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from services.classify.learning.numbered import Numbered, numbered
from services.classify.packed import each_once

UNIT = 1 << 20  # a weight of 1.0
LARGEST = 1 << 12  # of a weight; a text's 4,000 features add up to less than 2**45, which a float holds exactly
_LANE = 1 << 33  # more than twice the largest weight

_Places = npt.NDArray[np.int64]
Weights = tuple[int, ...]


class Heard(NamedTuple):
    """What a scorer made of texts: for each its outputs; and, row by row, the features that it knows and by what they are scaled."""

    scores: list[list[float]]
    rows: _Places
    features: _Places
    scales: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scorer:
    """`table`: feature -> weights of `outputs` outputs, and its squared length, in 1/UNIT."""

    outputs: int
    table: Mapping[str, Weights]
    _numbered: Numbered = field(init=False, repr=False, compare=False)
    _weights: npt.NDArray[np.int64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = sorted(self.table)
        weights = np.array([self.table[name] for name in names], np.int64).reshape(len(names), self.outputs + 1)
        object.__setattr__(self, "_numbered", numbered(names))
        object.__setattr__(self, "_weights", weights)

    def hear(self, texts: Iterable[Sequence[str]], order: int) -> Heard:
        """The outputs for texts in lower case, given as what stands between white space: scaled as if each one's features had length
        one. `order`: how many words a feature has at most."""
        return self.hear_packed([self.pack(text) for text in texts], order)

    def pack(self, chunks: Iterable[str]) -> bytes:
        """A text's words as this scorer numbers them."""
        return self._numbered.chunks.pack(chunks)

    def pack_chunk(self, chunk: str) -> bytes:
        """The same of what stands between white space."""
        return self._numbered.chunks[chunk]

    def hear_packed(self, texts: Iterable[bytes], order: int) -> Heard:
        """As `hear`, of texts that are packed already."""
        count, rows, features = self._numbered.find_packed(texts, order)
        rows, features = each_once(rows, features, len(self._weights))
        sums = np.zeros((len(features) + 1, self.outputs + 1), np.int64)
        np.cumsum(self._weights[features], axis=0, out=sums[1:])
        at_edge = sums[np.searchsorted(rows, np.arange(count + 1))]
        totals = at_edge[1:] - at_edge[:-1]
        squares = totals[:, -1].astype(np.float64) * UNIT
        scales = np.zeros(count)
        np.divide(1.0, np.sqrt(squares), out=scales, where=squares > 0)
        return Heard((totals[:, :-1] * scales[:, None]).tolist(), rows, features, scales)

    def strongest(self, heard: Heard, outputs: Sequence[int], most: int) -> list[list[tuple[float, str]]]:
        """For each text what adds most to one of its outputs (-1: none), negated, and the words that do, the loudest first."""
        asked = np.array(outputs, np.int64)
        output = asked[heard.rows]
        weights = self._weights[heard.features, output]
        loud = np.flatnonzero((weights > 0) & (output >= 0) & self._numbered.readable[heard.features])
        rows, features, weights = heard.rows[loud], heard.features[loud], weights[loud]
        order = np.argsort((rows + 1) * _LANE - weights, kind="stable")
        words = features[order].tolist()
        adds = (weights[order] * -heard.scales[rows[order]]).tolist()
        starts = np.searchsorted(rows, np.arange(len(outputs) + 1)).tolist()
        name = self._numbered.names.__getitem__
        return [
            [*zip(adds[start : min(end, start + most)], map(name, words[start : min(end, start + most)]), strict=True)]
            for start, end in pairwise(starts)
        ]
