"""Text at the boundary: one spelling to store, one folded form to compare, and what is not text at all."""

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable

_REPLACEMENT = "\ufffd"
_ALLOWED_CONTROLS = frozenset("\t\n\r")
_COMBINING = ((0x0300, 0x036F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F))


def stream_safe(text: str) -> str:
    """The text with U+034F after every 30th combining mark in a row (UAX 15): normalising is quadratic in the length of a run."""
    if text.isascii() or not _MAY_HOLD_RUN.search(text):
        return text
    return _LONG_RUN.sub("\\1\u034f", text)


def normalise(text: str) -> str:
    r"""The text as it is stored: NFC (mail in windows-1258 arrives decomposed), every line end `\n`, no byte order mark."""
    joined = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return unicodedata.normalize("NFC", stream_safe(joined.removeprefix("\ufeff")))


_NONSTARTERS = "".join(c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.combining(c))
_MAY_HOLD_RUN = re.compile(
    "[^\x00-\u02ff\u0370-\u0482\u1d00-\u1dbf\u1e00-\u20cf\u2100-\u2cee]{31}"
)  # no marks there: Latin text is told fast
_LONG_RUN = re.compile(f"([{_NONSTARTERS}]{{30}})(?=[{_NONSTARTERS}])")


class _Folding(dict[int, str]):
    """Code point -> what folding makes of it, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        category = unicodedata.category(chr(code))
        if any(low <= code <= high for low, high in _COMBINING):
            folded = ""
        elif category[0] in "LN" or category in {"Mn", "Mc"}:  # marks of other scripts (Tai Viet vowels) are letters
            folded = chr(code)
        else:
            folded = " "
        self[code] = folded
        return folded


_FOLDING = _Folding({ord("đ"): "d", ord("\u0131"): "i"})


class _FoldedWords(dict[str, str]):
    """Word -> its folded form, filled as words are met: a language has few words, and each is met again and again."""

    def __missing__(self, word: str) -> str:
        folded = _fold(word)
        if len(word) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[word] = folded
        return folded


_LONGEST_KEPT, _MOST_KEPT = 24, 40_000  # code points of a word; words: some 6 MB
_LONG_TEXT = 2000  # code points: a longer one may hold as many different words as it likes, and is folded in one go
_FOLDED = _FoldedWords()


def fold(text: str) -> str:
    """The text for comparing only: lower case, no diacritics, đ as d, runs of punctuation and spaces as one space.

    `ủy` and `uỷ`, `hòa` and `hoà`, NFC and NFD fold to the same. Folding what is folded changes nothing.
    """
    if len(text) > _LONG_TEXT:
        return _fold(text)
    return fold_words(text.split())


def fold_words(words: Iterable[str]) -> str:
    """What `fold` makes of a text that holds these words; words are what stands between white space."""
    # No rule of folding reaches over white space: word by word is the same as all at once.
    return join_folded(map(_FOLDED.__getitem__, words))


def join_folded(words: Iterable[str]) -> str:
    """A folded text of words that are folded already."""
    folded = " ".join(words)
    if "  " in folded or folded[:1] == " " or folded[-1:] == " ":  # a word of signs only leaves nothing
        return " ".join(folded.split())
    return folded


def _fold(text: str) -> str:
    lower = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", stream_safe(text)).casefold())
    return unicodedata.normalize("NFC", " ".join(lower.translate(_FOLDING).split()))


def readable(text: str) -> str:
    """The same text with U+FFFD for each character that no text may hold (lone surrogates, NUL, control characters)."""
    refused = {c for c in set(text) if (c < " " and c not in _ALLOWED_CONTROLS) or "\ud800" <= c <= "\udfff"}
    return text.translate(dict.fromkeys(map(ord, refused), _REPLACEMENT)) if refused else text


def reject_reason(text: str) -> str | None:
    """Why this cannot be an opinion, in Vietnamese for its sender; None when it can."""
    if not text or text.isspace():
        return "Nội dung góp ý đang để trống."
    if "\x00" in text:
        return "Nội dung chứa ký tự rỗng (NUL), không phải là văn bản."
    counts = Counter(text)  # the rules look at each different character once: a long letter has about a hundred
    if any("\ud800" <= c <= "\udfff" for c in counts):
        return "Nội dung chứa ký tự Unicode không hoàn chỉnh."
    if any(c < " " and c not in _ALLOWED_CONTROLS for c in counts):
        return "Nội dung chứa ký tự điều khiển, không phải là văn bản."
    visible = {c: n for c, n in counts.items() if not c.isspace()}
    broken = sum(n for c, n in visible.items() if c == _REPLACEMENT or unicodedata.category(c) in {"Cc", "Cn", "Co"})
    if broken * 3 > sum(visible.values()):
        return "Nội dung không đọc được: phần lớn là ký tự hỏng hoặc dữ liệu nhị phân."
    if not any(unicodedata.category(c)[0] not in "ZC" for c in visible):
        return "Nội dung góp ý đang để trống."
    return None
