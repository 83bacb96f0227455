"""Who signs: a name below a letter, with an address, a telephone number or an office under it."""

import re

from services.classify.steps.splitting.courtesies import may_be_substance
from services.classify.steps.view import Rule, View, without_diacritics, words

_TOKEN = re.compile(r"[^\W_]+")
_CONTACT = re.compile(
    r"(?:sđt|đt|sdt|dt|tel|điện thoại|dien thoai|số điện thoại|email|e-mail)?\s{0,3}:?\s{0,3}"
    r"(?:\+?[\d.\s()-]{8,18}|[\w.+-]{1,40}@[\w.-]{3,40})[.\s]{0,3}\Z"
)
_LONGEST_NAME = 60  # code points, with an office after a comma or dash
_AFTER_NAME = re.compile(r"\s*[,–—(-]")
# Surnames of the province's peoples and of the country; a short line of capitalised words that begins with one is who signs.
_KNOWN_SURNAMES = (
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh đoàn trịnh mai đào lò quàng cà lường tòng vàng giàng "
    "sùng mùa thào hạng vừ ly điêu bạc cầm lầu chang cháng tráng vì pờ chu lỳ tẩn phùng hà cao tạ lương tô lưu trương thái kiều quách"
)
_SURNAMES = frozenset(_KNOWN_SURNAMES.split())
_BARE_SURNAMES = frozenset(without_diacritics(name) for name in _SURNAMES)


_NAMELESS = Rule(
    r"[-–—\s(]{0,4}(?:một|người)\s{1,3}"
    + words(
        "đảng viên, công dân, người dân, cử tri, cán bộ, cán bộ hưu trí, giáo viên, nông dân, dân bản, dân, bạn đọc, góp ý, "
        "viết, viết thư, ký"
    )
    + r"(?:\s{1,3}"
    + words("ẩn danh, bản, xã, già, trẻ, về hưu, hưu trí, vùng cao, giấu tên")
    + r"){0,2}[\s.):]{0,4}\Z"
)
# Words of offices and addresses that people write in small letters under their names.
_OFFICE_WORDS = (
    "người góp ý viết gửi một đảng viên công dân cán bộ bản thôn xã phường huyện tỉnh tổ phố khu số nhà đường chi bí thư phó trưởng ban "
    "chủ tịch hội nông phụ nữ cựu chiến binh đoàn thanh niên giáo bác sĩ y kỹ sư hưu trí trường mầm non tiểu học trung thpt thcs phòng "
    "sở ngành đơn vị ông bà anh chị em cháu kính sđt đt đội ấp làng nghỉ sinh và của ở tại ký tên thay mặt gia đình tập thể tuổi nam "
    "nhân"
)
_OFFICE = frozenset(_OFFICE_WORDS.split())
_BARE_OFFICE = frozenset(without_diacritics(word) for word in _OFFICE)
_PLAIN_SURNAME_WORDS = (
    "nguyễn trần phạm hoàng quàng giàng sùng lường đặng nguyen tran pham hoang quang giang sung luong dang"
)
_PLAIN_SURNAMES = frozenset(_PLAIN_SURNAME_WORDS.split())


def is_name(seen: View, start: int, end: int) -> bool:
    """A person's name alone on its line, "
    "perhaps with an office or a place after a comma; or "Một đảng viên"."""
    if end - start > _LONGEST_NAME:
        return False
    if _NAMELESS.match(seen, start, end):
        return True
    written = seen.text[slice(*seen.original(start, end))]
    stop = _AFTER_NAME.search(written)
    named = _TOKEN.findall(written[: stop.start()] if stop else written)
    if not 2 <= len(named) <= 5 or not all(word[0].isupper() for word in named):
        return False
    known = _SURNAMES if seen.accented else _BARE_SURNAMES
    if named[0].lower() not in known or may_be_substance(seen, start, end):
        return False
    return stop is None or _only_names_and_offices(seen, written[stop.start() :])


def signs(seen: View, start: int, end: int) -> bool:
    """Whether a line below a closing holds nothing but names, offices, places and figures: a closed vocabulary, because a complaint
    there must not be taken for a signature."""
    if end - start > _LONGEST_NAME or may_be_substance(seen, start, end):
        return False
    if _CONTACT.match(seen.plain, start, end):
        return True
    written = seen.text[slice(*seen.original(start, end))]
    named = written.split()
    if 2 <= len(named) <= 5 and named[0] in _PLAIN_SURNAMES:
        return True
    return _only_names_and_offices(seen, written)


def _only_names_and_offices(seen: View, written: str) -> bool:
    known = _OFFICE if seen.accented else _BARE_OFFICE
    return all(word[0].isupper() or word[0].isdigit() or word.lower() in known for word in _TOKEN.findall(written))
