"""What stands between white space -> the numbers of its words, as bytes: a whole text's are joined and read as an array."""

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int32]
_LONGEST_KEPT, _MOST_KEPT = 24, 20_000  # code points of a chunk; chunks: some 4 MB
_SIZE = 4  # bytes of a number


class Packed(dict[str, bytes]):
    """Chunk -> its words' numbers, 0 for one that has none; filled as chunks are met: a language has few words."""

    def __init__(self, numbers: Mapping[str, int], read: Callable[[str], list[str]]) -> None:
        super().__init__()
        self._number = numbers.get
        self._read = read

    def __missing__(self, chunk: str) -> bytes:
        words = self._read(chunk)
        packed = struct.pack(f"={len(words)}i", *(self._number(word, 0) for word in words))
        if len(chunk) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[chunk] = packed
        return packed

    def of(self, pieces: Iterable[Sequence[str]]) -> tuple[Numbers, list[int]]:
        """The numbers of the words of all pieces, each a list of chunks, and how many each piece has."""
        return joined([self.pack(piece) for piece in pieces])

    def pack(self, chunks: Iterable[str]) -> bytes:
        """The numbers of a piece."""
        return b"".join(map(self.__getitem__, chunks))


class SideBySide(dict[str, bytes]):
    """Chunk -> its words' numbers by two tables, word by word; 0 where one of them has fewer words. One look-up instead of two."""

    def __init__(self, left: Packed, right: Packed) -> None:
        super().__init__()
        self._tables = left, right

    def __missing__(self, chunk: str) -> bytes:
        left, right = (np.frombuffer(table[chunk], np.int32) for table in self._tables)
        both = np.zeros((max(len(left), len(right)), 2), np.int32)
        both[: len(left), 0], both[: len(right), 1] = left, right
        packed = both.tobytes()
        if len(chunk) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[chunk] = packed
        return packed

    def pack(self, chunks: Iterable[str]) -> bytes:
        """The numbers of a piece."""
        return b"".join(map(self.__getitem__, chunks))


def parted(packed: Sequence[bytes]) -> tuple[Numbers, Numbers, list[int]]:
    """The numbers of all words of these pieces by either table of `SideBySide`, and how many words each piece has."""
    numbers, counts = joined(packed)
    return numbers[::2].copy(), numbers[1::2].copy(), [count // 2 for count in counts]


def joined(packed: Sequence[bytes]) -> tuple[Numbers, list[int]]:
    """All numbers of these pieces, and how many each piece has."""
    return np.frombuffer(b"".join(packed), np.int32), [len(piece) // _SIZE for piece in packed]


def pair_keys(numbers: Numbers, size: int) -> npt.NDArray[np.int64]:
    """One number for each two neighbours; `size` is greater than any of their own."""
    return numbers[:-1].astype(np.int64) * size + numbers[1:]


def found_in(
    ordered: npt.NDArray[np.int64], keys: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Which of the keys stand among the ordered ones (the last of which is greater than any key), and where there."""
    near = np.searchsorted(ordered, keys)
    which = np.flatnonzero(ordered[near] == keys)
    return which, near[which]


def each_once(
    rows: npt.NDArray[np.int64], values: npt.NDArray[np.int64], size: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Each value (smaller than `size`) of a row once, in order."""
    both = rows * size + values
    both.sort()
    if len(both):
        both = both[np.concatenate(((True,), both[1:] != both[:-1]))]
    found: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] = np.divmod(both, max(size, 1))
    return found
