"""Word documents: what python-docx would leave out."""

import pytest

from services.ingest.reading.read import read
from tests.unit.services.ingest.reading.build import docx, paragraph

_NUMBERED = '<w:pPr><w:numPr><w:ilvl w:val="{0}"/><w:numId w:val="1"/></w:numPr></w:pPr>'
_LISTS = """<w:numbering {ns}><w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>"""


def text(body: str, **more: str) -> str:
    return read(docx(body, {f"word/{name}.xml": part for name, part in more.items()}), "", "").text


def test_numbers_word_only_shows_are_written_down() -> None:
    body = "".join(
        paragraph(t, _NUMBERED.format(level)) for t, level in (("A", 0), ("B", 1), ("C", 1), ("D", 0), ("E", 1))
    )
    assert text(body, numbering=_LISTS) == "I. A\nI.1 B\nI.2 C\nII. D\nII.1 E"


def test_comments_and_footnotes_stand_after_the_text() -> None:
    note = (
        '<w:{0}s {{ns}}><w:{0} w:type="separator">'
        + paragraph("—")
        + "</w:{0}><w:{0}>"
        + paragraph("{1}")
        + "</w:{0}></w:{0}s>"
    )
    read_text = text(
        paragraph("Thư."),
        comments=note.format("comment", "Đề nghị bỏ câu này."),
        footnotes=note.format("footnote", "Xem Điều 5."),
    )
    assert read_text == "Thư.\nXem Điều 5.\nĐề nghị bỏ câu này."


def test_a_text_box_is_read_once_though_it_is_stored_twice() -> None:
    box = "<w:txbxContent>" + paragraph("Trong khung.") + "</w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    assert text(f"<w:p><w:r><w:t>Ngoài khung.</w:t></w:r><w:r>{both}</w:r></w:p>") == "Ngoài khung.\nTrong khung."


def test_ticked_boxes_line_breaks_and_field_results_are_kept_and_field_codes_are_not() -> None:
    tick = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t> Tán thành</w:t><w:br/><w:t>Dòng hai</w:t></w:r>'
    field = "<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t> 3</w:t></w:r>"
    assert text(f"<w:p>{tick}{field}</w:p>") == "☑ Tán thành\nDòng hai 3"


def test_a_row_that_was_deleted_and_a_paragraph_moved_away_are_gone() -> None:
    row = "<w:tr>{0}<w:tc>" + paragraph("{1}") + "</w:tc><w:tc>" + paragraph("x") + "</w:tc></w:tr>"
    table = "<w:tbl>" + row.format("<w:trPr><w:del/></w:trPr>", "cũ") + row.format("", "mới") + "</w:tbl>"
    moved = "<w:p><w:moveFrom><w:r><w:t>đi</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>đến</w:t></w:r></w:moveTo></w:p>"
    assert text(table + moved) == "mới | x\nđến"


def test_inner_tables_and_content_controls_lose_nothing() -> None:
    inner = "<w:tbl><w:tr><w:tc>" + paragraph("a") + "</w:tc><w:tc>" + paragraph("b") + "</w:tc></w:tr></w:tbl>"
    held = f"<w:sdt><w:sdtContent>{paragraph('trong ô điều khiển')}</w:sdtContent></w:sdt>"
    assert (
        text(f"<w:tbl><w:tr><w:tc>{inner}{paragraph('c')}</w:tc></w:tr></w:tbl>{held}")
        == "a | b\nc\ntrong ô điều khiển"
    )


def test_a_document_that_holds_only_pictures_is_for_people() -> None:
    assert read(docx(paragraph(""), {"word/media/image1.png": b"\x89PNG"}), "", "").reading == "transcribe"
    assert read(docx(paragraph(" ")), "", "").reading == "no_text"


@pytest.mark.parametrize("level", ["0", "-1", "99", "x", "999999999999999999999"])
def test_odd_list_levels_are_no_reason_to_lose_the_paragraph(level: str) -> None:
    assert "A" in text(paragraph("A", _NUMBERED.format(level)), numbering=_LISTS)


def test_styles_based_on_one_another_in_a_ring_end() -> None:
    styles = (
        "<w:styles {ns}>"
        + "".join(f'<w:style w:styleId="{a}"><w:basedOn w:val="{b}"/></w:style>' for a, b in (("x", "y"), ("y", "x")))
        + "</w:styles>"
    )
    assert text(paragraph("A", '<w:pPr><w:pStyle w:val="x"/></w:pPr>'), styles=styles) == "A"
