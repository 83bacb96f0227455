"""The places a text names (Mục II, trang 17, dòng 3), as written, told apart from what only looks like one.

"mục tiêu", "điểm nghẽn", "11 chương", "giai đoạn 2021", "một khoản 5 tỷ" name no place: a unit word counts only with a value
of the right kind after it, no compound word around it and no measure behind it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.classify.model import TopicModel
from services.classify.steps.view import Rule, View
from shared.events import Cite

MAX_CITES = 20  # per opinion; more is a list of contents, not an opinion

_NUMBER = r"\d{1,4}(?:\.\d{1,3}){0,3}"
_ROMAN_NUMBER = r"[ivxlc]{1,7}(?:\.\d{1,3}){0,3}"  # VII, VII.2
_ORDINAL = r"(?<=thứ\s)(?:nhất|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười)"


@dataclass(frozen=True)
class _Unit:
    """A cited unit: how it is written, what may follow, and which words before it make another word of it."""

    key: str
    name: str
    value: str
    not_after: str = ""


_UNITS = (
    _Unit("loinoidau", r"lời\s{1,3}nói\s{1,3}đầu", ""),
    _Unit("gach", r"gạch\s{1,3}đầu\s{1,3}dòng", rf"{_NUMBER}|{_ORDINAL}|đầu\s{{1,3}}tiên|cuối(?:\s{{1,3}}cùng)?"),
    _Unit("gach", r"gạch", rf"{_NUMBER}|{_ORDINAL}"),
    _Unit("tieumuc", r"tiểu\s{1,3}mục", rf"{_NUMBER}|{_ROMAN_NUMBER}|[a-eđ]"),
    _Unit("phuluc", r"phụ\s{1,3}lục", rf"{_NUMBER}|{_ROMAN_NUMBER}|[a-eđ]"),
    _Unit("chuong", r"chương", rf"{_NUMBER}|{_ROMAN_NUMBER}"),
    _Unit("phan", r"phần", rf"{_NUMBER}|{_ROMAN_NUMBER}|[a-eđ]|{_ORDINAL}", "thành|một|cổ|học|góp|từng"),
    _Unit("muc", r"mục", rf"{_NUMBER}|{_ROMAN_NUMBER}|[a-eđ]", "danh|chuyên|đề|hạng"),
    _Unit("dieu", r"điều", r"\d{1,3}[a-eđ]?", "vốn"),
    _Unit("khoan", r"khoản", r"\d{1,3}[a-eđ]?", "tài|điều|một|các|nhiều"),
    _Unit("diem", r"điểm", r"[a-eđghiklmnpq]|\d{1,2}(?:\.\d{1,3}){0,3}", "địa|thời|quan|đặc|ưu|khuyết|trọng|luận|nhược|cao|đạt|được|tâm"),
    _Unit("trang", r"(?:trang|tr(?:\.|(?=\s?\d)))", r"\d{1,4}(?:\s?-\s?\d{1,4})?", "khẩu|thực|tình"),
    _Unit("dong", r"dòng", rf"\d{{1,3}}(?:\s?-\s?\d{{1,3}})?|{_ORDINAL}|đầu\s{{1,3}}tiên|cuối(?:\s{{1,3}}cùng)?"),
    _Unit("doan", r"đoạn", rf"\d{{1,3}}|{_ORDINAL}|đầu(?:\s{{1,3}}tiên)?|cuối(?:\s{{1,3}}cùng)?", "giai|công|tập|binh"),
    _Unit("bieu", r"biểu", rf"{_NUMBER}[a-eđ]?|{_ROMAN_NUMBER}", "đại|phát|tiêu|đồ"),
)  # fmt: skip

_MENTION = Rule(
    r"(?<!\w)(?:"
    + "|".join(
        rf"(?P<n{i}>{u.name})(?!\w)"
        + (rf"\s{{0,3}}(?:(?:số|thứ)\s{{1,3}})?(?P<v{i}>{u.value})(?![\w%]|[./]\d)" if u.value else "")
        for i, u in enumerate(_UNITS)
    )
    + ")"
)
_NOT_AFTER = tuple(Rule(rf"(?<!\w)(?:{u.not_after})\s{{1,3}}\Z") if u.not_after else None for u in _UNITS)
_MEASURE = Rule(
    r"(?:,\d{1,3})?\s{0,3}(?:%|(?:phần\s{1,3}trăm|triệu|tỷ|tỉ|nghìn|ngàn|trăm|đồng(?!\s{1,3}\d)|năm|tháng|ngày|người|lần|hộ|km|km2|ha|giờ|phút|tuổi"
    r"|mét|m2|tấn|tạ|kg|usd|vnđ|gia\s{1,3}đình|con)(?!\w))"
)
_LINK = Rule(
    r"\s{0,3}(?:từ\s{1,3}(?:trên|dưới)(?:\s{1,3}(?:xuống|lên))?)?\s{0,3}[,(–-]?\s{0,3}(?:(?:của|thuộc|ở|tại)\s{1,3})?"
)
_MORE = Rule(r"\s{0,3}(?:,|và|&)\s{0,3}(?P<value>\d{1,4}|[ivxlc]{1,7}(?:\.\d{1,3}){0,3}|[a-eđ])(?![\w%]|[./]\d)")
_ROMAN = re.compile(r"[ivxlc]+(?:\.\d{1,3})*")
_LOOK_BACK = 12


@dataclass(frozen=True)
class _Mention:
    key: str
    value: str
    start: int
    end: int
    value_start: int


def cites(seen: View, start: int, end: int, model: TopicModel) -> tuple[Cite, ...]:
    """Citations in the span, in order; `section` is the draft's section when the cited place is one, else None."""
    found: list[Cite] = []
    for chain in _chains(seen, _mentions(seen, start, end)):
        units: dict[str, str | None] = {m.key: seen.text[slice(*seen.original(m.value_start, m.end))] for m in chain}
        units["section"] = model.section_of(units)
        begin, stop = seen.original(chain[0].start, chain[-1].end)
        found.append(Cite(units=units, start=begin, end=stop))
        if len(found) == MAX_CITES:
            break
    return tuple(found)


def _mentions(seen: View, start: int, end: int) -> Iterator[_Mention]:
    mention, position = _MENTION.of(seen), start
    while (match := mention.search(seen.matched, position, end)) is not None:
        position = match.end()
        index = next(i for i in range(len(_UNITS)) if match.group(f"n{i}") is not None)
        unit = _UNITS[index]
        before = _NOT_AFTER[index]
        if before and before.of(seen).search(seen.matched[max(start, match.start() - _LOOK_BACK) : match.start()]):
            continue
        if not unit.value:
            yield _Mention(unit.key, match.group(), match.start(), match.end(), match.start())
            continue
        value, value_start = match.group(f"v{index}"), match.start(f"v{index}")
        if value[0].isdigit() and _MEASURE.of(seen).match(seen.matched, match.end(), end):
            continue
        yield _Mention(unit.key, value, match.start(), match.end(), value_start)
        for more in _enumerated(seen, value, match.end(), end):
            position = more.end()
            yield _Mention(unit.key, more.group("value"), more.start("value"), more.end(), more.start("value"))


def _enumerated(seen: View, first: str, position: int, end: int) -> Iterator[re.Match[str]]:
    """Further values of the same shape: "Điều 9, 10 và 11"; what a measure follows is none."""
    while (match := _MORE.of(seen).match(seen.matched, position, end)) is not None:
        if _shape(match.group("value")) != _shape(first) or _MEASURE.of(seen).match(seen.matched, match.end(), end):
            return
        yield match
        position = match.end()


def _shape(value: str) -> str:
    if value[0].isdigit():
        return "number"
    return "roman" if _ROMAN.fullmatch(value) else "letter"


def _chains(seen: View, mentions: Iterator[_Mention]) -> Iterator[list[_Mention]]:
    """Mentions that together name one place: next to each other, every unit once."""
    chain: list[_Mention] = []
    for mention in mentions:
        if (
            chain
            and mention.key not in {m.key for m in chain}
            and _LINK.of(seen).fullmatch(seen.matched, chain[-1].end, mention.start)
        ):
            chain.append(mention)
            continue
        if _names_a_place(chain):
            yield chain
        chain = [mention]
    if _names_a_place(chain):
        yield chain


def _names_a_place(chain: list[_Mention]) -> bool:
    """A lone "điểm 9" is a mark, not a place."""
    return bool(chain) and not (len(chain) == 1 and chain[0].key == "diem" and chain[0].value[0].isdigit())
