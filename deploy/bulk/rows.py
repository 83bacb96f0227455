"""Reads JSONL, CSV and XLSX into rows that the API understands; pure but for opening the file.

Faults are in Vietnamese: offices read them.
"""

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from python_calamine import CalamineError, CalamineWorkbook

from shared.errors import Permanent
from shared.text import fold

OFFICE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
RESPONDENT = ("name", "phone", "email", "address", "group", "unit", "locality")
FIELDS = ("id", "text", "section_ref", "stance", "submitted_at", *RESPONDENT)
DATES = ("%d/%m/%Y", "%d/%m/%Y %H:%M", "%d-%m-%Y", "%Y-%m-%d")  # as offices write them in a cell of text
# What offices write at the head of a column, folded (no diacritics, lower case).
HEADINGS = {
    "ma": "id", "stt": "id", "noi dung": "text", "noi dung gop y": "text", "y kien": "text", "y kien gop y": "text",
    "muc": "section_ref", "phan muc": "section_ref", "thai do": "stance", "ngay gop y": "submitted_at", "thoi gian": "submitted_at",
    "ho ten": "name", "ho va ten": "name", "so dien thoai": "phone", "dien thoai": "phone", "thu dien tu": "email", "email": "email",
    "dia chi": "address", "doi tuong": "group", "doi tuong gop y": "group", "don vi": "unit", "don vi to chuc": "unit",
    "dia ban": "locality", "dia phuong": "locality",
}  # fmt: skip

_PHONE_AS_NUMBER = re.compile(
    r"[35789]\d{8}|2\d{9}"
)  # a sheet that took 0912 345 678 for a number dropped its first nought


class FileError(Permanent):
    """The file as a whole cannot be read; nothing of it was sent."""


@dataclass(frozen=True)
class Row:
    """One row: `number` as the office counts (line of a JSONL file, row of a sheet); `fault` when it cannot be sent."""

    number: int
    body: dict[str, Any]
    fault: str | None = None


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a file by its suffix. Raises FileError naming what is wrong with the file."""
    readers = {".jsonl": _jsonl, ".ndjson": _jsonl, ".csv": _csv, ".xlsx": _xlsx}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise FileError(f"{path}: tên tệp phải kết thúc bằng .jsonl, .csv hoặc .xlsx")
    if not path.is_file():
        raise FileError(f"{path}: không có tệp này")
    return reader(path)


def with_keys(rows: Iterator[Row], consultation: str, channel: str) -> Iterator[tuple[Row, str]]:
    """Each row with its idempotency key, so that a file may be sent twice.

    A row's own id makes the key; without one, its content and how often that content came before do: the same form letter
    signed by two people is two submissions, the same file sent again is none.
    """
    seen: Counter[str] = Counter()
    for row in rows:
        own = row.body.pop("id", None)
        if own not in (None, ""):
            yield row, hashlib.sha256(f"{consultation}\n{channel}\nid\n{own}".encode()).hexdigest()
            continue
        content = json.dumps(row.body, sort_keys=True, ensure_ascii=True)
        seen[content] += 1
        yield row, hashlib.sha256(f"{consultation}\n{channel}\n{content}\n{seen[content]}".encode()).hexdigest()


def _jsonl(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                body = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
            except UnicodeDecodeError:
                yield Row(number, {}, "Dòng này không phải văn bản UTF-8.")
            except json.JSONDecodeError as error:
                yield Row(number, {}, f"Dòng này không đúng cú pháp JSON (ký tự thứ {error.pos + 1}).")
            except (ValueError, RecursionError):  # a number of thousands of digits, brackets thousands deep
                yield Row(number, {}, "Dòng này không đúng cú pháp JSON (số quá dài hoặc lồng quá sâu).")
            else:
                yield (
                    Row(number, body)
                    if isinstance(body, dict)
                    else Row(number, {}, "Dòng này không phải là một đối tượng JSON.")
                )


def _csv(path: Path) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            sample = file.read(8192)
            file.seek(0)
            delimiter = max(",;\t", key=sample.partition("\n")[0].count)
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            columns = _columns(path, next(reader, []))
            for number, cells in enumerate(reader, 2):  # as a sheet shows it: a cell with line breaks is one row
                yield from _table_row(number, columns, cells)
    except UnicodeDecodeError as error:
        raise FileError(
            f"{path}: không phải văn bản UTF-8 (byte {error.start}); xin lưu lại dưới dạng “CSV UTF-8”"
        ) from error
    except csv.Error as error:
        raise FileError(f"{path}: không đọc được như tệp CSV: {error}") from error


def _xlsx(path: Path) -> Iterator[Row]:
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        table = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, IndexError) as error:
        raise FileError(f"{path}: không đọc được như tệp XLSX: {error}") from error
    if not table:
        raise FileError(f"{path}: trang tính đầu tiên không có nội dung")
    columns = _columns(path, [str(cell) for cell in table[0]])
    for number, cells in enumerate(table[1:], 2):
        yield from _table_row(number, columns, [_cell(cell) for cell in cells])


def _columns(path: Path, heads: list[str]) -> list[str]:
    """The field of each column. Raises FileError naming unknown and missing columns."""
    names = [h.strip() if h.strip() in FIELDS else HEADINGS.get(fold(h).strip(), "") for h in heads]
    unknown = [h for h, name in zip(heads, names, strict=True) if not name and h.strip()]
    if unknown:
        raise FileError(
            f"{path}: cột {', '.join(map(repr, unknown))} không có trong mẫu; các cột được dùng: {', '.join(FIELDS)}"
        )
    if "text" not in names and "stance" not in names:
        raise FileError(f"{path}: thiếu cột 'text' (Nội dung góp ý)")
    twice = sorted({n for n in names if n and names.count(n) > 1})
    if twice:
        raise FileError(f"{path}: cột {', '.join(twice)} có hai lần")
    return names


def _table_row(number: int, columns: list[str], cells: list[str]) -> Iterator[Row]:
    if not any(cell.strip() for cell in cells):
        return
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        yield Row(number, {}, f"Dòng có {len(cells)} ô, dòng tiêu đề chỉ có {len(columns)} cột.")
        return
    values = {name: cell for name, cell in zip(columns, cells, strict=False) if name and cell.strip()}
    body: dict[str, Any] = {name: value for name, value in values.items() if name not in RESPONDENT}
    body.setdefault("text", "")
    if "submitted_at" in body:
        body["submitted_at"] = _instant(body["submitted_at"])
    if respondent := {name: values[name].strip() for name in RESPONDENT if name in values}:
        if _PHONE_AS_NUMBER.fullmatch(respondent.get("phone", "")):
            respondent["phone"] = f"0{respondent['phone']}"
        body["respondent"] = respondent
    yield Row(number, body)


def _instant(written: str) -> str:
    """`15/6/2025`, with or without a time, as the API wants it; anything else as it stands, for the API to judge."""
    for form in DATES:
        try:
            return _cell(datetime.strptime(written.strip(), form))  # noqa: DTZ007 - `_cell` gives it the office's zone
        except ValueError:
            continue
    return written


def _cell(cell: object) -> str:
    """A cell as the API wants it; a date without a time is the start of that day where the office is."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=OFFICE_ZONE).astimezone(UTC).isoformat()
    if isinstance(cell, date):
        return datetime.combine(cell, time(), OFFICE_ZONE).astimezone(UTC).isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a phone number that the sheet holds as a number
    return str(cell)
