"""`ykien submit`: the office's files, twice, with faults, from the wrong place, at the wrong time."""

import csv
import json
from pathlib import Path

import pytest
import xlsxwriter

from tests.e2e.conftest import System
from tests.support.nats_server import free_port

CONSULTATION = "bac-kan-2025"
GOOD = "Đề nghị bổ sung chỉ tiêu về giảm nghèo bền vững, trang 3"


def _jsonl(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def _rejected(file: Path) -> list[list[str]]:
    with Path(f"{file}.rejected.csv").open(encoding="utf-8-sig", newline="") as rows:
        return list(csv.reader(rows))


def test_a_file_sent_twice_is_accepted_once_and_its_bad_rows_are_listed(system: System, tmp_path: Path) -> None:
    file = _jsonl(tmp_path / "thư góp ý.jsonl", {"text": f"{GOOD} (một)."}, {"text": "  "}, {"text": f"{GOOD} (hai)."})
    file.write_bytes(file.read_bytes() + b"{hong\n")
    before = system.reconciliation(CONSULTATION)
    arguments = ("submit", file, "--consultation", CONSULTATION, "--channel", "letter", "--url", system.url)
    first = system.cli.run(*arguments)
    assert (first.code, first.out) == (0, "accepted=2 rejected=2 duplicate=0\n")
    header, *rows = _rejected(file)
    assert header == ["row", "reason"]
    assert [row[0] for row in rows] == ["2", "4"]
    assert "Chưa có nội dung góp ý" in rows[0][1]
    assert "JSON" in rows[1][1]
    again = system.cli.run(*arguments)
    assert (again.code, again.out) == (0, "accepted=0 rejected=2 duplicate=2\n")
    after = system.until_settled(CONSULTATION, before.received + 2)
    assert after.received == before.received + 2


def test_a_list_of_rejected_rows_goes_away_once_the_file_is_mended(system: System, tmp_path: Path) -> None:
    file = _jsonl(tmp_path / "a.jsonl", {"text": ""})
    arguments = ("submit", file, "--consultation", CONSULTATION, "--channel", "letter", "--url", system.url)
    assert system.cli.run(*arguments).out == "accepted=0 rejected=1 duplicate=0\n"
    _jsonl(file, {"text": f"{GOOD} (đã sửa)."})
    assert system.cli.run(*arguments).out == "accepted=1 rejected=0 duplicate=0\n"
    assert not Path(f"{file}.rejected.csv").exists()


def test_csv_and_xlsx_with_the_offices_own_headings(system: System, tmp_path: Path) -> None:
    heads, cells = ("Nội dung góp ý", "Họ và tên", "Đơn vị"), ("Nhất trí với dự thảo báo cáo.", "Người Mẫu", "")
    sheet_file, text_file = tmp_path / "hoi-nghi.xlsx", tmp_path / "hoi-nghi.csv"
    with xlsxwriter.Workbook(sheet_file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, heads)
        sheet.write_row(1, 0, cells)
        sheet.write_row(2, 0, ("", "Người Mẫu", ""))
    with text_file.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out, delimiter=";").writerows(
            [heads, (cells[0] + "\nĐề nghị nói rõ hơn.", *cells[1:]), ("", "A", "")]
        )
    for file in (sheet_file, text_file):
        answer = system.cli.run(
            "submit", file, "--consultation", CONSULTATION, "--channel", "meeting", "--url", system.url
        )
        assert (answer.code, answer.out) == (0, "accepted=1 rejected=1 duplicate=0\n"), answer.err
        assert [row[0] for row in _rejected(file)] == ["row", "3"]


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("a.csv", "text,mau sac\nx,y\n", "mau sac"),
        ("a.xlsx", "không phải bảng tính", "XLSX"),
        ("a.docx", "x", ".jsonl, .csv hoặc .xlsx"),
    ],
)
def test_a_file_that_cannot_be_read_sends_nothing(
    system: System, tmp_path: Path, name: str, content: str, named: str
) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    answer = system.cli.run("submit", file, "--consultation", CONSULTATION, "--channel", "letter", "--url", system.url)
    assert (answer.code, answer.out) == (2, "")
    assert named in answer.err


def test_a_wrong_consultation_or_channel_is_told_once_and_leaves_no_list(system: System, tmp_path: Path) -> None:
    file = _jsonl(tmp_path / "a.jsonl", {"text": GOOD}, {"text": GOOD})
    for consultation, channel in (("khong-co", "letter"), (CONSULTATION, "khong-co")):
        answer = system.cli.run(
            "submit", file, "--consultation", consultation, "--channel", channel, "--url", system.url
        )
        assert (answer.code, answer.out) == (2, "")
        assert "khong-co" in answer.err
    assert not Path(f"{file}.rejected.csv").exists()


def test_the_operators_token_comes_from_the_environment_or_from_the_running_system(
    system: System, tmp_path: Path
) -> None:
    elsewhere = {"XDG_STATE_HOME": str(tmp_path / "nothing-runs-here")}
    file = _jsonl(tmp_path / "a.jsonl", {"text": f"{GOOD} (mã truy cập)."})
    arguments = ("submit", file, "--consultation", CONSULTATION, "--channel", "letter")
    without = system.cli.run(*arguments, "--url", system.url, env=elsewhere)
    assert (without.code, without.out) == (2, "")
    assert "YKIEN_TOKEN" in without.err
    wrong = system.cli.run(*arguments, "--url", system.url, env=elsewhere | {"YKIEN_TOKEN": "sai"})
    assert (wrong.code, wrong.out) == (2, "")
    given = {"YKIEN_TOKEN": system.process.token, "YKIEN_URL": system.url}
    assert system.cli.run(*arguments, env=elsewhere | given).out == "accepted=1 rejected=0 duplicate=0\n"
    assert system.cli.run(*arguments).out == "accepted=0 rejected=0 duplicate=1\n"  # found by itself


def test_a_gateway_that_is_away_is_exit_3_and_says_where_it_looked(system: System, tmp_path: Path) -> None:
    file = _jsonl(tmp_path / "a.jsonl", {"text": GOOD})
    url = f"http://127.0.0.1:{free_port()}"
    answer = system.cli.run("submit", file, "--consultation", CONSULTATION, "--channel", "letter", "--url", url)
    assert (answer.code, answer.out) == (3, "")
    assert url in answer.err
