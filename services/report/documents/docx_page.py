"""An empty Word document of the official kind: A4, margins, Times New Roman, Vietnamese, page numbers from page 2."""

from datetime import UTC

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor

from services.report.documents.docx_parts import element, page_field, set_font
from services.report.documents.letterhead import abstract
from services.report.documents.printable import printable
from services.report.documents.typography import capital
from services.report.model import Report

BODY_PT, LINE_PT, SPACE_PT = 14, 19, 6
INDENT_MM = 10
UPRIGHT_MM, ACROSS_MM = 165, 252  # width of the text


def empty_document(report: Report) -> Document:
    """The page, the styles and the properties; no content."""
    document = docx.Document()
    _styles(document)
    _modern(document)
    _page(document.sections[0])
    document.sections[0].different_first_page_header_footer = True
    header = document.sections[0].header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.CENTER
    page_field(header)
    _properties(document, report)
    return document


def turn(document: Document, *, across: bool) -> None:
    """A new section, landscape or upright again; the page numbers run on."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    _page(section, across=across)


def _page(section: Section, *, across: bool = False) -> None:
    section.page_width, section.page_height = (Mm(297), Mm(210)) if across else (Mm(210), Mm(297))
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)


def _modern(document: Document) -> None:
    """The layout rules of Word 2013 and later; without the mark Word opens the file in compatibility mode."""
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _styles(document: Document) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    set_font(defaults)
    for language in defaults.findall(qn("w:lang")):
        defaults.remove(language)
    defaults.append(element("w:lang", val="vi-VN", eastAsia="vi-VN", bidi="ar-SA"))
    for name, size in (
        ("Normal", BODY_PT),
        ("Header", BODY_PT),
        ("Heading 1", 14),
        ("Heading 2", 14),
        ("Heading 3", 14),
    ):
        style = document.styles[name]
        set_font(style.element.get_or_add_rPr())
        style.font.size = Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        form = style.paragraph_format
        form.space_before, form.space_after = Pt(0), Pt(0)
        if name.startswith("Heading"):
            style.font.bold, style.font.italic = True, name == "Heading 3"
            form.space_before = form.space_after = Pt(SPACE_PT)
            form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE_PT)
            form.first_line_indent, form.keep_with_next = Mm(INDENT_MM), True
            form.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def _properties(document: Document, report: Report) -> None:
    """No author: the document is the office's. Its time is the report's, never the clock's."""
    properties = document.core_properties
    at = report.as_of.astimezone(UTC).replace(tzinfo=None)
    properties.title = f"Báo cáo {abstract(report)}"[:255]
    properties.subject = printable(capital(report.short_title))[:255]
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.language = "vi-VN"
    properties.created = properties.modified = at
    properties.revision = 1
