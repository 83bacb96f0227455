"""The pieces of WordprocessingML that python-docx has no words for, and a package with the same bytes every time."""

import io
import zipfile
from typing import cast

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.text.font import CT_RPr
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

FONT = "Times New Roman"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def element(tag: str, **attributes: str) -> BaseOxmlElement:
    """`element("w:tblHeader", val="true")`."""
    made = cast("BaseOxmlElement", OxmlElement(tag))
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def set_font(properties: CT_RPr) -> None:
    """All four scripts of a run use the one font, so that no theme font slips in."""
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), FONT)


def page_field(paragraph: Paragraph) -> None:
    """A live PAGE field."""
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("", "2"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(14)
        if kind:
            run._r.append(element("w:fldChar", fldCharType=kind))  # noqa: SLF001 - python-docx has no fields
        elif text == "2":
            run.text = text
        else:
            instruction = element("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = text
            run._r.append(instruction)  # noqa: SLF001


def rule(paragraph: Paragraph) -> None:
    """A solid line under the paragraph, as wide as the paragraph is between its indents."""
    borders = element("w:pBdr")
    borders.append(element("w:bottom", val="single", sz="6", space="1", color="000000"))
    paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def fix_widths(table: Table, widths_mm: list[float]) -> None:
    """A fixed layout; Word reads the grid, others the cells, so both are set."""
    table.autofit = False
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths_mm, strict=True):
            cell.width = Mm(width)


def cell_margins(table: Table, left_right_mm: float) -> None:
    """Room between text and border, left and right."""
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=str(round(Mm(left_right_mm).twips)), type="dxa"))
    table._tbl.tblPr.append(margins)  # noqa: SLF001


def keep_row(row: _Row, *, header: bool) -> None:
    """The row is not torn by a page end; a header row repeats on each page."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001
    properties.append(element("w:cantSplit"))
    if header:
        properties.append(element("w:tblHeader"))


def shade(cell: _Cell, colour: str) -> None:
    """A background; `colour` is RRGGBB."""
    cell._tc.get_or_add_tcPr().append(element("w:shd", val="clear", color="auto", fill=colour))  # noqa: SLF001


def describe(run: Run, text: str) -> None:
    """Alternative text of the picture in a run."""
    for properties in run._r.iter(qn("wp:docPr")):  # noqa: SLF001
        properties.set("descr", text)


def same_bytes(package: bytes) -> bytes:
    """The package again, its parts sorted and their times fixed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return out.getvalue()
