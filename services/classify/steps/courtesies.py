"""What a letter says out of courtesy: salutations, who writes, thanks, good wishes, place and date.

They are set aside only where they stand (a salutation first, a closing last) and only when they carry nothing else.
"""

import re

from services.classify.steps.formulas import is_formula
from services.classify.steps.view import Rule, View, words

COURTESY_LENGTH = 160  # a longer sentence is never a mere courtesy

_PLACE_AND_DATE = r"[^:;,.!?\n]{0,40},?\s{0,3}(?<!\w)ngày\s.{1,6}tháng\s.{1,6}năm\s{1,3}\d{4}[.]?\Z"
_DASH = r"[-–—+*\s]{0,5}"
_SALUTATION = Rule(
    _DASH
    + "(?:"
    + words(
        "kính gửi, kính thưa, kính chào, xin chào, xin kính chào, chào, thưa, tôi tên là, tôi tên, tên tôi là, tôi là, em là, "
        "cháu là, cộng hòa xã hội chủ nghĩa việt nam, cộng hoà xã hội chủ nghĩa việt nam, độc lập - tự do - hạnh phúc, "
        "đảng cộng sản việt nam"
    )
    + "|"
    + words(
        "họ và tên, họ tên, địa chỉ, nơi ở, thường trú, số điện thoại, điện thoại, sđt, đt, email, nghề nghiệp, đơn vị, chức vụ"
    )
    + r"\s{0,3}[:\d]|"
    + words("phiếu góp ý, thư góp ý, góp ý dự thảo, góp ý vào dự thảo, ý kiến góp ý vào dự thảo")
    + r"[^:;,.!?\n]{0,120}[:.]?\Z|"
    + _PLACE_AND_DATE
    + ")"
)
_LEAD_IN = Rule(words("như sau, sau đây, các ý kiến sau, một số ý kiến, mấy ý kiến, vài ý kiến, các nội dung sau"))
_CLOSING = Rule(
    _DASH
    + "(?:"
    + words(
        "xin cảm ơn, xin cám ơn, xin chân thành cảm ơn, xin trân trọng cảm ơn, tôi xin cảm ơn, tôi xin chân thành cảm ơn, "
        "tôi xin trân trọng cảm ơn, chân thành cảm ơn, trân trọng cảm ơn, trân trọng kính chào, cảm ơn, cám ơn, kính chúc, "
        "chúc đại hội, xin chúc, kính thư, người góp ý, người viết, ký tên, trên đây là"
    )
    + "|"
    + words("trân trọng, hết, xin hết")
    + r"[.!/\s]{0,5}\Z|"
    + _PLACE_AND_DATE
    + ")"
)
# Generous on purpose: a courtesy taken for an opinion costs a row, an opinion taken for a courtesy is lost.
_SUBSTANCE = Rule(
    words(
        "đề nghị, kiến nghị, đề xuất, bổ sung, cần, nên, sửa, thay, bỏ, nhất trí, đồng ý, đồng tình, thống nhất, tán thành, "
        "ủng hộ, phản đối, hợp lý, làm rõ, quan tâm, xem xét, vì sao, tại sao, đánh giá cao, phải, không, chưa, thêm, thiếu, khó, "
        "khổ, xấu, kém, tốt, hay, đúng, sai, rất, quá, lắm, hơn, mong, muốn, bị, còn, sớm, để, vì, nhưng, làm, xây, được, có, "
        "xuống cấp, ô nhiễm, giúp"
    )
    + r"|(?<!\w)đã(?!\s{1,3}(?:đọc|nghe|lắng\s{1,3}nghe|xem))(?!\w)"
)
_AGREEMENT = Rule(words("nhất trí, đồng ý, đồng tình, thống nhất, tán thành, ủng hộ"))
_CHANGE = Rule(words("bổ sung, sửa, thay, bỏ"))
_SENTENCE_END = re.compile(r"[.!?…;](?=\s)|\n")


def is_salutation(seen: View, start: int, end: int) -> bool:
    """A greeting, who writes, a form's heading, or what only announces opinions."""
    return _is_courtesy(seen, _SALUTATION, start, end) or _is_lead_in(seen, start, end)


def is_closing(seen: View, start: int, end: int) -> bool:
    """Thanks, good wishes, who signs, place and date."""
    return _is_courtesy(seen, _CLOSING, start, end) or is_formula(seen, start, end)


def may_be_substance(seen: View, start: int, end: int) -> bool:
    """Whether a word stands here that hardly any name, address or greeting has."""
    return _SUBSTANCE.of(seen).search(seen.matched, start, end) is not None


def agrees(seen: View, start: int, end: int) -> bool:
    """Whether a word of agreement stands here: then even a heading says something."""
    return _AGREEMENT.of(seen).search(seen.matched, start, end) is not None


def _is_courtesy(seen: View, rule: Rule, start: int, end: int) -> bool:
    if end - start > COURTESY_LENGTH or not rule.of(seen).match(seen.matched, start, end):
        return False
    return not may_be_substance(seen, start, end)


def _is_lead_in(seen: View, start: int, end: int) -> bool:
    """ "Sau khi nghiên cứu dự thảo, tôi có một số ý kiến như sau:" announces opinions and is none."""
    if end - start > 2 * COURTESY_LENGTH or seen.plain[end - 1] not in ":.":
        return False
    lead = _LEAD_IN.of(seen).search(seen.matched, max(start, end - 40), end)
    if lead is None or agrees(seen, start, end):
        return False
    return _CHANGE.of(seen).search(seen.matched, start, end) is None


def without_opening_sentences(seen: View, start: int, end: int) -> tuple[int, int]:
    """The span without the greetings it begins with, unless it is nothing else."""
    while (stop := _SENTENCE_END.search(seen.plain, start, min(end, start + COURTESY_LENGTH))) is not None:
        rest, _ = trimmed(seen.plain, stop.end(), end)
        if rest >= end or not _is_courtesy(seen, _SALUTATION, start, stop.end()):
            break
        start = rest
    return start, end


def without_closing_sentences(seen: View, start: int, end: int) -> tuple[int, int] | None:
    """The span without its closing sentences; None when it is nothing else."""
    while True:
        low = max(start, end - COURTESY_LENGTH)
        stops = [m.end() for m in _SENTENCE_END.finditer(seen.plain, low, max(low, end - 1))]
        if stops:
            last, _ = trimmed(seen.plain, stops[-1], end)
        elif low == start:
            last = start
        else:
            return start, end
        if not is_closing(seen, last, end):
            return start, end
        if last == start:
            return None
        _, end = trimmed(seen.plain, start, last)


def trimmed(plain: str, start: int, end: int) -> tuple[int, int]:
    """The span without the white space around it."""
    while start < end and plain[start].isspace():
        start += 1
    while start < end and plain[end - 1].isspace():
        end -= 1
    return start, end
