"""Quoted wording in a text, whatever marks people use for it, balanced or not.

`masked` writes every quotation as one mark and fillers of the same length, so that rules see it as one thing and offsets stay.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from services.classify.steps.view import Rule, View, words

FIRST, REST = "\ue000", "\ue001"
Q = f"{FIRST}{REST}{{0,1003}}+"  # a quotation, in a pattern over masked text; nothing that follows it can begin with REST
MARKS = "“”„‟\"″«»‘’'`<"
MARK = re.compile(f"[{re.escape(MARKS)}]")

_OPEN = re.compile(r"[“”„‟\"″«‘`]|(?<!\w)'|<<")
_CLOSED = (
    re.compile(r"“([^“”\"\n]{0,1000}(?:“[^“”\"\n]{0,200}”[^“”\"\n]{0,600})?)”"),
    re.compile(r"“([^“”\"\n]{0,400}\n[^“”\"\n]{0,400}(?:\n[^“”\"\n]{1,300})?)”"),  # hard-wrapped
    re.compile(r"«([^«»\n]{0,1000})»"),
    re.compile(r"<<([^<>\n]{1,500})>>"),
    re.compile(r"''([^'\n]{1,1000})''"),
    re.compile(r"[\"″]([^“”\"″\n]{1,1000})[\"″]"),
    re.compile(r"[\"″]([^“”\"″\n]{0,400}(?:“[^“”\"″\n]{0,200}”[^“”\"″\n]{0,200}){1,3})[\"″]"),
    re.compile(r"[“”„‟\"″]([^“”„‟\"″«»\n]{1,1000})[”‟\"″»“]"),
    re.compile(r"‘([^'‘’\n]{1,1000})[’'](?!\w)"),
    re.compile(r"['`]([^'‘’`\n]{1,1000})['’`´](?!\w)"),
)
_BY_MARK = {  # those of them that begin with a mark
    mark: tuple(_CLOSED[at] for at in which)
    for marks, which in (
        ("“", (0, 1, 7)), ("”„‟", (7,)), ('"″', (5, 6, 7)), ("«", (2,)), ("‘", (8,)), ("`", (9,)), ("'", (4, 9)), ("<", (3,))
    )
    for mark in marks
}  # fmt: skip
_WRAP = re.compile(r"(?<![.:;!?\n])\n(?!\s{0,9}(?:[-+•*–]|\d{1,2}[.)]|[a-zđ]\)|[ivx]{1,4}\.|\n|\Z))")
_UNCLOSED = Rule(r"(?:.{1,300}?)(?=\s{1,3}" + words("bằng, thành, vào, sau, trước") + r"|\s{0,3}(?:[.;!?\n]|\Z))")
_ENDS_OPEN = Rule(
    r"\A(.{1,300}?)\s{1,3}"
    + words("bằng, thành")
    + r"(?:\s{1,3}"
    + words("cụm từ, từ, chữ, câu, đoạn")
    + r")?\s{0,3}\Z"
)


@dataclass(frozen=True)
class Quoted:
    """`text`: the masked span, whose first code point is `base` in the view; `wording`: quotation start -> span of its words."""

    text: str
    base: int
    wording: Mapping[int, tuple[int, int]]


def masked(seen: View, start: int, end: int) -> Quoted:
    """The span with its quotations masked, in linear time."""
    text = _unwrapped(seen, start, seen.matched[start:end].replace(FIRST, " ").replace(REST, " "))
    if MARK.search(text) is None:
        return Quoted(text, start, {})
    pieces: list[str] = []
    wording: dict[int, tuple[int, int]] = {}
    done = at = 0
    while (opened := _OPEN.search(text, at)) is not None:
        found = _read(seen, text, opened.start())
        if found is None:
            pieces.append(text[done : opened.start()] + " " * len(opened[0]))
            done = at = opened.end()
            continue
        stop, first, last = found
        wording[opened.start()] = (first, last)
        pieces.append(text[done : opened.start()] + FIRST + REST * (stop - opened.start() - 1))
        done = at = stop
    pieces.append(text[done:])
    return Quoted("".join(pieces), start, wording)


def _unwrapped(seen: View, base: int, text: str) -> str:
    """Line breaks inside a sentence as blanks: a letter typed in an editor breaks its lines anywhere."""
    if "\n" not in text:
        return text

    def as_blank(found: re.Match[str]) -> str:
        follows = seen.original(base + found.end(), base + found.end())[0]
        return found[0] if seen.text[follows : follows + 1].isupper() else " "

    return _WRAP.sub(as_blank, text)


def _read(seen: View, text: str, at: int) -> tuple[int, int, int] | None:
    """Where the quotation that opens here ends, and where its words are; None when it is no quotation."""
    for pattern in _BY_MARK[text[at]]:
        if (found := pattern.match(text, at)) is None:
            continue
        first, last = found.span(1)
        goes_on = text[found.end() : found.end() + 1].isalnum()
        if goes_on and (unclosed := _ENDS_OPEN.of(seen).match(text[first:last])) is not None:
            first_end = first + unclosed.end(1)
            return first_end, first, first_end
        return (found.end(), first, last) if text[first:last].strip() else None
    if text[at] in '“"«„' and at + 1 < len(text) and not text[at + 1].isspace():
        found = _UNCLOSED.of(seen).match(text, at + 1, min(len(text), at + 320))
        if found is not None and found[0].strip():
            return found.end(), at + 1, found.end()
    return None
