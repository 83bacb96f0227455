"""report.pdf parsed back: layout, extractable Vietnamese, no injection."""

import io
import re
import unicodedata
from typing import Any

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from pypdf import PdfReader

from services.report.documents.chart import FONTS
from services.report.documents.pdf import render
from tests.support.sample_report import empty_report, sample_report

# Every letter of Vietnamese: twelve vowels with six tones, đ, and both cases.
VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


@pytest.fixture(scope="module")
def party() -> PdfReader:
    return PdfReader(io.BytesIO(render(sample_report())))


def text_of(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


@pytest.mark.parametrize("style", ["Regular", "Bold", "Italic", "BoldItalic"])
def test_the_font_has_every_vietnamese_letter(style: str) -> None:
    letters = {unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES} | {"đ"}
    assert all(len(letter) == 1 for letter in letters)
    font = TTFont(FONTS / f"Tinos-{style}.ttf").getBestCmap()
    wanted = letters | {letter.upper() for letter in letters} | set("“”–—…-./,%()0123456789�")
    assert not {letter for letter in wanted if ord(letter) not in font}


def test_pages_are_a4_and_set_in_tinos_alone(party: PdfReader) -> None:
    for page in party.pages:
        assert abs(float(page.mediabox.width) - 595.28) < 1
        assert abs(float(page.mediabox.height) - 841.89) < 1
    pages: Any = party.pages
    fonts = {str(font.get_object()["/BaseFont"]) for page in pages for font in page["/Resources"]["/Font"].values()}
    assert all("Tinos" in name for name in fonts), fonts


def test_the_official_frame_and_the_figures_can_be_read_as_text(party: PdfReader) -> None:
    text = text_of(party)
    for words in (
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "BAN TUYÊN GIÁO VÀ DÂN VẬN",
        "BÁO CÁO",
        "I- TÌNH HÌNH TRIỂN KHAI",
        "II- KẾT QUẢ TIẾP NHẬN, TỔNG HỢP",
        "Đối soát lũy kế (lượt góp ý): 124 tiếp nhận = 103 được tổng hợp + 17 trùng lặp",
        "Nơi nhận:",
        "TRƯỞNG BAN",
    ):
        assert words in text, words
    assert "Số:" not in party.pages[0].extract_text()


def test_page_numbers_begin_on_page_two(party: PdfReader) -> None:
    assert not party.pages[0].extract_text().strip().startswith("1 ")
    assert "2" in re.split(r"\s", party.pages[1].extract_text().strip())


def test_a_citizens_signs_are_never_typst(party: PdfReader) -> None:
    text = text_of(party)
    assert "#let x = 1; *đậm* _nghiêng_ $x^2$ `mã` <b>thẻ</b> {{ biến }} \\ @nhãn" in text
    hostile = ('#read("/etc/passwd")', '"); #panic("x")', "#{while true {}}", "]]] }}} ))) $$ \\", "// @preview/x:1.0")
    again = text_of(PdfReader(io.BytesIO(render(sample_report(40, texts=hostile)))))
    assert '#read("/etc/passwd")' in again
    assert '#panic("x")' in again


def test_state_style_has_the_state_heading() -> None:
    text = text_of(PdfReader(io.BytesIO(render(sample_report(10, style="state")))))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Số:" in text


def test_properties_name_no_author_and_the_language_is_vietnamese(party: PdfReader) -> None:
    assert party.metadata is not None
    assert not party.metadata.author
    assert str(party.metadata.title).startswith("Báo cáo kết quả")
    assert party.metadata.creation_date is not None
    assert party.metadata.creation_date.isoformat()[:10] == "2025-06-18"
    trailer: Any = party.trailer
    assert str(trailer["/Root"]["/Lang"]).startswith("vi")


def test_control_characters_and_an_empty_period_do_not_break_it() -> None:
    assert render(sample_report(8, texts=("a\x00b\x1f\ud800\ufffe\u202e🙂",))).startswith(b"%PDF")
    assert "không có lượt góp ý nào" in text_of(PdfReader(io.BytesIO(render(empty_report()))))
