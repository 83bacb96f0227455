"""Words that were written well and arrived spoilt: an old font, a wrong encoding, letters lost on the way, a bad scan.

Short texts, shorthand, Vietnamese without diacritics, the tongues of minorities and foreign ones are readable: nothing here turns on
how strange a word is, only on marks that writers do not make and machines do. TCVN3 (ABC) and VNI are the 8-bit fonts of Vietnam
before Unicode (TCVN 5712:1993; VNI Software); shown in another font their letters become Western European ones.
"""

import re
from enum import Enum, auto
from typing import Final

from services.classify.steps.tongues import SYLLABLE, VIETNAMESE, share
from services.classify.steps.view import without_diacritics

_SAMPLE = 4000  # code points looked at


class Spoilt(Enum):
    """What happened to the words."""

    FONT = auto()
    ENCODING = auto()
    LETTERS_LOST = auto()
    SCAN = auto()


# Each table pairs the letters as shown with what they stand for.
_TCVN3: Final = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢£¤¥¦§",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)
_VNI_MARKS: Final = "øùûõïâáàåãäêéèúüëØÙÛÕÏÂÁÀÅÃÄÊÉÈÚÜË"
_VNI_LETTERS: Final = str.maketrans(
    {"ñ": "đ", "Ñ": "đ", "ö": "ư", "Ö": "ư", "ô": "ơ", "Ô": "ơ", "æ": "i", "ó": "i", "ò": "i", "î": "y"}
)
_VNI_MARK_AFTER_VOWEL = re.compile(rf"(?<=[aeouyöôAEOUYÖÔ])[{_VNI_MARKS}]")

# Letters and signs of Western Europe that Vietnamese text does not hold: without one of them nothing was shown in a wrong font.
_WESTERN = re.compile(
    r"[\u00a1-\u00bf\u00c4-\u00c7\u00cb\u00ce-\u00d1\u00d6-\u00d8\u00db\u00dc\u00de\u00df\u00e4-\u00e7\u00eb\u00ee-\u00f1"
    r"\u00f6-\u00f8\u00fb\u00fc\u00fe\u0192]"
)
_ONLY_VIETNAMESE = re.compile(r"[ăđơưĂĐƠƯạ-ỹẠ-Ỹ]")
_TCVN3_SIGN = re.compile(r"[a-zA-Z][µ¸¶·¹¨»¾¼½©ª«¬®­ÆÇÊÈÉËÐÎÏÑÒÕÓÔÖ×ÝØÜÞß÷þäåæçñëîïöøûü]|[®§]\w|[µ¸¶·¹¨¾¼½©ª¬­×÷][a-z]")
_VNI_SIGN = re.compile(
    r"[aeouyöôAEOUYÖÔ][øûïåäüëØÛÏÅÄÜË]|[ñÑ][aeiouyöôAEIOUYÖÔ]|[öÖ][ôÔøûïõùØÛÏÕÙ]|[aA][âáàãêéèúùõ]|[eE][âáàãùõ]|[uyUY][ùõ]|[oO][âùõ]"
)
_UTF8_SIGN = re.compile(
    r"á[»º][^\s.,;:!?)]|Ä[‘\u0091\u0090ƒ\u0083‚\u0082©¨]|Æ[°¡¯ ]|â€|Ã[¢ª´]|Â[\u00a0-\u00bf]"
    r"|Ã[\u0080-\u009f\u00a1-\u00bf\u0192\u0152\u0153\u0160\u0161\u017d\u017e\u0178\u02c6\u02dc\u2020-\u2022\u2030\u2039]"
    r"|Ã[\u203a\u20ac\u2122]"
)
_NO_VOWEL = re.compile(r"[b-df-hj-np-tv-xzđ]{1,4}", re.IGNORECASE)
# Signs no writer sets inside a word or alone, and figures between letters.
_ODD = r"~^|\\{}<>=*#$_`¬§¦£¢¤¥°±¿¡\[\]"
_SCANNED = re.compile(rf"[^\W\d_][{_ODD}]|[{_ODD}][^\W\d_]|[^\W\d_]\d+[^\W\d_]|[a-z][%@&!?;:,][a-z]")
_SUSPECT = re.compile(rf"{_WESTERN.pattern[:-1]}{_ODD}?\ufffd]")
_WORD = re.compile(r"[^\W\d_]+")


def spoilt(text: str) -> Spoilt | None:
    """What spoilt the text beyond reading; None when a person can read it."""
    sample = text[:_SAMPLE]
    if not _SUSPECT.search(sample):
        return None
    if _WESTERN.search(sample):
        words = len(sample.split())
        if len(_UTF8_SIGN.findall(sample)) >= max(2, words / 4):
            return Spoilt.ENCODING
        if len(_ONLY_VIETNAMESE.findall(sample)) * 20 < len(sample) and _old_font(sample, words):
            return Spoilt.FONT
    if _letters_lost(sample):
        return Spoilt.LETTERS_LOST
    return Spoilt.SCAN if _badly_scanned(sample) else None


def _old_font(sample: str, words: int) -> bool:
    if len(_TCVN3_SIGN.findall(sample)) * 5 >= words and _vietnamese("".join(_TCVN3.get(c, c) for c in sample)):
        return True
    if len(_VNI_SIGN.findall(sample)) * 5 >= words:
        return _vietnamese(_VNI_MARK_AFTER_VOWEL.sub("", sample).translate(_VNI_LETTERS))
    return False


def _vietnamese(decoded: str) -> bool:
    words = _WORD.findall(without_diacritics(decoded.lower()))
    if len(words) < 2:
        return False
    formed = sum(1 for word in words if SYLLABLE.fullmatch(word))
    return formed * 10 >= len(words) * 9 or (formed * 10 >= len(words) * 7 and share(words, VIETNAMESE) >= 0.1)


def _letters_lost(sample: str) -> bool:
    """ "B? sung": marked letters became question marks, and what is left of the words is no syllable."""
    tokens = sample.replace("\ufffd", "?").split()
    asked = [token for token in tokens if "?" in token]
    lost = sum(
        1
        for token in asked
        if any(map(_NO_VOWEL.fullmatch, token.split("?"))) or (token[0] == "?" and token[1:].isalpha())
    )
    # A question mark that ends a word may be one: "dc k?" is shorthand.
    inside = sum("?" in token.rstrip("?.,") for token in asked)
    return inside >= 2 and lost >= _FEWEST - 1 and lost * 3 >= len(tokens)


def _badly_scanned(sample: str) -> bool:
    odd = len(_SCANNED.findall(sample))
    if odd < _FEWEST:
        return False
    tokens = [token for token in sample.split() if _WORD.search(token)]
    if odd * 6 < len(tokens):
        return False
    bare = [without_diacritics(token.lower().strip(".,;:!?()\"'“”-…")) for token in tokens]
    formed = sum(1 for token in bare if SYLLABLE.fullmatch(token))
    return formed * 10 < len(tokens) * (4 if odd * 4 < len(tokens) else 6)


_FEWEST = 4  # odd signs: fewer are slips of the finger
