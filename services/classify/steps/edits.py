"""Wording changes an opinion asks for, verbatim: thay "A" bằng "B", bổ sung "B" sau "A", bỏ "A", sửa "A" thành "B".

Only quoted wording: what is not quoted is not certain enough to be printed as a proposed text.
"""

import re
from collections.abc import Iterator
from typing import Literal

from services.classify.steps.view import Rule, View, words
from shared.events import Edit

MAX_EDITS = 20  # per opinion

_QUOTED = re.compile(r"[“”\"«]([^“”\"«»\n]{1,1000})[”\"»]|(?<!\w)['‘]([^'‘’\n]{1,1000})['’](?!\w)")
_WINDOW = 60  # code points between a verb and the wording it governs
_SAME_CLAUSE = r"[^.!?;\n]{0,60}\Z"
_REPLACE = Rule(
    words("thay, thay thế, sửa, sửa đổi, sửa lại, đổi, chỉnh sửa, điều chỉnh, viết lại, chỉnh") + _SAME_CLAUSE
)
_BY = Rule(r"[^.!?;\n]{0,30}" + words("bằng, thành, bởi") + r"[^.!?;\n]{0,30}")
_INSTEAD = Rule(r"[^.!?;\n]{0,30}" + words("thay cho, thay thế cho, thay vì, thay thế") + r"[^.!?;\n]{0,30}")
_ADD = Rule(words("bổ sung, bổ sung thêm, thêm, chèn, ghi thêm, viết thêm") + _SAME_CLAUSE)
_PLACE = Rule(r"[^.!?;\n]{0,20}" + words("sau, trước") + r"[^.!?;\n]{0,30}")
_AT_PLACE = Rule(words("sau, trước, tiếp sau, ngay sau, phía sau, liền sau") + r"[^.!?;\n]{0,30}\Z")
_THEN_ADD = Rule(r"[^.!?;\n]{0,30}" + words("bổ sung, thêm, chèn, ghi thêm") + r"[^.!?;\n]{0,30}")
_REMOVE = Rule(
    words("bỏ, lược bỏ, xóa, xoá, xóa bỏ, xoá bỏ, cắt, cắt bỏ, bỏ bớt, gạch bỏ, loại bỏ, bỏ đi")
    + r"(?!\s{1,3}sung)"
    + _SAME_CLAUSE
)

_Op = Literal["replace", "insert", "delete"]


def edits(seen: View, start: int, end: int) -> tuple[Edit, ...]:
    """Edits in the span, in order; `old`, `new` and `place` are exact pieces of the text."""
    found: list[Edit] = []
    for edit in _edits(seen, start, end):
        found.append(edit)
        if len(found) == MAX_EDITS:
            break
    return tuple(found)


def _edits(seen: View, start: int, end: int) -> Iterator[Edit]:
    quotes = list(_QUOTED.finditer(seen.matched, start, end))
    floor, i = start, 0
    while i < len(quotes):
        first = quotes[i]
        second = quotes[i + 1] if i + 1 < len(quotes) else None
        before = seen.matched[max(floor, first.start() - _WINDOW) : first.start()]
        pair = _pair(seen, before, first, second) if second is not None else None
        if pair is not None:
            yield pair
            i, floor = i + 2, quotes[i + 1].end()
            continue
        single = _single(seen, before, first)
        if single is not None:
            yield single
        i, floor = i + 1, first.end()


def _pair(seen: View, before: str, first: re.Match[str], second: re.Match[str]) -> Edit | None:
    if second.start() - first.end() > 2 * _WINDOW:
        return None
    between = seen.matched[first.end() : second.start()]
    if (verb := _REPLACE.of(seen).search(before)) and _BY.of(seen).fullmatch(between):
        return _edit(seen, "replace", first.start() - len(before) + verb.start(), second.end(), old=first, new=second)
    if _INSTEAD.of(seen).fullmatch(between):
        return _edit(seen, "replace", first.start(), second.end(), old=second, new=first)
    if (verb := _ADD.of(seen).search(before)) and _PLACE.of(seen).fullmatch(between):
        return _edit(
            seen,
            "insert",
            first.start() - len(before) + verb.start(),
            second.end(),
            new=first,
            place=(first.end(), second.end()),
        )
    if (verb := _AT_PLACE.of(seen).search(before)) and _THEN_ADD.of(seen).search(between):
        begin = first.start() - len(before) + verb.start()
        return _edit(seen, "insert", begin, second.end(), new=second, place=(begin, first.end()))
    return None


def _single(seen: View, before: str, quote: re.Match[str]) -> Edit | None:
    if verb := _REMOVE.of(seen).search(before):
        return _edit(seen, "delete", quote.start() - len(before) + verb.start(), quote.end(), old=quote)
    if verb := _ADD.of(seen).search(before):
        return _edit(seen, "insert", quote.start() - len(before) + verb.start(), quote.end(), new=quote)
    return None


def _edit(
    seen: View,
    op: _Op,
    start: int,
    end: int,
    *,
    old: re.Match[str] | None = None,
    new: re.Match[str] | None = None,
    place: tuple[int, int] | None = None,
) -> Edit:
    begin, stop = seen.original(start, end)
    return Edit(
        op=op,
        old=_inside(seen, old),
        new=_inside(seen, new),
        place=seen.text[slice(*seen.original(*place))].strip(" ,;:") if place else None,
        start=begin,
        end=stop,
    )


def _inside(seen: View, quote: re.Match[str] | None) -> str | None:
    """The quoted words without their quotation marks, as written."""
    if quote is None:
        return None
    group = 1 if quote.group(1) is not None else 2
    return seen.text[slice(*seen.original(*quote.span(group)))]
