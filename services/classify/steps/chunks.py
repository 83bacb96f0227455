"""What stands between white space, read once for all steps: a language has few words, and what each one is, is kept."""

from collections.abc import Callable, Sequence
from sys import intern

from shared.text import fold

_LONGEST_KEPT, _MOST_KEPT = 24, 20_000  # code points of a chunk; chunks: some 10 MB

Pack = Callable[[str], bytes]
"""The numbers of a chunk's words in some table, as bytes."""

Read = tuple[bytes, str, tuple[str, ...], bytes, bytes]
"""Of a chunk: the numbers of the words that rules wait for (`Hearing`), itself folded, its words and marks, the numbers of the
words that a consultation's definition knows, and of those that were learned."""

Columns = tuple[Sequence[bytes], Sequence[str], Sequence[tuple[str, ...]], Sequence[bytes], Sequence[bytes]]
"""The same of many chunks, side by side."""

_NONE: Columns = ((), (), (), (), ())


class Chunks(dict[str, Read]):
    """Filled as chunks are met. `heard` packs what rules wait for, `known` what a definition knows, `learned` what was learned."""

    def __init__(self, heard: Pack, known: Pack | None = None, learned: Pack | None = None) -> None:
        super().__init__()
        self._heard, self._known, self._learned = heard, known, learned

    def __missing__(self, chunk: str) -> Read:
        words = tuple(map(intern, parted(chunk)))  # the same objects as in the tables of cues are found sooner
        known = self._known(chunk) if self._known else b""
        learned = self._learned(chunk) if self._learned else b""
        read = self._heard(chunk), fold(chunk), words, known, learned
        if len(chunk) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[chunk] = read
        return read

    def columns(self, chunks: Sequence[str]) -> Columns:
        """What all of these are."""
        if not chunks:
            return _NONE
        heard, folded, words, known, learned = zip(*map(self.__getitem__, chunks), strict=True)
        return heard, folded, words, known, learned


def parted(text: str) -> list[str]:
    """Words, and the marks between them; a line's end is one."""
    text = text.replace(",", " , ").replace(".", " . ").replace(";", " ; ").replace(":", " : ").replace("?", " ? ")
    text = text.replace("!", " ! ").replace("\n", " ; ").replace("…", " . ").replace("(", " ").replace(")", " ")
    return text.replace("/", " ").replace("”", " ").replace("»", " ").split()
