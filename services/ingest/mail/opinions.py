"""The words by which a line shows that it asks for something: enough to keep it, nothing more is concluded."""

from shared import text as texts

WORDS = (
    "đề nghị", "kiến nghị", "cần", "nên", "phải", "bổ sung", "sửa", "thay", "bỏ", "xóa", "không đồng ý", "không tán thành",
    "đồng ý", "nhất trí", "tán thành", "ủng hộ", "phản đối", "băn khoăn", "chưa hợp lý",
)  # fmt: skip
# Said so, it is one however short the line is; a motto under somebody's name ("cần, kiệm, liêm, chính") holds none of these.
_STANDS = (
    "phản đối", "không đồng ý", "không tán thành", "không nhất trí", "chưa đồng ý", "tôi đồng ý", "tôi tán thành",
    "đề nghị", "kiến nghị", "ý kiến thứ",
)  # fmt: skip
_FOLDED_STANDS = tuple(f" {texts.fold(word)} " for word in _STANDS)
_EXACT_STANDS = tuple(f" {word} " for word in _STANDS)
_FOLDED = tuple(f" {texts.fold(word)} " for word in WORDS)
_EXACT = tuple(f" {word} " for word in WORDS)


def holds(text: str) -> bool:
    """Whether an opinion word stands in it as a word of its own. With diacritics when the text has any: "cán bộ" is no "cần bỏ"."""
    return _any(text, _FOLDED, _EXACT)


def takes_a_stand(text: str) -> bool:
    """Whether it says for or against, or asks, in words that leave no doubt."""
    return _any(text, _FOLDED_STANDS, _EXACT_STANDS)


def _any(text: str, folded_words: tuple[str, ...], exact_words: tuple[str, ...]) -> bool:
    words = "".join(c if c.isalnum() else " " for c in text.lower()).split()
    if text.isascii():
        folded = f" {texts.fold(text)} "
        return any(word in folded for word in folded_words)
    joined = f" {' '.join(words)} ".replace("xoá", "xóa")
    return any(word in joined for word in exact_words)
