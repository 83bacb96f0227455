"""Numbers as people write them in citations: Roman, Arabic, "nhất", "hai", "cuối"."""

import re

from shared.text import fold

LAST = -1
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_ROMAN = re.compile(r"(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_WORDS = {
    "nhat": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
    "dau": 1, "dau tien": 1, "cuoi": LAST, "cuoi cung": LAST,
}  # fmt: skip
_RANGE = re.compile(r"\s{0,2}(?:[-–—]|đến|den|tới|toi)\s{0,2}")


def roman(text: str) -> int | None:
    """The value of a Roman numeral below 100 in either case; None when it is none."""
    text = text.lower()
    if not text or not _ROMAN.fullmatch(text):
        return None
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


def number(text: str) -> int | None:
    """The number a value means; LAST for "cuối"; None when it means none."""
    if text.isdecimal():
        return int(text)
    text = fold(text)
    if text.isdecimal():
        return int(text)
    return _WORDS.get(text) or roman(text)


def span(text: str) -> tuple[int, int] | None:
    """A value as first and last: "5-7" is (5, 7), "5" is (5, 5); None when it is no number or runs backwards."""
    if text.isdecimal():
        return int(text), int(text)
    ends = [number(part) for part in _RANGE.split(text.strip().lower(), maxsplit=1)]
    first, last = ends[0], ends[-1]
    if first is None or last is None or (len(ends) == 2 and not 0 < first <= last):
        return None
    return first, last
