"""The words of a text, with their marks and without. A language has few words, each met again and again: what one is, is kept."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain

from services.classify.steps.view import view, without_diacritics

__all__ = [
    "STOP_WORDS",
    "Kept",
    "bare_words",
    "marked",
    "read_bare",
    "tokens",
    "weighed",
]

_TOKEN = re.compile(r"[a-z0-9]+")
_WRITTEN = re.compile(r"[^\W_]+")
_NOT_WEIGHED = (
    "va cua cho cac co la duoc nhung trong voi can khong toi mot ve nay den tu theo de ra vao o tai da dang se rat nhu thi ma khi "
    "boi do hay hoac nhat nua them nghi y kien du thao gop cung"
)
STOP_WORDS = tuple(sorted({*_NOT_WEIGHED.split()}))
_STOP = frozenset(STOP_WORDS)
_LONGEST_KEPT, _MOST_KEPT = 24, 20_000  # code points of a chunk; chunks: some 5 MB


class Kept(dict[str, tuple[str, ...]]):
    """Chunk (what stands between white space) -> its words; filled as chunks are met."""

    def __init__(self, read: Callable[[str], list[str]]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        words = tuple(self._read(chunk))
        if len(chunk) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[chunk] = words
        return words

    def words(self, text: str) -> list[str]:
        """What `read` gives for a whole text, as long as no word of it holds white space."""
        return self.words_of(text.split())

    def words_of(self, chunks: Iterable[str]) -> list[str]:
        """The same for a text that was cut at its white space."""
        return list(chain.from_iterable(map(self.__getitem__, chunks)))


def read_bare(chunk: str) -> list[str]:
    """The words of a chunk in lower case, without diacritics."""
    return _TOKEN.findall(without_diacritics(chunk))


bare_words = Kept(read_bare).words
"""The words of a text in lower case (`View.plain` or `View.bare`), without diacritics."""


def read_marked(chunk: str) -> list[str]:
    """The words of a chunk in lower case, with their marks (`marked`)."""
    return [marked(word) for word in _WRITTEN.findall(chunk)]


def tokens(text: str) -> list[str]:
    """The folded words of a text."""
    return bare_words(view(text).bare)


def weighed(words: list[str]) -> list[str]:
    """Those of the bare words that are worth weighing."""
    return [word for word in words if word not in _STOP]


@lru_cache(20_000)
def marked(word: str) -> str:
    """The same for "hoà" and "hòa", whatever letter the tone stands on."""
    return f"{without_diacritics(word)} {''.join(sorted(unicodedata.normalize('NFD', word)))}"
