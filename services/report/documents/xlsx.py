"""annex.xlsx: every opinion one row, every other submission one row, and the tables of the report as figures."""

import io
from collections.abc import Sequence
from datetime import UTC

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from services.report.documents import tables
from services.report.documents.annex_columns import (
    PRINTED,
    AnnexColumn,
    Row,
    Value,
    Wish,
    campaign_columns,
    left_over_columns,
    opinion_columns,
    unread_files_columns,
    wording_columns,
)
from services.report.documents.letterhead import abstract
from services.report.documents.printable import printable
from services.report.documents.xlsx_figures import figures, summary
from services.report.documents.xlsx_pen import Pen, height, pieces
from services.report.model import Report

SHEET_ROWS = 1_048_000  # of 1,048,576 that Excel can hold
_IN_MEMORY = 20_000  # rows; larger books go through temporary files


def render(report: Report, *, sheet_rows: int = SHEET_ROWS) -> bytes:
    """The whole workbook; the same report gives the same bytes. `sheet_rows` is how many rows a sheet may hold."""
    out = io.BytesIO()
    large = len(report.annex) > _IN_MEMORY
    book = Workbook(out, {"in_memory": not large, "constant_memory": large, "default_date_format": "dd/mm/yyyy hh:mm"})
    book.set_properties(
        {
            "title": f"Phụ lục báo cáo {abstract(report)}"[:255],
            "author": "",
            "created": report.as_of.astimezone(UTC).replace(tzinfo=None),
        }
    )
    pen = Pen(book)
    _list(pen, "Ý kiến", opinion_columns(report.zone), report.annex, sheet_rows)
    _list(pen, "Không có ý kiến tách riêng", left_over_columns(report.zone), report.left_over, sheet_rows)
    if report.unread_files:
        _list(pen, "Tệp kèm theo chưa đọc được", unread_files_columns(report.zone), report.unread_files, sheet_rows)
    if report.wording:
        wishes = [Wish(place, proposal) for place in report.wording for proposal in place.proposals]
        _list(pen, "Đề nghị sửa câu, chữ", wording_columns(), wishes, sheet_rows)
    if report.campaigns:
        _list(pen, "Thư góp ý theo mẫu", campaign_columns(), report.campaigns, sheet_rows)
    figures(pen, "Đối soát", report, [tables.reconciliation(report)])
    figures(pen, "Tổng hợp", report, summary(report))
    book.close()
    return out.getvalue()


def _list(pen: Pen, name: str, columns: Sequence[AnnexColumn[Row]], rows: Sequence[Row], sheet_rows: int) -> None:
    parts = [rows[i : i + sheet_rows] for i in range(0, len(rows), sheet_rows)] or [rows]
    for n, part in enumerate(parts, start=1):
        sheet = pen.sheet(name if n == 1 else f"{name} ({n})")
        sheet.set_row(0, height((column.label, column.width) for column in columns))
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            pen.write(sheet, (0, at), column.label, "head")
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, len(part), len(columns) - 1)
        if len(columns) > PRINTED:
            sheet.print_area(0, 0, len(part), PRINTED - 1)
        for i, row in enumerate(part, start=1):
            _row(pen, sheet, i, columns, row)


def _row(pen: Pen, sheet: Worksheet, at: int, columns: Sequence[AnnexColumn[Row]], row: Row) -> None:
    values = [printable(v) if isinstance(v, str) else v for v in (column.value(row) for column in columns)]
    sheet.set_row(at, height(zip(values, (column.width for column in columns), strict=True)))
    rest: list[str] = []
    for x, (column, value) in enumerate(zip(columns, values, strict=True)):
        first: Value = value
        if isinstance(value, str):
            first, *more = pieces(value)
            rest += more
        pen.write(sheet, (at, x), first, column.kind)
    for x, piece in enumerate(rest, start=len(columns)):  # a text longer than a cell goes on at the right end
        pen.write(sheet, (at, x), piece, "text")
