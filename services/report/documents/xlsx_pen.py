"""How the annex writes a cell: its formats, its row heights, and what to do with a text that no cell can hold."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.report.documents.annex_columns import Value

CELL_UNITS = 32_767  # UTF-16 code units that a cell can hold


@dataclass
class Pen:
    """The workbook with its formats."""

    book: Workbook
    formats: dict[str, Format] = field(default_factory=dict)

    def __post_init__(self) -> None:
        base = {"font_name": "Times New Roman", "font_size": 11, "border": 1, "valign": "top"}
        self.formats = {
            "head": self.book.add_format(
                base | {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "bg_color": "#F2F2F2"}
            ),
            "text": self.book.add_format(base | {"num_format": "@"}),
            "wrapped": self.book.add_format(base | {"num_format": "@", "text_wrap": True}),
            "code": self.book.add_format(base | {"num_format": "0", "align": "center"}),
            "count": self.book.add_format(base | {"num_format": "#,##0"}),
            "share": self.book.add_format(base | {"num_format": "0.0%"}),
            "instant": self.book.add_format(base | {"num_format": "dd/mm/yyyy hh:mm", "align": "center"}),
            "title": self.book.add_format({"font_name": "Times New Roman", "font_size": 12, "bold": True}),
            "note": self.book.add_format({"font_name": "Times New Roman", "font_size": 11, "italic": True}),
        }

    def sheet(self, name: str) -> Worksheet:
        """A landscape A4 sheet, one page wide, its page numbers below."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.6)  # inches
        sheet.set_footer("&C&P/&N")
        return sheet

    def write(self, sheet: Worksheet, at: tuple[int, int], value: Value, kind: str) -> None:
        """A citizen's text is always a string cell: what looks like a formula or a link stays text."""
        row, column = at
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.formats[kind])
        elif isinstance(value, str):
            sheet.write_string(row, column, value, self.formats[kind])
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value, self.formats[kind])
        else:
            sheet.write_number(row, column, value, self.formats[kind])


def height(cells: Iterable[tuple[Value, float]]) -> float:
    """Points that the longest of wrapped (value, width in characters) cells needs; Excel allows no more than 409."""

    def lines(text: str, width: float) -> int:
        return sum(max(1, -(-len(line) // max(1, int(width * 1.1)))) for line in text[:20_000].split("\n"))

    return min(409.0, 15.0 * max((lines(v, width) for v, width in cells if isinstance(v, str)), default=1))


def pieces(text: str) -> list[str]:
    """The text in pieces that a cell can hold; joined they are the text again. A pair of surrogates is never torn."""
    found, start, units = [], 0, 0
    if 2 * len(text) <= CELL_UNITS:
        return [text]
    for at, letter in enumerate(text):
        wide = 2 if ord(letter) > 0xFFFF else 1
        if units + wide > CELL_UNITS:
            found.append(text[start:at])
            start, units = at, 0
        units += wide
    return [*found, text[start:]]
