# ruff: noqa: E501 -- a pattern is read as one whole; broken into pieces nobody can check it
"""Passages that are to go, named by their place alone: "bỏ khoản 3 Điều 5", "đoạn cuối trang 4 đề nghị lược bỏ".

Nobody quotes what he wants gone altogether. The place is the citation as it is written, with what narrows it down ("câu cuối trang 4").
Only what stands right behind the verb of removing, or is its only possible object, counts: "bỏ qua khoản 3" asks for no removal.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.classify.steps.editing.edit_context import before, sure, wanted
from services.classify.steps.view import Rule, View, words
from shared.events import Cite

_LEAD = 120  # code points between a verb and the citation, or between the citation and a verb, at most
_HEAD = 60  # code points between a page and the passage on it: "Trang 4, mục II: bỏ đoạn cuối"
_VERB = words(
    "lược bỏ, xóa bỏ, xoá bỏ, cắt bỏ, gạch bỏ, loại bỏ, rút bỏ, bãi bỏ, hủy bỏ, huỷ bỏ, bỏ bớt, bỏ đi, bỏ hẳn, bỏ luôn, bỏ, xóa, xoá, cắt, lược"
)
_ORDER = r"(?:đầu\s{1,3}tiên|cuối\s{1,3}cùng|đầu|cuối|(?:thứ|số)\s{1,3}\w{1,5})"
_PIECE = (
    rf"(?:câu(?:\s{{1,3}}văn)?|ý|vế|chỉ\s{{1,3}}tiêu|nhiệm\s{{1,3}}vụ|giải\s{{1,3}}pháp|mục\s{{1,3}}tiêu|nội\s{{1,3}}dung|gạch\s{{1,3}}đầu\s{{1,3}}dòng|dòng|đoạn|bảng)\s{{1,3}}{_ORDER}"
    r"|(?:khoản|điểm|mục|dòng|gạch\s{1,3}đầu\s{1,3}dòng)\s{1,3}(?:\d{1,3}|[a-zđ])(?:,\s{0,3}(?:\d{1,3}|[a-zđ])){0,6},?\s{1,3}và\s{1,3}(?:\d{1,3}|[a-zđ])(?!\w)"
)
_ALL = r"(?:(?:toàn\s{1,3}bộ|tất\s{1,3}cả|toàn\s{1,3}văn|hẳn|luôn|hết|cả|các|những|hai|ba)\s{1,3}){0,3}"
_AT = r"(?:(?:(?:được\s{1,3})?(?:nêu|ghi|viết|quy\s{1,3}định|trình\s{1,3}bày)\s{1,3})?(?:ở|tại|trong|của|thuộc)\s{1,3})"
_OBJECT = rf"{_ALL}(?:(?P<piece>{_PIECE})(?:\s{{0,3}},\s{{0,3}}|\s{{1,3}}){_AT}?|(?:nội\s{{1,3}}dung|quy\s{{1,3}}định|phần|đoạn|ý)\s{{1,3}}{_AT}?)?"
_REMOVED = Rule(rf"(?P<v>{_VERB})\s{{1,3}}{_OBJECT}\Z")
_TAKEN = Rule(rf"(?P<v>{words('đưa, loại, rút, gạt, gỡ, bỏ, cắt, xóa, xoá')})\s{{1,3}}{_OBJECT}\Z")
_WHOLE_TEXT = words("dự thảo, văn kiện, báo cáo, nghị quyết, chương trình, văn bản, đề án, kế hoạch, quy định")
_OUT = Rule(rf"\s{{1,3}}(?:này\s{{1,3}})?(?:ra\s{{1,3}})?khỏi\s{{1,3}}(?:bản\s{{1,3}})?{_WHOLE_TEXT}")
_REASON = r"(?:vì|do|bởi|để|nhằm|cho)(?!\w)"
_ENDS = Rule(
    rf"(?:\s{{1,3}}(?:này|đó|ấy|trên|đi|luôn|hẳn|nêu\s{{1,3}}trên|nói\s{{1,3}}trên)(?!\w)){{0,2}}(?:\s{{1,3}}(?:của|trong|ở|tại|ra\s{{1,3}}khỏi|khỏi)\s{{1,3}}(?:bản\s{{1,3}})?{_WHOLE_TEXT})?"
    rf"(?:\s{{0,3}}(?:[.!?)(\n–-]|\Z|[,;](?!\s{{1,3}}(?:thay|sửa|dân|thì|(?:ghi|viết)\s{{1,3}}(?:lại|thành|là|rõ))(?!\w))|:\s{{0,3}}(?:{_REASON}|(?:lý\s{{1,3}}do|lí\s{{1,3}}do|trùng|thừa|không)(?!\w)))"
    rf"|\s{{1,3}}(?:{_REASON}|(?:đồng\s{{1,3}}thời|ạ|nhé|mà|vốn|đã|đang|quy\s{{1,3}}định\s{{1,3}}về|nói\s{{1,3}}về|nêu\s{{1,3}}về|viết\s{{1,3}}về|về)(?!\w)|(?:và|hoặc|lẫn|cùng)\s{{1,3}}(?!thay(?!\w))))"
)
_ANOTHER_LAW = Rule(
    r"\s{0,3},?\s{0,3}(?:(?:của|trong|tại)\s{1,3})?(?:(?:bộ\s{1,3})?luật|hiến\s{1,3}pháp|nghị\s{1,3}định|thông\s{1,3}tư|quyết\s{1,3}định|nghị\s{1,3}quyết\s{1,3}số|điều\s{1,3}lệ|chỉ\s{1,3}thị|pháp\s{1,3}lệnh)(?!\w)"
)
_JOINED = Rule(
    r"\s{0,3}(?:[,;&]|,?\s{0,3}(?:và|hoặc|cùng|cùng\s{1,3}với|lẫn))\s{0,3}(?:(?:cả|bỏ|các|toàn\s{1,3}bộ)\s{1,3}){0,2}"
)
_DOUBTED = Rule(
    words(
        "cân nhắc, xem lại, xem xét lại, nghiên cứu lại, giải thích, giải trình, làm rõ, nêu rõ, nói rõ, thuyết minh, lý do, lí do, cho biết, xin hỏi"
    )
    + r"[^.,;:\n]{0,50}\Z"
)
_ASKS = words("đề nghị, kiến nghị, đề xuất, nên, xin, có thể, theo tôi, cần, phải, mong")
_SAYS_WHY = words(
    "trùng, trùng lặp, lặp, lặp lại, thừa, không cần, không cần thiết, chưa cần, chưa cần thiết, không phù hợp, chưa phù hợp, không còn, đã nêu, đã có, đã nói, đã quy định, "
    "không khả thi, mâu thuẫn, chồng chéo, rườm rà, dài dòng, giống, không liên quan, không đúng, không hợp lý, lạc đề, không rõ, chung chung, lỗi thời, không sát"
)
_THIS = r"(?:khoản|điều|điểm|mục|phần|chương|đoạn|câu|dòng|ý|nội\s{1,3}dung|quy\s{1,3}định|gạch\s{1,3}đầu\s{1,3}dòng|phụ\s{1,3}lục|biểu)\s{1,3}(?:này|đó|ấy|trên|nói\s{1,3}trên|nêu\s{1,3}trên)"
_GAP = r"[^!?;\n\ue000\ue001]"
_THEN_REMOVED = Rule(
    rf"(?P<why>{_GAP}{{0,100}}?)(?P<asks>(?:{_ASKS}|{words('tôi, chúng tôi, em, ban soạn thảo, tỉnh, hãy, xem xét, nghiên cứu, mạnh dạn')}|[,:]|\s){{1,8}})(?P<v>{_VERB})(?:\s{{1,3}}(?:(?:toàn\s{{1,3}}bộ\s{{1,3}})?{_THIS}|đi|hẳn|luôn|toàn\s{{1,3}}bộ))?"
    rf"(?=\s{{0,3}}(?:[.,;!)\n]|\Z)|\s{{1,3}}{_REASON}|\s{{1,3}}(?:đi|ạ|nhé|đồng\s{{1,3}}thời|khỏi|ra\s{{1,3}}khỏi)(?!\w))"
)
_REQUESTED = Rule(_ASKS)
_ANOTHER_OBJECT = Rule(
    rf"{words('thừa, dư, có, còn, chứa, dùng, sử dụng, viết, ghi, lỗi, lặp, lặp lại, trùng')}\s{{1,3}}(?:(?:các|những|một|hai|nhiều|thêm|lại)\s{{1,3}}){{0,2}}{words('từ, chữ, cụm từ, cụm, dấu, câu, ý, lỗi, số')}(?!\s{{1,3}}(?:với|đầu|cuối|trên|trước))"
    rf"|{words('hủ tục, tệ nạn, thủ tục, tình trạng, hộ khẩu, thói quen, tảo hôn')}"
)
_STARTS = Rule(
    rf"(?:\A|[.;!?\n]\s{{0,3}}|(?<!\w)theo\s{{1,3}}[^.,;:!?\n]{{1,40}},\s{{0,3}}|\n\s{{0,9}}(?:[-+•*–]|\d{{1,2}}[.)]))\s{{0,3}}(?:(?:tôi|em|cháu|chúng\s{{1,3}}tôi|theo\s{{1,3}}tôi,?|thấy|nhận\s{{1,3}}thấy|nghĩ|cho|rằng|là|chỉ|muốn|nói|tại|ở|trong|về|riêng|còn|đối\s{{1,3}}với)\s{{1,3}}){{0,6}}{_ALL}(?:(?P<piece>{_PIECE})\s{{1,3}}{_AT}?|(?:nội\s{{1,3}}dung|quy\s{{1,3}}định|phần|đoạn|ý)\s{{1,3}}{_AT}?)?\Z"
)
_SURE_BEFORE = Rule(
    r"(?:\A|[^\w\s]\s{0,3}|\n\s{0,3}|(?<!\w)(?:nghị|xuất|nên|cần|xin|phải|hãy|thể|và|thời|mong|tôi|thảo|lược|xóa|xoá|cắt|gạch|loại)\s{1,3})\Z"
)
_NO_PLACE_ALONE = frozenset(("dong", "doan", "gach"))  # a passage of nobody knows which page
CHANGING = Rule(words("sửa, thay, đổi, chỉnh, bổ sung, thêm, chèn, điều chỉnh, viết lại"))
REMOVING = Rule(words("bỏ, xóa, xoá, cắt, lược, loại, rút, đưa, gạt, gỡ"))


@dataclass(frozen=True)
class Passage:
    """A passage to be removed: the edit's words and its place as offsets of the text; `cites`: what names the place, all of
    it together; `exact`: it is the cited place itself, not a piece of it."""

    start: int
    end: int
    place: tuple[int, int]
    cites: tuple[Cite, ...]
    exact: bool


def passages(seen: View, source: str, base: int, named: Sequence[Cite]) -> Iterator[Passage]:
    """The passages that a masked text wants removed, in order; `base`: where it begins in the view."""
    joined: tuple[int, int] | None = None  # where a removed passage ends, and where its request begins
    for at, cite in enumerate(named):
        start, end = (_in_view(seen, place) - base for place in (cite.start, cite.end))
        if joined is not None and _JOINED.of(seen).fullmatch(source, joined[0], start) is None:
            joined = None
        found = None
        if _ANOTHER_LAW.of(seen).match(source, end) is None:
            found = _behind_verb(seen, source, start, end) or _before_verb(seen, source, start, end)
            if found is None and joined is not None and _ENDS.of(seen).match(source, end) is not None:
                found = start, end, start, True
        if found is None:
            joined = None
            continue
        begin, stop, said, exact = found
        joined = (end, begin)
        place = seen.original(base + said, base + end)
        cites = _with_page(seen, cite, named[at - 1] if at else None)
        if cites is not None:
            whole = min(cites[0].start, place[0]), place[1]
            yield Passage(*seen.original(base + begin, base + stop), whole, cites, exact)


def _behind_verb(seen: View, text: str, start: int, end: int) -> tuple[int, int, int, bool] | None:
    """Verb, then place: where the request begins and ends, where the place begins, and whether it is the whole cited place."""
    window = max(0, start - _LEAD)
    lead, out = _REMOVED.of(seen).search(text[window:start]), None
    if lead is None or _ENDS.of(seen).match(text, end) is None:
        lead, out = _TAKEN.of(seen).search(text[window:start]), _OUT.of(seen).match(text, end)
        if lead is None or out is None:
            return None
    verb = window + lead.start("v")
    if not _asked(seen, text, verb, end):
        return None
    piece = lead["piece"] is not None
    return verb, out.end() if out else end, window + lead.start("piece") if piece else start, not piece


def _asked(seen: View, text: str, verb: int, end: int) -> bool:
    if not seen.accented and _SURE_BEFORE.of(seen).search(text[max(0, verb - 20) : verb]) is None:
        return False  # "toan bo muc 3", "noi bo", "can bo"
    if not seen.accented and text.startswith(("bo phan ", "bo chi huy"), verb):
        return False  # "bộ phận 1 cửa"
    return (
        sure(seen, text, verb, told_apart=True)
        and wanted(seen, text, verb, end)
        and _DOUBTED.of(seen).search(before(seen, text, verb)) is None
    )


def _before_verb(seen: View, text: str, start: int, end: int) -> tuple[int, int, int, bool] | None:
    """The same for a place at the beginning of its sentence, and a verb of which it is the only object."""
    match = _THEN_REMOVED.of(seen).match(text, end, min(len(text), end + 2 * _LEAD))
    if match is None:
        return None
    if _REQUESTED.of(seen).search(match["asks"]) is None and (match["why"] + match["asks"]).strip() != ":":
        return None  # "Trang 7, dòng 12: bỏ" asks as it stands
    opened = _STARTS.of(seen).search(text[max(0, start - _LEAD) : start])
    if opened is None:
        return None
    why = match["why"]
    if why.strip(" .,:-–)(") and (
        _REASON_GIVEN.of(seen).search(why) is None or _ANOTHER_OBJECT.of(seen).search(why) is not None
    ):
        return None
    verb = match.start("v")
    if not wanted(seen, text, verb, match.end()) or _DOUBTED.of(seen).search(before(seen, text, verb)) is not None:
        return None
    piece = opened["piece"] is not None
    said = max(0, start - _LEAD) + opened.start("piece") if piece else start
    return said, match.end(), said, not piece


_REASON_GIVEN = Rule(_SAYS_WHY)


def _with_page(seen: View, cite: Cite, before: Cite | None) -> tuple[Cite, ...] | None:
    """A paragraph or a line is a place only with its page or section: that may be named right before it."""
    if any(value is not None for key, value in cite.units.items() if key not in _NO_PLACE_ALONE and key != "section"):
        return (cite,)
    if before is None or cite.start - before.end > _HEAD or not before.units.keys() - _NO_PLACE_ALONE - {"section"}:
        return None
    return (before, cite) if "\n\n" not in seen.text[before.end : cite.start] else None


def _in_view(seen: View, place: int) -> int:
    return place if seen.offsets is None else bisect_left(seen.offsets, place)
