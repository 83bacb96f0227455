"""Submissions with files that wait to be read by people: listed as of an instant, counted as before, told in every document."""

import io
import itertools
import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from services.report.calendar.periods import current
from services.report.counts.live import figures
from services.report.counts.load import load_facts
from services.report.documents import render_all
from services.report.documents.balance import check
from services.report.documents.typography import READINGS
from services.report.documents.unread_files import MOST_LISTED, TITLE, reasons
from services.report.figures.labels import labels_of
from services.report.figures.make import make_report
from services.report.model import Report, UnreadFiles
from services.report.projection import NAME, fold
from shared.delivery import Delivery
from shared.events import Event, Outcome, Reading, Stance
from tests.support.memory_store import MemoryStore
from tests.support.report_events import BASE, ID, bare, classified, definition, deliver, received, sid, withdrawn
from tests.support.sample_report import sample_report

SCAN = (Reading.TRANSCRIBE,)


async def folded(deliveries: list[Delivery[Event]]) -> MemoryStore:
    store = MemoryStore()
    for delivery in deliveries:
        await store.apply(NAME, delivery.seq, fold(delivery))
    return store


async def report(deliveries: list[Delivery[Event]], seconds: float = 3600) -> Report:
    at = BASE + timedelta(seconds=seconds)
    facts = await load_facts(await folded(deliveries), ID, at)
    c = definition()
    made = make_report(facts, report_id="r", kind="adhoc", consultation=c, period=current(c, at), as_of=at)
    check(made)
    return made


async def waiting(deliveries: list[Delivery[Event]]) -> int:
    """The dashboard's number."""
    c = definition()
    found = await figures(await folded(deliveries), ID, labels_of(c), ZoneInfo(c.report.zone))
    return found.unread_files


def story() -> list[Delivery[Event]]:
    decisions: list[Event] = [
        classified(1, unread_files=SCAN),
        classified(2),
        bare(3, Stance.AGREE, channel="web", unread_files=(Reading.ENCRYPTED, Reading.TRANSCRIBE, Reading.TRANSCRIBE)),
        classified(4, outcome=Outcome.DUPLICATE, duplicate_of=sid(2), unread_files=SCAN),
        classified(5, outcome=Outcome.UNREADABLE, reason="needs_transcription", unread_files=SCAN),
    ]
    found: list[Delivery[Event]] = [deliver(received(n, text="" if n == 3 else "Nhất trí."), n) for n in range(1, 7)]
    return found + [deliver(event, 10 + n) for n, event in enumerate(decisions)]


def without_files(deliveries: list[Delivery[Event]]) -> list[Delivery[Event]]:
    return [
        Delivery(d.event.model_copy(update={"unread_files": ()}), d.seq, d.stored_at)
        if d.event.TYPE.startswith("submission.classified")
        else d
        for d in deliveries
    ]


async def test_every_submission_with_an_unread_file_is_listed_with_its_reasons_whatever_its_outcome() -> None:
    made = await report(story())
    assert [(row.submission_id, row.state, row.files) for row in made.unread_files] == [
        (sid(1), "counted", SCAN),
        (sid(3), "counted", (Reading.ENCRYPTED, Reading.TRANSCRIBE, Reading.TRANSCRIBE)),
        (sid(4), "duplicate", SCAN),
        (sid(5), "unreadable", SCAN),
    ]
    assert made.unread_files[0].channel == labels_of(definition()).channels["web"]
    assert await waiting(story()) == 4


async def test_nothing_is_counted_otherwise_because_of_unread_files() -> None:
    made = await report(story())
    assert made.model_copy(update={"unread_files": ()}) == await report(without_files(story()))
    assert made.cumulative.line() == "received=6 counted=3 duplicate=1 pending=1 unreadable=1 referred=0"


async def test_without_such_files_nothing_speaks_of_them() -> None:
    made = await report(without_files(story()))
    assert made.unread_files == ()
    assert await waiting(without_files(story())) == 0
    for name, (_, data) in render_all(made).items():
        if name.endswith(".html"):
            assert "chưa đọc được" not in data.decode()
        if name.endswith(".xlsx"):
            assert "Tệp kèm theo chưa đọc được" not in load_workbook(io.BytesIO(data)).sheetnames


async def test_a_later_revision_that_has_read_the_files_takes_the_submission_off_the_list() -> None:
    later = deliver(classified(1, revision=2), 60)
    for order in ([*story(), later], [later, *story()]):
        assert sid(1) not in {row.submission_id for row in (await report(order)).unread_files}
        assert await waiting(order) == 3
    assert sid(1) in {row.submission_id for row in (await report([*story(), later], seconds=60)).unread_files}


async def test_a_submission_taken_back_waits_for_nobody_but_did_before() -> None:
    events = [*story(), deliver(withdrawn(3), 50)]
    assert sid(3) not in {row.submission_id for row in (await report(events)).unread_files}
    assert sid(3) in {row.submission_id for row in (await report(events, seconds=50)).unread_files}
    assert await waiting(events) == 3


async def test_the_same_instant_gives_the_same_bytes_however_often_and_in_whatever_order_events_came() -> None:
    first = render_all(await report(story()))
    again = story() + story()[6:8] + [deliver(received(9), 4000), deliver(classified(9, unread_files=SCAN), 4001)]
    assert render_all(await report(again))["report.json"] == first["report.json"]
    assert render_all(await report(list(reversed(story()))))["report.json"] == first["report.json"]


async def test_every_document_names_the_submissions_and_why() -> None:
    files = render_all(await report(story()))
    page = files["report.html"][1].decode()
    for text in (TITLE, sid(1), sid(3), sid(4), sid(5), "Có 4 lượt góp ý (lũy kế) có tệp kèm theo chưa đọc được"):
        assert text in page
    assert "Tệp đính kèm có mật khẩu (1 tệp); Ảnh hoặc bản quét, cần cán bộ xem và ghi lại (2 tệp)" in page
    sheet = load_workbook(io.BytesIO(files["annex.xlsx"][1]))["Tệp kèm theo chưa đọc được"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[0] for row in rows] == [sid(1), sid(3), sid(4), sid(5)]
    assert rows[1][4:] == [3, reasons((Reading.ENCRYPTED, Reading.TRANSCRIBE, Reading.TRANSCRIBE))]
    held = json.loads(files["report.json"][1])["unread_files"]
    assert [row["submission_id"] for row in held] == [sid(1), sid(3), sid(4), sid(5)]


def test_a_long_list_is_cut_in_the_document_says_so_and_is_whole_in_the_annex() -> None:
    rows = tuple(
        UnreadFiles(submission_id=sid(n), received_at=BASE, channel="Thư điện tử", state="counted", files=SCAN)
        for n in range(MOST_LISTED + 5)
    )
    files = render_all(sample_report(20, unread_files=rows))
    page = files["report.html"][1].decode()
    assert f"nêu {MOST_LISTED} lượt đầu tiên" in page
    assert sid(MOST_LISTED - 1) in page
    assert sid(MOST_LISTED) not in page
    sheet = load_workbook(io.BytesIO(files["annex.xlsx"][1]))["Tệp kèm theo chưa đọc được"]
    assert sheet.max_row - 1 == MOST_LISTED + 5


@pytest.mark.parametrize("reading", [reading for reading in Reading if reading not in {Reading.TEXT, Reading.NO_TEXT}])
def test_every_reading_has_words(reading: Reading) -> None:
    assert READINGS[reading] in reasons([reading])


async def test_the_sections_of_part_three_are_numbered_through() -> None:
    page = render_all(await report(story()))["report.html"][1].decode()
    found = [page.index(text) for text in ("1. Số liệu cần theo dõi", f"2. {TITLE}", "3. Tài liệu kèm theo")]
    assert all(a < b for a, b in itertools.pairwise(found))
