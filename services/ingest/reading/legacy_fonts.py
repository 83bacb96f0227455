"""Vietnamese typed with fonts from before Unicode: the letters are Latin-1 characters that only such a font shows as Vietnamese.

TCVN3 ("ABC", fonts `.VnTime`...): one character a letter, TCVN 5712:1993 VN3; the `.Vn...H` fonts show the same codes as capitals.
VNI (fonts `VNI-Times`...): a vowel and a mark after it. VISCII (RFC 1456): one character a letter.
Known by the run's font; without one only when nearly every word then is a Vietnamese syllable and was none before.
"""

import re
import unicodedata
from collections.abc import Callable

from services.ingest.reading.syllables import is_syllable

Decoder = Callable[[str], str]

# Codes A1-FE; "." stands where the fonts show nothing (the standard has capitals there, which the fonts do not).
_TCVN3_LETTERS = "ĂÂÊÔƠƯĐăâêôơưđ......àảãáạ.ằẳẵắ.......ặầẩẫấậè.ẻẽéẹềểễếệìỉ...ĩíịò.ỏõóọồổỗốộờởỡớợù.ủũúụừửữứựỳỷỹýỵ"
_VISCII_LETTERS = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_TCVN3 = {0xA1 + i: letter for i, letter in enumerate(_TCVN3_LETTERS) if letter != "."} | {
    0x3BC: "à"
}  # Greek mu for the micro sign
_VISCII = {0x80 + i: letter for i, letter in enumerate(_VISCII_LETTERS)}
_VISCII |= {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}

_TONES = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_VNI_MARKS = {
    "a": _TONES
    | {mark: "\u0302" + tone for mark, tone in zip("âáàåãä", ("", *"\u0301\u0300\u0309\u0303\u0323"), strict=True)}
    | {mark: "\u0306" + tone for mark, tone in zip("êéèúüë", ("", *"\u0301\u0300\u0309\u0303\u0323"), strict=True)},
    "ô": _TONES,  # shown as ơ
    "ö": _TONES,  # shown as ư
    "u": _TONES,
    "y": _TONES,
}
_VNI_MARKS["e"] = _VNI_MARKS["o"] = _TONES | {
    mark: "\u0302" + tone for mark, tone in zip("âáàåãä", ("", *"\u0301\u0300\u0309\u0303\u0323"), strict=True)
}
_VNI_ALONE = {"ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ"}


def _vni_pairs() -> dict[str, str]:
    pairs: dict[str, str] = {}
    for base, marks in _VNI_MARKS.items():
        for mark, combining in marks.items():
            for shown in (base, base.upper()):
                letter = unicodedata.normalize("NFC", _VNI_ALONE.get(shown.lower(), shown.lower()) + combining)
                letter = letter.upper() if shown.isupper() else letter
                pairs[shown + mark] = letter
                pairs[shown + mark.upper()] = letter
    for code, letter in _VNI_ALONE.items():
        pairs[code], pairs[code.upper()] = letter, letter.upper()
    return pairs


_VNI = _vni_pairs()
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_LEGACY = re.compile("[\u00a1-\u00ff]")
_UNICODE_VIETNAMESE = re.compile(
    "[\u1ea0-\u1ef9\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u0300-\u0323]"
)
_WORD = re.compile("[A-Za-z\u0080-\u024f\u1e00-\u1eff]+")
_SAMPLE = 50_000  # code points that decide


def _tcvn3(text: str) -> str:
    return text.translate(_TCVN3)


def _tcvn3_capitals(text: str) -> str:
    return text.translate(_TCVN3).upper()


def _vni(text: str) -> str:
    return _VNI_PATTERN.sub(lambda found: _VNI[found.group()], text)


def _viscii(text: str) -> str:
    return text.translate(_VISCII)


def decoder(font: str | None) -> Decoder | None:
    """How text of this font is read; None for a font of today, or an unknown one."""
    name = (font or "").strip().strip("\"'").lstrip("@")
    lower = name.lower()
    if lower.startswith(".vn") or re.match(r"vn?time|\.tcvn|abc ?font", lower):
        return _tcvn3_capitals if name.endswith("H") else _tcvn3
    if lower.startswith("vni-") or lower in {"vni times", "vni helve"}:
        return _vni
    return _viscii if lower.startswith("vi ") or "viscii" in lower else None


def is_unicode(text: str) -> bool:
    """Holds Vietnamese letters that no legacy font has at these codes."""
    return _UNICODE_VIETNAMESE.search(text) is not None


def decode(text: str, font: str | None = None) -> str | None:
    """The text as Unicode Vietnamese; None when it is not in a legacy font, or that is not sure. `font`: the run's font, if known."""
    if is_unicode(text):
        return None  # real Vietnamese letters: typed anew under an old font's name
    read_as = decoder(font) or guess(text)
    read = read_as(text) if read_as else text
    return read if read != text else None


def guess(text: str) -> Decoder | None:
    """How a text of unknown font is surely to be read; None when it is as it should be, or that is not sure."""
    if not _LEGACY.search(text) or is_unicode(text):
        return None
    sample = text[:_SAMPLE]
    return next((read_as for read_as in (_tcvn3, _vni, _viscii) if _sure(sample, read_as)), None)


def mend(text: str) -> str:
    """The text with what is surely legacy read as Unicode: the whole of it, else line by line."""
    if not _LEGACY.search(text):
        return text
    whole = guess(text)
    if whole is not None:
        return whole(text)
    return "\n".join(line if (read := decode(line)) is None else read for line in text.split("\n"))


def _sure(text: str, read_as: Decoder) -> bool:
    words = [word for word in _WORD.findall(text) if _LEGACY.search(word)]
    if len(set(words)) < 2:
        return False
    read = [read_as(word) for word in words]
    after = sum(map(is_syllable, read))
    before = sum(is_syllable(word) for word in words)
    plain = [word for word in _WORD.findall(text) if word.isascii() and len(word) > 1]
    plain_ok = sum(map(is_syllable, plain))
    return after >= 0.9 * len(words) and before <= 0.6 * after and plain_ok >= 0.5 * len(plain)
