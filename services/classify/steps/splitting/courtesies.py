"""What a letter says out of courtesy: salutations, who writes, thanks, good wishes, place and date.

They are set aside only where they stand (a salutation first, a closing last) and only when they carry nothing else.
"""

import re
from typing import Literal

from services.classify.steps.splitting.formulas import LONGEST_FORMULA, is_formula, is_thanks, may_be_formula, may_thank
from services.classify.steps.splitting.lead_ins import COMPLAINTS, is_lead_in, may_lead_in, so_follows
from services.classify.steps.view import Rule, View, words

COURTESY_LENGTH = 160  # a longer sentence is never a mere courtesy

_PLACE_AND_DATE = r"[^:;,.!?\n]{0,40},?\s{0,3}(?<!\w)ngày\s.{1,6}tháng\s.{1,6}năm\s{1,3}\d{4}[.]?\Z"
_DASH = r"[-–—+*\s]{0,5}"
_SELF = words("tôi, em, cháu, con, chúng tôi, chúng em, chúng cháu")
_SALUTATION = Rule(
    _DASH
    + rf"(?:(?:dạ,?\s{{1,3}})?(?:{_SELF}\s{{1,3}}(?:xin\s{{1,3}})?(?=(?:kính\s{{1,3}})?chào))?)"
    + "(?:"
    + words(
        "kính gửi, kính thưa, kính chào, xin chào, xin kính chào, chào, thưa, tôi tên là, tôi tên, tên tôi là, tôi là, em là, em tên, "
        "cháu là, cộng hòa xã hội chủ nghĩa việt nam, cộng hoà xã hội chủ nghĩa việt nam, độc lập - tự do - hạnh phúc, "
        "đảng cộng sản việt nam"
    )
    + "|"
    + words(
        "họ và tên, họ tên, địa chỉ, nơi ở, thường trú, số điện thoại, điện thoại, sđt, đt, email, nghề nghiệp, đơn vị, chức vụ"
    )
    + r"\s{0,3}[:\d]|"
    + r"(?:v/v|vv|re|fw|fwd|về\s{1,3}việc|tiêu\s{1,3}đề|chủ\s{1,3}đề\s{1,3}thư)\s{0,2}:?\s{1,3}(?:v/v:?\s{0,3})?"
    + words("góp ý, ý kiến, tham gia, đóng góp, thư góp ý, phiếu góp ý")
    + r"[^:;.!?\n]{0,120}[:.]?\Z|"
    + words("biên bản, bản tổng hợp, báo cáo tổng hợp, tổng hợp ý kiến, phiếu lấy ý kiến, bản góp ý")
    + r"[^:;.!?\n]{0,120}[:.]?\Z|"
    + words("phiếu góp ý, thư góp ý, góp ý dự thảo, góp ý vào dự thảo, ý kiến góp ý vào dự thảo")
    + r"[^:;,.!?\n]{0,120}[:.]?\Z|"
    + _PLACE_AND_DATE
    + ")"
)
_THANKS = Rule(
    _DASH
    + words(
        "xin cảm ơn, xin cám ơn, xin trân trọng cảm ơn, xin chân thành cảm ơn, cảm ơn, cám ơn, trân trọng, tôi xin cảm ơn, em cảm ơn, "
        "em xin cảm ơn, em cám ơn, chân thành cảm ơn, em xin chân thành cảm ơn"
    )
)
_GREETING = Rule(
    _DASH
    + rf"(?:(?:dạ,?\s{{1,3}})?{_SELF}\s{{1,3}}(?:xin\s{{1,3}})?(?=(?:kính\s{{1,3}})?chào))?"
    + words("kính gửi, kính thưa, kính chào, xin chào, xin kính chào, chào, thưa, dạ thưa, dạ")
)
_WHO_WRITES = Rule(
    _DASH
    + words(
        "tôi tên là, tôi tên, tên tôi là, tôi là, em là, em tên, cháu là, họ và tên, họ tên, nghề nghiệp, đơn vị, chức vụ"
    )
)
_SIGNS = Rule(
    _DASH
    + "(?:"
    + words(
        "kính thư, người góp ý, người viết, ký tên, bí thư, phó bí thư, thư ký, chủ trì, đã ký, gửi từ, đã gửi từ, sent from, "
        "người tổng hợp, trưởng bản, t/m, người gửi, người đóng góp, tm, thay mặt, địa chỉ, sđt, đt, điện thoại, số điện thoại, "
        "email, nơi ở, thường trú"
    )
    + "|"
    + _PLACE_AND_DATE
    + ")"
)
_CLOSING = Rule(
    _DASH
    + "(?:"
    + words(
        "xin cảm ơn, xin cám ơn, xin chân thành cảm ơn, xin trân trọng cảm ơn, tôi xin cảm ơn, tôi xin chân thành cảm ơn, "
        "tôi xin trân trọng cảm ơn, chân thành cảm ơn, trân trọng cảm ơn, trân trọng kính chào, cảm ơn, cám ơn, kính chúc, "
        "em cảm ơn, em cám ơn, tôi cảm ơn, cháu cảm ơn, "
        "chúc đại hội, xin chúc, kính thư, người góp ý, người viết, ký tên, trên đây là"
    )
    + "|"
    + words("họ và tên, họ tên, địa chỉ, nơi ở, thường trú, số điện thoại, điện thoại, sđt, đt, email")
    + r"\s{0,3}[:\d]|"
    + r"(?<!\w)(?:t/m|tm)\.?\s[^.,:;!?\n]{2,60}\Z|"
    + words(
        "bí thư, phó bí thư, bí thư chi bộ, thư ký, chủ trì, chủ tọa, trưởng bản, trưởng thôn, người tổng hợp, người lập, "
        "chủ tịch, giám đốc, đã ký, ký tên"
    )
    + r"\s{0,3}\)?[.,:]?\Z|"
    + r"\((?:đã ký|ký|ký,?\s{1,3}ghi rõ họ tên|ký tên|ký và ghi rõ họ tên|đã ký, đóng dấu)\)\Z|"
    + r"(?:đã\s{1,3})?(?:được\s{1,3})?(?<!\w)"
    + r"(?:gửi|sent)\s{1,3}(?:từ|from|bằng)\s{1,3}[^.!?\n]{2,40}\Z|get\soutlook\sfor\s[^.!?\n]{2,20}\Z|"
    + words("trân trọng, hết, xin hết, trân trọng cảm ơn, thân ái, thân mến, kính")
    + r"[.,!/\s]{0,5}\Z|"
    + _PLACE_AND_DATE
    + ")"
)
_SPEAKS_ON = Rule(  # "Thưa các đồng chí, thầy dạy hay": a greeting, and then something else than who is greeted or who writes
    _DASH
    + words("kính thưa, xin chào, chào, thưa, kính chào")
    + r"[^,\n]{0,60},\s{0,3}(?!"
    + words(
        "tôi, em, cháu, con, chúng tôi, các, toàn thể, quý, đồng chí, ban, cùng, và, lãnh đạo, tiểu ban, thưa, kính thưa, ông, "
        "bà, anh, chị, bác, cô, chú, "
        "đại biểu, hội nghị, đại hội"
    )
    + r")(?:\w{1,9}\s{1,3}){3}\w"
)
# Generous on purpose: a courtesy taken for an opinion costs a row, an opinion taken for a courtesy is lost.
_SUBSTANCE = Rule(
    words(
        "đề nghị, kiến nghị, đề xuất, bổ sung, cần, nên, sửa, thay, bỏ, nhất trí, đồng ý, đồng tình, thống nhất, tán thành, "
        "ủng hộ, phản đối, hợp lý, làm rõ, quan tâm, xem xét, vì sao, tại sao, đánh giá cao, phải, không, chưa, thêm, thiếu, khó, "
        "khổ, xấu, kém, tốt, hay, đúng, sai, rất, quá, lắm, hơn, mong, muốn, bị, còn, sớm, để, vì, nhưng, làm, xây, được, có, "
        "xuống cấp, ô nhiễm, giúp"
    )
    + "|"
    + words(COMPLAINTS)
    + r"|(?<!\w)đã(?!\s{1,3}(?:đọc|nghe|lắng\s{1,3}nghe|xem|ký|gửi\s{1,3}từ))(?!\w)"
)
_SALUTATION_BITS, _CLOSING_BITS = _SALUTATION.bits, _CLOSING.bits
_OPENING_END = re.compile(r"[.!?…;:](?=\s)|\n")
_SENTENCE_END = re.compile(r"[.!?…;](?=\s)|\n")


def is_salutation(seen: View, start: int, end: int) -> bool:
    """A greeting, who writes, a form's heading, or what only announces opinions."""
    return _is_courtesy(seen, _SALUTATION, start, end) or is_lead_in(seen, start, end)


def is_closing(seen: View, start: int, end: int) -> bool:
    """Thanks, good wishes, who signs, place and date."""
    if end - start > LONGEST_FORMULA or not may_close(seen.heard(start, end)):
        return False
    return _is_courtesy(seen, _CLOSING, start, end) or is_formula(seen, start, end)


def may_open(heard: int) -> bool:
    """Whether the words of a greeting or an announcement are among those heard (`View.heard`)."""
    return heard & _SALUTATION_BITS == _SALUTATION_BITS or may_lead_in(heard) or may_thank(heard)


def may_close(heard: int) -> bool:
    """Whether the words of a closing are among those heard: most texts have none."""
    return heard & _CLOSING_BITS == _CLOSING_BITS or may_be_formula(heard)


def may_be_substance(seen: View, start: int, end: int) -> bool:
    """Whether a word stands here that hardly any name, address or greeting has."""
    return _SUBSTANCE.search(seen, start, end) is not None


def _is_courtesy(seen: View, rule: Rule, start: int, end: int) -> bool:
    if end - start > COURTESY_LENGTH or not rule.match(seen, start, end):
        return False
    if _SPEAKS_ON.match(seen, start, end):
        return False
    return not may_be_substance(seen, start, end)


def without_opening_sentences(seen: View, start: int, end: int) -> tuple[int, int]:
    """The span without the greetings it begins with, unless it is nothing else."""
    while (stop := _OPENING_END.search(seen.plain, start, min(end, start + 2 * COURTESY_LENGTH))) is not None:
        rest, _ = trimmed(seen.plain, stop.end(), end)
        if rest >= end or not _opens(seen, start, stop):
            break
        start = rest
    return start, end


def _opens(seen: View, start: int, stop: re.Match[str]) -> bool:
    end = stop.end()
    if seen.plain[end - 1] == ":":
        return so_follows(seen, start, end - 1) and is_lead_in(seen, start, end)
    heard = seen.heard(start, end)
    return (
        (heard & _SALUTATION_BITS == _SALUTATION_BITS and _is_courtesy(seen, _SALUTATION, start, end))
        or (may_thank(heard) and is_thanks(seen, start, end))
        or (may_lead_in(heard) and is_lead_in(seen, start, end))
    )


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
            wrapped = _wrapped_closing(seen, low, start, stops, end)
            if wrapped is None:
                return start, end
            last = wrapped
        if last == start:
            return None
        _, end = trimmed(seen.plain, start, last)


def _wrapped_closing(seen: View, low: int, start: int, stops: list[int], end: int) -> int | None:
    """Where a closing sentence begins that a mail program broke into up to three lines; None when there is none."""
    for k in range(len(stops) - 1, max(-1, len(stops) - 3), -1):
        if seen.plain[stops[k] - 1] != "\n":
            return None
        if k == 0 and low > start:
            return None
        begin, _ = trimmed(seen.plain, stops[k - 1] if k else start, end)
        if is_closing(seen, begin, end):
            return begin
    return None


def trimmed(plain: str, start: int, end: int) -> tuple[int, int]:
    """The span without the white space around it."""
    while start < end and plain[start].isspace():
        start += 1
    while start < end and plain[end - 1].isspace():
        end -= 1
    return start, end


def aside_of(
    seen: View, start: int, end: int, *, last: bool
) -> Literal["salutation", "closing", "signature", "heading", "courtesy"]:
    """Which courtesy this is; `last` tells that no opinion follows."""
    if _GREETING.match(seen, start, end) or _WHO_WRITES.match(seen, start, end):
        return "salutation"
    if not last and seen.plain[start] in "-–":
        return "salutation"  # a further addressee
    if _SIGNS.match(seen, start, end):
        return "signature" if last else "salutation"
    if _THANKS.match(seen, start, end) or is_formula(seen, start, end):
        return "closing"
    if not last and (is_salutation(seen, start, end) or end - start <= COURTESY_LENGTH):
        return "heading"
    if is_closing(seen, start, end):
        return "closing"
    return "signature" if last and end - start <= COURTESY_LENGTH // 2 else "courtesy"
