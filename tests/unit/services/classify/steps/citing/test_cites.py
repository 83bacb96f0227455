"""Cited places as written; what only looks like one names none."""

import pytest

from services.classify.model import build_model
from services.classify.steps.citing.cites import cites, from_bottom
from services.classify.steps.view import view, without_diacritics
from tests.support.small_consultation import small_consultation

MODEL = build_model(small_consultation())

POSITIVE: list[tuple[str, list[dict[str, str]]]] = [
    ("Trang 6, dòng 6 từ trên xuống", [{"trang": "6", "dong": "6"}]),
    ("Mục II, trang 17, dòng 17: sửa", [{"muc": "II", "trang": "17", "dong": "17"}]),
    ("Khoản 2, Điều 9 và Điều 10", [{"khoan": "2", "dieu": "9"}, {"dieu": "10"}]),
    ("điểm a khoản 3 Điều 12", [{"diem": "a", "khoan": "3", "dieu": "12"}]),
    ("Điều 9, 10 và 11", [{"dieu": "9"}, {"dieu": "10"}, {"dieu": "11"}]),
    ("mục VII.2 cần làm rõ", [{"muc": "VII.2"}]),
    ("trang 6 dòng 6, mục VII.2. Xin cảm ơn", [{"trang": "6", "dong": "6", "muc": "VII.2"}]),
    ("mục VII.2, VII.3 và IX.1", [{"muc": "VII.2"}, {"muc": "VII.3"}, {"muc": "IX.1"}]),
    ("mục I. 2 triệu người mong đợi", [{"muc": "I"}]),
    ("tại Phần XV về nhiệm vụ", [{"phan": "XV"}]),
    ("tiểu mục 2.1 mục IV phần thứ hai", [{"tieumuc": "2.1", "muc": "IV", "phan": "hai"}]),
    ("gạch đầu dòng thứ 3 trang 5", [{"gach": "3", "trang": "5"}]),
    ("gạch đầu dòng thứ hai, mục 1", [{"gach": "hai", "muc": "1"}]),
    ("dòng 3 từ dưới lên trang 8", [{"dong": "3", "trang": "8"}]),
    ("đoạn cuối trang 4", [{"doan": "cuối", "trang": "4"}]),
    ("Chương III của dự thảo", [{"chuong": "III"}]),
    ("xem Phụ lục 2, biểu số 01", [{"phuluc": "2", "bieu": "01"}]),
    ("trang 12-13", [{"trang": "12-13"}]),
    ("tr. 7", [{"trang": "7"}]),
    ("Lời nói đầu cần ngắn gọn", [{"loinoidau": "Lời nói đầu"}]),
]
NEGATIVE = [
    "mục tiêu 10 %",
    "điểm nghẽn của điểm nghẽn",
    "dự thảo có 11 chương",
    "một khoản 5 tỷ đồng",
    "giai đoạn 2021-2025",
    "ngày 6/5/2025",
    "đạt điểm 9",
    "khẩu trang 5 lớp",
    "điều kiện 3 tốt",
    "danh mục A",
    "địa điểm B",
    "phần trăm",
    "chi 20 đồng",
    "đoàn 3 người",
    "vốn điều lệ 10 tỷ",
    "phát biểu 3 lần",
    "chương trình 135",
    "đóng góp 2 triệu",
    "phần 30% còn lại",
    "phản ánh",
    "trắng 5",
    "khoản 1,5 tỷ",
    "mục đích",
    "dòng họ",
    "đồng 5",
    "trang thiết bị",
    "phân 5 loại",
    "các khoản 3 triệu",
    "thời điểm 2",
]


def units(text: str) -> list[dict[str, str | None]]:
    seen = view(text)
    found = cites(seen, 0, len(seen.plain), MODEL)
    return [{k: v for k, v in cite.units.items() if k != "section"} for cite in found]


@pytest.mark.parametrize(("text", "expected"), POSITIVE)
def test_places_are_read_as_written(text: str, expected: list[dict[str, str]]) -> None:
    assert units(f"{text} cần xem lại") == expected


@pytest.mark.parametrize(("text", "expected"), POSITIVE)
def test_places_are_read_without_diacritics(text: str, expected: list[dict[str, str]]) -> None:
    bare = [{k: without_diacritics(v) for k, v in place.items()} for place in expected]
    assert units(without_diacritics(text)) == bare


@pytest.mark.parametrize("text", NEGATIVE)
def test_false_friends_name_no_place(text: str) -> None:
    assert units(f"Đề nghị {text} như vậy") == []


def test_the_span_is_the_citation() -> None:
    text = "Tại trang 6, dòng 6 nên sửa."
    (cite,) = cites(view(text), 0, len(text), MODEL)
    assert text[cite.start : cite.end] == "trang 6, dòng 6"


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("mục 1 phần IV", "IV.1"),
        ("Phần II", "II"),
        ("phần XX", None),
        ("trang 3", "II"),
        ("trang 5", None),  # a section begins there: only the line could tell
    ],
)
def test_a_place_is_resolved_to_the_drafts_section_only_when_it_is_certain(text: str, section: str | None) -> None:
    (cite,) = cites(view(text), 0, len(text), MODEL)
    assert cite.units["section"] == section


MORE: list[tuple[str, list[dict[str, str]]]] = [
    ("khoản 1, 2 Điều 5", [{"khoan": "1", "dieu": "5"}, {"khoan": "2", "dieu": "5"}]),
    ("trang 6, dòng 6 và dòng 9", [{"trang": "6", "dong": "6"}, {"trang": "6", "dong": "9"}]),
    ("khoản 1 Điều 5, khoản 2 Điều 7", [{"khoan": "1", "dieu": "5"}, {"khoan": "2", "dieu": "7"}]),
    ("các dòng 3, 8 và 11 trang 5", [{"dong": n, "trang": "5"} for n in ("3", "8", "11")]),
    ("phần thứ hai: mục IX, X và XI", [{"phan": "hai", "muc": n} for n in ("IX", "X", "XI")]),
    ("trang17 và trang 18", [{"trang": "17"}, {"trang": "18"}]),
    ("MỤC III, TRANG 4", [{"muc": "III", "trang": "4"}]),
    ("trang 5-7", [{"trang": "5-7"}]),
    ("tr.12", [{"trang": "12"}]),
    ("mục\nII", [{"muc": "II"}]),
]


@pytest.mark.parametrize(("text", "expected"), MORE)
def test_enumerated_places_share_the_higher_unit_beside_them(text: str, expected: list[dict[str, str]]) -> None:
    assert units(f"Đề nghị xem {text} cần sửa.") == expected


@pytest.mark.parametrize(
    "text",
    [
        "trang bị 5 máy",
        "lương 3 tr 5",
        "Xã đã điều 10 xe chở hàng",
        "từ điểm A đến điểm B dài 2 km",
        "lời nói đầu tiên",
        "đoạn cuối đường liên bản",
        "thôn 3",
        "gạch 6 lỗ",
        "chuyển tới từng mục\n2. Đề nghị làm đường",
    ],
)
def test_things_with_numbers_are_no_places(text: str) -> None:
    assert units(f"Ủy ban xã {text}") == []


def test_a_number_of_things_is_no_further_page() -> None:
    assert units("Ở trang 2, 12 nghị quyết chuyên đề chưa được đánh giá") == [{"trang": "2"}]


def test_lines_from_the_bottom_keep_their_number_and_their_words() -> None:
    text = "Tại trang 2 dòng 1 từ dưới lên nên sửa"
    (cite,) = cites(view(text), 0, len(text), MODEL)
    assert text[cite.start : cite.end] == "trang 2 dòng 1 từ dưới lên"
    assert cite.units["dong"] == "1"


def test_only_lines_that_are_said_to_be_counted_from_the_bottom_are() -> None:
    for text, expected in (
        ("dòng 2 từ dưới lên", True),
        ("dòng 2 từ cuối trang 5", True),
        ("đoạn cuối trang 5", False),
        ("Doan cuoi trang 5", False),
    ):
        assert from_bottom(text) is expected


def test_vi_is_a_number_only_where_it_cannot_be_a_word() -> None:
    assert units("De nghi bo muc 2 phan II, vi da neu o tren") == [{"muc": "2", "phan": "II"}]
    assert units("Mục II, vi phạm thì phạt") == [{"muc": "II"}]
    assert units("mục V, VI và VII") == [{"muc": "V"}, {"muc": "VI"}, {"muc": "VII"}]
    assert units("mục v, vi và vii") == [{"muc": "v"}, {"muc": "vi"}, {"muc": "vii"}]


@pytest.mark.parametrize("text", ["mục II Nghị quyết số 57", "Mục II của Luật Đất đai"])
def test_a_place_in_another_document_is_no_section_of_the_draft(text: str) -> None:
    (cite,) = cites(view(text), 0, len(text), MODEL)
    assert cite.units["section"] is None
