"""The lines by which clients announce an older mail: attributions, separators, header blocks. English and Vietnamese clients.

quotequail and mail-parser-reply know no Vietnamese and cut at the first match; here a citizen's words may stand after it.
"""

import re
from collections.abc import Sequence

from services.ingest.mail.lines import Line

_MAX_LINE = 400  # characters: no client writes longer ones
_WRAPPED = 4  # lines over which an attribution may be broken
_BLOCK_LINES = 10  # within which the fields of a header block follow one another
_ATTRIBUTION_END = re.compile(r"(?:\b(?:wrote|writes|viết|đã ghi|trả lời|a écrit)\s*:|(?<=>)\s*:)\s*$", re.IGNORECASE)
_STARTS = re.compile(
    r"(?:On|Vào|Lúc|Ngày|Le|Trích dẫn|Trích|Thứ|Chủ nhật|CN|Th \d)(?!\w)|\d{1,2}[-/.:]|\d{4}[-/.]", re.IGNORECASE
)
_NAMED = re.compile(r"[^:]{0,80}<\S+@\S+>")
_VERB = re.compile(r"\b(?:wrote|writes|viết|đã ghi|trả lời|a écrit)\s*:\s*$|^Trích dẫn\b.*:\s*$", re.IGNORECASE)
_DATE = re.compile(
    r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\b(?:thg|tháng|Th)\s?\d{1,2}\b"
    r"|\b[A-Z][a-z]{2,8}\.? \d{1,2}\b|\b\d{1,2} [A-Z][a-z]{2,8}\b"
)
_TIME = re.compile(r"\d{1,2}[:h]\d{2}")
_ADDRESS = re.compile(r"\S@\S")
_RULE = r"\s*[-_=*–—]{2,}\s*"
_MAIL = r"(?:Thư|Tin nhắn|Thông điệp|E-?mail)"
_ORIGINAL = re.compile(
    rf"{_RULE}(?:Original (?:Message|Appointment|e-?mail)|{_MAIL} (?:gốc|ban đầu|nguyên bản|cũ)"
    rf"|Reply Message|Message d'origine){_RULE}",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    rf"{_RULE}(?:Forwarded (?:Message|mail|by\b.{{0,80}})|(?:{_MAIL}\s+)?(?:đã được|đã|được)?\s*chuyển tiếp){_RULE}"
    rf"|(?:Begin forwarded message|Bắt đầu {_MAIL} (?:đã |được )*chuyển tiếp|{_MAIL} (?:đã |được )+chuyển tiếp)\s*:",
    re.IGNORECASE,
)
_FIELDS = {
    "from": "from", "từ": "from", "người gửi": "from", "de": "from",
    "sent": "date", "date": "date", "đã gửi": "date", "gửi": "date", "ngày": "date", "ngày gửi": "date", "đã gửi vào": "date",
    "vào lúc": "date", "thời gian": "date", "lúc": "date", "thời gian gửi": "date", "gửi lúc": "date", "gửi vào lúc": "date",
    "gửi ngày": "date",
    "to": "to", "tới": "to", "đến": "to", "gửi tới": "to", "gửi đến": "to", "người nhận": "to", "cho": "to", "tới người nhận": "to",
    "cc": "cc", "bcc": "cc", "đồng gửi": "cc", "đồng kính gửi": "cc", "sao gửi": "cc", "reply-to": "cc", "trả lời đến": "cc",
    "trả lời tới": "cc",
    "importance": "cc", "attachments": "cc", "tệp đính kèm": "cc", "đính kèm": "cc", "mức độ quan trọng": "cc",
    "subject": "subject", "chủ đề": "subject", "tiêu đề": "subject", "về việc": "subject", "v/v": "subject",
}  # fmt: skip
_ONLY_RULE = re.compile(r"[\s_\-=*–—]{5,}")


def attribution(lines: Sequence[Line], at: int) -> tuple[int, bool] | None:
    """(index of its first line, whether it is one beyond doubt) of the attribution that ends in line `at`; None when none does.

    Beyond doubt: a date, the time of day and an address, as clients that quote without marks write; else only a quote behind it shows
    what it is: "Lúc 8h30 ngày 12/5/2026 đồng chí Chủ tịch trả lời:" is a citizen's report.
    """
    last = lines[at].text.strip()
    if not last or len(last) > _MAX_LINE or not _ATTRIBUTION_END.search(last):
        return None
    joined = ""
    found: tuple[int, bool] | None = None
    for first in range(at, max(-1, at - _WRAPPED), -1):
        line = lines[first].text.strip()
        if not line or lines[first].depth != lines[at].depth:
            break
        joined = f"{line} {joined}".strip()
        if len(joined) > _MAX_LINE:
            break
        sure = bool(_DATE.search(joined) and _TIME.search(joined) and _ADDRESS.search(joined))
        if _STARTS.match(line) and (_VERB.search(joined) or sure):
            return first, sure
        if found is None and _NAMED.match(joined) and _VERB.search(joined):
            found = first, sure
    return found


def original(text: str) -> bool:
    return len(text) <= _MAX_LINE and _ORIGINAL.fullmatch(text) is not None


def forwarded(text: str) -> bool:
    return len(text) <= _MAX_LINE and _FORWARDED.fullmatch(text.strip()) is not None


def rule(text: str) -> bool:
    """A line of dashes or underscores only."""
    return _ONLY_RULE.fullmatch(text[:200]) is not None


def header_block(lines: Sequence[Line], at: int) -> int | None:
    """Index behind the header block that begins with "From:" (or "Từ:") in line `at`; None when none begins there."""
    if _field(lines[at].text) != "from":
        return None
    seen: set[str] = set()
    end = at
    blanks = 0
    for index in range(at, min(len(lines), at + _BLOCK_LINES)):
        line = lines[index]
        if line.empty:
            blanks += 1
            if blanks > 1 or len(seen) > 2:
                break
            continue
        name = _field(line.text)
        if name is None and (blanks or not seen):
            break
        if name == "from" and "from" in seen:
            break
        if name:
            seen.add(name)
        end = index + 1
        blanks = 0
        if name == "subject":
            break
    while end < len(lines) and end < at + _BLOCK_LINES and _field(lines[end].text) in {"cc", "to", "date"}:
        end += 1
    addressed = any(_ADDRESS.search(one.text) for one in lines[at:end])
    timed = any(_TIME.search(one.text) for one in lines[at:end])  # a memo's head has neither address nor time
    if {"date", "subject"} <= seen and (addressed or timed):
        return end
    return (
        end if len(seen) >= 3 and _ADDRESS.search(lines[at].text) else None
    )  # "Từ: 8h, Đến: 11h, Ngày: 12/6" is a timetable


def fields_after(lines: Sequence[Line], at: int) -> int:
    """Index behind the fields (From, Date, Subject, To ...) that stand at `at`, blank lines before them included."""
    end = at
    for index in range(at, min(len(lines), at + _BLOCK_LINES + 2)):
        line = lines[index]
        if line.empty:
            if end > at:
                break
            continue
        if _field(line.text) is None:
            if end > at and _ADDRESS.search(line.text) and len(line.text) < 200:  # a list of addresses goes on
                end = index + 1
                continue
            break
        end = index + 1
    return end


def _field(text: str) -> str | None:
    name, colon, _ = text[:60].partition(":")
    return _FIELDS.get(" ".join(name.strip(" \t*>").lower().split())) if colon else None
