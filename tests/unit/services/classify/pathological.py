"""Texts nobody should write: units to repeat without end, and wild mixtures of the rules' own words."""

import random
import unicodedata

# One of them, a thousand or a million times over, is what a rule that looks back or ahead too far chokes on.
UNITS = (
    "(", ")", "[", "1.1.", "1.1.1. a\n", "“", "“”", '"', "'a ", "«", "...", "?!", ",", ", ", ":", "-\n", "- a\n", "> a\n", "\n",
    "\t", " x", "a",
    "ộ", "e\u0301", "\u0301", "\u200b", "İ", "ß", "😀", "中", "0123456789", "0912 ", "1/", "1,", "a@b.", "a.b@",
    "https://a.example/", "x: ",
    "đề nghị ", "de nghi bo sung ", "; đề nghị ", "“đề nghị ", "(đề nghị ", "mục ", "mục 1, ", "trang 1 dòng 2 ", "dòng 1, 2, ",
    "gạch đầu dòng ",
    "thay ", 'thay "a" bằng "b" ', "bỏ cụm từ ", "bổ sung thêm ", "tăng từ 1% lên 2% ", "sửa thành: ", "Tôi là ", "tên tôi là ",
    "Nguyễn Văn ",
    "thôn A, xã B, ", "địa chỉ ", "đ/c ", "stk 1 ", "thứ nhất, ", "một là ", "iv. ", "a) ", "Kính gửi ban. ", "Xin cảm ơn. ",
    "xin cảm ơn ",
    "Đề nghị làm đường. ", "1. Đề nghị làm đường\n", "Về y tế:\n- a\n+ b\n", "Vì vậy, ", "kèm ", "như tiêu đề ", "không ",
    "rất ", "khiếu nại ",
    unicodedata.normalize("NFD", "- Đề nghị làm đường.\n"), "- De nghi lam duong.\n", "- Tên tôi là Lò Văn Mẫu.\n",
    "phát triển kinh tế ", "tôi có ý kiến như sau: ", "Sau khi đọc dự thảo, ", "Vào 3/6 A đã viết:\n",
)  # fmt: skip
_BREAKS = ("", " ", " ", " ", "\n", ". ", ", ", "; ", ": ", "? ", "\u00a0", "\u2028", "\r\n")


_RANGES = (
    (0x20, 0x7F), (0xA0, 0x250), (0x1EA0, 0x1EFA), (0x300, 0x370), (0x2000, 0x2070), (0x0E00, 0x0E60), (0x4E00, 0x9FFF),
    (0, 0xD800), (0xE000, 0x110000),
)  # fmt: skip


def repeated(unit: str, size: int) -> str:
    """The unit over and over, `size` code points of it."""
    return (unit * (size // len(unit) + 1))[:size]


def mixture(draw: random.Random, size: int) -> str:
    """`size` code points of units, runs of one unit and random characters, in any order."""
    pieces: list[str] = []
    length = 0
    while length < size:
        kind = draw.random()
        if kind < 0.6:
            piece = draw.choice(UNITS)
        elif kind < 0.7:
            piece = draw.choice(UNITS) * draw.randrange(1, 50)
        else:
            piece = "".join(_character(draw) for _ in range(draw.randrange(1, 12)))
        pieces.append(piece + draw.choice(_BREAKS))
        length += len(pieces[-1])
    return "".join(pieces)[:size]


def _character(draw: random.Random) -> str:
    low, high = draw.choice(_RANGES)
    return chr(draw.randrange(low, high))
