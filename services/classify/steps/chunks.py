"""What stands between white space, read once for all steps: a language has few words, and what each one is, is kept."""

from collections.abc import Callable, Sequence

from shared.text import fold

_LONGEST_KEPT, _MOST_KEPT = 24, 20_000  # code points of a chunk; chunks: some 10 MB

Read = tuple[bytes, str, tuple[str, ...]]
"""Of a chunk: the numbers of its words (`Hearing`), itself folded, its words and marks."""

Columns = tuple[Sequence[bytes], Sequence[str], Sequence[tuple[str, ...]]]
"""The same of many chunks, side by side."""

_NONE: Columns = ((), (), ())


class Chunks(dict[str, Read]):
    """Filled as chunks are met. `number`: the numbers of a chunk's words, packed."""

    def __init__(self, number: Callable[[str], bytes]) -> None:
        super().__init__()
        self._number = number

    def __missing__(self, chunk: str) -> Read:
        read = self._number(chunk), fold(chunk), tuple(parted(chunk))
        if len(chunk) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[chunk] = read
        return read

    def columns(self, chunks: Sequence[str]) -> Columns:
        """What all of these are."""
        if not chunks:
            return _NONE
        numbers, folded, words = zip(*map(self.__getitem__, chunks), strict=True)
        return numbers, folded, words


def parted(text: str) -> list[str]:
    """Words, and the marks between them; a line's end is one."""
    text = text.replace(",", " , ").replace(".", " . ").replace(";", " ; ").replace(":", " : ").replace("?", " ? ")
    text = text.replace("!", " ! ").replace("\n", " ; ").replace("…", " . ").replace("(", " ").replace(")", " ")
    return text.replace("/", " ").replace("”", " ").replace("»", " ").split()
