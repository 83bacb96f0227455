"""Where sentences end, and what no cut may go through: quotations and brackets.

A full stop ends no sentence after an abbreviation ("TP. Điện Biên", "v.v."), inside a number, an address of the web or a quotation.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from services.classify.steps.view import View

_MARK = re.compile(r"[“”\"«»‘(\[{']")
_LONGEST_QUOTE = 3000  # code points; a longer one has lost its closing mark
_SHIELDED = re.compile(
    rf"“[^“”]{{0,{_LONGEST_QUOTE}}}”|«[^«»]{{0,{_LONGEST_QUOTE}}}»|\"[^\"]{{0,1500}}\"|‘[^‘’\n]{{0,500}}’(?!\w)"
    r"|(?<!\w)'[^'\n]{1,300}'(?!\w)|\([^()\n]{0,800}\)|\[[^\[\]\n]{0,800}\]"
)
_STOP = re.compile(  # every way begins with the mark itself: the search runs from mark to mark
    r"[.!?…](?:[.!?…]{0,7}[”\"’»)\]]{0,3}(?=\s)|(?<=[^\W\d_][^\W\d_][.!?])(?=[^\W\d_]{2,8}\s))"
)
_LAST_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*\Z")
_WORD_SPAN = 24
_ABBREVIATED = (
    "tp tx tt ts ths th.s pgs gs bs ks kts ncs ub ubnd hđnd hdnd mttq đc dc st tk nxb ls cv tr no mr mrs dr v.v vv vd"
)
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,2})*\Z")
_FIRST_IN_LINE = re.compile(r"\n[ \t]{0,20}\Z")
_ROMAN = re.compile(r"[ivx]{2,5}\Z")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Shield:
    """Spans no cut may go through, in order, none overlapping."""

    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def covers(self, position: int) -> bool:
        """Whether a cut before this character would go through a quotation or a bracket."""
        at = bisect_right(self.starts, position) - 1
        return at >= 0 and self.starts[at] < position < self.ends[at]


NOTHING = Shield()
"""Of a text without quotations and brackets."""


def shield(plain: str) -> Shield:
    """Quotations and brackets of a text; marks without their partner shield nothing."""
    first = _MARK.search(plain)
    if first is None:
        return NOTHING
    spans = [match.span() for match in _SHIELDED.finditer(plain, first.start())]
    if not spans:
        return NOTHING
    return Shield(*zip(*spans, strict=True))


def sentences(seen: View, start: int, end: int, guard: Shield) -> list[tuple[int, int]]:
    """The sentences of a span, in order, without the white space between them."""
    found: list[tuple[int, int]] = []
    at = start
    plain = seen.plain
    for stop in _STOP.finditer(plain, start, end):
        stops = follows = stop.end()
        while follows < end and plain[follows].isspace():
            follows += 1
        if follows >= end:
            continue
        at_word = follows > stops and not guard.starts and stop.group() == "." and _is_word(plain, at, stops - 1)
        if at_word or _ends_sentence(seen, at, stop, follows, guard):
            found.append((at, stops))
            at = follows
    found.append((at, end))
    return found


def _is_word(plain: str, start: int, end: int) -> bool:
    """Whether a span ends with what nearly every sentence ends with: a word that is neither short for another nor a number."""
    last = plain[max(start, end - _WORD_SPAN) : end].rpartition(" ")[2]
    return last.isalpha() and len(last) > 1 and last not in _ABBREVIATIONS and last[0] not in "ivx"


def _ends_sentence(seen: View, start: int, stop: re.Match[str], follows: int, guard: Shield) -> bool:
    plain = seen.plain
    end = stop.end()
    if guard.starts and guard.covers(end):
        return False
    capital = not seen.text[follows if seen.offsets is None else seen.offsets[follows]].islower()
    if end == follows:  # glued: "đường.Đề nghị", but not "example.vn"
        return capital
    mark = stop.group()
    if mark[-1] in '”"’»)]' or "…" in mark or mark.startswith(".."):
        return capital
    if mark != ".":
        return True
    low = max(start, stop.start() - _WORD_SPAN)
    if _is_word(plain, low, stop.start()):
        return True
    word = _LAST_WORD.search(plain, low, stop.start())
    if word is None:
        return _LETTER.search(plain, low, stop.start()) is not None
    last = word.group()
    if _NUMBER.match(last) and _FIRST_IN_LINE.search(plain, low, word.start()):
        return False  # "\n1.1. Đề nghị"
    if word.start() == start and (last.isdigit() or len(last) == 1 or _ROMAN.match(last)):
        return False  # "1. Đề nghị": the number of an item
    if (
        last in _ABBREVIATIONS
        or last.rpartition(".")[2] in _ABBREVIATIONS
        or _ROMAN.match(last)
        or (len(last) == 1 and last.isalpha())
    ):
        return capital and plain.startswith(_OPENS, follows)
    return True


_OPENS = (
    "đề nghị",
    "kiến nghị",
    "đề xuất",
    "de nghi",
    "kien nghi",
    "de xuat",
    "ngoài ra",
    "tôi ",
    "chúng tôi ",
    "vì vậy",
    "do đó",
)


def stands_outside(guard: Shield, matches: Iterable[re.Match[str]]) -> bool:
    """Whether a match stands outside quotations and brackets."""
    for match in matches:  # noqa: SIM110 - a generator costs twice the search
        if not guard.covers(match.start()):
            return True
    return False
