"""report.docx parsed back: the official layout of formats.md §1."""

import io
import re

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree

from services.report.documents.docx import render
from tests.support.sample_report import empty_report, sample_report


def parsed(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


@pytest.fixture(scope="module")
def party() -> Document:
    return parsed(render(sample_report()))


@pytest.fixture(scope="module")
def state() -> Document:
    return parsed(render(sample_report(style="state")))


def test_page_is_a4_with_the_margins_of_the_instruction(party: Document) -> None:
    section = party.sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    sides = (section.left_margin, section.right_margin, section.header_distance)
    for found, wanted in zip((*sizes, *sides), (210, 297, 20, 20, 30, 15, 10), strict=True):
        assert found is not None
        assert abs(found - Mm(wanted)) < Mm(0.1)


def test_every_font_is_times_new_roman_and_the_language_vietnamese(party: Document) -> None:
    normal = party.styles["Normal"]
    assert normal.font.name == "Times New Roman"
    assert normal.font.size == Pt(14)
    assert set(re.findall(r'<w:rFonts[^>]*w:ascii="([^"]+)"', party.element.xml)) <= {"Times New Roman"}
    defaults = etree.tostring(party.styles.element.find(qn("w:docDefaults")), encoding="unicode")
    assert 'w:lang w:val="vi-VN"' in defaults
    fonts = re.search(r"<w:rFonts[^>]*>", defaults)
    assert fonts is not None
    assert "Theme" not in fonts.group()


def test_party_heading_block(party: Document) -> None:
    left, right = party.tables[0].rows[0].cells
    assert [p.text for p in left.paragraphs[:3]] == ["TỈNH ỦY ĐIỆN BIÊN", "BAN TUYÊN GIÁO VÀ DÂN VẬN", "*"]
    assert [(p.runs[0].font.size, p.runs[0].font.bold) for p in left.paragraphs[:2]] == [
        (Pt(14), False),
        (Pt(14), True),
    ]
    assert left.paragraphs[3].text == "Số\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0-BC/BTGDVTU"
    assert "Số:" not in "\n".join(p.text for p in left.paragraphs)
    first = right.paragraphs[0]
    assert (first.text, first.runs[0].font.size, first.runs[0].font.bold) == ("ĐẢNG CỘNG SẢN VIỆT NAM", Pt(15), True)
    assert "w:pBdr" in first._p.xml
    date = right.paragraphs[-1]
    assert re.fullmatch(r"Điện Biên, ngày\s+tháng\s+năm 2025", date.text)
    assert date.runs[0].font.italic


def test_state_heading_block_has_name_and_motto_of_the_state(state: Document) -> None:
    left, right = state.tables[0].rows[0].cells
    assert [p.text for p in right.paragraphs[:2]] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]
    assert any(p.text.startswith("Số:") for p in left.paragraphs)
    assert "*" not in [p.text for p in left.paragraphs]


def test_title_abstract_and_dashes(party: Document) -> None:
    title, abstract, dashes = party.paragraphs[:3]
    assert (title.text, title.runs[0].font.size, title.runs[0].font.bold) == ("BÁO CÁO", Pt(16), True)
    assert (abstract.runs[0].font.size, abstract.runs[0].font.bold) == (Pt(14), True)
    assert dashes.text == "-----"


def test_body_is_justified_indented_and_set_on_exact_lines(party: Document) -> None:
    body = next(p for p in party.paragraphs if p.text.startswith("Kỳ báo cáo"))
    form = body.paragraph_format
    assert form.line_spacing == Pt(19)
    assert 'w:lineRule="exact"' in body._p.xml
    assert form.space_after is not None
    assert form.space_after >= Pt(6)
    assert form.first_line_indent is not None
    assert abs(form.first_line_indent - Mm(10)) < Mm(0.1)
    assert 'w:jc w:val="both"' in body._p.xml


def test_the_page_number_is_a_field_at_the_top_and_hidden_on_page_one(party: Document) -> None:
    section = party.sections[0]
    assert section.different_first_page_header_footer
    header = section.header.paragraphs[0]._p.xml
    assert " PAGE " in header
    assert 'w:fldCharType="begin"' in header
    assert not section.first_page_header.paragraphs[0].text


def test_data_tables_repeat_their_header_and_do_not_tear_rows(party: Document) -> None:
    data = party.tables[1:-1]
    assert len(data) >= 8
    for table in data:
        assert "w:tblHeader" in table.rows[0]._tr.xml
        assert all("w:cantSplit" in row._tr.xml for row in table.rows)


def test_signature_block_has_post_and_list_but_no_name(party: Document, state: Document) -> None:
    left, right = party.tables[-1].rows[0].cells
    assert left.paragraphs[0].text == "Nơi nhận:"
    assert left.paragraphs[0].runs[0].font.underline
    assert left.paragraphs[-1].text == "- Lưu Văn phòng Ban."
    assert left.paragraphs[-1].runs[0].font.size == Pt(12)
    assert [p.text for p in right.paragraphs if p.text] == ["TRƯỞNG BAN"]
    assert right.paragraphs[0].runs[0].font.bold is False
    assert state.tables[-1].rows[0].cells[1].paragraphs[0].runs[0].font.bold


def test_the_authority_is_bold_above_a_post_that_is_not() -> None:
    report = sample_report(4)
    signed = report.heading.model_copy(update={"authority": "T/M BAN THƯỜNG VỤ", "post": "PHÓ BÍ THƯ"})
    right = parsed(render(report.model_copy(update={"heading": signed}))).tables[-1].rows[0].cells[1]
    lines = [(p.text, p.runs[0].font.bold) for p in right.paragraphs if p.text]
    assert lines == [("T/M BAN THƯỜNG VỤ", True), ("PHÓ BÍ THƯ", False)]


def test_more_topic_groups_than_fit_upright_turn_the_page() -> None:
    report = sample_report()
    none = [s.model_copy(update={"opinions": 0, "opinions_cumulative": 0}) for s in report.stances]
    more = tuple(
        report.topics[0].model_copy(
            update={"code": code, "opinions": 0, "opinions_cumulative": 0, "stances": tuple(none), "quotes": ()}
        )
        for code in range(8, 13)
    )
    sections = parsed(render(report.model_copy(update={"topics": (*report.topics, *more)}))).sections
    assert [s.orientation for s in sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]


def test_properties_name_no_author_and_take_the_time_of_the_report(party: Document) -> None:
    properties = party.core_properties
    assert properties.author == ""
    assert properties.last_modified_by == ""
    assert properties.title.startswith("Báo cáo kết quả lấy ý kiến góp ý vào dự thảo")
    assert properties.created is not None
    assert properties.created.isoformat()[:16] == "2025-06-18T07:00"


def test_quotes_keep_every_sign_and_the_picture_has_a_description(party: Document) -> None:
    text = "\n".join(p.text for p in party.paragraphs)
    assert "“#let x = 1; *đậm* _nghiêng_ $x^2$ `mã` <b>thẻ</b> {{ biến }} \\ @nhãn" in text
    assert 'descr="Từ ngày 11/6/2025' in party.element.xml


def test_an_empty_period_still_makes_a_whole_document() -> None:
    text = "\n".join(p.text for p in parsed(render(empty_report())).paragraphs)
    assert "không có lượt góp ý nào được tiếp nhận" in text
