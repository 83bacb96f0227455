"""Does a text look like a complaint or denunciation of its own (khiếu nại, tố cáo), not talk about how they are handled?

Only a flag for people: staff decide, and the opinion is counted all the same. A complaint says that a decision or an act hurt the
writer's own right; a denunciation reports a wrong that somebody named or shown did (Luật Khiếu nại 2011, Luật Tố cáo 2018, Điều 2).
"""

import re
from collections.abc import Sequence

from services.classify.steps.view import Rule, View, words

_SELF = words(
    "tôi, chúng tôi, gia đình tôi, gia đình chúng tôi, gia đình em, bà con chúng tôi, em, chúng em, nhà tôi, mẹ tôi, "
    "bố tôi, vợ "
    "chồng tôi, vợ tôi, chồng tôi, con tôi, con trai tôi, con gái tôi, anh trai tôi, các hộ chúng tôi, cháu, bản "
    "thân tôi"
)
_ACT = words("khiếu nại, tố cáo, khiếu kiện, tố giác, kêu oan, kêu cứu")
_SENT = words("làm đơn, gửi đơn, viết đơn, nộp đơn, có đơn, đội đơn, mang đơn")
_PAPER = words("đơn, đơn thư, đơn khiếu nại, đơn tố cáo, đơn kiến nghị")
_HURT = words(
    "thu hồi đất trái, thu hồi đất sai, thu hồi đất không đúng, bị thu hồi đất nhưng, bị thu hồi đất mà, lấn chiếm "
    "đất, bị lấn chiếm, bị chiếm "
    "đất, bị chiếm mất, bị cưỡng chế, bị oan, oan sai, oan ức, xử ép, chưa được bồi thường, không được bồi thường, "
    "chưa nhận được tiền "
    "đền bù, chưa nhận được tiền bồi thường, không được đền bù, chưa được đền bù, đền bù không thỏa đáng, bồi thường "
    "không thỏa đáng, đền bù "
    "quá thấp, bị cắt chế độ, bị thu hồi sổ đỏ, bị đe dọa, bị trù dập, bị xử phạt sai, bị xử phạt oan, bị kỷ luật "
    "oan, bị đuổi việc oan, bị "
    "đuổi việc vô cớ, bị chiếm đoạt, bị lừa đảo, bị đánh, bị hành hung"
)
_WRONG = words(
    "nhận hối lộ, đòi hối lộ, vòi vĩnh, tham ô, ăn chặn, biển thủ, bớt xén, chiếm đoạt, làm giả hồ sơ, khai khống, "
    "lấy tiền của dân, bao "
    "che, có hành vi sai phạm, có hành vi vi phạm, lạm dụng chức vụ, lợi dụng chức vụ, đánh người, thu tiền sai, thu "
    "tiền trái, sách nhiễu dân"
)
_NAME = r"[a-zà-ỹđ]{1,8}"
_PERSON = (
    rf"(?<!\w)(?:(?:ông|bà|anh|chị)\s{{1,3}}(?:{_NAME}\s{{1,3}}){{1,5}}"
    r"|(?:chủ\s{1,3}tịch|bí\s{1,3}thư|trưởng\s{1,3}(?:bản|thôn|phòng|công\s{1,3}an)|cán\s{1,3}bộ\s{1,3}(?:địa\s{1,3}chính|thuế|xã))"
    r"\s{1,3}(?:(?:xã|phường|bản|thôn|huyện|tôi|này|ở|đã|đang)\s{1,3}){1,4})"
)
_SURE = Rule(
    words("xin tố cáo, xin khiếu nại, tôi tố cáo, chúng tôi tố cáo, tôi khiếu nại, chúng tôi khiếu nại, xin kêu cứu, xin tố giác")
    + rf"|(?<!quyền\s)(?:{_ACT}|{_PAPER})\s{{1,3}}(?:[^\W\d_]{{1,8}}\s{{1,3}}){{0,2}}của\s{{1,3}}{_SELF}"
    rf"|{_SELF}\s{{1,3}}(?:[^\W\d_]{{1,8}}\s{{1,3}}){{0,4}}{_SENT}\s{{1,3}}(?:này\s{{1,3}}|để\s{{1,3}})?(?:{_ACT}|nhiều|nhưng|mà|đến|lên|từ)"
    rf"|(?<!\w)(?:tố\s{{1,3}}cáo|tố\s{{1,3}}giác)\s{{1,3}}(?:ông|bà|anh|chị)\s"
)  # fmt: skip
_TITLE = Rule(rf"\W{{0,8}}đơn\s{{1,3}}(?:xin\s{{1,3}})?{_ACT}")
_MYSELF, _SUFFERED = Rule(_SELF), Rule(rf"{_ACT}|{_HURT}")
_SOMEBODY, _DID = Rule(_PERSON), Rule(_WRONG)
_BACK = 80  # code points between who and what
_STOP = re.compile(r"[.!?\n]")
_ABOUT = Rule(
    words(
        "giải quyết, công tác, tiếp công dân, xử lý, luật, tình trạng, bảo vệ người, quyền, hoạt động, số lượng, tỷ "
        "lệ, quy định, nghị "
        "quyết, cơ chế, phòng, phòng ngừa, hạn chế, số vụ, những vụ, các vụ, nếu, để tránh, tiếp nhận, ngăn chặn, "
        "mọi, chính sách, "
        "thủ tục, người dân, dự thảo, báo cáo, phải, nên, đề nghị, kiến nghị, góp ý, cho rằng, nội dung, nghiêm, "
        "nào, không để, có ý kiến"
    )
    # Without diacritics "cán bộ" and "vợ chồng tôi" look like these two.
    + r"|(?<!\w)cần(?!\w)(?!\sbộ)|(?<!vợ\s)(?<!\w)chống(?!\w)(?!\stôi)"
)


_TITLED, _CERTAIN = _TITLE.bits, _SURE.bits
_WRONGED, _REPORTED = _MYSELF.bits | _SUFFERED.bits, _SOMEBODY.bits | _DID.bits


def petition_suspected(seen: View, start: int, end: int) -> bool:
    """Whether the span should be shown to those who handle petitions."""
    return petitions([(seen, start, end)])[0]


def petitions(spans: Sequence[tuple[View, int, int]]) -> list[bool]:
    """The same of each span: most texts hold no word of it."""
    return [
        (
            (heard := seen.whole) & _CERTAIN == _CERTAIN
            or heard & _TITLED == _TITLED
            or heard & _WRONGED == _WRONGED
            or heard & _REPORTED == _REPORTED
        )
        and _suspected(seen, start, end)
        for seen, start, end in spans
    ]


def _suspected(seen: View, start: int, end: int) -> bool:
    if _TITLE.match(seen, start, end) or _SURE.search(seen, start, end):
        return True
    if not seen.silent(_WRONGED, start, end) and _told(_MYSELF, _SUFFERED, seen, start, end):
        return True
    return not seen.silent(_REPORTED, start, end) and _told(_SOMEBODY, _DID, seen, start, end)


def _told(who: Rule, what: Rule, seen: View, start: int, end: int) -> bool:
    """Told of somebody in the same sentence as a thing that happened, not talked about."""
    text, people, about = seen.matched, who.of(seen), _ABOUT.of(seen)
    for match in what.of(seen).finditer(text, start, end):
        since = max(start, match.start() - _BACK)
        for stop in _STOP.finditer(text, since, match.start()):
            since = stop.end()
        person = people.search(text, since, match.start())
        if person and not about.search(text, max(start, person.start() - 25), match.end()):
            return True
    return False
