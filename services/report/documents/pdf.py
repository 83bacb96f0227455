"""report.pdf: the blocks set by Typst. The texts travel as data; nothing of them is ever read as Typst source."""

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

import typst

from services.report.documents import letterhead as words
from services.report.documents.blocks import Block, Chart, Table, cell_text
from services.report.documents.chart import FONTS, trend_svg
from services.report.documents.outline import outline
from services.report.documents.printable import printable
from services.report.model import Report

_TEMPLATE = Path(__file__).parent / "report.typ"


def render(report: Report) -> bytes:
    """The whole document, tagged for screen readers; the same report gives the same bytes."""
    data = {
        "head": asdict(words.letterhead(report)),
        "names": {"party": words.PARTY, "state": words.STATE, "motto": words.MOTTO},
        "title": f"Báo cáo {words.abstract(report)}",
        "subject": printable(report.short_title),
        "blocks": [_plain(block, report) for block in outline(report)],
    }
    pdf = typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"report": json.dumps(data, ensure_ascii=False)},
        timestamp=int(report.as_of.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("Typst gave no PDF")
    return pdf


def _plain(block: Block, report: Report) -> dict[str, object]:
    plain = asdict(block)
    if isinstance(block, Table):
        plain["rows"] = [list(map(cell_text, row)) for row in block.rows]
    if isinstance(block, Chart):
        plain["svg"] = trend_svg(report.days, title=block.caption, description=block.description, font="Tinos")
    return plain


@cache
def _fonts() -> typst.Fonts:
    """Only the fonts that ship with this package: the same PDF on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
