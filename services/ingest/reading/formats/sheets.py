"""Workbooks (.xlsx .xls .xlsb .ods) by calamine: each sheet's rows, cells joined by " | ", empty rows and cells at the ends left out.

Hidden sheets are read too. Cells' fonts are not known here; legacy text is recognised by its words.
"""

import datetime
import io
import re

import python_calamine

from services.ingest.reading import found, limits
from services.ingest.reading.found import Found, Unread, of_text
from services.ingest.reading.package import Package
from services.ingest.reading.runs import clean

_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?r="([A-Z]{1,3})([0-9]{1,7})"')
_DATE_ONLY = datetime.time()


def read_package(package: Package, data: bytes) -> Found:
    """An .xlsx or .ods. Raises Unread."""
    for name in package.names:
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            _bounded(package.read(name, limits.MAX_UNPACKED) or b"")
        elif name.endswith((".xml", ".bin")):
            package.read(name, limits.MAX_UNPACKED)  # unpacks it within the declared size: calamine would go on
    return read(data, pictures=package.has("xl/media/") or package.has("Pictures/"))


def read(data: bytes, *, pictures: bool = False) -> Found:
    """Raises Unread."""
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
    except python_calamine.PasswordError as error:
        raise Unread(found.ENCRYPTED) from error
    except python_calamine.CalamineError as error:
        raise Unread(found.MALFORMED, type(error).__name__) from error
    lines: list[str] = []
    size = 0
    for metadata in book.sheets_metadata:
        if metadata.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        for row in book.get_sheet_by_name(metadata.name).iter_rows():
            cells = [_shown(cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                lines.append(" | ".join(cells))
                size += len(lines[-1])
                if size > limits.MAX_TEXT:
                    raise Unread(found.TOO_LONG)
    return of_text(clean("\n".join(lines)), pictures=pictures)


def _shown(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.strftime("%d/%m/%Y" if cell.time() == _DATE_ONLY else "%d/%m/%Y %H:%M")
    if isinstance(cell, datetime.date):
        return cell.strftime("%d/%m/%Y")
    return str(cell).strip()


def _bounded(sheet: bytes) -> None:
    """calamine lays a sheet out as a full rectangle: two cells at opposite corners would take all the memory there is."""
    rows = [1]
    columns = [1]
    for cell in _CELL.finditer(sheet):
        column = 0
        for letter in cell.group(1):
            column = column * 26 + letter - 64
        rows.append(int(cell.group(2)))
        columns.append(column)
    if max(rows) * max(columns) > limits.MAX_CELLS:
        raise Unread(found.BOMB, "sheet size")
