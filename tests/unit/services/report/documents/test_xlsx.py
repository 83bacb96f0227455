"""annex.xlsx parsed back: every opinion one row, texts as texts, figures as figures."""

import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from services.report.documents.annex_columns import opinion_columns
from services.report.documents.xlsx import render
from services.report.documents.xlsx_pen import CELL_UNITS, pieces
from tests.support.growth import timed
from tests.support.sample_report import ZONE, empty_report, sample_report

LABELS = [c.label for c in opinion_columns(ZONE)]
TEXT = LABELS.index("Nội dung ý kiến (nguyên văn)")
SUBMISSION = LABELS.index("Mã lượt góp ý")


def parsed(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture(scope="module")
def book() -> Workbook:
    return parsed(render(sample_report()))


def test_the_sheets_and_their_print_setup(book: Workbook) -> None:
    assert book.sheetnames == [
        "Ý kiến",
        "Không có ý kiến tách riêng",
        "Đề nghị sửa câu, chữ",
        "Thư góp ý theo mẫu",
        "Đối soát",
        "Tổng hợp",
    ]
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert str(sheet.page_setup.paperSize) == "9"
    opinions = book["Ý kiến"]
    assert opinions.freeze_panes == "A2"
    assert opinions.print_title_rows == "$1:$1"
    assert opinions.auto_filter.ref == "A1:Y241"


def test_every_opinion_is_one_row_with_its_submission(book: Workbook) -> None:
    report = sample_report()
    rows = list(book["Ý kiến"].iter_rows(min_row=2, values_only=True))
    assert [(r[0], r[SUBMISSION], r[TEXT]) for r in rows] == [(a.number, a.submission_id, a.text) for a in report.annex]


def test_submissions_without_an_opinion_are_listed(book: Workbook) -> None:
    rows = list(book["Không có ý kiến tách riêng"].iter_rows(min_row=2, values_only=True))
    assert [(r[0], r[3]) for r in rows] == [
        (x.submission_id, {"pending": "đang xử lý", "unreadable": "không đọc được"}.get(x.state, "chuyển cơ quan khác"))
        for x in sample_report().left_over
    ]


def test_times_are_dates_on_the_clocks_of_the_zone(book: Workbook) -> None:
    at = book["Ý kiến"].cell(2, 3)
    assert at.value == datetime(2025, 6, 11)  # noqa: DTZ001 - Excel knows no zones
    assert at.number_format == "dd/mm/yyyy hh:mm"


@pytest.mark.parametrize(
    "text", ["=cmd|'/C calc'!A0", "=SUM(A1:A9)", "+1", "-1", "@x", "https://example.org", "{=1}", "12"]
)
def test_what_looks_like_a_formula_number_or_link_stays_text(text: str) -> None:
    cell = parsed(render(sample_report(1, texts=(text,))))["Ý kiến"].cell(2, TEXT + 1)
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_figures_are_numbers_and_the_reconciliation_balances(book: Workbook) -> None:
    rows = {r[0]: r[1:3] for r in book["Đối soát"].iter_rows(min_row=4, values_only=True)}
    line = sample_report().cumulative
    assert rows["Được tổng hợp"][1] == line.counted
    assert rows["Tổng số phải đối soát"] == rows["Cộng các trạng thái"]
    assert rows["Cộng các trạng thái"][1] == line.received


def test_a_text_longer_than_a_cell_goes_on_to_the_right() -> None:
    text = "Đề nghị 🙂 sửa đổi. " * 5_000
    row: Any = next(parsed(render(sample_report(1, texts=(text,))))["Ý kiến"].iter_rows(min_row=2, values_only=True))
    joined = row[TEXT] + "".join(str(piece) for piece in row[len(LABELS) :])
    assert joined == text
    assert all(len(piece.encode("utf-16-le")) // 2 <= CELL_UNITS for piece in pieces(text))


def test_more_rows_than_a_sheet_holds_go_to_the_next_sheet() -> None:
    book = parsed(render(sample_report(25), sheet_rows=10))
    assert book.sheetnames[:3] == ["Ý kiến", "Ý kiến (2)", "Ý kiến (3)"]
    assert [book[name].max_row - 1 for name in book.sheetnames[:3]] == [10, 10, 5]


def test_characters_that_xml_cannot_hold_do_not_break_the_file() -> None:
    book = parsed(render(sample_report(1, texts=("a\x00b\x1f\ud800\ufffe",))))
    assert book["Ý kiến"].cell(2, TEXT + 1).value == "a�b���"


def test_an_empty_annex_is_a_valid_file() -> None:
    assert parsed(render(empty_report()))["Ý kiến"].max_row == 1


def test_five_thousand_rows_take_seconds_of_one_core() -> None:
    report = sample_report(5_000)
    seconds, data = timed(lambda: render(report), most=20)
    assert seconds <= 20
    assert parsed(data)["Ý kiến"].max_row == 5_001


def test_the_large_mode_writes_the_same_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    report = sample_report(60)
    small = parsed(render(report))["Ý kiến"]
    monkeypatch.setattr("services.report.documents.xlsx._IN_MEMORY", 10)
    data = render(report)
    large = parsed(data)["Ý kiến"]
    assert list(small.values) == list(large.values)
    assert data == render(report)
