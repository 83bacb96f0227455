"""Letters as they are drawn for a property: any text, and texts put together of what the rules look for."""

from hypothesis import strategies as st

PIECES = (
    "Đề nghị ",
    "bổ sung ",
    "\n",
    "\n\n",
    "1. ",
    "- ",
    "a) ",
    "Thứ hai, ",
    "Kính gửi",
    "Xin cảm ơn",
    ". ",
    ": ",
    "“",
    "”",
    "trang 6",
    ", dòng 3",
    "Điều 9",
    " và 10",
    "\u0301",
    "đ",
    "İ",
    "😀",
    "0912345678",
    "a@b.vn",
    "thay ",
    " bằng ",
    "\r\n",
    "\u2028",
    "x",
    "không ",
    "?",
)
letters = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))
