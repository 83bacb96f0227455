"""A submission's text into opinions: exact spans, in order, not overlapping.

Only salutations, closings and white space are set aside; whatever else a citizen wrote stands in exactly one opinion.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from services.classify.steps.courtesies import (
    COURTESY_LENGTH,
    agrees,
    is_closing,
    is_salutation,
    may_be_substance,
    trimmed,
    without_closing_sentences,
    without_opening_sentences,
)
from services.classify.steps.formulas import is_bare_wish
from services.classify.steps.view import Rule, View, words

MAX_OPINIONS = 300  # beyond it the rest stays together in the last one, so that an event keeps a bounded size
_HALF_LINE = 40  # a shorter line may be all its writer had to say, whatever letter the next begins with
_WRAPPED_LENGTH = 60  # a shorter line without a full stop was ended by its writer, not by a mail program

_ORDINAL = r"(?:nhất|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười)"
_ITEM = Rule(
    r"(?:[-–—•*+▪●○]+\s+|\(?\d{1,3}[.)/](?!\d)\s*|\(?[a-zđ]\)\s*|[ivx]{1,5}[.)]\s+"
    rf"|(?:thứ\s{{1,3}}{_ORDINAL}|(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\s{{1,3}}là|ý\s{{1,3}}kiến\s{{1,3}}\d{{1,3}})(?!\w))"
)
_INNER_ITEM = Rule(
    rf"(?<=[.;:!?…])\s{{1,20}}(?=(?:\d{{1,2}}[.)]\s|\(?[a-zđ]\)\s"
    rf"|thứ\s{{1,3}}{_ORDINAL}(?!\w)|(?:một|hai|ba|bốn|năm|sáu|bảy|tám)\s{{1,3}}là(?!\w)))"
)
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_LINE = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c\x85]+")


class Kind(Enum):
    """What a line is, seen alone."""

    SALUTATION = "salutation"
    CLOSING = "closing"
    ITEM = "item"
    TEXT = "text"


@dataclass(frozen=True)
class Line:
    """A line without the white space around it; `after_gap` tells of an empty line before it."""

    start: int
    end: int
    after_gap: bool
    kind: Kind


def split(seen: View) -> tuple[tuple[int, int], ...]:
    """Spans of opinions in `seen.plain`. Empty only when there is nothing but white space."""
    lines = _without_courtesies(seen, tuple(_lines(seen)))
    blocks = _blocks(seen, lines)
    spans = [part for block in blocks for part in _inner_items(seen, *block)]
    spans = [
        span
        for s in spans
        if (span := without_closing_sentences(seen, *without_opening_sentences(seen, *s))) is not None
    ]
    spans = _with_fragments_joined(seen.plain, spans)
    while len(spans) > 1 and is_bare_wish(seen, *spans[-1]):
        spans.pop()
    if not spans:
        start, end = trimmed(seen.plain, 0, len(seen.plain))
        return ((start, end),) if start < end else ()
    if len(spans) > MAX_OPINIONS:
        spans[MAX_OPINIONS - 1 :] = [(spans[MAX_OPINIONS - 1][0], spans[-1][1])]
    return tuple(spans)


def _lines(seen: View) -> Iterator[Line]:
    before = 0
    for match in _LINE.finditer(seen.plain):
        start, end = trimmed(seen.plain, *match.span())
        if start == end:
            continue
        gap = seen.plain.count("\n", before, start) > 1
        before = end
        yield Line(start, end, gap, _kind(seen, start, end))


def _kind(seen: View, start: int, end: int) -> Kind:
    if is_salutation(seen, start, end):
        return Kind.SALUTATION
    if is_closing(seen, start, end):
        return Kind.CLOSING
    return Kind.ITEM if _ITEM.of(seen).match(seen.matched, start, end) else Kind.TEXT


def _without_courtesies(seen: View, lines: tuple[Line, ...]) -> list[Line]:
    """Salutations count at the beginning only, closings and the signature after them at the end only."""
    first, last = 0, len(lines)
    while first < last and lines[first].kind is Kind.SALUTATION:
        first += 1
    tail = next(
        (i for i in range(first, last) if lines[i].kind is Kind.CLOSING and _all_courtesy(seen, lines[i:])), last
    )
    return list(lines[first:tail])


def _all_courtesy(seen: View, lines: tuple[Line, ...]) -> bool:
    """Whether nothing of substance follows: further closings, a signature, a date, an address."""
    if len(lines) > 12:
        return False
    return all(line.kind in {Kind.CLOSING, Kind.SALUTATION} or _is_signature(seen, line) for line in lines)


def _is_signature(seen: View, line: Line) -> bool:
    if line.kind is not Kind.TEXT or line.end - line.start > _WRAPPED_LENGTH:
        return False
    return not may_be_substance(seen, line.start, line.end)


def _blocks(seen: View, lines: list[Line]) -> Iterator[tuple[int, int]]:
    """Lines that belong together; a heading ("Về phần II:") joins what it announces."""
    current: Line | None = None
    start = 0
    for line in lines:
        if current is not None and _begins_anew(seen, current, line):
            yield start, current.end
            start = line.start
        elif current is None:
            start = line.start
        current = line
    if current is not None:
        yield start, current.end


def _begins_anew(seen: View, before: Line, line: Line) -> bool:
    last = seen.plain[before.end - 1]
    if (last == ":" or (_is_capitals(seen, before) and not _is_capitals(seen, line))) and _is_heading(seen, before):
        return False
    if line.kind is Kind.ITEM or line.after_gap or last in '.!?…;”"':
        return True
    length = before.end - before.start
    first, _ = seen.original(line.start, line.end)
    goes_on = last == "," or (length >= _HALF_LINE and seen.text[first].islower())
    return not goes_on and length < _WRAPPED_LENGTH


def _is_capitals(seen: View, line: Line) -> bool:
    return (
        line.end - line.start <= COURTESY_LENGTH // 2
        and seen.text[slice(*seen.original(line.start, line.end))].isupper()
    )


def _is_heading(seen: View, line: Line) -> bool:
    """Announces what follows and says nothing itself; "Tôi nhất trí, nhưng có mấy ý kiến:" does."""
    if line.end - line.start > COURTESY_LENGTH:
        return False
    return not agrees(seen, line.start, line.end)


def _inner_items(seen: View, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Enumerations inside a paragraph: "... . Thứ hai, ..."."""
    for match in _INNER_ITEM.of(seen).finditer(seen.matched, start, end):
        if seen.plain[match.start() - 1] == ":" or not _LETTER_OR_DIGIT.search(seen.plain, start, match.start()):
            continue
        yield start, match.start()
        start = match.end()
    yield start, end


def _with_fragments_joined(plain: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A span without letters or digits (a rule of dashes) is no opinion; it stays with its neighbour."""
    joined: list[tuple[int, int]] = []
    pending: int | None = None
    for start, end in spans:
        if _LETTER_OR_DIGIT.search(plain, start, end):
            joined.append((start if pending is None else pending, end))
            pending = None
        elif joined:
            joined[-1] = (joined[-1][0], end)
        elif pending is None:
            pending = start
    return joined
