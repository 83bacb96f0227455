"""Bytes of a mail's text -> text, by the charset that makes sound Vietnamese of them. Total: any bytes, any label.

A label is a hint only: clients and gateways mislabel. Bytes that are valid UTF-8 are UTF-8; else the candidates' readings are weighed.
"""

import codecs
import re
import unicodedata

from services.ingest.reading import legacy_fonts

_SAMPLE = 20_000  # bytes that are weighed: enough to tell charsets apart, whatever the size of the mail
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEVEN_BIT = {"utf_7", "iso2022_jp", "iso2022_kr", "hz"}  # ASCII bytes that mean other letters
# RFC 1456; Python has no codec. The upper half, then the six capitals that stand among the control characters.
_VISCII = "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
_VISCII_TABLE = {128 + i: letter for i, letter in enumerate(_VISCII)}
_VISCII_TABLE |= {2: "Ẳ", 5: "Ẵ", 6: "Ẫ", 20: "Ỷ", 25: "Ỹ", 30: "Ỵ"}
_NO_CHARSETS = {  # codecs of Python's that are no charsets of mails
    "base64", "hex", "bz2", "zlib", "quopri", "uu", "rot13", "rot-13", "idna", "punycode", "undefined",
    "unicode-escape", "raw-unicode-escape", "unicode_escape", "raw_unicode_escape", "mbcs", "oem",
}  # fmt: skip
_VIETNAMESE = frozenset("".join(_VISCII_TABLE.values()))
_ORDINARY = frozenset("–—…“”‘’«»•·°§®™©€ \u200b\u200c\u200d\ufeff½¼²³×±→")
_FOREIGN = re.compile(b"[\x80-\xff]")
_WORD = re.compile(r"[^\W\d_]+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
    "(?:oai|oay|oao|oeo|uay|uai|uoi|uou|uya|uye|uyu|ieu|yeu|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ye|[aeiouy])?"
    "(?:ch|ng|nh|[cmnpt])?"
)
_MAYBE_TWICE = re.compile("[ÃÂÄÆáÅâ][\x80-\xff\u0100-\u2122]")


def decode(data: bytes, declared: str | None = None, *, hint: str | None = None) -> str:
    """The text, not yet normalised. `declared`: the charset parameter; `hint`: what the HTML says of itself."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace")
    names = [name for name in (_codec(declared), _codec(hint)) if name]
    if wide := _wide(data, names):
        return data.decode(wide, "replace")
    if data.isascii() and not _SEVEN_BIT.intersection(names):
        text = data.decode("ascii")
        return text.translate(_VISCII_TABLE) if "viscii" in names else text
    name, weight = _best(data, names, known=_codec(declared) is not None or not declared)
    if name != "utf_8" and (legacy := _legacy(data, weight)):
        return legacy
    return _mended(_read(data, name))


def _codec(label: str | None) -> str | None:
    """Python's name of the codec; None when the label says nothing (`unknown-8bit`, `x-viet...`, spam)."""
    name = (label or "").strip(" \t\r\n\"'").lower()[:60]
    if name in {"viscii", "csviscii", "viscii1.1-1", "x-viet-viscii"}:
        return "viscii"
    for guess in (name, name.removeprefix("x-"), name.replace("windows", "cp").replace("-", "")):
        try:
            found = codecs.lookup(guess)
        except (LookupError, ValueError):
            continue
        if found.name not in _NO_CHARSETS:
            return found.name.replace("-", "_")
    return None


def _wide(data: bytes, names: list[str]) -> str | None:
    """UTF-16 without a mark: every second byte of Latin text is NUL (or nearly: Vietnamese letters are U+1Exx)."""
    head = data[:2000]
    if len(head) < 4 or b"\0" not in head:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if any(name.startswith("utf_16") for name in names) or even + odd > len(head) // 4:
        if odd > 3 * even:
            return "utf-16-le"
        if even > 3 * odd:
            return "utf-16-be"
    return None


def _best(data: bytes, names: list[str], *, known: bool) -> tuple[str, float]:
    found = _FOREIGN.search(data)
    first = found.start() if found else 0
    sample = data[max(0, first - 200) : max(0, first - 200) + _SAMPLE]
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf_8", 0.0
    candidates = [*names, "utf_8", "cp1258", "cp1252"]
    candidates += [] if known else ["viscii"]
    weighed = [(soundness(_nfc(_read(sample, name))), -index, name) for index, name in enumerate(candidates)]
    weight, _, name = max(weighed)
    return name, weight


def _legacy(data: bytes, weight: float) -> str | None:
    """Bytes of a font from before Unicode (TCVN3, VNI) as Unicode, when that makes sounder Vietnamese than any charset does."""
    text = data.decode("latin-1")
    read_as = legacy_fonts.guess(text)
    return read_as(text) if read_as and soundness(_nfc(read_as(text[:_SAMPLE]))) > weight else None


def _read(data: bytes, name: str) -> str:
    if name == "viscii":
        return data.decode("latin-1").translate(_VISCII_TABLE)
    try:
        return data.decode(name, "replace")
    except (UnicodeError, LookupError, ValueError):  # some codecs know no "replace"
        return data.decode("utf-8", "replace")


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def soundness(text: str) -> float:
    """How much the text looks like Vietnamese: marked letters in sound syllables count for it, debris of a wrong charset against it."""
    score = 0.0
    for word in _WORD.findall(text):
        marked = [c for c in word if c > "\x7f"]
        if not marked:
            continue
        foreign = sum(c not in _VIETNAMESE and c < "\u0370" for c in marked)  # other scripts: neither for nor against
        score += -2.0 * foreign if foreign else len(marked) if _syllable(word) else -1.0
    for c in text:
        if c > "\x7f" and not c.isalpha() and c not in _ORDINARY:
            score -= 3.0 if c == "\ufffd" or unicodedata.category(c) in {"Cc", "Mn", "Cn", "Co"} else 1.5
        elif c < " " and c not in "\t\n\r\x0c":
            score -= 3.0
    return score


def _syllable(word: str) -> bool:
    """Whether a word could be a Vietnamese syllable: initial, nucleus, final, at most one tone, capitals only in front or throughout."""
    if not (word.islower() or word.isupper() or word[1:].islower()):
        return False
    letters = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    return sum(letters.count(tone) for tone in _TONES) <= 1 and bool(
        _SYLLABLE.fullmatch("".join(c for c in letters if c.isascii()))
    )


def _mended(text: str) -> str:
    """Text that went through UTF-8 twice ("gÃ³p Ã½") read once; only when every letter of it agrees."""
    if not _MAYBE_TWICE.search(text):
        return text
    for name in ("cp1252", "latin-1"):
        try:
            again = text.encode(name).decode("utf-8")
        except UnicodeError:
            continue
        if soundness(again[:_SAMPLE]) > soundness(text[:_SAMPLE]):
            return again
    return text
