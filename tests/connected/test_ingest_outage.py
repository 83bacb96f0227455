"""What a sender is told while the bus is away, and what a crash between two steps leaves behind."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.ingest.status import StatusReader
from shared.errors import Transient
from shared.publisher import Publisher
from tests.support.ingest_app import Running, ingest_on, make_settings, prepare_bus, running, submissions
from tests.support.nats_server import NatsServer
from tests.support.waiting import until

pytestmark = pytest.mark.connected


@pytest.fixture
async def ingest(nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[Running]:
    async with ingest_on(nats_server, tmp_path / "ingest") as app:
        app.app.state.ingest.acceptor._publisher._patience_s = 1.5  # the real patience is 12 s
        yield app


async def test_without_the_bus_the_answer_is_503_with_retry_after_and_nothing_is_accepted(
    ingest: Running, nats_server: NatsServer
) -> None:
    nats_server.kill()
    answer = await ingest.post({"text": "Trong lúc gián đoạn."}, Idempotency_Key="k1")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["content-type"].startswith("application/problem+json")
    form = await ingest.http.post(
        "/c/dien-bien-2025", data={"text": "Viết dở dang", "token": "t1"}, headers={"Accept": "text/html"}
    )
    assert (form.status_code, form.headers["Retry-After"]) == (503, "5")
    assert "Viết dở dang" in form.text
    assert "t1" in form.text, "the same token again, so that a late publish is not counted twice"
    assert (await ingest.http.get("/readyz")).status_code == 503
    assert (await ingest.http.get("/healthz")).status_code == 200
    nats_server.start()
    await until(lambda: _ready(ingest), what="readiness after the restart")
    assert await submissions(ingest.settings) == []
    again = await ingest.post({"text": "Trong lúc gián đoạn."}, Idempotency_Key="k1")
    assert again.status_code == 202
    assert len(await submissions(ingest.settings)) == 1


async def _ready(ingest: Running) -> bool:
    return (await ingest.http.get("/readyz")).status_code == 200


async def test_the_same_key_and_body_is_the_same_submission(ingest: Running) -> None:
    body = {"text": "Một lần thôi.", "respondent": {"phone": "0900000002"}}
    first = await ingest.post(body, Idempotency_Key="k")
    second = await ingest.post(body, Idempotency_Key="k")
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json() == second.json()
    assert ("Idempotency-Replayed" in first.headers, second.headers["Idempotency-Replayed"]) == (False, "true")
    assert len(await submissions(ingest.settings)) == 1


async def test_the_same_key_with_another_body_is_a_conflict(ingest: Running) -> None:
    await ingest.post({"text": "Lần một."}, Idempotency_Key="k")
    answer = await ingest.post({"text": "Lần hai."}, Idempotency_Key="k")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "Idempotency-Key")
    other_channel = await ingest.post({"text": "Lần hai."}, Idempotency_Key="k", X_Ykien_Channel="bulk")
    assert other_channel.status_code == 202, "keys of different channels do not meet"
    assert [e.text for e in await submissions(ingest.settings)] == ["Lần một.", "Lần hai."]


async def test_twenty_at_once_with_one_key_are_one_submission_also_through_two_replicas(
    nats_server: NatsServer, tmp_path: Path
) -> None:
    await prepare_bus(nats_server.url)
    settings, private = make_settings(tmp_path, nats_server.url)
    async with running(settings, private) as one, running(settings, private) as two:
        both = [one, two] * 10
        answers = await asyncio.gather(*(r.post({"text": "Cùng một khóa."}, Idempotency_Key="k") for r in both))
        assert {a.status_code for a in answers} == {202}
        assert len({a.text for a in answers}) == 1
        assert sum("Idempotency-Replayed" not in a.headers for a in answers) == 1
        assert len(await submissions(settings)) == 1


@pytest.mark.parametrize("moment", ["before the publish", "after the publish"])
async def test_a_crash_between_reservation_and_receipt_is_mended_by_the_retry(
    ingest: Running, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    publish = Publisher.publish

    async def dies(self: Publisher, event: Any, **more: Any) -> Any:
        if moment == "after the publish":
            await publish(self, event, **more)
        raise Transient("the process died here")

    monkeypatch.setattr(Publisher, "publish", dies)
    assert (await ingest.post({"text": "Giữa chừng."}, Idempotency_Key="k")).status_code == 503
    monkeypatch.undo()
    answer = await ingest.post({"text": "Giữa chừng."}, Idempotency_Key="k")
    assert answer.status_code == 202
    (event,) = await submissions(ingest.settings)
    assert answer.json()["received_at"] == event.received_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


async def test_what_the_projection_knows_is_not_published_again(
    ingest: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the stream's ten-minute window nothing but this keeps a late retry from being stored twice."""
    first = await ingest.post({"text": "Nhớ lâu."}, Idempotency_Key="k")
    reader: StatusReader = ingest.app.state.ingest.status
    await until(lambda: reader.committed(first.json()["tracking_code"]), what="the projection")

    async def never(self: Publisher, event: Any, **more: Any) -> Any:
        raise AssertionError("published again")

    monkeypatch.setattr(Publisher, "publish", never)
    assert (await ingest.post({"text": "Nhớ lâu."}, Idempotency_Key="k")).json() == first.json()


async def test_a_restart_keeps_receipts_and_status(nats_server: NatsServer, tmp_path: Path) -> None:
    await prepare_bus(nats_server.url)
    settings, private = make_settings(tmp_path, nats_server.url)
    async with running(settings, private) as before:
        first = await before.post({"text": "Trước khi khởi động lại."}, Idempotency_Key="k")
    async with running(settings, private) as after:
        assert (await after.post({"text": "Trước khi khởi động lại."}, Idempotency_Key="k")).json() == first.json()
        assert (await after.http.get(f"/api/v1/submissions/{first.json()['tracking_code']}")).status_code == 200
