"""Which of the words that rules wait for stand in a text: a bit for each set of them, heard for many texts at once.

A word is a run of letters; a key is one word, or two that follow each other whatever signs stand between. One text is heard with
dictionaries; a batch with arrays, which give the same bits and cost a third for each text.
"""

import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from sys import intern
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from services.classify.packed import Numbers, found_in, joined, pair_keys
from services.classify.steps.chunks import Chunks, Pack
from services.classify.steps.triggers import Key

_LETTER_RUN = re.compile(r"[^\W\d_]+")
_LANE_BYTES = 8
_NO_PAIR = (0, 0)

_Lanes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class _Tables:
    """Words by number (0: one that nobody waits for), pairs by `first * size + second`, in order."""

    numbers: Mapping[str, int]
    size: int
    of_word: _Lanes
    pairs: npt.NDArray[np.int64]  # the last is greater than any
    of_pair: _Lanes


class Hearing:
    """The keys that are waited for, and what they stand for."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}  # key -> the bits of the sets that it belongs to
        self._pairs: dict[Key, int] = {}
        self._tables: _Tables | None = None
        self._chunks: WeakValueDictionary[int, Chunks] = WeakValueDictionary()

    def chunks(self, known: Pack | None = None, learned: Pack | None = None) -> Chunks:
        """A table of chunks with the numbers of the words waited for."""
        made = Chunks(self.pack, known, learned)
        self._chunks[id(made)] = made
        return made

    def wait_for(self, keys: Iterable[Key], bit: int) -> None:
        """From now on the bit is set where one of the keys stands."""
        self._tables = None
        for chunks in self._chunks.values():
            chunks.clear()
        for key in (tuple(map(intern, key)) for key in keys):
            if len(key) == 1:
                self._words[key[0]] = self._words.get(key[0], 0) | bit
            else:
                self._pairs[key] = self._pairs.get(key, 0) | bit

    def bits(self, text: str, start: int, end: int) -> int:
        """What is heard in a span of a text."""
        found = _LETTER_RUN.findall(text, start, end)
        bits = 0
        for more in filter(None, map(self._words.get, found)):
            bits |= more
        for more in filter(None, map(self._pairs.get, pairwise(found))):
            bits |= more
        return bits

    def bits_of_all(self, texts: Sequence[Sequence[Sequence[str]]]) -> list[list[int]]:
        """For each text, whose pieces are lists of chunks: what is heard in all of it, then in each piece.

        No word reaches over the end of a piece or of a chunk.
        """
        number = self.pack
        return self.bits_of_packed([[b"".join(map(number, piece)) for piece in text] for text in texts])

    def pack(self, chunk: str) -> bytes:
        """The numbers of a chunk's words."""
        known = (self._tables or self._prepared()).numbers.get
        words = _LETTER_RUN.findall(chunk)
        return struct.pack(f"={len(words)}i", *(known(word, 0) for word in words))

    def bits_of_packed(self, texts: Sequence[Sequence[bytes]]) -> list[list[int]]:
        """As `bits_of_all`, of pieces that are packed already."""
        tables = self._tables or self._prepared()
        numbers, counts = joined([*chain.from_iterable(texts)])
        ends = list(accumulate(counts))
        heard = tables.of_word[numbers]
        across = _hear_pairs(tables, numbers, heard, ends)
        of_pieces = _gathered(heard, ends)
        found: list[list[int]] = []
        at = 0
        for text in texts:
            pieces = of_pieces[at : at + len(text)]
            whole = 0
            for bits in pieces:
                whole |= bits
            for piece in range(at, at + len(text) - 1) if across else ():
                last, bits = across.get(piece, _NO_PAIR)
                if last < at + len(text):
                    whole |= bits
            found.append([whole, *pieces])
            at += len(text)
        return found

    def _prepared(self) -> _Tables:
        spelt = sorted({*self._words, *(word for pair in self._pairs for word in pair)})
        numbers = {word: number for number, word in enumerate(spelt, start=1)}
        size = len(spelt) + 1
        pairs = sorted((numbers[a] * size + numbers[b], bits) for (a, b), bits in self._pairs.items())
        longest = max((*self._words.values(), *self._pairs.values(), 1)).bit_length()
        lanes = -(-longest // (8 * _LANE_BYTES))
        self._tables = _Tables(
            numbers,
            size,
            _in_lanes([0, *(self._words.get(word, 0) for word in spelt)], lanes),
            np.array([*(key for key, _ in pairs), size * size], np.int64),
            _in_lanes([*(bits for _, bits in pairs), 0], lanes),
        )
        return self._tables


def _in_lanes(values: Sequence[int], lanes: int) -> _Lanes:
    packed = b"".join(value.to_bytes(lanes * _LANE_BYTES, "little") for value in values)
    return np.frombuffer(packed, np.uint64).reshape(len(values), lanes)


def _hear_pairs(tables: _Tables, numbers: Numbers, heard: _Lanes, ends: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Adds to the second word of each pair what it stands for. Of a pair of two pieces: the first piece -> the second, and the bits;
    these may be pieces of two texts."""
    first, pair = found_in(tables.pairs, pair_keys(numbers, tables.size))
    if not len(first):
        return {}
    piece = np.searchsorted(ends, first, "right")
    last = np.searchsorted(ends, first + 1, "right")
    inside = piece == last
    heard[first[inside] + 1] |= tables.of_pair[pair[inside]]
    return {
        one: (other, int.from_bytes(tables.of_pair[at].tobytes(), "little"))
        for one, other, at in zip(piece[~inside].tolist(), last[~inside].tolist(), pair[~inside], strict=True)
    }


def _gathered(heard: _Lanes, ends: Sequence[int]) -> list[int]:
    """What stands in each piece: its words' bits together."""
    starts = np.array([0, *ends[:-1]], np.int64)[: len(ends)]
    spoken = starts < ends
    gathered = np.zeros((len(ends), heard.shape[1]), np.uint64)
    if spoken.any():
        gathered[spoken] = np.bitwise_or.reduceat(heard, starts[spoken], axis=0)
    packed, size = gathered.tobytes(), heard.shape[1] * _LANE_BYTES
    return [int.from_bytes(packed[at : at + size], "little") for at in range(0, len(packed), size)]
