"""A text as the rules see it: lower case, one code point per letter, with the way back to the citizen's own offsets.

Rules are written with diacritics ("bỏ" is not "bộ"). A text that has none is matched by the same rules without theirs, so
every rule exists twice and the view says which of the two applies.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

_BARE = {
    code: base
    for code in range(0x00C0, 0x1F00)
    if (base := unicodedata.normalize("NFD", chr(code))[0]).isascii() and base.isalpha()
} | {ord("đ"): "d", ord("Đ"): "D"}
_MARKED = re.compile(r"[à-ỹ]")
_VIETNAMESE_ONLY = re.compile(r"[ăđơưạ-ỹ]")
_LETTER_RUN = re.compile(r"[^\W\d_]+")
_SAMPLE = 4000  # code points that decide whether a text carries diacritics


def without_diacritics(text: str) -> str:
    """The same text with plain Latin letters, code point for code point (precomposed letters only)."""
    return text.translate(_BARE)


@dataclass(frozen=True)
class View:
    """`plain` is `text` in lower case and NFC; `offsets` is None when both count alike."""

    text: str
    plain: str
    offsets: Sequence[int] | None = None

    @cached_property
    def accented(self) -> bool:
        """Whether the writer used Vietnamese diacritics: letters no other tongue has, and marks on one word in ten."""
        sample = self.plain[:_SAMPLE]
        if not _VIETNAMESE_ONLY.search(sample):
            return False
        words = _LETTER_RUN.findall(sample)
        return 10 * sum(1 for word in words if _MARKED.search(word)) >= len(words)

    @cached_property
    def bare(self) -> str:
        """`plain` without diacritics; same offsets."""
        return without_diacritics(self.plain)

    @property
    def matched(self) -> str:
        """What rules search: with diacritics where the writer used them."""
        return self.plain if self.accented else self.bare

    def original(self, start: int, end: int) -> tuple[int, int]:
        """A span of `plain` as a span of `text`, whole letters with all their marks."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end]


def view(text: str) -> View:
    """Reads a text once, in linear time."""
    lower = text.lower()
    if len(lower) == len(text) and unicodedata.is_normalized("NFC", text):
        return View(text, lower)
    plain: list[str] = []
    offsets: list[int] = []
    for start, letter in _letters(text):
        for char in unicodedata.normalize("NFC", letter).lower():
            plain.append(char)
            offsets.append(start)
    offsets.append(len(text))
    return View(text, "".join(plain), offsets)


def _letters(text: str) -> Iterator[tuple[int, str]]:
    """Base characters with the combining marks that follow them, and where they start."""
    start = 0
    for i in range(1, len(text) + 1):
        # A run of marks without end (an attack, not a letter) is cut, so that normalising stays linear.
        if i == len(text) or not unicodedata.combining(text[i]) or i - start >= 8:
            yield start, text[start:i]
            start = i


class Rule:
    """A regular expression written with diacritics, compiled with and without."""

    def __init__(self, pattern: str) -> None:
        self._accented = re.compile(pattern)
        self._bare = re.compile(without_diacritics(pattern))

    def of(self, seen: View) -> re.Pattern[str]:
        """The variant that fits `seen.matched`."""
        return self._accented if seen.accented else self._bare


def words(phrases: str) -> str:
    """A pattern for any of these phrases (set apart by commas) as whole words; blanks in a phrase match any blanks."""
    longest_first = sorted((phrase.strip() for phrase in phrases.split(",")), key=len, reverse=True)
    return r"(?<!\w)(?:" + "|".join(re.escape(p).replace(r"\ ", r"\s{1,3}") for p in longest_first) + r")(?!\w)"
