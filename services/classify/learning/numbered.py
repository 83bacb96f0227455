"""Features as numbers: which of those that a model knows stand in texts, found with arrays; what `features.features` finds by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.classify.learning.features import BEGIN, DENIED, DENIED_MARK, MARKS, NOT, read_words
from services.classify.packed import Numbers, Packed, found_in, joined

_Keys = npt.NDArray[np.int64]
_MOST_WORDS = 1 << 20  # three of their numbers make a key of 63 bits
_BEGIN, _FIRST_MARK = 1, 2
_BEGINNING = np.array([_BEGIN], np.int32).tobytes()
_LONGEST = 3  # words of a feature: longer ones no text has


@dataclass(frozen=True)
class Numbered:
    """`names`: the features, in order; a feature's number is its place there. -1 stands for none."""

    names: Sequence[str]
    readable: npt.NDArray[np.bool_]  # those of words only, without marks of a text's begin and end
    size: int  # of the vocabulary: 0 is an unknown word, then come a text's beginning and the marks
    chunks: Packed
    of_word: _Keys
    of_denied: _Keys
    denies: npt.NDArray[np.bool_]
    runs: tuple[
        tuple[_Keys, _Keys], tuple[_Keys, _Keys]
    ]  # of two words and of three: their keys in order, and the features

    def find(self, texts: Iterable[Sequence[str]], order: int) -> tuple[int, _Keys, _Keys]:
        """How many texts there are; and of each text (by its place) the features that stand in it, maybe more than once."""
        return self.find_packed([self.chunks.pack(text) for text in texts], order)

    def find_packed(self, texts: Iterable[bytes], order: int) -> tuple[int, _Keys, _Keys]:
        """The same in texts that are packed already."""
        numbers, counts = joined([_BEGINNING + text for text in texts])
        rows = np.repeat(np.arange(len(counts)), counts)
        single = self.of_word[numbers]
        known = np.flatnonzero(single >= 0)
        where, found = [rows[known]], [single[known]]
        keys = numbers.astype(np.int64)
        for length, (ordered, features) in enumerate(self.runs[: order - 1], start=1):
            keys = keys[:-1] * self.size + numbers[length:]
            at, which = found_in(ordered, keys)
            inside = rows[at] == rows[at + length]
            where.append(rows[at[inside]])
            found.append(features[which[inside]])
        if order > 2:
            at = self._denied(numbers, rows)
            where.append(rows[at])
            found.append(self.of_denied[numbers[at]])
        return len(counts), np.concatenate(where), np.concatenate(found)

    def _denied(self, numbers: Numbers, rows: npt.NDArray[np.intp]) -> _Keys:
        """Where known words stand that are denied: up to the next mark behind a "không"."""
        speaking = np.flatnonzero(self.denies[numbers])
        is_word = (numbers == 0) | (numbers >= _FIRST_MARK + len(MARKS))
        found = []
        for away in range(1, DENIED + 1):
            speaking = speaking[speaking + away < len(numbers)]
            after = speaking + away
            still = (rows[after] == rows[speaking]) & is_word[after]
            speaking, after = speaking[still], after[still]
            found.append(after[self.of_denied[numbers[after]] >= 0])
        return np.concatenate(found)


def numbered(names: Sequence[str]) -> Numbered:
    """Of these features, in order. Raises ValueError where they hold more words than keys can tell apart."""
    spelt = [name[1:].split(" ") if _is_denied(name) else name.split(" ") for name in names]
    words = sorted({word for run in spelt for word in run} - {BEGIN, *MARKS} | NOT)
    number = {word: at for at, word in enumerate((BEGIN, *MARKS, *words), start=_BEGIN)}
    size = len(number) + 1
    if size > _MOST_WORDS:
        raise ValueError(f"{size} different words in the features, at most {_MOST_WORDS}")
    of_word, of_denied = np.full(size, -1, np.int64), np.full(size, -1, np.int64)
    runs: tuple[list[tuple[int, int]], ...] = ([], [])
    for at, (name, run) in enumerate(zip(names, spelt, strict=True)):
        if _is_denied(name):
            of_denied[number[run[0]]] = at
        elif len(run) == 1:
            of_word[number[run[0]]] = at
        elif len(run) <= _LONGEST:
            key = 0
            for word in run:
                key = key * size + number[word]
            runs[len(run) - 2].append((key, at))
    of_word[_BEGIN] = -1  # no word, but what runs begin with
    denies = np.zeros(size, np.bool_)
    denies[[number[word] for word in NOT]] = True
    return Numbered(
        names=names,
        readable=np.array([name.replace(" ", "").isalnum() for name in names], np.bool_),
        size=size,
        chunks=Packed({word: at for word, at in number.items() if word != BEGIN}, read_words),
        of_word=of_word,
        of_denied=of_denied,
        denies=denies,
        runs=(_ordered(runs[0], size**2), _ordered(runs[1], size**3)),
    )


def _is_denied(name: str) -> bool:
    return len(name) > 1 and name.startswith(DENIED_MARK) and " " not in name


def _ordered(runs: list[tuple[int, int]], beyond: int) -> tuple[_Keys, _Keys]:
    runs.sort()
    return np.array([*(key for key, _ in runs), beyond], np.int64), np.array([*(at for _, at in runs), -1], np.int64)
