"""Vietnamese or which other tongue: by letters where they are marked, by script, syllables and everyday words where they are not.

In doubt Vietnamese, when what is written could be: a short text, one without diacritics, one in the shorthand of the young.
"""

import re

from services.classify.steps import tongues
from services.classify.steps.view import Rule, View, words

VIETNAMESE = "vi"
OTHER = "other"

_SAMPLE = 1000  # code points looked at
_ONLY_VIETNAMESE = re.compile(r"[ăđơưạ-ỹ]")
_WORD = re.compile(r"[^\W\d_]+")
# UTF-8 needs one or two bytes more for a marked letter: so many more per code point, at least and at most, where marks are written.
_LEAST, _MOST = 0.1, 0.6
_THAI = Rule(words(", ".join(sorted(tongues.THAI_WORDS)))).bits
_TONES = ("z ", "x ", "v ", "s ", "l ", "k ", "r ")  # how words of Mông end and Vietnamese ones do not


def language(seen: View, start: int, end: int) -> str:
    """`vi` for Vietnamese with or without diacritics, else the code of what it may be, `other` when nobody knows."""
    end = min(end, start + _SAMPLE)
    text = seen.plain[start:end]
    letters = len(text)
    more = len(text.encode("utf-8", "replace")) - letters
    if _LEAST * letters <= more <= _MOST * letters and _ONLY_VIETNAMESE.search(text):
        few = not _ends_in_tones(text) or sum(map(text.count, _TONES)) * 3 < len(text.split())
        if few and (not seen.whole & _THAI or tongues.THAI_WORDS.isdisjoint(text.split())):
            return VIETNAMESE
    return _by_words(text, seen.bare[start:end])


def _ends_in_tones(text: str) -> bool:
    for tone in _TONES:  # noqa: SIM110 - a generator costs twice the search
        if tone in text:
            return True
    return False


def _by_words(text: str, bare: str) -> str:
    letters = sum(map(len, _WORD.findall(text)))
    for code, script in tongues.SCRIPTS:
        if len(script.findall(text)) * 3 >= len(text.split()) and len(script.findall(text)) * 3 > letters:
            return code
    plain = _WORD.findall(text)
    words = _WORD.findall(bare)
    if not words:
        return OTHER
    words = [word for word in words if word not in tongues.LOANS] or words
    marked = sum(1 for word in plain if _ONLY_VIETNAMESE.search(word))
    english, french = tongues.share(plain, tongues.ENGLISH), tongues.share(plain, tongues.FRENCH)
    if len(words) >= 3 and tongues.mong_of_1961(words) and max(english, french) < 0.1:
        return "hmn"
    if len(tongues.THAI_WORDS.intersection(plain)) >= 2 and tongues.share(plain, tongues.THAI_WORDS) >= 0.15:
        return "blt"
    formed = sum(1 for word in words if word.isascii() and tongues.SYLLABLE.fullmatch(word)) / len(words)
    common = tongues.share(words, tongues.VIETNAMESE)
    if marked * 4 >= len(words) and formed >= 0.5:
        return VIETNAMESE
    if formed >= 0.9:
        return VIETNAMESE
    if len(words) >= 3 and max(english, french) >= 0.2 and max(english, french) > common:
        return "en" if english >= french else "fr"
    if len(words) >= 3 and tongues.mong_rpa(words) and common < 0.3:
        return "hmn"
    if (formed >= 0.65 and (common >= 0.15 or len(words) <= 4)) or common >= 0.4:
        return VIETNAMESE
    return _foreign(english, french)


def _foreign(english: float, french: float) -> str:
    if max(english, french) >= 0.1:
        return "en" if english >= french else "fr"
    return OTHER
