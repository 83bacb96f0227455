"""What the writer wrote, apart from what they answer. When in doubt a line stays: losing a citizen's word is the worst fault.

An older mail goes only when there is new text beside it; a forwarded one always stays, for forwarding a letter is sending it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from unicodedata import combining, normalize

from services.ingest.mail import disclaimers, marks, opinions, signature
from services.ingest.mail.lines import BLANK, Kind, Line, shallower
from shared import text as texts

_POINTER_WORDS = 40
_BELOW = (
    r"\b(?:màu (?:đỏ|xanh|vàng|tím|cam|khác)|(?:tô|bôi|đánh dấu|mực|in|chữ) (?:đỏ|xanh|vàng|đậm|nghiêng)"
    r"|(?:chèn|xen|viết|ghi|gõ|sửa|trả lời|góp ý|ý kiến|xem)(?: \w+){0,4}"
    r" (?:bên dưới|phía dưới|ở dưới|ngay dưới|trong (?:thư|mail|email|bản|văn bản|phần) \w+|trực tiếp)"
    r"|bên dưới|in red|in blue|inline|see below)\b"
)
_BELOW_EXACT = re.compile(_BELOW)
_BELOW_FOLDED = re.compile("".join(c for c in normalize("NFD", _BELOW) if not combining(c)).replace("đ", "d"))
_MAX_LEVELS = 8  # forwards of forwards that are looked into


def new_lines(lines: Sequence[Line], *, forward: bool = False, level: int = 0) -> list[Line]:
    """The lines that are the mail's own text. `forward`: the subject says that another's mail is passed on."""
    if level >= _MAX_LEVELS:
        return list(lines)
    own, older, passed_on = _split(lines, forward=forward)
    written = _own(own)
    if passed_on:
        return [*written, BLANK, *new_lines(_bared(passed_on), level=level + 1)]
    quoted = any(not line.empty for line in older)
    if quoted and (all(line.empty or _salutation(line.text) for line in written) or _points_down(written)):
        return [*written, BLANK, *new_lines(older, level=level + 1)]
    if any(not line.empty for line in written):
        return written
    signed = [line for segment in own for line in segment]
    return signed if any(opinions.holds(line.text) for line in signed) else written  # all of it under a "--"


def _bared(lines: Sequence[Line]) -> list[Line]:
    """A mail that came quoted throughout, without the marks."""
    found = list(lines)
    for _ in range(_MAX_LEVELS):
        if not all(line.depth or line.empty for line in found):
            break
        found = shallower(found)
    return found


def _salutation(text: str) -> bool:
    return len(text.split()) <= 15 and texts.fold(text).startswith(("kinh gui", "kinh thua", "thua"))


def _points_down(written: Sequence[Line]) -> bool:
    """Whether few words only say that the opinion stands among what is quoted ("góp ý của tôi tô màu đỏ ở dưới"): colours are lost
    here, so all of it stays.
    """
    text = " ".join(line.text for line in written)
    if len(text.split()) > _POINTER_WORDS:
        return False
    # With diacritics when the text has any: "trọng thư" is no "trong thư".
    found = _BELOW_FOLDED.search(texts.fold(text)) if text.isascii() else _BELOW_EXACT.search(text.lower())
    return found is not None


def _own(segments: Sequence[Sequence[Line]]) -> list[Line]:
    out: list[Line] = []
    for segment in segments:
        out += [*disclaimers.strip(signature.strip(segment)), BLANK]
    return out


def _split(lines: Sequence[Line], *, forward: bool) -> tuple[list[list[Line]], list[Line], list[Line]]:
    """(the writer's lines in pieces, the quoted lines without their marks, the forwarded mail)."""
    attributed = any(line.sure for line in lines) or _has_mark(lines)
    own: list[list[Line]] = [[]]
    older: list[Line] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.depth and (line.sure or attributed):
            if own[-1]:
                own.append([])
            older.append(line)
            index += 1
            continue
        forwarded, after = _boundary(lines, index, forward=forward)
        if after is None:
            own[-1].append(line)
            index += 1
            continue
        _drop_attribution(own[-1], lines, index)
        if not forwarded and _quoted_next(lines, after):
            index = after
            own.append([])
            continue
        rest = [replace(one, kind=Kind.TEXT) if one.kind is Kind.FORWARD else one for one in lines[after:]]
        if forwarded:
            return own, older, rest
        return own, [*shallower(older), *rest], []
    return own, shallower(older), []


def _has_mark(lines: Sequence[Line]) -> bool:
    return any(
        line.kind not in {Kind.TEXT, Kind.SIGNATURE}
        or marks.original(line.text)
        or marks.forwarded(line.text)
        or ((found := marks.attribution(lines, index)) is not None and (found[1] or _quoted_next(lines, index + 1)))
        or marks.header_block(lines, index) is not None
        for index, line in enumerate(lines)
    )


def _boundary(lines: Sequence[Line], index: int, *, forward: bool) -> tuple[bool, int | None]:
    """Whether another mail begins at this line, forwarded or answered, and where its text does. None: nothing begins here."""
    line = lines[index]
    end: int | None
    if line.kind is Kind.FORWARD or marks.forwarded(line.text):
        return True, marks.fields_after(lines, index + (1 if marks.forwarded(line.text) else 0))
    if line.kind is Kind.HISTORY:
        end = index
        while end < len(lines) and lines[end].kind is Kind.HISTORY:
            end += 1
        told = any(not lines[at].blank for at in range(index, end))
        return forward, end if told else marks.fields_after(lines, end)
    if marks.original(line.text):
        return forward, marks.fields_after(lines, index + 1)
    if (end := marks.header_block(lines, index)) is not None:
        return forward, marks.fields_after(lines, end)
    if line.kind is Kind.ATTRIBUTION and not line.blank:
        end = index
        while end < len(lines) and lines[end].kind is Kind.ATTRIBUTION:
            end += 1
        return False, end
    found = marks.attribution(lines, index)
    if found is not None and (found[1] or _quoted_next(lines, index + 1)):
        return False, index + 1
    return False, None


def _quoted_next(lines: Sequence[Line], index: int) -> bool:
    """Whether the next line that holds something is quoted."""
    for line in lines[index : index + 4]:
        if line.depth:
            return True
        if not line.empty:
            return False
    return False


def _drop_attribution(written: list[Line], lines: Sequence[Line], index: int) -> None:
    """Takes the first lines of a wrapped attribution, and a line of underscores above a header block, off the writer's lines."""
    found = marks.attribution(lines, index)
    if found is not None and found[0] < index:
        del written[len(written) - (index - found[0]) :]
    while written and (written[-1].empty or marks.rule(written[-1].text)):
        written.pop()
