"""A submission's text into opinions: exact spans, in order, not overlapping.

Only salutations, closings, signatures and white space are set aside; whatever else a citizen wrote stands in exactly one opinion.
"""

import re
from typing import NamedTuple

from services.classify.steps.splitting.asides import AsideKind, asides, only_points
from services.classify.steps.splitting.blocks import BREAK, blocks
from services.classify.steps.splitting.courtesies import (
    may_close,
    may_open,
    trimmed,
    without_closing_sentences,
    without_opening_sentences,
)
from services.classify.steps.splitting.formulas import is_bare_wish
from services.classify.steps.splitting.items import inner_items, may_hold_items
from services.classify.steps.splitting.joints import may_hold_joint, paragraph_parts
from services.classify.steps.splitting.openings import only_quotes
from services.classify.steps.splitting.sentences import Shield, sentences, shield
from services.classify.steps.view import View

__all__ = ["MAX_OPINIONS", "AsideKind", "Parts", "split"]

MAX_OPINIONS = 300  # beyond it the rest stays together in the last one, so that an event keeps a bounded size
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
# A line's end, or a sign that may end a sentence or begin a list; without one before its last letter a text is a single sentence.
_MAY_BREAK = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029;:.!?…(]")

_PLAIN_ENDS = (
    ".!?…"  # with a blank behind, a sentence ends here for `courtesies` too: not a quotation's mark, nor ".Đề nghị"
)


class Parts(NamedTuple):
    """Spans in `seen.plain`, each in order, none overlapping; together they cover every character but white space."""

    opinions: tuple[tuple[int, int], ...]
    set_aside: tuple[tuple[AsideKind, int, int], ...] = ()


def split(seen: View) -> Parts:
    """The parts of a text. No opinion only when there is nothing but white space."""
    plain = seen.plain
    start, end = trimmed(plain, 0, len(plain))
    if start == end:
        seen.listen()
        return Parts(())
    if _MAY_BREAK.search(plain, start, end - 1) is None:
        seen.listen()
        if not may_hold_joint(seen, start, end):
            return Parts(((start, end),))
    guard = shield(plain)
    first_line = plain.splitlines()[0]  # at every sign of `BREAK`, and at more
    one_line = len(first_line) == len(plain) or BREAK.search(plain) is None
    opinions = (_of_line(seen, start, end, guard) if one_line else _of_lines(seen, guard)) or ((start, end),)
    if opinions[0] == (start, end):
        return Parts(opinions)
    edges = [start, *(edge for span in opinions for edge in span), end]
    gaps = [
        part
        for i in range(0, len(edges), 2)
        if edges[i] < edges[i + 1] and not plain[edges[i] : edges[i + 1]].isspace()
        for part in asides(seen, edges[i], edges[i + 1], last=i + 2 == len(edges))
    ]
    return Parts(opinions, tuple(gaps))


def _of_line(seen: View, start: int, end: int, guard: Shield) -> tuple[tuple[int, int], ...]:
    """The same as `_of_lines`, for the text most people write: one paragraph without a list."""
    told = sentences(seen, start, end, guard)
    if len(told) > 1:
        seen.listen_to(told)
    else:
        seen.listen()
    if may_hold_items(seen, start, end) and len([*inner_items(seen, start, end, guard)]) > 1:
        return _of_lines(seen, guard)
    if (body := _line_body(seen, start, end, told)) is None:
        return ()
    spans = paragraph_parts(seen, *body, guard, told if body == (start, end) else None)
    if len(spans) == 1 and (seen.plain[body[0]].isalnum() or _LETTER_OR_DIGIT.search(seen.plain, *body)):
        return tuple(spans)
    return _told_apart(seen, spans, guard)


def _of_lines(seen: View, guard: Shield) -> tuple[tuple[int, int], ...]:
    if seen.whole < 0:
        seen.listen()
    spans: list[tuple[int, int]] = []
    for block in blocks(seen, guard):
        if len(spans) > MAX_OPINIONS:  # these stay together whatever they hold
            spans.append(block)
            continue
        for item in inner_items(seen, *block, guard):
            if len(spans) > MAX_OPINIONS:
                spans.append((item[0], block[1]))
                break
            if (body := _body(seen, *item)) is not None:
                spans += paragraph_parts(seen, *body, guard)
    return _told_apart(seen, spans, guard)


def _told_apart(seen: View, spans: list[tuple[int, int]], guard: Shield) -> tuple[tuple[int, int], ...]:
    """Those of the spans that are opinions of their own, at most MAX_OPINIONS."""
    spans = _with_citations_joined(seen, _with_fragments_joined(seen.plain, spans), guard)
    while len(spans) > 1 and is_bare_wish(seen, *spans[-1]):
        spans.pop()
    spans = [span for span in spans if not only_points(seen, *span)] or spans
    if len(spans) > MAX_OPINIONS:
        spans[MAX_OPINIONS - 1 :] = [(spans[MAX_OPINIONS - 1][0], spans[-1][1])]
    return tuple(spans)


def _body(seen: View, start: int, end: int) -> tuple[int, int] | None:
    """An item without its greetings and closings; None when it is nothing else."""
    whole = seen.whole
    if may_open(whole):
        start, end = without_opening_sentences(seen, start, end)
    return without_closing_sentences(seen, start, end) if may_close(whole) else (start, end)


def _line_body(seen: View, start: int, end: int, told: list[tuple[int, int]]) -> tuple[int, int] | None:
    """As `_body`, for one line: a courtesy before or after its opinions lies in the first or the last of its sentences."""
    first = last = seen.whole
    if len(told) > 1:
        plain = seen.plain
        at = told[0][1]
        if plain[at] == " " and plain[at - 1] in _PLAIN_ENDS:
            first = seen.heard(*told[0])
        at = told[-2][1]
        if plain[at] == " " and plain[at - 1] in _PLAIN_ENDS:
            last = seen.heard(*told[-1])
    if may_open(first):
        start, end = without_opening_sentences(seen, start, end)
    return without_closing_sentences(seen, start, end) if may_close(last) else (start, end)


def _with_citations_joined(seen: View, spans: list[tuple[int, int]], guard: Shield) -> list[tuple[int, int]]:
    """A paragraph that only says what the draft says belongs to the request below it."""
    joined: list[tuple[int, int]] = []
    pending: int | None = None
    for start, end in spans:
        begin = start if pending is None else pending
        if only_quotes(seen, start, end, guard):
            pending = begin
            continue
        joined.append((begin, end))
        pending = None
    if pending is not None:
        joined.append((pending, spans[-1][1]))
    return joined


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
