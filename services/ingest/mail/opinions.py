"""The words by which a line shows that it asks for something: enough to keep it, nothing more is concluded."""

from shared import text as texts

WORDS = (
    "đề nghị", "kiến nghị", "cần", "nên", "phải", "bổ sung", "sửa", "thay", "bỏ", "xóa", "không đồng ý", "không tán thành",
    "đồng ý", "nhất trí", "tán thành", "ủng hộ", "phản đối", "băn khoăn", "chưa hợp lý",
)  # fmt: skip
_FOLDED = tuple(f" {texts.fold(word)} " for word in WORDS)
_EXACT = tuple(f" {word} " for word in WORDS)


def holds(text: str) -> bool:
    """Whether an opinion word stands in it as a word of its own. With diacritics when the text has any: "cán bộ" is no "cần bỏ"."""
    words = "".join(c if c.isalnum() else " " for c in text.lower()).split()
    if text.isascii():
        folded = f" {texts.fold(text)} "
        return any(word in folded for word in _FOLDED)
    joined = f" {' '.join(words)} ".replace("xoá", "xóa")
    return any(word in joined for word in _EXACT)
