"""Heading block, title and signature block of report.docx (formats.md §1), set in borderless two-column tables."""

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from services.report.documents import letterhead as words
from services.report.documents.docx_page import UPRIGHT_MM
from services.report.documents.docx_parts import cell_margins, fix_widths, keep_row, rule
from services.report.documents.letterhead import Letterhead

# Width in mm of each line in Times New Roman bold, so that the rule under it is equally long (measured with Tinos).
_RULE_MM = {words.PARTY: 74.0, words.MOTTO: 57.2}  # 72.9 at 15 pt, 56.1 at 13 pt, and room to round


def heading_block(document: Document, head: Letterhead) -> None:
    """Left parent, issuer and number; right the Party's (or the State's) name, place and date."""
    left_mm = 80 if head.party else 75
    left, right = _pair(document, left_mm)
    _line(left, head.parent, 14 if head.party else 12, first=True)
    _line(left, head.issuer, 14 if head.party else 12, bold=True)
    if head.party:
        _line(left, "*", 14)
        _line(left, head.number, 14)
        _ruled(_line(right, words.PARTY, 15, bold=True, first=True), words.PARTY, UPRIGHT_MM - left_mm)
        _line(right, "", 14)
    else:
        short = _line(left, "", 2)
        short.paragraph_format.line_spacing_rule, short.paragraph_format.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
        rule(short)
        short.paragraph_format.left_indent = short.paragraph_format.right_indent = Mm(left_mm * 0.3)
        _space(_line(left, head.number, 13), before=6)
        _line(right, words.STATE, 12, bold=True, first=True)
        _ruled(_line(right, words.MOTTO, 13, bold=True), words.MOTTO, UPRIGHT_MM - left_mm)
    date = _line(right, head.place_and_date, 14, italic=True)
    _space(date, before=6)


def title_block(document: Document, head: Letterhead) -> None:
    """BÁO CÁO, the abstract, the rule, and to whom the report goes."""
    _space(_centred(document.add_paragraph(), "BÁO CÁO", 16 if head.party else 14, bold=True), before=18)
    _centred(document.add_paragraph(), head.abstract, 14, bold=True)
    dashes = _centred(document.add_paragraph(), "-----", 14)
    _space(dashes, after=12)
    if len(head.addressees) == 1:
        _space(_centred(document.add_paragraph(), f"Kính gửi: {head.addressees[0]},", 14), after=12)
    elif head.addressees:
        lines = [f"- {a}{'.' if i == len(head.addressees) else ','}" for i, a in enumerate(head.addressees, start=1)]
        first = document.add_paragraph("Kính gửi:\t" + lines[0])
        rest = [document.add_paragraph(line) for line in lines[1:]]
        for paragraph in (first, *rest):
            paragraph.paragraph_format.left_indent = Mm(50)
        first.paragraph_format.first_line_indent = Mm(-25)
        first.paragraph_format.tab_stops.add_tab_stop(Mm(50))
        _space((rest or [first])[-1], after=12)


def signature_block(document: Document, head: Letterhead) -> None:
    """Left the distribution list; right authority and post, room for a signature, and no name."""
    _space(document.add_paragraph(), after=6)
    left, right = _pair(document, 85)
    title = left.paragraphs[0]
    run = title.add_run("Nơi nhận:")
    run.font.size, run.font.underline = Pt(14), head.party
    if not head.party:
        run.font.size, run.font.bold, run.font.italic = Pt(12), True, True
    for line in head.distribution:
        left.add_paragraph().add_run(line).font.size = Pt(12 if head.party else 11)
    if head.authority:
        _line(right, head.authority, 14, bold=True, first=True)
    _line(right, head.post, 14, bold=not head.party, first=not head.authority)
    for _ in range(4):
        _line(right, "", 14)


def _pair(document: Document, left_mm: float) -> tuple[_Cell, _Cell]:
    table = document.add_table(rows=1, cols=2)
    cell_margins(table, 0)
    fix_widths(table, [left_mm, UPRIGHT_MM - left_mm])
    keep_row(table.rows[0], header=False)
    left, right = table.rows[0].cells
    return left, right


def _line(
    cell: _Cell, text: str, size: float, *, bold: bool = False, italic: bool = False, first: bool = False
) -> Paragraph:
    paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    return _centred(paragraph, text, size, bold=bold, italic=italic)


def _centred(paragraph: Paragraph, text: str, size: float, *, bold: bool = False, italic: bool = False) -> Paragraph:
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.italic = Pt(size), bold, italic
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def _space(paragraph: Paragraph, *, before: float = 0, after: float = 0) -> None:
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)


def _ruled(paragraph: Paragraph, text: str, cell_mm: float) -> None:
    rule(paragraph)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(
        (cell_mm - _RULE_MM[text]) / 2
    )
