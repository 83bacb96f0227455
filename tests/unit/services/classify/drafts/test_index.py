"""Sections and quoted words in the drafts' own texts."""

from pathlib import Path

import pytest

from services.classify.drafts.index import Drafts
from shared import draft_text
from shared.consultation import Consultation
from shared.consultation_yaml import draft_path, load
from tests.support.small_consultation import small_consultation

FOLDER = Path(__file__).resolve().parents[5] / "consultations"
TEXT = """[trang 1]
DỰ THẢO
I. CHỦ ĐỀ
Phát huy truyền thống đoàn kết các
dân tộc, đẩy mạnh cải cách.
[trang 2]
Câu cuối của chủ đề.

II. KẾT QUẢ
1. Kinh tế tăng trưởng 7,6%.
Đẩy mạnh cải cách hành chính.
[trang 3]
- Thu ngân sách tăng.
- Giảm nghèo nhanh, hoà bình được giữ vững.
[trang 4]
Không có mục mới.
[trang 5]
III. HẠN CHẾ
Còn hạn chế.
[trang 6]
Trang sáu.
[trang 7]
Trang bảy.
[trang 8]
IV. NHIỆM VỤ
1. Giao thông
Làm đường, đẩy mạnh cải cách.
"""


def small(text: str = TEXT) -> Drafts:
    return Drafts.of(small_consultation(), {"bao-cao": draft_text.parse(text)})


def shipped(name: str) -> tuple[Consultation, Drafts]:
    path = FOLDER / f"{name}.yaml"
    consultation = load(path)
    texts = {
        draft.id: draft_text.parse(draft_path(path, draft.current).read_text(encoding="utf-8"))
        for draft in consultation.drafts
    }
    return consultation, Drafts.of(consultation, texts)


@pytest.mark.parametrize("name", ["dien-bien-2025", "lai-chau-2025", "bac-kan-2025"])
def test_every_section_of_the_shipped_drafts_begins_on_its_own_heading_line(name: str) -> None:
    _, drafts = shipped(name)
    for document in drafts.documents:
        assert all(start.sure for start in document.starts)
        assert document.starts == tuple(sorted(document.starts, key=lambda s: (s.page, s.line)))


@pytest.mark.parametrize(
    ("units", "section"),
    [
        ({"phan": "hai"}, "P2"),
        ({"phan": "II"}, "P2"),
        ({"phan": "2"}, "P2"),
        ({"muc": "1", "phan": "VII"}, "VII.1"),
        ({"muc": "VII", "phan": "hai"}, "VII"),
        ({"tieumuc": "2", "muc": "III"}, "III.2"),
        ({"diem": "a", "muc": "III.2"}, "III.2"),
        ({"muc": "V.3"}, "V"),  # V is not divided: its third point lies in it
        ({"muc": "iii.2"}, "III.2"),
        ({"muc": "XX"}, None),
        ({"khoan": "2", "dieu": "9"}, None),
        ({"chuong": "II"}, None),
        ({"muc": "II", "trang": "17"}, "II"),  # the page is not in the draft: the heading is
        ({"trang": "7"}, "VII"),
        ({"trang": "3"}, "III"),
        ({"trang": "3-4"}, "III"),
        ({"trang": "6"}, None),
        ({"trang": "6", "dong": "3"}, "V"),
        ({"trang": "6", "dong": "1"}, "IV.2"),
        ({"trang": "6", "dong": "99"}, None),
        ({"trang": "1", "dong": "3"}, None),  # before the first heading
        ({"trang": "13"}, None),
        ({"muc": "III", "trang": "3", "dong": "20"}, "III.2"),
    ],
)
def test_cited_units_lead_to_the_deepest_section_that_surely_holds_them(
    units: dict[str, str | None], section: str | None
) -> None:
    _, drafts = shipped("dien-bien-2025")
    assert drafts.section_of_units(units) == section


def test_lines_are_counted_from_the_bottom_when_the_citation_says_so() -> None:
    drafts = small()
    assert drafts.section_at("bao-cao", 2, 1) == "I"
    assert drafts.section_at("bao-cao", 2, 1, from_bottom=True) == "II"
    assert drafts.section_at("bao-cao", 2, 5, from_bottom=True) is None


def test_dashes_and_paragraphs_of_a_page_are_counted() -> None:
    drafts = small()
    near = drafts.near({"trang": "3", "gach": "hai"})
    assert near is not None
    assert drafts.documents[0].text[near.start : near.end].startswith("- Giảm nghèo")


def test_with_several_drafts_only_what_one_alone_has_is_certain() -> None:
    _, drafts = shipped("lai-chau-2025")
    assert drafts.section_of_units({"muc": "I"}) is None
    assert drafts.section_of_units({"muc": "I"}, draft="chuong-trinh-hanh-dong") == "chuong-trinh-hanh-dong:I"
    assert drafts.section_of_units({"muc": "V.5"}) == "V.5"
    assert drafts.section_of_units({"trang": "3"}) is None
    assert drafts.draft_of("V.5") == "bao-cao-chinh-tri"


def test_without_a_text_only_a_page_that_one_section_fills_is_certain() -> None:
    drafts = Drafts.of(small_consultation(), {})
    assert drafts.section_of_units({"trang": "3"}) == "II"
    assert drafts.section_of_units({"trang": "5", "dong": "2"}) is None
    assert drafts.locate("đẩy mạnh") is None


def test_a_heading_that_is_not_on_its_page_makes_that_page_uncertain() -> None:
    drafts = small(TEXT.replace("II. KẾT QUẢ", "Thành tựu"))
    assert drafts.section_at("bao-cao", 2, 3) is None
    assert drafts.section_at("bao-cao", 3, 1) == "II"


@pytest.mark.parametrize(
    ("words", "text", "match"),
    [
        ("Kinh tế tăng trưởng", "Kinh tế tăng trưởng", "exact"),
        ("đoàn kết các dân tộc", "đoàn kết các\ndân tộc", "normalised"),  # across a line break
        ("cải cách. Câu cuối", "cải cách.\n[trang 2]\nCâu cuối", "normalised"),  # across a page
        ("HÒA BÌNH", "hoà bình", "normalised"),
        ("giam ngheo nhanh", "Giảm nghèo nhanh", "normalised"),  # typed without diacritics
        ("7,6%", "7,6%", "exact"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_quoted_words_are_located_in_the_published_file(words: str, text: str, match: str, end: str) -> None:
    file = "\ufeff" + TEXT.replace("\n", end)
    place = small(file).locate(words)
    assert place is not None
    assert (file[place.start : place.end].replace("\r\n", "\n"), place.match) == (text, match)


@pytest.mark.parametrize("words", ["đẩy mạnh", "6%", "nghèo nhan", "không có trong dự thảo", "“.”", "K"])
def test_words_in_several_places_or_in_none_are_not_located(words: str) -> None:
    assert small().locate(words) is None


def test_words_in_several_places_are_located_by_the_cited_place() -> None:
    drafts = small()
    near = drafts.near({"trang": "8", "dong": "3"})
    place = drafts.locate("đẩy mạnh cải cách", near)
    assert place is not None
    assert place.section == "IV.1"
    other = drafts.locate("đẩy mạnh cải cách", drafts.near_section("I"))
    assert other is not None
    assert (other.section, other.end <= place.start) == ("I", True)
