"""What stands between white space, read once for all steps: a language has few words, and what each one is, is kept."""

from collections.abc import Callable, Sequence
from sys import intern

from shared.text import fold

_LONGEST_KEPT, _MOST_KEPT = 24, 20_000  # code points of a chunk; chunks: some 10 MB

Read = tuple[bytes, str, tuple[str, ...], bytes]
"""Of a chunk: the numbers of the words that rules wait for (`Hearing`), itself folded, its words and marks, the numbers of the
words that a consultation's definition knows."""

Columns = tuple[Sequence[bytes], Sequence[str], Sequence[tuple[str, ...]], Sequence[bytes]]
"""The same of many chunks, side by side."""

_NONE: Columns = ((), (), (), ())


class Chunks(dict[str, Read]):
    """Filled as chunks are met. `number` packs what rules wait for, `known` what a definition knows."""

    def __init__(self, number: Callable[[str], bytes], known: Callable[[str], bytes] | None = None) -> None:
        super().__init__()
        self._number = number
        self.known = known

    def __missing__(self, chunk: str) -> Read:
        words = tuple(map(intern, parted(chunk)))  # the same objects as in the tables of cues are found sooner
        read = self._number(chunk), fold(chunk), words, self.known(chunk) if self.known else b""
        if len(chunk) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[chunk] = read
        return read

    def columns(self, chunks: Sequence[str]) -> Columns:
        """What all of these are."""
        if not chunks:
            return _NONE
        numbers, folded, words, known = zip(*map(self.__getitem__, chunks), strict=True)
        return numbers, folded, words, known


def parted(text: str) -> list[str]:
    """Words, and the marks between them; a line's end is one."""
    text = text.replace(",", " , ").replace(".", " . ").replace(";", " ; ").replace(":", " : ").replace("?", " ? ")
    text = text.replace("!", " ! ").replace("\n", " ; ").replace("…", " . ").replace("(", " ").replace(")", " ")
    return text.replace("/", " ").replace("”", " ").replace("»", " ").split()
