"""The mark an item of a list begins with, and enumerations that run on inside a paragraph."""

import re
from collections.abc import Iterator

from services.classify.steps.splitting.openings import opens_with_request
from services.classify.steps.splitting.sentences import Shield
from services.classify.steps.view import Rule, View, words

ORDINAL = r"(?:nhất|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười)"
_NTH = rf"(?:ý\s{{1,3}}kiến|vấn\s{{1,3}}đề|nội\s{{1,3}}dung|ý|điều)\s{{1,3}}thứ\s{{1,3}}{ORDINAL}"
_BULLETS = "-–—•*+▪●○·►▶➢➤✓✔◆■□→⇒➔☑"
ITEM = Rule(
    rf"(?:[{_BULLETS}]{{1,20}}(?:\s{{1,20}}|(?=[^\W\d_]))|o\t\s{{0,20}}|👉\s{{0,9}}"
    r"|\d{1,2}\ufe0f?\u20e3\s{0,9}"
    r"|\(?\d{1,3}(?:\.\d{1,2}){0,3}(?:[.)](?!\d)|/(?!\d|[^\W\d_]{2,4}-)|\.?\s{0,2}[-–:]\s|\t)\s{0,20}"
    r"|\(?[a-zđ]\)\s{0,20}|[a-hđ][./]\s{1,20}|[ivx]{1,5}(?:[.)/]\s{1,20}|\s{0,2}[-–:]\s{1,20})"
    rf"|(?:thứ\s{{1,3}}{ORDINAL}|(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\s{{1,3}}là"
    rf"|{_NTH}"
    r"|(?:ý\s{1,3}kiến|ý|câu|góp\s{1,3}ý|kiến\s{1,3}nghị|đề\s{1,3}nghị)(?:\s{1,3}(?:số|thứ))?\s{1,3}\d{1,3})(?!\w)[.:,)]?\s{0,20})"
)
_INNER = Rule(
    r"[.;:!?…,](?:"
    rf"\s{{1,20}}(?=\d{{1,2}}[.)]\s?(?!\d)|\(?[a-zđ]\)\s|\d{{1,2}}/\s|thứ\s{{1,3}}{ORDINAL}(?!\w)"
    r"|(?:một|hai|ba|bốn|năm|sáu|bảy|tám)\s{1,3}là(?!\w)|ý\s{1,3}kiến\s{1,3}\d{1,2}(?!\w)|[-–+•]\s"
    rf"|{_NTH}(?!\w))"
    r"|\s{0,20}(?=\(\d{1,2}\))|(?=\d{1,2}[.)/]\s?[^\W\d_]))"
)
_RUNNING = Rule(
    r"(?<!\w)(?:thứ\s{1,3}(?:nhất|hai|ba|tư|năm|sáu|bảy|tám)|(?:một|hai|ba|bốn|năm|sáu|bảy|tám)\s{1,3}là)(?!\w)"
)
_COUNTED_THINGS = (
    "phần mục điểm câu đoạn lần ngày khâu phá chương kỳ khóa dòng trang khoản điều người bước hạng sáng chiều tối "
    "nhóm lược là từ"
)
_COUNTED = Rule(  # "phần thứ hai", "ngày thứ hai": no mark of an item
    r"(?<!\w)(?:" + "|".join(_COUNTED_THINGS.split()) + r")\Z"
)
_PUNCTUATION = re.compile(r"[,;.:]\s")
_FIRST = Rule(r"(?<!\w)(?:thứ\s{1,3}nhất|một\s{1,3}là)(?!\w)")
_SAYS = Rule(
    words(
        "đề nghị, kiến nghị, đề xuất, bổ sung, cần, nên, phải, nhất trí, đồng ý, đồng tình, tán thành, thống nhất, ủng hộ, "
        "không, chưa, sửa, thay, bỏ, "
        "quá, rất, thấp, cao, hợp lý, phù hợp, xấu, khó, ở đâu, từ đâu, bao giờ, vì sao, tại sao, thế nào, bao nhiêu"
    )
)
_LEAD_ASKS = Rule(
    words(
        "bổ sung, sửa, thay, bỏ, cần, nên, phải, thêm, làm rõ, quy định, quan tâm, ưu tiên, đầu tư, tập trung, tách, chia"
    )
)
_LEAD_AGREES = Rule(words("nhất trí, đồng ý, đồng tình, thống nhất, tán thành, ủng hộ"))
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_DECIMAL = re.compile(r"\d{1,3}\.\d")
_ROMAN = re.compile(r"[ivx]{1,5}(?:[.)/:\s]|\Z)")
_LONG_ITEM = 150  # code points; so much is said of one matter only


def mark_end(seen: View, start: int, end: int) -> int:
    """Where the words of an item begin; `start` when no mark stands there."""
    match = ITEM.match(seen, start, end)
    return start if match is None else match.end()


def mark_class(seen: View, start: int, end: int) -> str:
    """The kind of mark: items of one list have the same."""
    mark = seen.plain[start:end].strip()
    if mark[:1].isdigit():
        return f"1{mark.count('.') > 1}{mark[-1:]}"
    if mark[:1].isalpha():
        return "a" + mark[-1:] if len(mark) < 4 else "w"
    return mark[:1] + ("1" if mark[1:2].isdigit() else "")


def mark_rank(seen: View, start: int, end: int) -> int:
    """How deep a mark stands in lists as people number them: I., 1., 1.1., a), *, -, +."""
    mark = seen.plain[start:end].strip().strip("()")
    if _DECIMAL.match(mark):
        return 2
    if mark[:1].isdigit():
        return 1
    if _ROMAN.match(mark):
        return 0
    if mark[:1].isalpha():
        return 3
    return {"*": 4, "+": 6}.get(mark[:1], 5)


def stands_alone(seen: View, start: int, end: int) -> bool:
    """Whether the words of an item are a full request or judgement, not a word of the list they stand in."""
    if end - start > _LONG_ITEM:
        return True
    return opens_with_request(seen, start, end) or _SAYS.search(seen, start, end) is not None


def lead_asks(seen: View, start: int, end: int) -> bool:
    """Whether the line over a list asks for a thing itself: "Đề nghị bổ sung các chỉ tiêu:"."""
    return _LEAD_ASKS.search(seen, start, end) is not None


def may_hold_items(seen: View, start: int, end: int) -> bool:
    """Whether a mark inside a paragraph may begin an item: most have none."""
    return _INNER.of(seen).search(seen.matched, start, end) is not None or _FIRST.search(seen, start, end) is not None


def inner_items(seen: View, start: int, end: int, guard: Shield) -> Iterator[tuple[int, int]]:
    """Enumerations inside a paragraph: "... . Thứ hai, ...", "(1) ...; (2) ...", with what introduces them in the first."""
    if not may_hold_items(seen, start, end):
        yield start, end
        return
    marks = sorted({*_punctuated(seen, start, end, guard), *_running(seen, start, end, guard)})
    if not marks:
        yield start, end
        return
    starts = [at for _, at in marks]
    lead_end = marks[0][0]
    first = mark_end(seen, start, lead_end)
    if _LETTER_OR_DIGIT.search(seen.plain, first, lead_end) and (first == start or seen.plain[lead_end - 1] == ":"):
        ends = [stop for stop, _ in marks[1:]] + [end]
        words_of = [(mark_end(seen, a, b), b) for a, b in zip(starts, ends, strict=True)]
        leads = seen.plain[lead_end - 1] in ":," or not _SAYS.search(seen, start, lead_end)
        if leads and lead_asks(seen, first, lead_end) and not all(stands_alone(seen, *span) for span in words_of):
            yield start, end
            return
        if leads and _LEAD_AGREES.search(seen, start, lead_end) is None:
            marks = marks[1:]
    item = start
    for stop, at in marks:
        if _LETTER_OR_DIGIT.search(seen.plain, item, stop):
            yield item, stop
            item = at
    yield item, end


def _punctuated(seen: View, start: int, end: int, guard: Shield) -> Iterator[tuple[int, int]]:
    for match in _INNER.finditer(seen, start, end):
        at = match.end()
        if at < end and match.start() > start and not guard.covers(at) and _is_list_mark(seen, match, start):
            yield match.start() + 1, at


def _is_list_mark(seen: View, match: re.Match[str], start: int) -> bool:
    """Whether the sign before a mark lets a list begin or go on there."""
    sign, at = match.group()[0], match.end()
    if seen.plain[at] == "(" and seen.plain[at + 1].isdigit():
        # Not "Chỉ tiêu (7) quá cao, chỉ tiêu (8) ...": after a comma or a full stop only in a list that has begun.
        return sign in ":;" or (sign in ".," and seen.plain.find("(1)", start, at) >= 0)
    if sign == ",":
        return False
    if at == match.start() + 1:  # ".2.Đề nghị", but not "1.2.Đề nghị"
        return sign in ".;" and seen.plain[match.start() - 1].isalpha()
    return sign in ";:" if seen.plain[at] in "-–+•" else True


def _running(seen: View, start: int, end: int, guard: Shield) -> Iterator[tuple[int, int]]:
    """ "Một là ..., hai là ..." without a full stop before it: only after the first of the row, and not "phần thứ hai"."""
    first = _FIRST.search(seen, start, end)
    if first is None:
        return
    ordinal = first.group().startswith("th")
    told: set[str] = set()
    punctuated = _PUNCTUATION.search(seen.plain, start, max(start, end - 1)) is not None
    for match in _RUNNING.finditer(seen, first.start(), end):
        mark = " ".join(match.group().split())
        if mark in told or mark.startswith("th") is not ordinal or guard.covers(match.start()):
            continue
        stop = match.start()
        while stop > start and seen.plain[stop - 1].isspace():
            stop -= 1
        if stop == start:
            told.add(mark)
        elif seen.plain[stop - 1] in ",;.:!?…" or (
            not punctuated and not _COUNTED.search(seen, max(start, stop - 12), stop)
        ):
            told.add(mark)
            yield stop, match.start()
