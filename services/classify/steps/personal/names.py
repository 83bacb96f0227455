"""Names of private persons after a cue ("tôi là", "họ và tên", "ông") or below a letter's closing line.

A name is told by its cue, its capitals and its family name. Streets, schools, provinces and persons of history are none.
"""

import re
from collections.abc import Iterator

from services.classify.steps.personal.cased import SYLLABLE, TWO_CAPITALS, cased
from services.classify.steps.view import Rule, View, without_diacritics, words
from shared.text import fold

_FAMILY_WORDS = (
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh dao doan trinh truong ha lam mai to luu "
    "trieu cao chu ta thai thach kieu quach la ninh nghiem luong tong an au bach ban be bien ca can chau chieu co cu "
    "cung dam dau diep giap giang han hua kha khong khuc khuong lai lang lo loc lu luc ma mac man mong ngan nong phi "
    "phung phuong quan quang sam song sung sin tao than thao tieu ton tuong uong vang van vi vien vuong vua luu deo cam "
    "bac lau mua hang sinh phang khang po chang cho ngai hu nie y ksor rmah siu ha ro kpa hoang lieng tang trang thiem "
    "am lay pha lung mo chao tan phu vuong bo cham cha tho hau giay dieu thi moong cut oc lem vang xeo tráng"
)
_FAMILY = frozenset(_FAMILY_WORDS.split())
_MIDDLE = frozenset({"van", "thi", "a", "duc", "thu", "huu", "minh", "xuan", "cong", "ngoc"})
_PUBLIC_WORDS = (
    "hồ chí minh, võ nguyên giáp, lê duẩn, trường chinh, phạm văn đồng, lê hồng phong, trần phú, nguyễn ái quốc, "
    "hoàng văn thụ, tô hiến thành, lê lợi, trần hưng đạo, nguyễn trãi, lý thường kiệt, phan đình giót, tô vĩnh diện, "
    "bế văn đàn, trần can, nguyễn huệ, ngô quyền, đinh tiên hoàng, lê thanh nghị, hà nội, hà giang, hà nam, hà tĩnh, "
    "lai châu, thái nguyên, thái bình, cao bằng, lạng sơn, an giang, quảng ninh, vĩnh long, hoàng liên sơn, hoàng sa, "
    "trường sa, mường ảng, mường nhé, mường chà, tủa chùa, tuần giáo, ninh bình, sơn la, mai sơn, mai châu, lâm đồng, "
    "long an, quảng nam, quảng ngãi, quảng trị, vũng tàu, các mác, karl marx, lê nin, nguyễn văn linh, nguyễn văn cừ, "
    "võ văn kiệt, võ thị sáu, lý tự trọng, kim đồng, phan bội châu, hai bà trưng, lò văn hặc, hoàng công chất"
)
_PUBLIC = frozenset(_PUBLIC_WORDS.split(", "))
_PUBLIC_BARE = frozenset(without_diacritics(name) for name in _PUBLIC)
_NAME_PATTERN = rf"{SYLLABLE}(?: {SYLLABLE}){{1,4}}(?![\w'])"
_NAME = re.compile(_NAME_PATTERN)
_SELF = words("tôi, em, cháu, con, mình, chúng tôi, chúng em, chúng cháu, toi")
# After these anything that looks like a name is one.
_STRONG = Rule(
    words(
        "tên tôi là, tên em là, tên cháu là, tên tôi, tên em, tên cháu, tên là, liên hệ, người liên hệ, công dân, "
        "tôi tên, em tên, cháu tên, mình tên, con tên, họ và tên, họ tên, người viết, "
        "người gửi, người góp ý, người đề nghị, người viết đơn, người làm đơn, ký tên, ký và ghi rõ họ tên, đại diện hộ, "
        "chủ tài khoản, chủ hộ, "
        "người đại diện, ghi tên, ký tên dưới đây, người ký"
    )
    + r"(?:\s{1,3}(?:là|người\s{1,3}(?:góp\s{1,3}ý|viết|gửi)))?[ \t]{0,3}(?:[:.…,\-–]{1,40})?\s{0,3}"
)
_SOFT = Rule(rf"{_SELF}(?:\s{{1,3}}(?:xin\s{{1,3}}giới\s{{1,3}}thiệu\s{{1,3}})?là\s{{1,3}}|,\s{{1,3}})")
_TITLE = Rule(
    words(
        "ông, bà, anh, chị, thầy, cô, chú, bác, đồng chí, đ/c, ông bà, cụ, em, vợ chồng ông, vợ chồng anh, các ông, các bà, "
        "các anh, các chị"
    )
    + r"\s{1,3}"
)
_ANY_CUE = Rule(
    rf"{_SELF}(?:\s{{1,3}}(?:là|tên)|,)|(?<!\w)(?:họ\s{{1,3}}(?:và\s{{1,3}})?tên|tên|người|ký|chủ|đại\s{{1,3}}diện|ông|bà|anh|chị|thầy|cô|chú|bác|cụ"
    r"|đồng\s{1,3}chí|đ/c|các|công\s{1,3}dân|liên\s{1,3}hệ)(?!\w)"
)
_LOWER_NAME = re.compile(r"[^\W\d_]{1,7}(?: [^\W\d_]{1,7}){1,4}(?=\s{0,3}(?:[,.;(\n]|\Z))")
_LOWER_AFTER = Rule(words("tên là, tên tôi là, họ và tên, họ tên") + r"[ \t]{0,3}:?[ \t]{0,3}\Z")
_NEXT = re.compile(rf"\s{{0,2}}(?:,|và|va|&)\s{{1,2}}({_NAME_PATTERN})")
_LINE_NAME = re.compile(rf"(?m)^[ \t]{{0,20}}({_NAME_PATTERN})[ \t.]{{0,5}}$")
_FULL_NAME = re.compile(
    rf"(?<![\w'’])(?:{SYLLABLE}) (?:Văn|VĂN|Van|VAN|Thị|THỊ|Thi|THI|A) {SYLLABLE}(?: {SYLLABLE})?(?![\w'])"
)
_MIDDLE_SAID = Rule(words("văn, van, thị, thi, a"))  # what `_FULL_NAME` cannot do without
_NAMED_AFTER = Rule(
    words(
        "đường, phố, trường, ngõ, cầu, chợ, công viên, quảng trường, giải thưởng, anh hùng, liệt sĩ, liệt sỹ, "
        "tượng đài, nhà thờ, thpt, thcs, tiểu học"
    )
    + r"\s{1,3}\Z"
)
_CLOSED = Rule(
    words(
        "cảm ơn, cám ơn, trân trọng, kính, kính thư, kính đơn, ký, ký tên, người viết, người viết đơn, người góp ý, "
        "người làm đơn, chào, thân ái, thay mặt, đại diện, công dân"
    )
)
_OFFICE_WORDS = "truong pho bi chu giam hieu can cong cuu chi hoi giao nguoi dai thuong uy ban so phong nha toan lanh"
_OFFICE = frozenset(_OFFICE_WORDS.split())
_OFFICE_SECOND = frozenset({"si", "sy", "su", "vien", "bo", "bi", "chu"})  # bác sĩ, kỹ sư, đảng viên, cán bộ
_NOT_IN_NAME_WORDS = (
    "về có đã đang sẽ chưa không là ở tại và đề nghị xin cho bị được sinh năm dân nghề ngày địa giới tỉnh cần phải nên "
    "xã phường huyện thôn tổ"
)
_NOT_IN_NAME = frozenset(_NOT_IN_NAME_WORDS.split())
_NOT_IN_NAME_BARE = frozenset(without_diacritics(word) for word in _NOT_IN_NAME)


_CUED, _MIDDLE_BITS = _ANY_CUE.bits, _MIDDLE_SAID.bits


def may_stand(seen: View, start: int, end: int) -> bool:
    """Whether a name can stand in the span at all: cheap, for most texts hold none."""
    heard = seen.whole
    if (
        (heard & _CUED != _CUED or _ANY_CUE.silent(seen, start, end))
        and (heard & _MIDDLE_BITS != _MIDDLE_BITS or _MIDDLE_SAID.silent(seen, start, end))
        and seen.plain.find("\n", start, end) < 0
    ):
        return False
    # Only after a strong cue may a name lack its capitals.
    return TWO_CAPITALS.search(cased(seen), start, end) is not None or not _STRONG.silent(seen, start, end)


def names(seen: View, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of names; `text` is `cased(seen)`."""
    if _ANY_CUE.search(seen, start, end):
        yield from _after_cues(seen, text, start, end)
    if not _MIDDLE_SAID.silent(seen, start, end):
        yield from _full_names(seen, text, start, end)
    if seen.plain.find("\n", start, end) >= 0:
        yield from _signatures(seen, text, start, end)


def _after_cues(seen: View, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for rule, trusted in ((_STRONG, True), (_SOFT, False), (_TITLE, False)):
        for cue in rule.finditer(seen, start, end):
            found = _NAME.match(text, cue.end(), end)
            if found is None:
                if trusted and _LOWER_AFTER.of(seen).search(seen.matched[max(start, cue.start()) : cue.end()]):
                    lower = _LOWER_NAME.match(seen.plain, cue.end(), end)
                    if lower and fold(lower.group().split()[0]) in _FAMILY:
                        yield lower.span()
                continue
            span = _name(seen, text, *found.span(), trusted=trusted)
            while span is not None:
                yield span
                following = _NEXT.match(text, span[1], end)
                span = _name(seen, text, *following.span(1), trusted=False) if following else None


def _name(seen: View, text: str, start: int, end: int, *, trusted: bool) -> tuple[int, int] | None:
    """The name at the beginning of a run of capitalised words, or None when it is none."""
    parts = text[start:end].split(" ")
    folded = [fold(part) for part in parts]
    shouting = text[start:end].isupper()
    ends = _NOT_IN_NAME if seen.accented else _NOT_IN_NAME_BARE
    kept = 1
    while kept < len(parts) and parts[kept].lower() not in ends and not (shouting and kept >= 4):
        kept += 1
    if kept < 2 or _is_public(seen, start, start + len(" ".join(parts[:kept]))):
        return None
    if trusted and not shouting:
        return start, start + len(" ".join(parts[:kept]))
    if folded[0] in _OFFICE or folded[1] in _OFFICE_SECOND:
        return None
    if not (folded[0] in _FAMILY or folded[1] in _MIDDLE or "'" in parts[0] or "’" in parts[0]):
        return None
    return start, start + len(" ".join(parts[:kept]))


def _is_public(seen: View, start: int, end: int) -> bool:
    return seen.matched[start:end] in (_PUBLIC if seen.accented else _PUBLIC_BARE)


def _full_names(seen: View, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Family name, Văn, Thị or A, given name: a person wherever it stands, unless a street or a school is called so."""
    for match in _FULL_NAME.finditer(text, start, end):
        called_so = _NAMED_AFTER.of(seen).search(seen.matched[max(start, match.start() - 20) : match.start()])
        known = fold(match.group().split(" ", 1)[0]) in _FAMILY
        if known and called_so is None and (span := _name(seen, text, *match.span(), trusted=False)):
            yield span


def _signatures(seen: View, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A line that is nothing but a name, below a closing."""
    for match in _LINE_NAME.finditer(text, start, end):
        before = seen.matched[max(start, match.start() - 120) : match.start()].rstrip().rsplit("\n", 1)[-1]
        if _CLOSED.of(seen).search(before) and (span := _name(seen, text, *match.span(1), trusted=False)):
            yield span
