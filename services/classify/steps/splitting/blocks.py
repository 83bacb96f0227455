"""Lines into blocks: what its writer set apart stands apart, what a mail program broke is whole again."""

import re
from collections.abc import Iterator
from itertools import pairwise

from services.classify.steps.splitting.courtesies import (
    COURTESY_LENGTH,
    is_closing,
    is_salutation,
    may_be_substance,
    trimmed,
)
from services.classify.steps.splitting.items import lead_asks, mark_class, mark_end, stands_alone
from services.classify.steps.splitting.openings import goes_on
from services.classify.steps.splitting.quoted_mail import begins_quote
from services.classify.steps.splitting.sentences import Shield
from services.classify.steps.splitting.signatures import is_name, signs
from services.classify.steps.splitting.titles import Kind, Line, stands_over
from services.classify.steps.view import Rule, View, words

_HALF_LINE = 40  # a shorter line may be all its writer had to say, whatever letter the next begins with
_WRAPPED_LENGTH = 60  # a shorter line without a full stop was ended by its writer, not by a mail program
_WIDEST_WRAP = 82  # mail programs break lines at 72 to 80 columns
_MOST_CLOSING_LINES = 12
_MOST_CHILDREN = 40  # lines looked ahead to tell a list of requests from a list of words

_TABLE_HEAD = Rule(r"(?:stt|tt|số\s{1,3}tt)\t")
BREAK = re.compile(r"[\n\r\u2028\u2029\x0b\x0c\x85]")
_FIGURE = re.compile(r"\(?(\d{1,3})[.)/]?\s{0,20}\Z")
_UNIT = Rule(
    words(
        "chi bộ, đảng bộ, đảng ủy, chi đoàn, chi hội, hội, tổ dân phố, thôn, bản, xã, phường, đơn vị, trường, cơ quan"
    )
)
_ADDRESSES = Rule(words("kính gửi, kính thưa"))
_ADDRESSEE = Rule(
    words(
        "ban, tiểu ban, tổ, văn phòng, tỉnh ủy, thành ủy, huyện ủy, đảng ủy, đảng bộ, chi bộ, ủy ban, hội đồng, thường trực, "
        "các đồng chí, đồng chí, "
        "sở, mặt trận, lãnh đạo, cấp ủy, bộ, trung ương"
    )
    + r"[^.!?:\n]{0,80}[.;,]?\Z"
)
_REASON = Rule(
    words(
        "vì vậy, vì thế, do đó, do vậy, bởi vậy, chính vì vậy, chính vì thế, cụ thể, cụ thể là, theo đó, trong đó, lý do, "
        "lí do, lý do là, ví dụ, vd"
    )
)
_LINE = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c\x85]+")


def _lines(seen: View) -> list[Line]:
    before, number = 0, 0
    found: list[Line] = []
    for match in _LINE.finditer(seen.plain):
        start, end = trimmed(seen.plain, *match.span())
        if start == end:
            continue
        gap = seen.plain.count("\n", before, start) > 1
        before = end
        begin = mark_end(seen, start, end)
        figure = _FIGURE.match(seen.plain, start, begin)
        if figure is not None:
            if found and not gap and not _is_next(seen.plain, int(figure.group(1)), number, found[-1]):
                begin = start
            else:
                number = int(figure.group(1))
        found.append(Line(start, end, gap, Kind.TEXT if begin == start else Kind.ITEM, begin))
    return found


def _is_next(plain: str, figure: int, before: int, line: Line) -> bool:
    """Whether a number is that of an item: not "hết tháng\n7. Như vậy ...", broken by a mail program."""
    return figure in {1, before + 1} or plain[line.end - 1] in '.;:!?…”"'


def _opens_letter(seen: View, line: Line) -> bool:
    return (
        is_salutation(seen, line.start, line.end)
        or is_name(seen, line.start, line.end)
        or (
            _TABLE_HEAD.match(seen, line.start, line.end) is not None
            and not may_be_substance(seen, line.start, line.end)
        )
    )


def _without_courtesies(seen: View, lines: list[Line]) -> list[Line]:
    """Salutations count at the beginning only, closings and the signature after them at the end only."""
    first, last = 0, _before_quoted_mail(seen, lines)
    while first < last and (
        _opens_letter(seen, lines[first])
        or (first and (_names_unit(seen, lines[first]) or _addressed(seen, lines[first - 1], lines[first])))
    ):
        first += 1
    low = max(first, last - _MOST_CLOSING_LINES)
    closing = [_closes(seen, line) for line in lines[low:last]]
    tail = next((i for i in range(low, last) if closing[i - low] and _all_courtesy(seen, lines[i:last])), last)
    return lines[first:tail]


def _names_unit(seen: View, line: Line) -> bool:
    """Whose minutes they are, under their title: "Chi bộ thôn ...", and nothing else."""
    return (
        _UNIT.match(seen, line.start, line.end) is not None
        and seen.plain[line.end - 1] not in ".!?…;:,"
        and _is_signature(seen, line)
    )


def _addressed(seen: View, before: Line, line: Line) -> bool:
    """A further addressee below "Kính gửi: ...;"."""
    return (
        line.kind is Kind.ITEM
        and line.end - line.words <= COURTESY_LENGTH // 2
        and _ADDRESSEE.match(seen, line.words, line.end) is not None
        and not may_be_substance(seen, line.words, line.end)
        and (before.kind is Kind.ITEM or _ADDRESSES.match(seen, before.start, before.end) is not None)
    )


def _before_quoted_mail(seen: View, lines: list[Line]) -> int:
    """How many lines stand before the mail that is answered: only when every line after its heading is marked as quoted."""
    last = len(lines)
    while last and seen.plain[lines[last - 1].start] == ">":
        last -= 1
    if last < len(lines) and last and begins_quote(seen, lines[last - 1].start, lines[last - 1].end):
        return last - 1
    return len(lines)


def _closes(seen: View, line: Line) -> bool:
    return is_closing(seen, line.start, line.end) or is_name(seen, line.start, line.end)


def _all_courtesy(seen: View, lines: list[Line]) -> bool:
    """Whether nothing of substance follows: further closings, a signature, a date, an address."""
    return all(
        is_closing(seen, line.start, line.end) or is_salutation(seen, line.start, line.end) or _is_signature(seen, line)
        for line in lines
    )


def _is_signature(seen: View, line: Line) -> bool:
    return line.kind is Kind.TEXT and signs(seen, line.start, line.end)


def blocks(seen: View, guard: Shield) -> Iterator[tuple[int, int]]:
    """Spans of lines that belong together, without the letter's courtesies; a heading ("Về phần II:") joins what it announces."""
    if BREAK.search(seen.plain) is None:  # its courtesies are told sentence by sentence
        yield trimmed(seen.plain, 0, len(seen.plain))
        return
    lines = _without_courtesies(seen, _lines(seen))
    if not lines:
        return
    width = _wrap_width(seen, lines)
    loose = not any(seen.plain[line.end - 1] in ".!?…;:," for line in lines)
    start, inside = lines[0].start, -1
    for i in range(1, len(lines)):
        before, line = lines[i - 1], lines[i]
        if i > inside and line.kind is Kind.ITEM:
            inside = max(inside, _last_of_word_list(seen, lines, i))
        if i <= inside or guard.covers(line.start) or not _begins_anew(seen, before, line, width, loose):
            continue
        yield start, before.end
        start = line.start
    yield start, lines[-1].end


def _wrap_width(seen: View, lines: list[Line]) -> int:
    """The column at which a mail program broke the lines, in the middle of sentences too; 0 when none did."""
    widest = max(line.end - line.start for line in lines)
    if not _WRAPPED_LENGTH <= widest <= _WIDEST_WRAP:
        return 0
    for before, line in pairwise(lines):
        if (
            seen.plain[before.end - 1] in ".!?…;:"
            or line.after_gap
            or line.kind is Kind.ITEM
            or not _is_lower(seen, line)
        ):
            continue
        if before.end - before.start + 1 + _first_word(seen.plain, line) > widest:
            return widest
    return 0


def _is_lower(seen: View, line: Line) -> bool:
    first = seen.text[seen.original(line.start, line.end)[0]]
    return first.islower() or first.isdigit()


def _last_of_word_list(seen: View, lines: list[Line], first: int) -> int:
    """The index of the last item of a list that belongs to the request over it ("Đề nghị bổ sung các chỉ tiêu:"); -1 when its
    items are requests of their own."""
    over, item = lines[first - 1], lines[first]
    if seen.plain[over.end - 1] != ":" or not lead_asks(seen, over.words, over.end):
        return -1
    kind = mark_class(seen, item.start, item.words)
    if over.kind is Kind.ITEM and mark_class(seen, over.start, over.words) == kind:
        return -1
    last, all_alone = first, True
    for i in range(first, min(first + _MOST_CHILDREN, len(lines))):
        line = lines[i]
        if line.kind is not Kind.ITEM or mark_class(seen, line.start, line.words) != kind:
            break
        last = i
        all_alone = all_alone and stands_alone(seen, line.words, line.end)
    return -1 if all_alone else last


def _begins_anew(seen: View, before: Line, line: Line, width: int, loose: bool) -> bool:
    if goes_on(seen, line.words, line.end) and _reasons(seen, line):
        return False
    if stands_over(seen, before, line):
        return False
    if line.kind is Kind.ITEM:
        return True
    last = seen.plain[before.end - 1]
    lower = _is_lower(seen, line)
    if last == "," and (lower or not line.after_gap):
        return False
    if line.after_gap:
        return True
    length = before.end - before.start
    if width and length >= _HALF_LINE and length + 1 + _first_word(seen.plain, line) > width:
        return (
            False  # the mail program had no room for the next word: whatever the sign, it was no choice of the writer's
        )
    if last in ".!?…;" or (last in '”"' and not lower):
        return True
    if seen.plain[line.start].isdigit() or seen.plain[line.start + 1 : line.start + 2].isdigit():
        return False  # "chỉ khoảng\n2.5 triệu", "xuống tới\n-2 độ": a figure begins no opinion
    if loose and not width:
        return True
    goes_on_after = last in '”"' or (length >= _HALF_LINE and lower)
    return not goes_on_after and length < _WRAPPED_LENGTH


def _first_word(plain: str, line: Line) -> int:
    blank = plain.find(" ", line.start, line.end)
    return (blank if blank >= 0 else line.end) - line.start


def _reasons(seen: View, line: Line) -> bool:
    """Continuations strong enough to reach over the end of a line."""
    return _REASON.match(seen, line.words, line.end) is not None
