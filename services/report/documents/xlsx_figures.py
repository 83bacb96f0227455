"""The tables of the report as sheets of figures."""

from collections.abc import Sequence
from dataclasses import replace

from services.report.documents import stance_tables, tables
from services.report.documents.blocks import Table
from services.report.documents.printable import printable
from services.report.documents.typography import capital, instant
from services.report.documents.xlsx_pen import Pen, height
from services.report.model import Report

_LABEL_WIDTH = 60


def figures(pen: Pen, name: str, report: Report, shown: Sequence[Table]) -> None:
    """One sheet, the tables below one another; shares and counts are numbers."""
    sheet = pen.sheet(name)
    sheet.set_column(0, 0, _LABEL_WIDTH)
    sheet.set_column(1, 12, 12)
    note = f"{capital(printable(report.short_title))}. Số liệu chốt lúc {instant(report.as_of, report.zone)}."
    sheet.write_string(0, 0, note, pen.formats["note"])
    at = 2
    for table in map(_one_label, shown):
        sheet.write_string(at, 0, table.caption, pen.formats["title"])
        sheet.set_row(at + 1, 32)
        for x, column in enumerate(table.columns):
            pen.write(sheet, (at + 1, x), column.label, "head")
        for y, row in enumerate(table.rows, start=at + 2):
            sheet.set_row(y, height([(row[0], _LABEL_WIDTH)]))
            for x, cell in enumerate(row):
                kind = "wrapped" if isinstance(cell, str) else "share" if isinstance(cell, float) else "count"
                pen.write(sheet, (y, x), cell, kind)
        at += len(table.rows) + 4


def _one_label(table: Table) -> Table:
    """A number column and the text beside it as one label: the tables of a sheet share their columns."""
    if len(table.columns) < 2 or table.columns[1].figures:
        return table
    rows = tuple((f"{row[0]}. {row[1]}" if row[0] != "" else row[1], *row[2:]) for row in table.rows)
    return replace(table, columns=table.columns[1:], rows=rows)


def summary(report: Report) -> list[Table]:
    """All tables of the report but the reconciliation, which has a sheet of its own."""
    tallies = (
        ("Theo kênh tiếp nhận", "Kênh tiếp nhận", report.channels),
        ("Theo đối tượng góp ý", "Đối tượng góp ý", report.groups),
        ("Theo đơn vị", "Đơn vị", report.units),
        ("Theo địa bàn", "Địa bàn", report.localities),
    )
    return [
        tables.topics(report),
        tables.stances(report),
        tables.stance_by_topic(report, cumulative=False),
        tables.stance_by_topic(report, cumulative=True),
        *stance_tables.bare_stances(report),
        *stance_tables.elsewhere(report),
        *(tables.tally(caption, label, rows) for caption, label, rows in tallies if rows),
    ]
