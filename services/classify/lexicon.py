"""The words of a consultation's definition as numbers, to be looked up for many texts at once: the same in arrays as in plain words.

Weights are whole numbers in units of 1/UNIT: their sums are exact, in any order, on any machine.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from services.classify.learning.scorer import UNIT
from services.classify.packed import Numbers, Packed, each_once, found_in, pair_keys
from services.classify.words import STOP_WORDS, read_bare, weighed

_Keys = npt.NDArray[np.int64]


LookedUp = tuple[list[int], list[float]]
"""What a text holds of the definition's words: places in `Lexicon.terms`, each once; and what these add to each topic code."""


@dataclass(frozen=True)
class Lexicon:
    """`terms`: bare words, and pairs of neighbours with a blank between."""

    terms: tuple[str, ...]
    size: int  # numbers of words are smaller: 0 for unknown ones, then the words that are not worth weighing, then the others
    chunks: Packed
    of_word: Numbers  # word -> place of the term, len(terms) when it is none
    pairs: _Keys
    of_pair: Numbers
    weights: npt.NDArray[np.int64]

    def look_up(self, texts: Iterable[Sequence[str]], weight: float) -> list[LookedUp]:
        """For each text, given as the chunks between its white space; `weight`: what a weight of 1.0 counts."""
        return self.look_up_numbers(*self.chunks.of(texts), weight)

    def look_up_numbers(self, numbers: Numbers, counts: Sequence[int], weight: float) -> list[LookedUp]:
        """The same of texts that are packed already: the numbers of all words, and how many of them each text has."""
        terms, weights = self._terms(numbers, counts, weight / UNIT)
        return [*zip(terms, weights, strict=True)]

    def _terms(self, numbers: Numbers, counts: Sequence[int], unit: float) -> tuple[list[list[int]], list[list[float]]]:
        """Of each text its terms, and what they add together."""
        unknown, rows = len(self.terms), np.repeat(np.arange(len(counts)), counts)
        weighty = np.flatnonzero((numbers == 0) | (numbers > len(STOP_WORDS)))
        kept, row = numbers[weighty], rows[weighty]
        first, pair = found_in(self.pairs, pair_keys(kept, self.size))
        inside = row[first] == row[first + 1]
        first = first[inside]
        single = self.of_word[kept]
        known = np.flatnonzero(single != unknown)
        row, term = each_once(
            np.concatenate((row[known], row[first])),
            np.concatenate((single[known], self.of_pair[pair[inside]])),
            unknown,
        )
        edges = np.searchsorted(row, np.arange(len(counts) + 1))
        sums = np.zeros((len(term) + 1, self.weights.shape[1]), np.int64)
        np.cumsum(self.weights[term], axis=0, out=sums[1:])
        at_edge = sums[edges]
        every = term.tolist()
        return (
            [every[start:end] for start, end in pairwise(edges.tolist())],
            ((at_edge[1:] - at_edge[:-1]) * unit).tolist(),
        )


def lexicon(codes: Sequence[int], terms: Mapping[str, Mapping[int, float]]) -> Lexicon:
    """`terms`: bare word, or two neighbours with a blank between -> topic code -> weight."""
    told = sorted({word for term in terms for word in term.split()})
    number = {word: at for at, word in enumerate((*STOP_WORDS, *weighed(told)), start=1)}
    size = len(number) + 1
    of_word = np.full(size, len(terms), np.int32)
    pairs: list[tuple[int, int]] = []
    for at, term in enumerate(terms):
        first, *second = (number[word] for word in term.split())
        if second:
            pairs.append((first * size + second[0], at))
        else:
            of_word[first] = at
    pairs.sort()
    weights = [[round(UNIT * by.get(code, 0.0)) for code in codes] for by in terms.values()]
    return Lexicon(
        terms=tuple(terms),
        size=size,
        chunks=Packed(number, read_bare),
        of_word=of_word,
        pairs=np.array([*(key for key, _ in pairs), size * size], np.int64),
        of_pair=np.array([*(at for _, at in pairs), len(terms)], np.int32),
        weights=np.array(weights, np.int64).reshape(len(terms), len(codes)),
    )
