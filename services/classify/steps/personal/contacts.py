"""Telephone and identity numbers, bank accounts, e-mail addresses."""

import re
from collections.abc import Iterator

from services.classify.steps.view import Rule, View, words

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_EMAIL_SPELT = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s{0,2}(?:\[at\]|\(at\)|\{at\})\s{0,2}[\w-]{1,63}(?:\s?\.\s?[\w-]{1,63}){1,5}"
)
_EMAIL_AFTER_CUE = Rule(
    words("email, e-mail, mail, thư điện tử, hộp thư, gmail")
    + r"[^@\n\w]{0,10}(?:là\s|của\s\w{1,8}\s?:?\s?)?([\w.+-]{1,64}\s{0,2}@\s{0,2}[\w-]{1,63}(?:\s?\.\s?[\w-]{1,63}){1,5})"
)
_SEP = r"[ .\-]{0,2}"
_PHONE = re.compile(
    r"(?:(?<=\d{3}/)|(?<![\d,/+-]))(?<!\d\.)(?:(?:\+\s?84|\(\+?84\)|0084|84)" + _SEP + r"(?:\(0\))?|\(?0[ ]?)"
    r"(?:[35789](?:"
    + _SEP
    + r"\d){8}|1[2689](?:"
    + _SEP
    + r"\d){8}|2\d{1,2}\)?(?:"
    + _SEP
    + r"\d){7,8}|2(?:"
    + _SEP
    + r"\d){8,9})"
    r"(?!\d|[.,]\d{3}(?!\d)|/\d{1,4}(?!\d))"
)
_HOTLINE = re.compile(r"(?<![\w.,/-])1[89]00[ .]?\d{2,4}(?:[ .]?\d{2})?(?!\d)")
_CITIZEN_ID = re.compile(r"(?<!\d)0\d{2}[ .]?[0-3]\d{2}[ .]?\d{3}[ .]?\d{3}(?!\d)")
_ID_AFTER_CUE = Rule(
    words(
        "cccd, cmnd, cmtnd, cmt, căn cước, căn cước công dân, thẻ căn cước, chứng minh nhân dân, chứng minh thư, cmt nhân dân, "
        "hộ chiếu, passport, thẻ đảng, thẻ đảng viên, số thẻ đảng, bhxh, sổ bảo hiểm xã hội, bảo hiểm xã hội, thẻ bảo hiểm y tế, bhyt, "
        "bảo hiểm y tế, "
        "giấy phép lái xe, gplx, bằng lái xe, mã số thuế, mã số thuế cá nhân, mst, số định danh, số định danh cá nhân"
    )
    + r"[^\d\n]{0,20}?(?<![^\W\d_])((?:(?!số)[a-z]{1,2}\s?)?\d(?:[ .\-]?\d){6,16})(?!\d)"
)
_PLATE_AFTER_CUE = Rule(
    words("biển số, biển số xe, bks, biển kiểm soát")
    + r"[^\d\n]{0,12}(\d{2}\s?-?\s?[a-zđ]{1,2}\d?\s?[-.]?\s?\d{3}[.]?\d{1,2})(?!\d)"
)
_ACCOUNT_AFTER_CUE = Rule(
    words("stk, số tài khoản, tài khoản, số tk, tk, tk ngân hàng, tài khoản số, tài khoản ngân hàng")
    + r"(?!\s{1,3}(?:có|đã|của\s{1,3}\d))[^\d\n]{0,30}?(\d(?:[ .\-]?\d){5,24})(?!\d|[.,]\d|\s{0,2}(?:người|hộ|đồng|triệu|tỷ|lượt)(?!\w))"
)
_SOME_DIGITS = re.compile(r"\d(?:[ .()/\-]{0,3}\d){4}")


def may_reach(seen: View, start: int, end: int) -> bool:
    """Whether such data can stand in the span at all: cheap, for most texts hold none."""
    find = seen.plain.find
    return (
        _SOME_DIGITS.search(seen.plain, start, end) is not None
        or find("@", start, end) >= 0
        or find("at]", start, end) >= 0
        or find("at)", start, end) >= 0
        or find("at}", start, end) >= 0
    )


def contacts(seen: View, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) in `seen.plain`; a number after "tài khoản" is an account, whatever it looks like."""
    text = seen.plain
    if text.find("@", start, end) >= 0:
        yield from ((*m.span(1), "email") for m in _EMAIL_AFTER_CUE.finditer(seen, start, end))
        yield from ((*m.span(), "email") for m in _EMAIL.finditer(text, start, end))
    if text.find("at]", start, end) >= 0 or text.find("at)", start, end) >= 0 or text.find("at}", start, end) >= 0:
        yield from ((*m.span(), "email") for m in _EMAIL_SPELT.finditer(text, start, end))
    if not _SOME_DIGITS.search(text, start, end):
        return
    claimed: list[tuple[int, int]] = []
    for rule, kind in (
        (_ACCOUNT_AFTER_CUE, "bank_account"),
        (_ID_AFTER_CUE, "id_number"),
        (_PLATE_AFTER_CUE, "id_number"),
    ):
        for match in rule.finditer(seen, start, end):
            claimed.append(match.span(1))
            yield *match.span(1), kind
    for pattern, kind in ((_CITIZEN_ID, "id_number"), (_PHONE, "phone"), (_HOTLINE, "phone")):
        for match in pattern.finditer(text, start, end):
            if not any(match.start() < stop and begin < match.end() for begin, stop in claimed):
                yield *match.span(), kind
