"""A submission's text into opinions: exact spans, in order, not overlapping.

Only salutations, closings and white space are set aside; whatever else a citizen wrote stands in exactly one opinion.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from services.classify.steps.blocks import ORDINAL, blocks
from services.classify.steps.courtesies import trimmed, without_closing_sentences, without_opening_sentences
from services.classify.steps.formulas import is_bare_wish
from services.classify.steps.view import Rule, View
from shared.text import fold

MAX_OPINIONS = 300  # beyond it the rest stays together in the last one, so that an event keeps a bounded size
_SHORTEST_ITEM = 15  # a shorter one inside a sentence is a word of it: "hai ý: (1) thiếu vốn; (2) thi công chậm"

_INNER_ITEM = Rule(
    rf"(?<=[.;:!?…])\s{{1,20}}(?=(?:\d{{1,2}}[.)]\s|\(?[a-zđ]\)\s"
    rf"|\d{{1,2}}/\s|thứ\s{{1,3}}{ORDINAL}(?!\w)|(?:một|hai|ba|bốn|năm|sáu|bảy|tám)\s{{1,3}}là(?!\w)))"
    r"|(?<=[;:])\s{1,20}(?=\(\d{1,2}\)\s)"
)
_LONGEST_POINTER = 40
_POINTER = re.compile(
    r"(?:noi dung |y kien )?(?:xem |theo )?nhu (?:tieu de|chu de|tren)(?: thu| mail| email)?(?: a| nhe| o tren)?"
)
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


AsideKind = Literal["salutation", "closing", "signature", "heading", "quote", "pointer", "courtesy"]


@dataclass(frozen=True)
class Parts:
    """Spans in `seen.plain`, each in order, none overlapping; together they cover every character but white space."""

    opinions: tuple[tuple[int, int], ...]
    set_aside: tuple[tuple[AsideKind, int, int], ...] = ()


def split(seen: View) -> Parts:
    """The parts of a text. No opinion only when there is nothing but white space."""
    opinions = _opinions(seen)
    edges = [0, *(edge for span in opinions for edge in span), len(seen.plain)]
    gaps = (trimmed(seen.plain, edges[i], edges[i + 1]) for i in range(0, len(edges), 2))
    return Parts(opinions, tuple(("courtesy", start, end) for start, end in gaps if start < end))


def _opinions(seen: View) -> tuple[tuple[int, int], ...]:
    spans = [part for block in blocks(seen) for part in _inner_items(seen, *block)]
    spans = [
        span
        for s in spans
        if (span := without_closing_sentences(seen, *without_opening_sentences(seen, *s))) is not None
    ]
    spans = _with_fragments_joined(seen.plain, spans)
    while len(spans) > 1 and is_bare_wish(seen, *spans[-1]):
        spans.pop()
    spans = [span for span in spans if not _points_to_subject(seen.plain, *span)] or spans
    if not spans:
        start, end = trimmed(seen.plain, 0, len(seen.plain))
        return ((start, end),) if start < end else ()
    if len(spans) > MAX_OPINIONS:
        spans[MAX_OPINIONS - 1 :] = [(spans[MAX_OPINIONS - 1][0], spans[-1][1])]
    return tuple(spans)


def _inner_items(seen: View, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Enumerations inside a paragraph: "... . Thứ hai, ..."."""
    item = start
    for match in _INNER_ITEM.of(seen).finditer(seen.matched, start, end):
        length = match.start() - item
        if seen.plain[match.start() - 1] == ":":
            item = match.end()
        if item == match.end() or not _LETTER_OR_DIGIT.search(seen.plain, start, match.start()):
            continue
        if seen.plain[match.end()] == "(" and length < _SHORTEST_ITEM:
            continue
        yield start, match.start()
        start = item = match.end()
    yield start, end


def _points_to_subject(plain: str, start: int, end: int) -> bool:
    """ "Như tiêu đề ạ.", below a mail's subject that is the opinion."""
    return end - start <= _LONGEST_POINTER and _POINTER.fullmatch(fold(plain[start:end])) is not None


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
