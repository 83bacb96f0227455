"""From the receipt to "in the report", told by events of the other services."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared import events as ev
from tests.support.ingest_app import CONSULTATION, Running, ingest_on, submissions
from tests.support.nats_server import NatsServer
from tests.support.waiting import until

pytestmark = pytest.mark.connected
AT = datetime(2025, 6, 18, 7, tzinfo=UTC)


@pytest.fixture
async def ingest(nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[Running]:
    async with ingest_on(nats_server, tmp_path / "ingest", status_wait_s=0.5) as app:
        yield app


def classified(event: ev.SubmissionReceived, outcome: ev.Outcome = ev.Outcome.COUNTED) -> ev.SubmissionClassified:
    opinion = ev.Opinion(
        opinion_id=f"{event.submission_id}-1",
        text=event.text,
        start=0,
        end=len(event.text),
        topics=(4,),
        confidence=0.9,
        stance=ev.Stance.AMEND,
    )
    return ev.SubmissionClassified(
        consultation=CONSULTATION,
        submission_id=event.submission_id,
        outcome=outcome,
        classifier="test",
        channel=event.channel,
        received_at=event.received_at,
        window=event.window,
        opinions=(opinion,),
    )


def report(cutoff_seq: int) -> ev.ReportPublished:
    return ev.ReportPublished(
        consultation=CONSULTATION,
        report_id=f"r{cutoff_seq}",
        kind="adhoc",
        period_start=AT,
        as_of=AT,
        cutoff_seq=cutoff_seq,
        reconciliation=ev.Reconciliation(),
    )


async def test_the_status_goes_from_received_to_answered(ingest: Running) -> None:
    publisher = ingest.app.state.ingest.acceptor._publisher
    code = (await ingest.post({"text": "Nâng chỉ tiêu lên 7%."})).json()["tracking_code"]
    url = f"/api/v1/submissions/{code}"

    async def shows(status: str) -> bool:
        return bool((await ingest.http.get(url)).json().get("status") == status)

    await until(lambda: shows("received"))
    (event,) = await submissions(ingest.settings)
    ack = await publisher.publish(classified(event))
    await until(lambda: shows("classified"))
    assert (await ingest.http.get(url)).json()["opinions"] == [{"topics": [4], "stance": "amend"}]
    await publisher.publish(report(ack.seq))  # cut off just before the classification: not in its figures
    assert not await shows("counted")
    await publisher.publish(report(ack.seq + 1))
    await until(lambda: shows("counted"))
    page = await ingest.http.get(f"/tra-cuu/{code}")
    assert "Dự báo bối cảnh, mục tiêu tổng quát" in page.text
    assert "Đề nghị sửa đổi" in page.text
    assert "7%" not in page.text
    await publisher.publish(
        ev.OpinionAnswered(
            consultation=CONSULTATION,
            answer_id="a1",
            submission_id=event.submission_id,
            opinion_id=f"{event.submission_id}-1",
            decision="accept",
            text="Tiếp thu.",
            answered_at=AT,
        )
    )
    await until(lambda: shows("answered"))


async def test_a_duplicate_is_never_shown_as_counted(ingest: Running) -> None:
    publisher = ingest.app.state.ingest.acceptor._publisher
    code = (await ingest.post({"text": "Trùng."})).json()["tracking_code"]
    (event,) = await submissions(ingest.settings)
    ack = await publisher.publish(classified(event, ev.Outcome.DUPLICATE))
    await publisher.publish(report(ack.seq + 1))

    async def known() -> bool:
        return bool((await ingest.http.get(f"/api/v1/submissions/{code}")).json().get("outcome") == "duplicate")

    await until(known)
    assert (await ingest.http.get(f"/api/v1/submissions/{code}")).json()["status"] == "classified"
    assert "chỉ tính một lần" in (await ingest.http.get(f"/tra-cuu/{code}")).text


async def test_a_file_that_waits_to_be_read_is_told_courteously(ingest: Running) -> None:
    publisher = ingest.app.state.ingest.acceptor._publisher
    code = (await ingest.post({"text": "Xem ảnh kèm theo."})).json()["tracking_code"]
    assert "tệp gửi kèm" not in (await ingest.http.get(f"/tra-cuu/{code}")).text
    (event,) = await submissions(ingest.settings)
    unread = (ev.Reading.TRANSCRIBE, ev.Reading.ENCRYPTED)
    await publisher.publish(classified(event).model_copy(update={"unread_files": unread}))

    async def known() -> bool:
        return bool((await ingest.http.get(f"/api/v1/submissions/{code}")).json().get("unread_files") == 2)

    await until(known)
    assert "Có 2 tệp gửi kèm mà hệ thống chưa tự đọc được" in (await ingest.http.get(f"/tra-cuu/{code}")).text


async def test_unknown_and_mistyped_codes_are_told_apart_courteously(ingest: Running) -> None:
    code: str = (await ingest.post({"text": "x"})).json()["tracking_code"]
    swapped = code[:3] + ("2" if code[3] != "2" else "3") + code[4:]
    slip = await ingest.http.get(f"/tra-cuu/{swapped}")
    assert slip.status_code == 422
    assert "Mã có vẻ bị gõ nhầm" in slip.text
    unknown = await ingest.http.get("/tra-cuu/222222222222222")
    assert unknown.status_code == 404
    assert "Chưa tìm thấy lượt góp ý nào có mã này" in unknown.text
    found = await ingest.http.get("/tra-cuu", params={"ma": f" {code[:5].lower()} {code[5:]} "})
    assert found.status_code == 303
    assert (await ingest.http.get(found.headers["location"])).status_code == 200
