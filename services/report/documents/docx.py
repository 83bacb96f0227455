"""report.docx: the blocks in the official layout of formats.md §1, editable by the clerk."""

import io

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from services.report.documents.blocks import Block, Chart, Heading, Para, Quote, Table, cell_text
from services.report.documents.chart import trend_png
from services.report.documents.docx_frame import heading_block, signature_block, title_block
from services.report.documents.docx_page import (
    ACROSS_MM,
    INDENT_MM,
    LINE_PT,
    SPACE_PT,
    UPRIGHT_MM,
    empty_document,
    turn,
)
from services.report.documents.docx_parts import cell_margins, describe, fix_widths, keep_row, same_bytes, shade
from services.report.documents.letterhead import letterhead
from services.report.documents.outline import outline
from services.report.model import Report

_TABLE_PT = 12
_NARROW_PT = 11  # for tables of many columns


def render(report: Report) -> bytes:
    """The whole document; the same report gives the same bytes."""
    document = empty_document(report)
    head = letterhead(report)
    heading_block(document, head)
    title_block(document, head)
    for block in outline(report):
        _draw(document, block, report)
    _turn_if(document, across=False)
    signature_block(document, head)
    out = io.BytesIO()
    document.save(out)
    return same_bytes(out.getvalue())


def _draw(document: Document, block: Block, report: Report) -> None:
    _turn_if(document, across=isinstance(block, Table) and block.wide)
    match block:
        case Heading():
            document.add_paragraph(block.text, style=f"Heading {block.level}")
        case Para():
            _body(document.add_paragraph(block.text))
        case Quote():
            _quote(document, block)
        case Chart():
            _caption(document, block.caption)
            paragraph = document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = paragraph.add_run()
            run.add_picture(io.BytesIO(trend_png(report.days)), width=Mm(UPRIGHT_MM - 5))
            describe(run, block.description)
        case Table():
            _table(document, block)


def _turn_if(document: Document, *, across: bool) -> None:
    if (document.sections[-1].orientation == WD_ORIENT.LANDSCAPE) is not across:
        turn(document, across=across)


def _body(paragraph: Paragraph) -> None:
    form = paragraph.paragraph_format
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    form.first_line_indent = Mm(INDENT_MM)
    form.space_before, form.space_after = Pt(0), Pt(SPACE_PT)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE_PT)


def _quote(document: Document, block: Quote) -> None:
    words = document.add_paragraph(f"“{block.text}”")
    _body(words)
    if "\n" in block.text:  # a justified line that ends in a break would be stretched to the margin
        words.alignment = WD_ALIGN_PARAGRAPH.LEFT
    words.paragraph_format.space_after, words.paragraph_format.keep_with_next = Pt(0), True
    source = document.add_paragraph()
    _body(source)
    source.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = source.add_run(f"({block.source}).")
    run.font.italic, run.font.size = True, Pt(_TABLE_PT)


def _caption(document: Document, text: str) -> None:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.font.bold, run.font.size = True, Pt(13)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.keep_with_next = Pt(SPACE_PT), Pt(4), True


def _held(block: Table, row: int) -> bool:
    """Whether a row (0: header) stays with the next: all of a whole table, else the first three and the last two."""
    last = len(block.rows)
    return row < last and (block.whole or row < 3 or row == last - 1)


def _table(document: Document, block: Table) -> None:
    _caption(document, block.caption)
    table = document.add_table(rows=1 + len(block.rows), cols=len(block.columns), style="Table Grid")
    cell_margins(table, 1.2)
    whole = sum(column.weight for column in block.columns)
    width = ACROSS_MM if block.wide else UPRIGHT_MM
    fix_widths(table, [width * column.weight / whole for column in block.columns])
    size = _NARROW_PT if len(block.columns) > 6 else _TABLE_PT
    lines = [tuple(column.label for column in block.columns), *(tuple(map(cell_text, row)) for row in block.rows)]
    for i, (row, texts) in enumerate(zip(table.rows, lines, strict=True)):
        keep_row(row, header=i == 0)
        bold = i == 0 or (block.total and i == len(block.rows))
        for cell, text, column in zip(row.cells, texts, block.columns, strict=True):
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(text)
            run.font.size, run.font.bold = Pt(size), bold
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
            paragraph.paragraph_format.keep_with_next = _held(block, i)
            if i == 0:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
                shade(cell, "F2F2F2")
            elif column.figures:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    after = document.add_paragraph()
    after.paragraph_format.line_spacing_rule, after.paragraph_format.line_spacing = (
        WD_LINE_SPACING.EXACTLY,
        Pt(SPACE_PT),
    )
