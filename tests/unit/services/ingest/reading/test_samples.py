"""Files as office programs write them give the text a person sees, and nothing else."""

import pytest

from services.ingest.reading.read import read
from tests.unit.services.ingest.reading.build import sample

LETTER = """Góp ý dự thảo văn kiện
Đề nghị bổ sung nội dung về giao thông nông thôn.
{0}Mục VII: sửa "phấn đấu" thành "bảo đảm".
{1}Nhất trí với các chỉ tiêu.
ô 0-0 ý kiến | ô 0-1 ý kiến
ô 1-0 ý kiến | ô 1-1 ý kiến
Trân trọng cảm ơn."""


@pytest.mark.parametrize("kind", ["docx", "odt", "rtf"])
def test_a_letter_keeps_its_numbers_and_its_table_and_loses_what_was_deleted(kind: str) -> None:
    found = read(sample(f"y-kien.{kind}"), "", "")
    assert (found.reading, found.text) == ("text", LETTER.format("1. ", "- "))


def test_an_old_word_file_is_read_without_the_numbers_of_its_lists() -> None:
    found = read(sample("y-kien.doc"), "", "")
    assert (found.reading, found.text) == ("text", LETTER.format("", ""))


@pytest.mark.parametrize("kind", ["docx", "odt", "rtf", "doc"])
def test_three_fonts_from_before_unicode_in_one_letter(kind: str) -> None:
    assert read(sample(f"phong-chu-cu.{kind}"), "", "").text.split("\n") == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Đề nghị ưu tiên đường giao thông cho các xã vùng cao.",
        "Kiến nghị bổ sung chỉ tiêu về nước sạch.",
        "Đoạn này gõ bằng Unicode.",
    ]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_workbook_is_read_row_by_row_with_its_hidden_sheets(kind: str) -> None:
    lines = read(sample(f"bang.{kind}"), "", "").text.split("\n")
    assert lines[:2] == ["STT | Nội dung | Ngày", "1 | Đề nghị mở rộng quốc lộ 279."]
    assert lines[2].startswith("2.5 | Nhất trí. | ")
    assert lines[3:] == ["Ý kiến ở trang ẩn."]


def test_a_pdf_whose_letters_come_from_two_fonts_is_put_in_reading_order() -> None:
    found = read(sample("chu-muon.pdf"), "", "")
    assert found.reading == "text"
    assert "Đề nghị bổ sung nội dung về phát triển giao thông nông thôn, ưu tiên các xã vùng cao" in found.text
    assert 'Mục VII: sửa "phấn đấu" thành "bảo đảm".' in found.text
    assert found.text.endswith("Trân trọng cảm ơn.")


def test_what_a_file_is_its_bytes_say_whatever_it_is_called() -> None:
    assert read(sample("y-kien.docx"), "image/png", "anh.png").reading == "text"
    assert read(sample("y-kien.doc"), "text/plain", "a.txt").reading == "text"
