"""A submission's text into opinions: exact spans, in order, not overlapping.

Only salutations, closings, signatures and white space are set aside; whatever else a citizen wrote stands in exactly one opinion.
"""

import re
from collections.abc import Sequence
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
from services.classify.steps.splitting.sentences import NOTHING, Shield, sentences, shield
from services.classify.steps.view import Span, View, listen_to

__all__ = ["MAX_OPINIONS", "AsideKind", "Parts", "split", "split_all"]

MAX_OPINIONS = 300  # beyond it the rest stays together in the last one, so that an event keeps a bounded size
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
# A line's end, or a sign that may end a sentence or begin a list; without one before its last letter a text is a single sentence.
_MAY_BREAK = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029;:.!?…(]")

_PLAIN_ENDS = (
    ".!?…"  # with a blank behind, a sentence ends here for `courtesies` too: not a quotation's mark, nor ".Đề nghị"
)


class Parts(NamedTuple):
    """Spans in `seen.plain`, each in order, none overlapping; together they cover every character but white space."""

    opinions: tuple[Span, ...]
    set_aside: tuple[tuple[AsideKind, int, int], ...] = ()


class _Outline(NamedTuple):
    """What is told of a text before its words are heard."""

    start: int
    end: int
    guard: Shield = NOTHING
    told: Sequence[Span] = ()  # its sentences, where it is one line of several
    one_line: bool = True
    breaks: bool = True  # whether any sign in it may end a sentence or begin a list


_new = tuple.__new__


def split(seen: View) -> Parts:
    """The parts of a text. No opinion only when there is nothing but white space."""
    return split_all([seen])[0]


def split_all(texts: Sequence[View]) -> list[Parts]:
    """The parts of each text. From here on their words are heard."""
    outlines = [_outline(seen) for seen in texts]
    listen_to([(seen, its.told) for seen, its in zip(texts, outlines, strict=True)])
    outlines = [its if its.breaks else _with_joints(seen, its) for seen, its in zip(texts, outlines, strict=True)]
    listed = [_is_list(seen, its) for seen, its in zip(texts, outlines, strict=True)]
    bodies = [
        None if in_lines or not its.breaks else _line_body(seen, its.start, its.end, its.told)
        for seen, its, in_lines in zip(texts, outlines, listed, strict=True)
    ]
    opinions = [
        _of_lines(seen, its.guard) if in_lines else _of_line(seen, its, body)
        for seen, its, in_lines, body in zip(texts, outlines, listed, bodies, strict=True)
    ]
    return [_parts(seen, its, spans) for seen, its, spans in zip(texts, outlines, opinions, strict=True)]


def _outline(seen: View) -> _Outline:
    plain = seen.plain
    start, end = trimmed(plain, 0, len(plain))
    if start == end or _MAY_BREAK.search(plain, start, end - 1) is None:
        return _Outline(start, end, breaks=False)
    guard = shield(plain)
    first_line = plain.splitlines()[0]  # at every sign of `BREAK`, and at more
    if len(first_line) == len(plain) or BREAK.search(plain) is None:
        return _new(_Outline, (start, end, guard, sentences(seen, start, end, guard), True, True))
    return _Outline(start, end, guard, one_line=False)


def _with_joints(seen: View, its: _Outline) -> _Outline:
    """A single sentence may hold several opinions all the same."""
    if its.start == its.end or not may_hold_joint(seen, its.start, its.end):
        return its
    return _Outline(its.start, its.end, shield(seen.plain), [(its.start, its.end)])


def _is_list(seen: View, its: _Outline) -> bool:
    """Whether the text is more than what most people write: one paragraph without a list."""
    if not its.one_line:
        return True
    if not its.breaks or not may_hold_items(seen, its.start, its.end):
        return False
    return len([*inner_items(seen, its.start, its.end, its.guard)]) > 1


def _parts(seen: View, its: _Outline, opinions: tuple[Span, ...]) -> Parts:
    """The opinions (the whole text where there would be none), and what stands between them."""
    start, end = its.start, its.end
    if start == end:
        return Parts(())
    opinions = opinions or ((start, end),)
    if opinions[0] == (start, end):
        return _new(Parts, (opinions, ()))  # `Parts(opinions)`, sooner
    plain = seen.plain
    edges = [start, *(edge for span in opinions for edge in span), end]
    gaps = [
        part
        for i in range(0, len(edges), 2)
        if edges[i] < edges[i + 1] and not plain[edges[i] : edges[i + 1]].isspace()
        for part in asides(seen, edges[i], edges[i + 1], last=i + 2 == len(edges))
    ]
    return Parts(opinions, tuple(gaps))


def _of_line(seen: View, its: _Outline, body: Span | None) -> tuple[Span, ...]:
    """The same as `_of_lines`, for one paragraph without a list; `body` is its text without courtesies."""
    if body is None:
        return ()
    spans = paragraph_parts(seen, *body, its.guard, its.told if body == (its.start, its.end) else None)
    if len(spans) == 1 and (seen.plain[body[0]].isalnum() or _LETTER_OR_DIGIT.search(seen.plain, *body)):
        return tuple(spans)
    return _told_apart(seen, spans, its.guard)


def _of_lines(seen: View, guard: Shield) -> tuple[Span, ...]:
    spans: list[Span] = []
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


def _told_apart(seen: View, spans: list[Span], guard: Shield) -> tuple[Span, ...]:
    """Those of the spans that are opinions of their own, at most MAX_OPINIONS."""
    spans = _with_citations_joined(seen, _with_fragments_joined(seen.plain, spans), guard)
    while len(spans) > 1 and is_bare_wish(seen, *spans[-1]):
        spans.pop()
    spans = [span for span in spans if not only_points(seen, *span)] or spans
    if len(spans) > MAX_OPINIONS:
        spans[MAX_OPINIONS - 1 :] = [(spans[MAX_OPINIONS - 1][0], spans[-1][1])]
    return tuple(spans)


def _body(seen: View, start: int, end: int) -> Span | None:
    """An item without its greetings and closings; None when it is nothing else."""
    whole = seen.whole
    if may_open(whole):
        start, end = without_opening_sentences(seen, start, end)
    return without_closing_sentences(seen, start, end) if may_close(whole) else (start, end)


def _line_body(seen: View, start: int, end: int, told: Sequence[Span]) -> Span | None:
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


def _with_citations_joined(seen: View, spans: list[Span], guard: Shield) -> list[Span]:
    """A paragraph that only says what the draft says belongs to the request below it."""
    joined: list[Span] = []
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


def _with_fragments_joined(plain: str, spans: list[Span]) -> list[Span]:
    """A span without letters or digits (a rule of dashes) is no opinion; it stays with its neighbour."""
    joined: list[Span] = []
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
