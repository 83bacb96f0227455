# ruff: noqa: E501 -- a pattern is read as one whole; broken into pieces nobody can check it
"""Where an edit belongs, in the citizen's words: a citation inside its words, right behind it, or before it in the same sentence;
without one, what is said instead ("vào cuối câu", "trong câu “...”").
"""

import re
from collections.abc import Sequence

from services.classify.steps.editing.quotes import FIRST, REST
from services.classify.steps.view import Rule, View, words
from shared.events import Cite

_BEHIND = Rule(
    r"\s{0,3}[,(]?\s{0,3}(?P<place>(?:(?:vào|ở|tại|trong|thuộc|của|khỏi|sau|trước|cuối|đầu|giữa|nội\s{1,3}dung|phần|câu|đoạn|ngay|bên|cho|cụm\s{1,3}từ)\s{1,3}){0,5})\Z"
)
_INSIDE = Rule(r"(?:(?:vào|ở|tại|trong|thuộc|của|khỏi|sau|trước|cuối|đầu|giữa|ngay)\s{1,3}){1,4}\Z")
_STOP = re.compile(r"[!?;]|\.(?=\s)|\n\s{0,9}\n|(?<![:,])\s{0,3}\n\s{0,9}(?:[-+•*–]|\d{1,2}[.)])")
_FAR = 200  # code points between a citation and the edit it speaks of


def cited_place(seen: View, start: int, end: int, named: Sequence[Cite]) -> tuple[str | None, Cite | None]:
    """The words that say where the edit from `start` to `end` (offsets of the text) belongs, and the citation in them."""
    text = seen.text
    for cite in named:
        if start <= cite.start < end:
            lead = _INSIDE.of(seen).search(text[max(start, cite.start - 40) : cite.start].lower())
            begin = cite.start - (len(lead[0]) if lead else 0)
            return text[begin : _closed(text, begin, cite.end)], cite
    for cite in named:
        if cite.start >= end:
            lead = _BEHIND.of(seen).match(text[end : cite.start].lower()) if cite.start - end <= 60 else None
            if lead is not None:
                begin = end + lead.start("place")
                return text[begin : _closed(text, begin, cite.end)], cite
            break
    before = [cite for cite in named if cite.end <= start]
    if before and start - before[-1].end <= _FAR and _STOP.search(text, before[-1].end, start) is None:
        begin = before[-1].start
        return text[begin : _closed(text, begin, before[-1].end)], before[-1]
    return None, None


_SENTENCE = re.compile(r"[!?;]|\.(?=\s)|\n")
_NEXT_ITEM = re.compile(r"\n\s{0,9}(?:\d{1,2}[.)/]|[a-zđ]\)|[-+•*–])")
_HEADED = re.compile(r"\s{0,3}(?:[:\n]|[.–-]\s)")
_FURTHER = re.compile(
    r"(?<!\w)(?:ngoài ra|ngoai ra|bên cạnh đó|ben canh do|đồng thời|dong thoi|mặt khác|mat khac|riêng|cuối cùng)(?!\w)"
)
_TOLD = 500  # code points between an edit and a place told before it


def place_told_before(seen: View, start: int, old: str | None, named: Sequence[Cite]) -> tuple[str | None, Cite | None]:
    """The place told in a sentence before the edit: that of the quoted words, else the only one there, else a heading's.

    "Tại Mục II.2 có viết “A”. Đề nghị sửa “A” thành “B”"; "Trang 6, dòng 3: câu này dài. Đề nghị thay ...".
    """
    text = seen.text
    before = [cite for cite in named if cite.end <= start and start - cite.end <= _TOLD]
    if not before:
        return None, None
    chosen: Cite | None = None
    if old is not None and (said := text.find(old, before[0].start, start)) >= 0:
        beside = [cite for cite in before if cite.end <= said and _SENTENCE.search(text, cite.end, said) is None]
        behind = [cite for cite in before if cite.start >= said and _SENTENCE.search(text, said, cite.start) is None]
        chosen = beside[-1] if beside else behind[0] if behind else None
    if chosen is None:
        last = before[-1]
        together = [cite for cite in before if cite is last or _SENTENCE.search(text, cite.end, last.start) is None]
        if len(together) > 1 and not (_opens_line(text, together[0].start) and _HEADED.match(text, together[0].end)):
            return None, None
        chosen = together[0]
        if _FURTHER.search(text[chosen.end : start].lower()) is not None:
            return None, None
        if _NEXT_ITEM.search(text, chosen.end, start) and not _heads_items(text, chosen):
            return None, None
    return text[chosen.start : _closed(text, chosen.start, chosen.end)], chosen


def _closed(text: str, begin: int, end: int) -> int:
    """The end of a place, with the bracket that closes the one in it: "Mục 3.2 (trang 19)"."""
    opened = text.count("(", begin, end) > text.count(")", begin, end)
    return end + 1 if opened and text.startswith(")", end) else end


def _heads_items(text: str, cite: Cite) -> bool:
    """Whether a citation is the heading of the items below it, not one of them."""
    line = text.rfind("\n", 0, cite.start)
    return _HEADED.match(text, cite.end) is not None and _NEXT_ITEM.match("\n" + text[line + 1 : cite.start]) is None


def _opens_line(text: str, at: int) -> bool:
    """Whether nothing but marks and a word such as "Tại" stands before it in its line or sentence."""
    before = text[max(0, at - 12) : at].rstrip()
    return not before or before[-1] in ".;:!?-–+•*)" or before.rpartition("\n")[2].strip().lower() in ("tại", "ở", "")


_UNTIL = r"(?=\s{0,3}(?:[.,;:!?)\n]|\Z)|\s{1,3}(?:cho|để|vì|nhằm|là|thì|và|đồng\s{1,3}thời|do|bằng|thành)(?!\w))"
_SAID_BEHIND = Rule(
    rf"\s{{0,3}}(?P<place>{words('vào, ở, tại, trong, sau, trước')}\s{{1,3}}(?!(?:năm|tháng|ngày|giai\s{{1,3}}đoạn|nhiệm\s{{1,3}}kỳ|thời)(?!\w))[^.,;:!?\n]{{1,60}}?){_UNTIL}"
)
_SAID_INSIDE = Rule(
    rf"[^{FIRST}]{{0,60}}?(?P<place>{words('vào, ở, tại, trong')}\s{{1,3}}[^.,;:!?\n{FIRST}{REST}]{{1,50}}?)(?:\s{{0,3}}{words('cụm từ, từ, chữ, nội dung, ý, dòng, bằng, thành')}|(?<!cuối)(?<!đầu)(?<!giữa)\s{{1,3}}{words('câu, đoạn')}|\s{{0,3}}[:{FIRST}])"
)
_SAID_AMID = Rule(
    rf"(?P<place>{words('ở, tại, trong')}\s{{1,3}}[^.,;:!?\n{FIRST}{REST}]{{1,50}}?)\s{{1,3}}{words('bằng, thành')}"
)
_SAID_BEFORE = Rule(
    r"(?:\A|[.;!?\n]\s{0,5})(?P<place>(?:tại|ở|trong)\s{1,3}[^.,;:!?\n]{2,300}?),?\s{0,3}(?:(?:tôi|em|chúng\s{1,3}tôi|đề\s{1,3}nghị|kiến\s{1,3}nghị|nên|cần|xin|thì|có\s{1,3}thể)\s{1,3}){0,5}\Z"
)


def said_place(seen: View, text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span, in a masked text, of the words that say where the edit from `start` to `end` belongs."""
    behind = _SAID_BEHIND.of(seen).match(text, end, min(len(text), end + 160))
    if behind is not None:
        return behind.span("place")
    if (inside := _SAID_INSIDE.of(seen).match(text, start, end)) is not None:
        return inside.span("place")
    if (amid := _SAID_AMID.of(seen).search(text, start, min(end, start + 400))) is not None:
        return amid.span("place")
    begin = max(0, start - 400)
    led = _SAID_BEFORE.of(seen).search(text[begin:start])
    return (begin + led.start("place"), begin + led.end("place")) if led is not None else None
