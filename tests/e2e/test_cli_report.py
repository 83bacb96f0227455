"""`ykien report` and `ykien reconcile`: the figures, the files, and what is wrong with the question."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nats
import pytest

from shared.envelope import encode
from shared.events import Outcome, SubmissionClassified, WindowMark
from tests.e2e.conftest import System, wait
from tests.support.nats_server import free_port

CONSULTATION = "dien-bien-2025"
BROKEN = "lai-chau-2025"  # the tests here put its figures out of balance for good
FILES = ["annex.xlsx", "report.docx", "report.html", "report.json", "report.pdf"]


@pytest.fixture(scope="module")
def counted(system: System) -> int:
    """At least one counted submission; how many were received."""
    before = system.reconciliation(CONSULTATION).received
    system.submit(CONSULTATION, {"text": "Nhất trí với mục tiêu. Đề nghị bổ sung giải pháp thu hút đầu tư, trang 5."})
    return system.until_settled(CONSULTATION, before + 1).received


def test_the_same_instant_gives_the_same_five_files(system: System, counted: int, tmp_path: Path) -> None:
    at = datetime.now(UTC)
    spellings = (at.isoformat(), at.astimezone().isoformat(), at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    written: list[dict[str, bytes]] = []
    for number, as_of in enumerate(spellings[:2]):
        out = tmp_path / "reports" / str(number)
        answer = system.cli.run("report", "--consultation", CONSULTATION, "--as-of", as_of, "--out", out)
        assert answer.code == 0, answer.err
        assert sorted(answer.out.splitlines()) == [f"report: {out / name}" for name in FILES]
        written.append({path.name: path.read_bytes() for path in out.iterdir()})
        system.submit(CONSULTATION, {"text": f"Ý kiến đến sau thời điểm chốt, lần {number}."})
    assert written[0] == written[1]
    assert sorted(written[0]) == FILES
    assert json.loads(written[0]["report.json"])["cumulative"]["received"] >= counted
    assert written[0]["report.pdf"].startswith(b"%PDF")
    assert written[0]["report.docx"].startswith(b"PK")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--consultation", CONSULTATION, "--as-of", "2025-06-18T14:00:00"), "time zone"),
        (("--consultation", CONSULTATION, "--as-of", "thứ tư"), "--as-of"),
        (("--consultation", "khong-co"), "đợt lấy ý kiến"),
    ],
)
def test_a_wrong_question_is_exit_2_and_writes_nothing(
    system: System, tmp_path: Path, arguments: tuple[str, ...], named: str
) -> None:
    answer = system.cli.run("report", *arguments, "--out", tmp_path / "out", "--url", system.url)
    assert (answer.code, answer.out) == (2, "")
    assert named in answer.err
    assert not (tmp_path / "out").exists()


def test_an_instant_to_come_is_refused(system: System, tmp_path: Path) -> None:
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    answer = system.cli.run("report", "--consultation", CONSULTATION, "--as-of", later, "--out", tmp_path / "out")
    assert (answer.code, answer.out) == (2, "")
    assert "chưa đến" in answer.err


def test_a_report_needs_the_operators_token(system: System, tmp_path: Path) -> None:
    for token in ({}, {"YKIEN_TOKEN": "sai"}):
        answer = system.cli.run(
            "report", "--consultation", CONSULTATION, "--out", tmp_path / "out", "--url", system.url,
            env={"XDG_STATE_HOME": str(tmp_path)} | token,
        )  # fmt: skip
        assert (answer.code, answer.out) == (2, "")


def test_the_line_of_reconcile_is_the_contracts_and_needs_no_login(system: System, tmp_path: Path) -> None:
    line = system.until_settled(CONSULTATION, 0)
    answer = system.cli.run(
        "reconcile", "--consultation", CONSULTATION, "--url", system.url, env={"XDG_STATE_HOME": str(tmp_path)}
    )
    assert (answer.code, answer.out) == (0, line.line() + "\n")
    assert answer.out.startswith("received=")


def test_reconcile_tells_a_wrong_id_from_a_server_that_is_away(system: System) -> None:
    assert system.cli.run("reconcile", "--consultation", "khong-co").code == 2
    away = system.cli.run("reconcile", "--consultation", CONSULTATION, "--url", f"http://127.0.0.1:{free_port()}")
    assert (away.code, away.out) == (3, "")
    assert system.cli.run("reconcile").code == 2


def test_figures_that_do_not_balance_are_exit_1_and_give_no_report(system: System, tmp_path: Path) -> None:
    """A decision about a submission that nobody received: the one thing a correct system never publishes."""
    orphan = SubmissionClassified(
        consultation=BROKEN,
        submission_id="0" * 31 + "1",
        outcome=Outcome.UNREADABLE,
        classifier="test",
        channel="web",
        received_at=datetime.now(UTC),
        window=WindowMark.AFTER,
    )

    async def publish() -> None:
        connection = await nats.connect(system.nats_url)
        subject, headers, body = encode(orphan, source="test", time=datetime.now(UTC))
        await connection.jetstream().publish(subject, body, headers=headers)
        await connection.close()

    asyncio.run(publish())
    wait(lambda: system.reconciliation(BROKEN).unreadable == 1, "the orphan is folded")
    answer = system.cli.run("reconcile", "--consultation", BROKEN)
    assert answer.code == 1
    assert answer.out == "received=0 counted=0 duplicate=0 pending=0 unreadable=1 referred=0\n"
    report = system.cli.run("report", "--consultation", BROKEN, "--out", tmp_path / "out")
    assert (report.code, report.out) == (1, "")
    assert not (tmp_path / "out").exists()
