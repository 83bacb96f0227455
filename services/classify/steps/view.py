"""A text as the rules see it: lower case, one code point per letter, with the way back to the citizen's own offsets.

Rules are written with diacritics ("bỏ" is not "bộ"). A text that has none is matched by the same rules without theirs, so
every rule exists twice and the view says which of the two applies.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from services.classify.steps.chunks import Chunks, Columns, Pack
from services.classify.steps.hearing import Hearing
from services.classify.steps.triggers import keys

_BARE = {
    code: base
    for code in range(0x00C0, 0x1F00)
    if (base := unicodedata.normalize("NFD", chr(code))[0]).isascii() and base.isalpha()
} | {ord("đ"): "d", ord("Đ"): "D"}
_LETTER_RUN = re.compile(r"[^\W\d_]+")
_MARKED = "".join(c for c in map(chr, range(ord("à"), ord("ỹ") + 1)) if _LETTER_RUN.match(c))
_MARKED_RUN = re.compile(rf"[{_MARKED}][^\W\d_]*")
_VIETNAMESE_ONLY = re.compile(r"[ăđơưạ-ỹ]")
_SAMPLE = 4000  # code points that decide whether a text carries diacritics
_LONG = 400  # code points
_FEW = 8  # texts: so few are heard sooner one by one
SHORT = 2000  # code points: a longer text may hold as many different words as it likes, and none is kept

Span = tuple[int, int]


def without_diacritics(text: str) -> str:
    """The same text with plain Latin letters, code point for code point (precomposed letters only)."""
    return text.translate(_BARE)


class View:
    """`plain` is `text` in lower case and NFC; `offsets` is None when both count alike. Never changed once made."""

    __slots__ = (
        *("_bare", "_heard", "_read", "accented", "cased", "chunks", "matched", "offsets", "plain", "text", "whole"),
    )

    def __init__(
        self, text: str, plain: str, offsets: Sequence[int] | None = None, chunks: "Tables | None" = None
    ) -> None:
        self.text, self.plain, self.offsets = text, plain, offsets
        self.accented = _is_accented(plain[:_SAMPLE])
        """Whether the writer used Vietnamese diacritics: letters no other tongue has, and marks on one word in ten."""
        self._bare: str | None = None
        self.cased: str | None = None
        """The text with its capitals, once `cased.cased` has made it."""
        self.whole = -1  # what is heard in the whole text, once `listen` was called; before, anything may be
        self._heard: dict[tuple[int, int], int] = {}
        self._read: tuple[int, int, Columns] | None = None
        self.chunks = (chunks or _CHUNKS)[self.accented]
        self.matched = plain if self.accented else self.bare
        """What rules search: with diacritics where the writer used them."""

    @property
    def bare(self) -> str:
        """`plain` without diacritics; same offsets."""
        if self._bare is None:
            self._bare = without_diacritics(self.plain)
        return self._bare

    def original(self, start: int, end: int) -> tuple[int, int]:
        """A span of `plain` as a span of `text`, whole letters with all their marks."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end]

    def read(self, start: int, end: int) -> Columns:
        """What the chunks of a short span are: of the last span that was asked for it is remembered."""
        last = self._read
        if last is not None and last[0] == start and last[1] == end:
            return last[2]
        columns = self.chunks.columns(self.matched[start:end].split())
        self._read = start, end, columns
        return columns

    def heard(self, start: int, end: int) -> int:
        """Which keys of which rules stand in a span, bits as in `Rule.bits`; linear in the span, then remembered."""
        found = self._heard.get((start, end))
        if found is None:
            found = self._heard[start, end] = _HEARD[self.accented].bits(self.matched, start, end)
        return found

    def listen(self) -> None:
        """Hears the whole text: most rules are silent in all of it, and need not be looked at span by span."""
        self.whole = self.heard(0, len(self.plain))

    def listened(self, spans: Sequence[Span], heard: Sequence[int]) -> None:
        """What was heard in all of the text, then in each of these spans."""
        self.whole = heard[0]
        self._heard[0, len(self.plain)] = heard[0]
        if len(spans) > 1:
            self._heard.update(zip(spans, heard[1:], strict=True))

    def silent(self, bits: int, start: int, end: int) -> bool:
        """Whether one of these bits is missing in a span. Much of a text is only asked with all of it: searching it is quicker."""
        if self.whole < 0:
            self.listen()
        if self.whole & bits != bits:
            return True
        if end - start > _LONG or 2 * (end - start) > len(self.plain):
            return False
        return self.heard(start, end) & bits != bits


def _is_accented(sample: str) -> bool:
    if _VIETNAMESE_ONLY.search(sample) is None:
        return False
    # There are at most half as many words as letters and gaps: most texts are told by their beginning.
    if _MANY_MARKED[len(sample) // 20 + 1].match(sample) is not None:
        return True
    return 10 * len(_MARKED_RUN.findall(sample)) >= len(_LETTER_RUN.findall(sample))


class _ManyMarked(dict[int, re.Pattern[str]]):
    """Number -> a pattern that matches where at least so many words bear marks."""

    def __missing__(self, least: int) -> re.Pattern[str]:
        self[least] = pattern = re.compile(rf"(?:[^{_MARKED}]*+[{_MARKED}][^\W\d_]*+){{{least}}}")
        return pattern


_MANY_MARKED = _ManyMarked()  # at most _SAMPLE / 20 of them


def view(text: str, chunks: "Tables | None" = None) -> View:
    """Reads a text once, in linear time; `chunks` of a model, when it is at hand."""
    lower = text.lower()
    if len(lower) == len(text) and unicodedata.is_normalized("NFC", text):
        return View(text, lower, None, chunks)
    plain: list[str] = []
    offsets: list[int] = []
    for start, letter in _letters(text):
        for char in unicodedata.normalize("NFC", letter).lower():
            plain.append(char)
            offsets.append(start)
    offsets.append(len(text))
    return View(text, "".join(plain), offsets, chunks)


def _letters(text: str) -> Iterator[tuple[int, str]]:
    """Base characters with the combining marks that follow them, and where they start."""
    start = 0
    for i in range(1, len(text) + 1):
        # A run of marks without end (an attack, not a letter) is cut, so that normalising stays linear.
        if i == len(text) or not unicodedata.combining(text[i]) or i - start >= 8:
            yield start, text[start:i]
            start = i


def listen_to(texts: Sequence[tuple[View, Sequence[Span]]]) -> None:
    """As `View.listen`, for many texts at once, and hears each of their spans by itself.

    The spans of a text, if there are any, hold all its letters, and cut through no word.
    """
    for accented, hearing in enumerate(_HEARD):
        alike = [text for text in texts if text[0].accented is bool(accented)]
        if len(alike) < _FEW:
            for seen, _ in alike:
                seen.listen()
            continue
        packed = [_packed(seen, spans) for seen, spans in alike]
        for (seen, spans), heard in zip(alike, hearing.bits_of_packed(packed), strict=True):
            seen.listened(spans, heard)


def _packed(seen: View, spans: Sequence[Span]) -> list[bytes]:
    """The numbers of the words of each span."""
    length = len(seen.plain)
    if length > SHORT:
        number = _HEARD[seen.accented].pack
        return [number(seen.matched[start:end]) for start, end in spans or [(0, length)]]
    if len(spans) < 2:
        return [b"".join(seen.read(0, length)[0])]
    if not _set_apart_by_blanks(seen, spans):
        return [b"".join(seen.chunks.columns(seen.matched[start:end].split())[0]) for start, end in spans]
    numbers, blanks, at = seen.read(0, length)[0], seen.matched.count, 0
    packed: list[bytes] = []
    for start, end in spans:
        first, at = at, at + blanks(" ", start, end) + 1
        packed.append(b"".join(numbers[first:at]))
    return packed


def _set_apart_by_blanks(seen: View, spans: Sequence[Span]) -> bool:
    """Whether one blank stands between any two chunks of the text, and between any two spans: then counting blanks counts chunks."""
    held = seen.matched[spans[0][0] : spans[-1][1]]
    if not held.isprintable() or "  " in held:  # all white space but the blank is not printable
        return False
    before = spans[0][0] - 1
    for start, end in spans:
        if start != before + 1:
            return False
        before = end
    return True


Tables = tuple[Chunks, Chunks]
"""The chunks of texts without and with diacritics."""


def tables(known: Pack | None = None, learned: Pack | None = None) -> Tables:
    """For views: with the numbers of the words that a definition knows, and of those that were learned."""
    without, with_marks = (hearing.chunks(known, learned) for hearing in _HEARD)
    return without, with_marks


_HEARD = (Hearing(), Hearing())  # without and with diacritics
_CHUNKS = tables()
_bits = count()


class Rule:
    """A regular expression written with diacritics, compiled with and without.

    Most rules match only where one of a few words stands (`triggers.keys`): a span is asked for the words of all rules at once
    (`View.heard`), and a rule of which a bit is missing there needs no search.
    """

    __slots__ = ("_accented", "_bare", "bits")

    def __init__(self, pattern: str) -> None:
        bare = without_diacritics(pattern)
        self._accented = re.compile(pattern)
        self._bare = re.compile(bare)
        self.bits = 0
        for with_marks, without in zip(keys(pattern), keys(bare), strict=False):
            bit = 1 << next(_bits)
            _HEARD[True].wait_for(with_marks, bit)
            _HEARD[False].wait_for(without, bit)
            self.bits |= bit

    @property
    def pattern(self) -> str:
        """As it is written, with diacritics."""
        return self._accented.pattern

    def of(self, seen: View) -> re.Pattern[str]:
        """The variant that fits `seen.matched`."""
        return self._accented if seen.accented else self._bare

    def silent(self, seen: View, start: int, end: int) -> bool:
        """Whether no match can lie in the span: cheap, and never wrong when it says so."""
        return (bits := self.bits) != 0 and (seen.whole & bits != bits or seen.silent(bits, start, end))

    def finditer(self, seen: View, start: int, end: int) -> Iterable[re.Match[str]]:
        """The matches in the span, in order."""
        if (bits := self.bits) and (seen.whole & bits != bits or seen.silent(bits, start, end)):
            return ()
        return (self._accented if seen.accented else self._bare).finditer(seen.matched, start, end)

    def search(self, seen: View, start: int, end: int) -> re.Match[str] | None:
        """The first match in the span."""
        if (bits := self.bits) and (seen.whole & bits != bits or seen.silent(bits, start, end)):
            return None
        return (self._accented if seen.accented else self._bare).search(seen.matched, start, end)

    def match(self, seen: View, start: int, end: int) -> re.Match[str] | None:
        """The match at the beginning of the span."""
        if (bits := self.bits) and (seen.whole & bits != bits or seen.silent(bits, start, end)):
            return None
        return (self._accented if seen.accented else self._bare).match(seen.matched, start, end)


def words(phrases: str) -> str:
    """A pattern for any of these phrases (set apart by commas) as whole words; blanks in a phrase match any blanks."""
    longest_first = sorted((phrase.strip() for phrase in phrases.split(",")), key=len, reverse=True)
    return r"(?<!\w)(?:" + "|".join(re.escape(p).replace(r"\ ", r"\s{1,3}") for p in longest_first) + r")(?!\w)"


def any_of(*rules: Rule) -> int:
    """Bits of which one at least is heard wherever one of these rules matches; all bits when one of them may match unheard."""
    bits = 0
    for rule in rules:
        if not rule.bits:
            return -1
        bits |= rule.bits & -rule.bits  # one of its bits is enough: it needs them all
    return bits
