"""Text files and rich text in the encodings that are met in Vietnam."""

import unicodedata

import pytest

from services.ingest.reading.read import read
from tests.unit.services.ingest.reading.build import tcvn3, viscii, vni

SENTENCE = "Đề nghị bổ sung chỉ tiêu về nước sạch cho các xã vùng cao."


def _cp1258(text: str) -> bytes:
    out = ""
    for c in text:
        apart = unicodedata.normalize("NFD", c)
        tones = "".join(m for m in apart if m in "\u0300\u0301\u0303\u0309\u0323")
        base = unicodedata.normalize("NFC", "".join(m for m in apart if m not in tones))
        out += base + tones
    return out.encode("cp1258")


def text(data: bytes) -> str:
    return read(data, "text/plain", "a.txt").text


@pytest.mark.parametrize(
    "data",
    [
        SENTENCE.encode(),
        SENTENCE.encode("utf-8-sig"),
        SENTENCE.encode("utf-16"),
        SENTENCE.encode("utf-16-be"),
        SENTENCE.encode("utf-16-le"),
        _cp1258(SENTENCE),
        tcvn3(SENTENCE).encode("latin-1"),
        vni(SENTENCE).encode("latin-1"),
        viscii(SENTENCE).encode("latin-1"),
    ],
)
def test_a_text_file_of_any_encoding(data: bytes) -> None:
    assert text(data) == SENTENCE


def test_line_ends_blank_lines_and_control_characters() -> None:
    assert text("\n\nMột\r\n\r\n\r\n\r\nHai \rBa\x00\x01\n".encode()) == "Một\n\nHai\nBa\ufffd\ufffd"


def test_a_web_page_is_read_as_its_reader_sees_it() -> None:
    page = "<html><head><style>p{}</style></head><body><p>Một</p><script>x</script><p>Hai</p></body></html>"
    for data in (page.encode(), page.encode("utf-16")):
        assert read(data, "application/msword", "a.doc").text.split() == ["Một", "Hai"]


def rich(body: str, head: str = "\\ansi\\ansicpg1252") -> str:
    fonts = "{\\fonttbl{\\f0 Times New Roman;}{\\f1\\fcharset163 Arial;}{\\f2 .VnTime;}}"
    return read(f"{{\\rtf1{head}{fonts}{body}}}".encode("cp1252"), "", "").text


def test_each_font_reads_its_bytes_in_its_own_charset() -> None:
    assert rich("{\\f1 \\'d0\\'ea\\'cc}") == "Đề"
    assert rich("{\\f2 \\'a7\\'d2 ngh\\'de}") == "Đề nghị"
    assert rich("{\\f0 caf\\'e9}") == "café"
    assert rich("\\'d0\\'ea\\'cc", "\\ansi\\ansicpg1258") == "Đề"


def test_unicode_characters_swallow_what_stands_in_for_them() -> None:
    assert rich("\\u272?\\u7873?") == "Đề"  # \uc1
    assert rich("\\uc2\\u272\\'3f\\'3f|\\uc0\\u7873|") == "Đ|ề|"
    assert rich("a\\u-10179?\\u-8704?") == "a\U0001f600"


def test_hidden_machinery_stays_out_and_tables_notes_and_fields_come_in() -> None:
    assert rich("{\\*\\generator X;}{\\info{\\title T}}{\\header H}Letter{\\deleted old}{\\pict 00ff}\\par") == "Letter"
    assert rich("a\\cell b\\cell\\row c\\par") == "a | b\nc"
    assert rich("{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt label}}") == "label"
    assert rich("Letter{\\footnote Note}\\par End") == "Letter\nEnd\nNote"
    assert rich("{\\shp{\\*\\shpinst{\\sp{\\sn a}{\\sv b}}{\\shptxt Trong khung}}}") == "Trong khung"
    assert rich("a\\bin4 {{{{b") == "ab"
    assert rich("mot\\line hai\\tab ba\\~b\\{\\}\\\\") == "mot\nhai\tba b{}\\"


def test_only_a_picture_in_rich_text_is_for_people() -> None:
    assert read(b"{\\rtf1{\\pict 00ff}}", "", "").reading == "transcribe"
