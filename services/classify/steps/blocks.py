"""Lines into blocks: what its writer set apart stands apart, what a mail program broke is whole again."""

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
)
from services.classify.steps.view import Rule, View, words

_HALF_LINE = 40  # a shorter line may be all its writer had to say, whatever letter the next begins with
_WRAPPED_LENGTH = 60  # a shorter line without a full stop was ended by its writer, not by a mail program

ORDINAL = r"(?:nhất|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười)"
_ITEM = Rule(
    r"(?:[-–—•*+▪●○]+\s+|\(?\d{1,3}[.)/](?!\d)\s*|\(?[a-zđ]\)\s*|[ivx]{1,5}[.)]\s+"
    rf"|(?:thứ\s{{1,3}}{ORDINAL}|(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\s{{1,3}}là|ý\s{{1,3}}kiến\s{{1,3}}\d{{1,3}})(?!\w))"
)
_ANNOUNCES = Rule(
    words(
        "xin góp ý, xin đóng góp, xin tham gia ý kiến, xin tham gia góp ý, xin có ý kiến, xin nêu ý kiến, xin trình bày"
    )
    + r"\s{1,3}(?:ý\s{1,3}kiến\s{1,3})?"
    + words("về, vào, cho, đối với")
    + r"[^.!?;:\n]{0,100}[.]?\Z"
)
_ASKS = Rule(words("đề nghị, kiến nghị, đề xuất, bổ sung, cần, nên, sửa, thay, bỏ, không, chưa"))
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


def blocks(seen: View) -> Iterator[tuple[int, int]]:
    """Spans of lines that belong together, without the letter's courtesies; a heading ("Về phần II:") joins what it announces."""
    current: Line | None = None
    start = 0
    for line in _without_courtesies(seen, tuple(_lines(seen))):
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
    if _is_title(seen, before, line) and _is_heading(seen, before):
        return False
    if line.kind is Kind.ITEM:
        return True
    first, _ = seen.original(line.start, line.end)
    lower = seen.text[first].islower()
    if last == "," and (lower or not line.after_gap):
        return False
    if line.after_gap or last in ".!?…;" or (last in '”"' and not lower):
        return True
    length = before.end - before.start
    goes_on = last in '”"' or (length >= _HALF_LINE and lower)
    return not goes_on and length < _WRAPPED_LENGTH


def _is_title(seen: View, before: Line, line: Line) -> bool:
    """Whether the line before stands over this one: a colon, capitals, or "Tôi xin góp ý về ..." over a list."""
    if seen.plain[before.end - 1] == ":" or (_is_capitals(seen, before) and not _is_capitals(seen, line)):
        return True
    if line.kind is not Kind.ITEM or before.kind is Kind.ITEM:
        return False
    return (
        _ANNOUNCES.of(seen).search(seen.matched, before.start, before.end) is not None
        and _ASKS.of(seen).search(seen.matched, before.start, before.end) is None
    )


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
