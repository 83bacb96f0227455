"""Vietnamese or not: by its letters where they are marked, by its syllables where they are not."""

import re

from services.classify.steps.view import View

VIETNAMESE = "vi"
OTHER = "other"

_LETTER_RUN = re.compile(r"[a-z]{1,7}(?![a-z])")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?"
    r"(?:uye|uya|uyu|ieu|yeu|uou|uoi|oai|oay|oao|oeo|uay|[aeiouy]{1,2})(?:ch|ng|nh|[cmnpt])?"
)
_COMMON_WORDS = (
    "va cua cho cac co la duoc nhung trong voi de nghi can khong toi bo sung phat trien xa hoi dang nhan dan mot so ve du thao "
    "bao cao phan muc trang dong nen them sua thay thanh nhat tri dong y kinh te duong truong hoc nguoi thon ban moi nay rat"
)
_COMMON = frozenset(_COMMON_WORDS.split())
_SAMPLE = 4000


def language(seen: View, start: int, end: int) -> str:
    """`vi` for Vietnamese with or without diacritics, `other` for what a person has to look at."""
    if seen.accented:
        return VIETNAMESE
    words = _LETTER_RUN.findall(seen.bare, start, min(end, start + _SAMPLE))
    if not words:
        return OTHER
    formed = sum(1 for word in words if _SYLLABLE.fullmatch(word))
    common = sum(1 for word in words if word in _COMMON)
    return VIETNAMESE if formed * 4 >= len(words) * 3 and common * 5 >= len(words) else OTHER
