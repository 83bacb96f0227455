"""Phrases as numbers, found in many texts at once: the longest at each place, none overlapping, in order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from services.classify.packed import Numbers, Packed, found_in, pair_keys

Phrase = tuple[str, ...]  # the bare words of a hint, by which it is known
_Starts = Mapping[int, Sequence[tuple[list[int], Phrase]]]


@dataclass(frozen=True)
class Phrases:
    """`starts`: the phrases by the key of their first two words, or by their only one (negative), the longest first."""

    size: int  # numbers of words are smaller; 0: a word of no phrase
    chunks: Packed
    starts: _Starts
    pairs: npt.NDArray[np.int64]  # the keys of `starts` that are pairs
    alone: npt.NDArray[np.bool_]  # whether a word is a phrase by itself

    def find(self, texts: Iterable[Sequence[str]]) -> list[list[tuple[int, Phrase]]]:
        """For each text, given as the chunks between its white space: the words at which phrases begin, and these."""
        return self.find_numbers(*self.chunks.of(texts))

    def find_numbers(self, numbers: Numbers, counts: Sequence[int]) -> list[list[tuple[int, Phrase]]]:
        """The same in texts that are packed already: the numbers of all words, and how many of them each text has."""
        found: list[list[tuple[int, Phrase]]] = [[] for _ in counts]
        places = self._places(numbers)
        if not len(places):
            return found
        ends = np.fromiter(accumulate(counts), np.int64, len(counts))
        rows = np.searchsorted(ends, places, "right")
        every, beyond, last = numbers.tolist(), 0, -1
        for place, row, end in zip(places.tolist(), rows.tolist(), ends[rows].tolist(), strict=True):
            if row != last:
                last, beyond, start = row, 0, end - counts[row]
            if place < beyond:
                continue
            if (read := self._phrase_at(every, place, end)) is not None:
                beyond = place + read[0]
                found[row].append((place - start, read[1]))
        return found

    def _places(self, numbers: Numbers) -> npt.NDArray[np.intp]:
        """Words at which a phrase may begin, in order; maybe with a word of the next text."""
        first, _ = found_in(self.pairs, pair_keys(numbers, self.size))
        alone = np.flatnonzero(self.alone[numbers])
        return np.union1d(first, alone) if len(alone) else first

    def _phrase_at(self, numbers: list[int], place: int, end: int) -> tuple[int, Phrase] | None:
        """The longest phrase that begins here, and how many words it has."""
        if place + 1 < end:
            for spelt, phrase in self.starts.get(numbers[place] * self.size + numbers[place + 1], ()):
                after = place + len(spelt)
                if after <= end and numbers[place:after] == spelt:
                    return len(spelt), phrase
        for _, phrase in self.starts.get(-numbers[place], ()):
            return 1, phrase
        return None


def phrases(spelt: Mapping[Phrase, Iterable[Sequence[str]]], read: Callable[[str], list[str]]) -> Phrases:
    """`spelt`: how each phrase is written; `read`: the words of a chunk, spelt alike."""
    ways = sorted(
        ((tuple(way), phrase) for phrase, those in spelt.items() for way in those), key=lambda p: (-len(p[0]), p)
    )
    number = {word: at for at, word in enumerate(sorted({word for way, _ in ways for word in way}), start=1)}
    size = len(number) + 1
    starts: dict[int, list[tuple[list[int], Phrase]]] = {}
    for way, phrase in ways:
        numbers = [number[word] for word in way]
        key = numbers[0] * size + numbers[1] if len(numbers) > 1 else -numbers[0]
        starts.setdefault(key, []).append((numbers, phrase))
    return Phrases(
        size=size,
        chunks=Packed(number, read),
        starts=starts,
        pairs=np.array(sorted({*(key for key in starts if key > 0), size * size}), np.int64),
        alone=np.isin(np.arange(size), [-key for key in starts if key < 0]),
    )
