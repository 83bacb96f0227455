"""Bulk files: what offices hand in, good and bad, row by row."""

import json
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from deploy.bulk.rows import FileError, Row, read_rows, with_keys

TEXT = 'Đề nghị "làm rõ", bổ sung;\ndòng hai'


def test_jsonl_keeps_line_numbers_and_names_the_fault_of_a_bad_line(tmp_path: Path) -> None:
    path = tmp_path / "thu.jsonl"
    path.write_bytes(
        json.dumps({"text": TEXT}).encode() + b"\n\n{broken\n[1]\n\xff\xfe\n" + json.dumps({"text": "b"}).encode()
    )
    rows = list(read_rows(path))
    assert [r.number for r in rows] == [1, 3, 4, 5, 6]
    assert rows[0] == Row(1, {"text": TEXT})
    assert [r.fault is None for r in rows] == [True, False, False, False, True]
    assert "JSON" in str(rows[1].fault)
    assert "đối tượng" in str(rows[2].fault)
    assert "UTF-8" in str(rows[3].fault)


def test_csv_with_vietnamese_headings_and_semicolons_becomes_the_api_body(tmp_path: Path) -> None:
    path = tmp_path / "hoi-nghi.csv"
    path.write_text(
        '﻿Nội dung góp ý;Họ và tên;Số điện thoại;Đơn vị\n"Góp ý; một";Mẫu;0900000001;don-vi-a\n;;;\n', encoding="utf-8"
    )
    assert list(read_rows(path)) == [
        Row(2, {"text": "Góp ý; một", "respondent": {"name": "Mẫu", "phone": "0900000001", "unit": "don-vi-a"}})
    ]


def test_a_formula_like_text_and_line_breaks_survive_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('text\n"=SUM(A1)\nhai dòng, có phẩy"\n', encoding="utf-8")
    assert next(read_rows(path)).body["text"] == "=SUM(A1)\nhai dòng, có phẩy"


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("15/6/2025", "2025-06-14T17:00:00+00:00"),
        ("15/06/2025 08:30", "2025-06-15T01:30:00+00:00"),
        ("2025-06-15", "2025-06-14T17:00:00+00:00"),
        ("2025-06-15T08:30:00+07:00", "2025-06-15T08:30:00+07:00"),
        ("32/13/2025", "32/13/2025"),
    ],
)
def test_a_date_written_as_offices_write_it_is_that_day_in_vietnam(tmp_path: Path, written: str, sent: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"Nội dung góp ý,Địa bàn,Ngày góp ý\nGóp ý,xa-a,{written}\n", encoding="utf-8")
    (row,) = read_rows(path)
    assert row.body == {"text": "Góp ý", "respondent": {"locality": "xa-a"}, "submitted_at": sent}


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("text,foo\na,b\n", "'foo'"),
        ("name\nA\n", "'text'"),
        ("text,Nội dung góp ý\na,b\n", "hai lần"),
    ],
)
def test_wrong_columns_refuse_the_file_naming_them(tmp_path: Path, content: str, named: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FileError, match=named):
        list(read_rows(path))


def test_xlsx_reads_dates_and_phone_numbers_kept_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for column, head in enumerate(("Ý kiến góp ý", "Ngày góp ý", "Điện thoại")):
            sheet.write(0, column, head)
        sheet.write(1, 0, TEXT)
        sheet.write_datetime(1, 1, datetime(2025, 6, 12, 8, 30), book.add_format({"num_format": "dd/mm/yyyy hh:mm"}))  # noqa: DTZ001 - sheets know no zone
        sheet.write_number(1, 2, 84900000001)
    (row,) = read_rows(path)
    assert row == Row(
        2, {"text": TEXT, "submitted_at": "2025-06-12T01:30:00+00:00", "respondent": {"phone": "84900000001"}}
    )


def test_a_phone_number_whose_nought_a_sheet_dropped_gets_it_back(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,phone\nMột,900000001\nHai,2150000001\nBa,12\n", encoding="utf-8")
    phones = [row.body["respondent"]["phone"] for row in read_rows(path)]
    assert phones == ["0900000001", "02150000001", "12"]


@pytest.mark.parametrize(
    ("name", "content"), [("a.xlsx", b"not a zip"), ("a.xlsx", b""), ("a.csv", b"\xff\xfe\x00"), ("a.doc", b"x")]
)
def test_a_file_of_another_kind_is_refused_whole(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileError):
        list(read_rows(path))


def test_keys_are_the_same_on_a_second_run_and_differ_for_the_same_letter_signed_twice() -> None:
    def keys() -> list[str]:
        rows = [Row(1, {"text": "a"}), Row(2, {"text": "a"}), Row(3, {"text": "b"}), Row(4, {"id": "7", "text": "a"})]
        return [key for _, key in with_keys(iter(rows), "dien-bien-2025", "letter")]

    assert keys() == keys()
    assert len(set(keys())) == 4


def test_keys_do_not_depend_on_where_a_row_stands() -> None:
    first = {key for _, key in with_keys(iter([Row(1, {"text": "a"}), Row(2, {"text": "b"})]), "c", "letter")}
    other = {key for _, key in with_keys(iter([Row(1, {"text": "b"}), Row(2, {"text": "a"})]), "c", "letter")}
    assert first == other
