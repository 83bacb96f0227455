"""What tells the tongues apart that a Vietnamese consultation meets: scripts, syllables, and everyday words. Data and tests of words.

Codes follow ISO 639: `vi`; `blt` Thái (Tai Dam, Tai Viet script or Latin), `hmn` Mông (both Latin scripts), `en`, `fr`, `zh`, `lo`,
`th`, `km`.
"""

import re
from typing import Final


def word_set(listed: str) -> frozenset[str]:
    """The words, set apart by blanks."""
    return frozenset(listed.split())


SCRIPTS: Final = (
    ("blt", re.compile(r"[\uaa80-\uaadf]")),
    ("zh", re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")),
    ("lo", re.compile(r"[\u0e80-\u0eff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("km", re.compile(r"[\u1780-\u17ff]")),
)

# A Vietnamese syllable without its marks.
SYLLABLE: Final = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?"
    r"(?:uye|uya|uyu|ieu|yeu|uou|uoi|oai|oay|oao|oeo|uay|[aeiouy]{1,2})(?:ch|ng|nh|[cmnpt])?"
)
# A syllable of Mông in the script of the missions (RPA): the last letter is the tone.
RPA: Final = re.compile(
    r"(?:nplh|nphl|ntsh|ntxh|ndlh|nplh|npl|nph|nth|nts|ntx|nch|nkh|nqh|nrh|hml|hny|plh|phl|tsh|txh|dlh|npl|ntr|rh|"
    r"np|nt|nc|nk|nq|nr|ny|nl|ml|hm|hn|hl|pl|ph|th|ts|tx|ch|kh|qh|dh|dl|xy|[pbtdcrkqfvszxlhymn])?"
    r"(?:aw|au|ai|ia|ua|ee|oo|[aeiouw])[bjvsgmd]?"
)
_RPA_MARK: Final = re.compile(
    r"(?:oo|ee|w[bjvsgmd]|[aeiou][bjvg]\Z|aw|\A(?:hm|hn|hl|nt|np|nk|nc|nq|nr|ny|tx|ts|xy|dl|pl))"
)
# A syllable of Mông in the script of 1961: a Vietnamese spelling whose last letter (b x v k l s r z) is the tone.
MONG: Final = re.compile(r"[^\W\d_]{1,7}[zxvslkrb]")

VIETNAMESE: Final = word_set(
    "va cua cho cac co la duoc nhung trong voi de nghi can khong toi bo sung phat trien xa hoi dang nhan dan mot so "
    "ve du thao "
    "bao cao phan muc trang dong nen them sua thay thanh nhat tri dong y kinh te duong truong hoc nguoi thon ban moi "
    "nay rat "
    "em thi ma nhieu hon lam day tot qua ko chua cung con khi ra giup gi giao hay hieu biet noi viec vien xin mong "
    "tinh xem lai nam "
    "nha nuoc cam on chi tieu hop ly y kien gop hoan toan cau cong tac can bo dia phuong quan tam giai quyet dau tu "
    "y te thu thuc hien "
    "ok dk dc vs mn ns tui mik mk trc bt nhg ntn cx bik hok hong roi het nhe nha luon dung sai"
)
# Foreign words that Vietnamese sentences hold: they tell nothing.
LOANS: Final = word_set(
    "slide wifi web website app deadline internet online facebook zalo video email file link laptop smart city data "
    "camera karaoke "
    "homestay tour covid logistics startup studio check clip ban game fan forum form test model style chat comment like share"
)
# Words of Thái (Tai Dam) in Latin letters that Vietnamese does not have.
THAI_WORDS: Final = word_set(
    "bấu báu nặm hươn hườn noọng nọong khửn hảư hẳư hặc păn tẳng côn kin nẳư nhăng xoong quám chắng lẹo mứa pỏ mẻ pi "
    "lụk luk đảy đẩy dú "
    "xíp hók pét mương mướng táy tay xam xự chảu lỏ xơ phủ nị nẹ hau sao au pay ma cấn mák mạk xáư tô đeo hển hên vạu xáng lằng tánh"
) - word_set("tay phủ sao kin ma au mương côn xơ hau đẩy tô đeo báu pét mẻ hên táy xam")
ENGLISH: Final = word_set(
    "the of and to in is are was were be been that this it for with on as by at from not have has had should would "
    "can could must need "
    "we you they our their your more please which there will an or but if all i my about what when why how no people government"
)
FRENCH: Final = word_set(
    "le la les des du de un une et est sont dans pour que qui sur pas ne plus avec ce cette ces au aux par nous vous "
    "ils il elle mais ou "
    "où être avoir il faut doit devrait projet notre nos votre leur très"
)


def share(words: list[str], known: frozenset[str]) -> float:
    """How many of the words are among these, 0 to 1."""
    return sum(word in known for word in words) / len(words)


def mong_of_1961(words: list[str]) -> bool:
    """Most words end in a tone letter that no Vietnamese syllable ends in."""
    return sum(1 for word in words if MONG.fullmatch(word)) * 2 >= len(words)


def mong_rpa(words: list[str]) -> bool:
    """Nearly all words are syllables of the script, and enough bear what only it has."""
    formed = sum(1 for word in words if RPA.fullmatch(word))
    marked = sum(1 for word in words if _RPA_MARK.search(word))
    return formed * 10 >= len(words) * 8 and marked * 10 >= len(words) * 4
