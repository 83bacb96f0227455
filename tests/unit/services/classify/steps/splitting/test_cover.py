"""Nothing vanishes: opinions and parts set aside cover every character but white space, in order, none twice, whatever was written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.classify.steps.splitting.split import MAX_OPINIONS, split
from services.classify.steps.view import View, view, without_diacritics
from tests.support.growth import LINEAR, growth

MARKS = (
    "1. ",
    "2) ",
    "- ",
    "+ ",
    "a) ",
    "1.1. ",
    "(1) ",
    "II. ",
    "Thứ nhất, ",
    "thứ hai, ",
    "một là ",
    "hai là ",
    "1.",
    "•\t",
    "3/ ",
    "Ý kiến 2: ",
)
COURTESIES = (
    "Kính gửi Ban Tổ chức!", "Tôi xin có ý kiến như sau:", "Xin cảm ơn.", "Trân trọng", "Lò Văn Mẫu",
    "SĐT: 0900 000 000", "Như tiêu đề ạ.",
    "Kính mong các đồng chí quan tâm.", "Đã gửi từ điện thoại của tôi", "Vào 3/6 Ban Tổ chức đã viết:",
    "> Kính mời góp ý.", "CỘNG HÒA XÃ HỘI",
)  # fmt: skip
WORDS = (
    "Đề nghị làm đường", "bổ sung chỉ tiêu", "Tôi nhất trí", "tuy nhiên đề nghị", "đồng thời đề nghị", "; đề nghị",
    "Ngoài ra, cần", "trang 6 viết",
    "“phát triển; đề nghị", "”", '"', "(", ")", "TP. Điện Biên", "2.5 tỷ", "https://vidu.example/a.b", "v.v.",
    "vì sao", "cán bộ xã ăn chặn",
    "Về y tế,", "Lý do:", "x", "😀", "e\u0301", "\u0301", "İ", "。", "STT\t",
)  # fmt: skip
BREAKS = (" ", "\n", "\n\n", ". ", ".", "; ", ": ", "? ", ", ", "\t", "\r\n", "\u2028", "…", "\xa0", "\x85")
vietnamese = st.lists(st.sampled_from((*MARKS, *COURTESIES, *WORDS, *BREAKS, *BREAKS)), max_size=40).map("".join)
letters = st.one_of(vietnamese, vietnamese.map(without_diacritics), st.text())


def check(text: str) -> None:
    seen = view(text)
    parts = split(seen)
    assert bool(parts.opinions) is bool(text.strip())
    assert len(parts.opinions) <= MAX_OPINIONS
    spans = sorted([*parts.opinions, *((start, end) for _, start, end in parts.set_aside)])
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(seen.plain)
        assert not seen.plain[at:start].strip()
        assert seen.plain[start:end] == seen.plain[start:end].strip()
        at = end
    assert not seen.plain[at:].strip()
    assert list(parts.opinions) == sorted(parts.opinions)
    assert [part[1:] for part in parts.set_aside] == sorted(part[1:] for part in parts.set_aside)


@settings(max_examples=600, deadline=None)
@given(letters)
def test_every_character_stands_in_one_part(text: str) -> None:
    check(text)


@settings(max_examples=300, deadline=None)
@given(letters)
def test_the_parts_cover_the_citizens_own_text_too(text: str) -> None:
    seen = view(text)
    parts = split(seen)
    kept = [seen.original(*span) for span in parts.opinions]
    kept += [seen.original(start, end) for _, start, end in parts.set_aside]
    inside = {at for start, end in kept for at in range(start, end)}
    assert not [at for at, char in enumerate(text) if not char.isspace() and at not in inside]


CRITICISM = "Cán bộ xã ăn chặn tiền hỗ trợ của dân."


@settings(max_examples=300, deadline=None)
@given(vietnamese, vietnamese)
def test_criticism_on_a_line_of_its_own_is_never_set_aside(before: str, after: str) -> None:
    text = f"{before}\n{CRITICISM}\n{after}"
    seen = view(text)
    at = len(view(before + "\n").plain)
    assert any(start <= at and at + len(CRITICISM) - 1 <= end for start, end in split(seen).opinions), split(seen)


UNITS = (
    ". ", "1. ", "1.\n", "- a\n", "- a:\n+ b:\n", "“", "“a” ", '"', "'", "(", "[a", "(1) ", "x; (2) ", "một là ",
    "thứ hai ", "đồng thời ", "; đề nghị ",
    "đề nghị a. ", "đề nghị: \n- a\n", "trang 1 viết ", "về a, ", "vì vậy. ", "mong   ", "? ", "…", "\n", " ", "\t",
    "\u0301", "kính gửi\n", "xin cảm ơn.\n",
    "> a\n", "a\n", "tp. ", "1.1.1.", "Lò Văn Mẫu\n", "trang 6: “a” ",
)  # fmt: skip


def seen_as(unit: str, size: int) -> View:
    return view(unit * (size // len(unit)))


@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_with_the_length_and_not_with_its_square(unit: str) -> None:
    assert growth(split, lambda size: seen_as(unit, size), 5_000, 100_000) <= LINEAR


@pytest.mark.parametrize("unit", [". ", "1. ", "- a:\n+ b:\n", "“", "đề nghị a. "])
def test_a_megabyte_costs_no_more_for_each_character(unit: str) -> None:
    assert growth(split, lambda size: seen_as(unit, size), 5_000, 1_000_000) <= LINEAR
