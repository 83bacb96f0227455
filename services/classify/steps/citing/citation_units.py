# ruff: noqa: E501 -- a pattern is read as one whole; broken into pieces nobody can check it
"""The units people cite (Phần ... Điểm, trang, dòng ...), how they are written, and the words that only look like them.

"mục tiêu", "điểm nghẽn", "11 chương", "giai đoạn 2021", "một khoản 5 tỷ" name no place: a unit word counts only with a value of the
right kind after it, no compound word around it and no measure behind it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.classify.steps.view import Rule, View, words

_DASH = r"\s?[-–—]\s?"
_NUMBER = rf"\d{{1,4}}(?:\.\d{{1,3}}){{0,3}}(?:{_DASH}\d{{1,4}}(?![\w./]))?"
_SHORT = rf"\d{{1,3}}(?:{_DASH}\d{{1,3}})?"
_ROMAN = r"[ivxlc]{1,7}(?:\.\d{1,3}){0,3}(?:\.[a-eđ](?!\w))?(?:\s?[-–—]\s?[ivxlc]{1,7}(?!\w))?"
_COUNTED = r"(?<=thứ\s)(?:nhất|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười)"
_WORD = r"(?:một|hai|ba|bốn|năm(?!\s{1,3}(?:\d|nay|ngoái|qua|sau|trước))|sáu|bảy|tám|chín|mười)(?!\s{1,3}(?:tờ|con|người|đời))"
_ENDS = r"đầu(?:\s{1,3}tiên)?|cuối(?:\s{1,3}cùng)?"
_LETTER = r"[a-eđ](?:\.(?:[ivxlc]{1,5}|\d{1,2})){0,3}"
_ARTICLE = rf"\d{{1,3}}(?:[a-eđ](?!\w))?(?:{_DASH}\d{{1,3}}(?![./]\d))?"


@dataclass(frozen=True)
class Unit:
    """A unit: its key in `Cite.units`, how it is written, what may follow, the words before or after it that make it another word."""

    key: str
    name: str
    value: str
    not_after: str = ""
    not_before: str = ""
    tight: bool = False  # without diacritics the word has other meanings: only where a citation may begin


UNITS = (
    Unit("loinoidau", r"lời\s{1,3}(?:nói|mở)\s{1,3}đầu(?!\s{1,3}tiên)", ""),
    Unit("gach", r"gạch\s{1,3}đầu\s{1,3}dòng", rf"{_SHORT}|{_COUNTED}|{_ENDS}"),
    Unit("gach", r"gạch", rf"{_SHORT}|{_COUNTED}|{_ENDS}", "viên|xây|ốp|lát|lò|tấm|nhà", "lỗ", tight=True),
    Unit("tieumuc", r"tiểu\s{1,3}mục", rf"{_NUMBER}|{_ROMAN}|{_LETTER}"),
    Unit("phuluc", r"phụ\s{1,3}lục", rf"{_NUMBER}|{_ROMAN}|{_LETTER}"),
    Unit("chuong", r"chương", rf"{_NUMBER}|{_ROMAN}|{_COUNTED}", "huy|văn|hiến|phim|truyện|hồi", tight=True),
    Unit("phan", r"phần", rf"{_NUMBER}|{_ROMAN}|{_LETTER}|{_COUNTED}",
         "thành|một|cổ|học|góp|từng|hai|ba|bốn|năm|mấy|chia|bổ|tín|xuất|suất|khẩu|cung", tight=True),
    Unit("muc", r"mục", rf"{_NUMBER}|{_ROMAN}|{_LETTER}", "danh|chuyên|(?<!tiêu\\s)đề|hạng|tiểu", tight=True),
    Unit("dieu", r"điều", _ARTICLE, "vốn|một|nhiều|mấy|hai|ba", tight=True),
    Unit("khoan", r"khoản", _ARTICLE, "tài|điều|một|các|nhiều|những|hai|ba|mấy|bằng|giao", tight=True),
    Unit("diem", r"điểm", r"[a-eđghiklmnpq](?:\.\d{1,2})?|\d{1,2}(?:\.\d{1,3}){0,3}",
         "địa|thời|quan|đặc|ưu|khuyết|trọng|luận|nhược|cao|đạt|được|tâm|chấm|cho|thí|nút|chốt|cực|tụ|giao|tổng|trạm|trừ|cộng|thêm|số|thang|đúng", tight=True),
    Unit("trang", r"(?:trang|tr(?:\.|(?=\s?\d)))", rf"\d{{1,4}}(?:{_DASH}\d{{1,4}})?|{_COUNTED}|{_WORD}|{_ENDS}",
         "khẩu|thực|tình|thời|chỉnh|vũ|nghĩa|hóa|hoá|ngụy|trung|quân|cải|nữ|bìa|mạng", tight=True),
    Unit("dong", r"dòng", rf"{_SHORT}|{_COUNTED}|{_WORD}|{_ENDS}", "gạch\\s{1,3}đầu|đầu|dẫn", "sông|suối|nước|tiền|vốn|họ|điện|chảy|cuối\\s{1,3}năm", tight=True),
    Unit("doan", r"đoạn(?:\s{1,3}văn)?", rf"{_SHORT}|{_COUNTED}|{_ENDS}",
         "giai|công|tập|binh|thủ|phân|đường|tuyến|lũng|gián|các|trích|kênh|mương|lộ|cầu|dốc|mỗi",
         "đường|tuyến|sông|suối|cầu|qua|dốc|kè|kênh|mương|ngõ|hẻm|phố|quốc|tỉnh|km|từ(?!\\s{1,3}(?:trên|dưới|đầu|cuối))", tight=True),
    Unit("bieu", r"biểu", rf"(?:{_NUMBER}|\d{{1,2}})(?:[a-eđ](?!\w))?|{_ROMAN}", "đại|phát|tiêu|đồ|gian|thời|lịch|cáo|lượng|bảng|dự|khí|kí|ký|thuế", tight=True),
)  # fmt: skip

_BEGINNINGS = "|".join(sorted({u.name.removeprefix("(?:")[:2] for u in UNITS}))
MENTION = Rule(
    rf"(?<!\w)(?={_BEGINNINGS})(?:"  # most words are passed over at once
    + "|".join(
        rf"(?P<n{i}>{u.name})"
        + (
            rf"(?![^\W\d_])(?:\s{{0,3}}|\s?:\s?)(?:(?:số|thứ)\s{{1,3}}(?:tự\s{{1,3}})?)?(?P<v{i}>{u.value})(?![\w%#]|[./]\d|/[^\W\d])"
            if u.value
            else r"(?!\w)"
        )
        for i, u in enumerate(UNITS)
    )
    + ")"
)
_GROUPS = re.compile(MENTION.pattern).groupindex
_UNIT_AT = {_GROUPS[f"v{i}" if u.value else f"n{i}"]: i for i, u in enumerate(UNITS)}  # by the last group of a match
_NOT_AFTER = tuple(Rule(rf"(?<!\w)(?:{u.not_after})\s{{1,3}}\Z") if u.not_after else None for u in UNITS)
_NOT_BEFORE = tuple(Rule(rf"\s{{0,3}}(?:{u.not_before})(?!\w)") if u.not_before else None for u in UNITS)
_MEASURE = Rule(
    r"(?:,\d{1,3})?\s{0,3}(?:%|(?:phần\s{1,3}trăm|triệu|tỷ|tỉ|nghìn|ngàn|trăm|đồng(?!\s{1,3}\d)|năm|tháng|ngày|người|lần|hộ|km|km2|ha|giờ|phút|tuổi"
    r"|mét|m2|tấn|tạ|kg|usd|vnđ|gia\s{1,3}đình|con|cái|chiếc|cây|loại|lớp|lỗ|viên|pha|tầng|bậc)(?!\w))"
)
_MORE = Rule(
    r"\s{0,3}(?:,|;|và|hoặc|hay|&)\s{0,3}(?:thứ\s{1,3})?(?P<value>"
    rf"\d{{1,4}}(?:[a-eđ](?!\w))?(?:\.\d{{1,3}}){{0,3}}(?:{_DASH}\d{{1,4}})?|[ivxlc]{{1,7}}(?:\.\d{{1,3}}){{0,3}}|[a-eđghiklmnpq]|"
    r"(?:nhất|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười))(?![\w%]|[./]\d|\s{0,3}[)])"
)
_STOPS = re.compile(r"\s{0,3}(?:[.,;:!?)(–-]|\Z|\n)")
_GOES_ON = Rule(
    r"\s{0,3}(?:[.,;:!?)(–/&-]|\Z|\n)|\s{1,3}(?:"
    + words(
        "và, hoặc, hay, đến, tới, của, thuộc, trong, ở, tại, cần, nên, đề nghị, kiến nghị, đề xuất, quy định, phải, là, có, còn, chưa, đã, được, về, như, "
        "không, thì, cũng, với, bị, theo, từ, dự thảo, xin, tôi, nêu, ghi, viết, sửa, bổ sung, bỏ, thêm, thay, đều, trùng, mâu thuẫn, giữ nguyên, tiếp tục, "
        "nói, vẫn, rất, quá, sang, trên, dưới, sau, trước, cho, để, này, đó, báo cáo, văn kiện, "
        "khi, vì, nhưng, mà, lại, sẽ, hiện, chỉ nêu, chỉ nói, chỉ ghi, khá, hơi, hoàn toàn, nhất trí, đồng ý, tán thành, câu, cụm từ, đoạn, đồng thời"
    )
    + "|"
    + "|".join(u.name for u in UNITS)
    + ")"
)
_LAW = Rule(r"\s{1,3}" + words("luật, bộ luật, hiến pháp, nghị định, điều lệ, nghị quyết, thông tư, quy chế, quy ước"))
_ROMAN_ONLY = re.compile(r"[ivxlc]+(?:\.\w{1,3})*")
_SYLLABLE = Rule(
    r"\s{1,3}" + words("phạm, mô, rút, khuẩn, sinh, măng, xách, lanh, tính, ba, phân, trí, đa, hóa, hoá, nhựa")
)
_SYLLABLES = frozenset(("vi", "xi", "li", "i", "ci"))
_ONE_MORE = Rule(r"\s{1,3}(?:và|hoặc|đến)\s{1,3}[ivxlc]{1,7}(?!\w)")
_MAY_BEGIN = re.compile(
    r"(?:\A|[^\w\s]\s{0,3}|\n\s{0,3}|(?<!\w)(?:tai|trong|o|den|tu|cua|thuoc|theo|ve|va|cac|sua|xem|noi dung|de nghi|bo sung|bo|them|sau|truoc|vao"
    r"|cuoi|dau|giua|ca|nhu|voi|o|bo ca|kien nghi|gop y|hai|nhung|toan bo|gom|la|thay|chinh sua|thi|so|cau|tren|duoi|muc|phan|trang|dieu|khoan|chuong|doan"
    r"|[ivx]{1,5}|\d{1,3}|[a-z]|len|xuong|dinh|lai|ghi|neu|viet|y|danh|can)\s{1,3})\Z"
)
_LOOK_BACK = 16
_BESIDE = 3  # code points between two units of one place
_ITEM_MARK = re.compile(r"[.)]\s")
_CHAIN_ONLY = frozenset("ghiklmnpq")


@dataclass(frozen=True)
class Mention:
    """A unit and its value, in view coordinates; `more`: an enumerated further value, without the unit word."""

    key: str
    start: int
    end: int
    value_start: int
    more: bool = False
    weak: bool = False  # names a place only beside another unit: "điểm 9" is a mark, "điểm k" a shorthand


def mentions(seen: View, start: int, end: int) -> Iterator[Mention]:
    """Units with their values in the span, in order; what they say together is for `cites` to see."""
    text, mention, position, last = seen.matched, MENTION.of(seen), start, -_BESIDE
    while (match := mention.search(text, position, end)) is not None:
        position = match.end()
        index = _UNIT_AT[match.lastindex or 0]
        unit = UNITS[index]
        if not unit.value:
            yield Mention(unit.key, match.start(), match.end(), match.start())
            continue
        value, value_start = match.group(f"v{index}"), match.start(f"v{index}")
        beside = match.start() - last <= _BESIDE
        if _is_another_word(seen, index, match, value, start, end, beside=beside):
            position = match.end(f"n{index}")
            continue
        weak, last = _weak(seen, unit, match, value_start, end), match.end()
        yield Mention(unit.key, match.start(), match.end(), value_start, weak=weak)
        for more in _enumerated(seen, value, match.end(), end):
            position = more.end()
            yield Mention(unit.key, more.start("value"), more.end("value"), more.start("value"), more=True, weak=weak)


def _weak(seen: View, unit: Unit, match: re.Match[str], value_start: int, end: int) -> bool:
    """Whether the mention is too uncertain to stand alone: a mark, a shorthand, a point on a map, a verb."""
    value = seen.matched[value_start : match.end()]
    if unit.key == "diem":
        if value[0].isdigit() or value in _CHAIN_ONLY:
            return True
        written = seen.text[slice(*seen.original(match.start(), match.end()))]
        return written[-1:].isupper() and not written.isupper()  # "từ điểm A đến điểm B"
    if unit.key == "dieu":  # "điều 2 cán bộ xuống bản": to send
        begin = seen.original(match.start(), match.end())[0]
        after = (seen.matched, match.end(), end)
        return seen.text[begin].islower() and not (_GOES_ON.of(seen).match(*after) or _LAW.of(seen).match(*after))
    if unit.key == "doan" and value[0].isdigit() and not seen.accented:  # also "đoàn"
        return not _STOPS.match(seen.matched, match.end(), end)
    return unit.name == "gạch" and len(seen.matched[match.start() : value_start].split()) == 1


def _is_another_word(
    seen: View, index: int, match: re.Match[str], value: str, start: int, end: int, *, beside: bool
) -> bool:
    text, unit = seen.matched, UNITS[index]
    before = text[max(start, match.start() - _LOOK_BACK) : match.start()]
    whole = seen.whole
    if (rule := _NOT_AFTER[index]) and whole & rule.bits == rule.bits and rule.of(seen).search(before):
        return True
    if (rule := _NOT_BEFORE[index]) and whole & rule.bits == rule.bits and rule.of(seen).match(text, match.end(), end):
        return True
    if unit.tight and not seen.accented and not beside and not _MAY_BEGIN.search(before):
        return True
    if value[0].isdigit() and _MEASURE.of(seen).match(text, match.end(), end):
        return True
    if "\n" in text[match.end(f"n{index}") : match.start(f"v{index}")] and _ITEM_MARK.match(text, match.end()):
        return True  # the next line's own number: "... từng mục\n2. Bổ sung"
    if (
        unit.name.startswith("(?:trang")
        and match.group(f"n{index}").startswith("tr")
        and before.rstrip()[-1:].isdigit()
    ):
        return not match.group(f"n{index}").startswith("trang")  # "3 tr 5": money
    return value in _SYLLABLES and _SYLLABLE.of(seen).match(text, match.end(), end) is not None


def _enumerated(seen: View, first: str, position: int, end: int) -> Iterator[re.Match[str]]:
    """Further values of the same shape: "Điều 9, 10 và 11"; what a measure follows is none."""
    shape = _shape(first)
    while (match := _MORE.of(seen).match(seen.matched, position, end)) is not None:
        if _shape(match.group("value")) != shape or _MEASURE.of(seen).match(seen.matched, match.end(), end):
            return
        if match.group("value") in _SYLLABLES and _is_a_syllable(seen, match, end):
            return  # "mục II, vi phạm ...", "muc II, vi da neu o tren"
        if shape == "number" and not _GOES_ON.of(seen).match(seen.matched, match.end(), end):
            return  # "trang 2, 12 nghị quyết": a number of something else
        yield match
        position = match.end()


def _is_a_syllable(seen: View, match: re.Match[str], end: int) -> bool:
    """Whether a further Roman number in small letters is a word: "vi" is also what "vì" is without diacritics."""
    if not seen.text[slice(*seen.original(*match.span("value")))].islower():
        return False
    return not (
        _STOPS.match(seen.matched, match.end(), end) or _ONE_MORE.of(seen).match(seen.matched, match.end(), end)
    )


def _shape(value: str) -> str:
    if value[0].isdigit():
        return "number"
    if len(value) > 1 and not _ROMAN_ONLY.fullmatch(value):
        return "word"
    return "roman" if _ROMAN_ONLY.fullmatch(value) else "letter"
