"""The report service on a real bus: folding, refusing, building, publishing, replicas."""

import asyncio
import json
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.report.build import BUILT
from services.report.projection import COLLECTIONS
from shared.bus import Bus
from shared.clock import format_instant
from shared.errors import Transient
from shared.events import Outcome, ReportPublished
from shared.settings import ServiceSettings
from shared.store.open import open_store
from shared.topology import EVENTS
from tests.support.nats_server import NatsServer
from tests.support.report_app import API, BEARER, define, make_settings, publish, running
from tests.support.report_events import ID, classified, opinion, received

pytestmark = pytest.mark.connected


async def test_received_and_classified_are_counted_once_through_redelivery_and_two_replicas(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shared.store.sqlite import SqliteStore

    await define(bus)
    settings = make_settings(tmp_path, bus_settings.nats_url)
    original, calls = SqliteStore.apply, 0

    async def apply(self: SqliteStore, *args: object) -> None:
        nonlocal calls
        calls += 1
        await original(self, *args)  # type: ignore[arg-type]
        if calls % 3 == 1:
            raise Transient("the answer got lost: the changes are stored, the message comes again")

    monkeypatch.setattr(SqliteStore, "apply", apply)
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(running(settings))
        await stack.enter_async_context(running(settings))
        await publish(bus, *(received(n) for n in range(1, 41)))
        await publish(bus, *(classified(n) for n in range(1, 31)))
        await publish(bus, *(classified(n, outcome=Outcome.DUPLICATE, duplicate_of="0" * 32) for n in range(31, 39)))
        line = await first.folded(40, 2)
    assert line["line"] == "received=40 counted=30 duplicate=8 pending=2 unreadable=0 referred=0"
    assert (line["stream_received"], line["lag"]) == (40, 0)


async def test_the_service_goes_on_after_a_kill_of_the_bus_and_of_itself(
    bus: Bus, nats_server: NatsServer, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    await define(bus)
    settings = make_settings(tmp_path, bus_settings.nats_url)
    async with running(settings) as service:
        await publish(bus, *(received(n) for n in range(1, 11)))
        await service.folded(10, 10)
        nats_server.restart()
        await publish(bus, *(classified(n) for n in range(1, 6)))
        await service.folded(10, 5, 30)
    await publish(bus, *(classified(n) for n in range(6, 11)))
    async with running(settings) as service:
        line = await service.folded(10, 0, 30)
    assert line["counted"] == 10


async def test_an_unbalanced_consultation_gets_no_report(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    await define(bus)
    async with running(make_settings(tmp_path, bus_settings.nats_url)) as service:
        await publish(bus, received(1), classified(1), classified(2))
        for _ in range(100):
            line = await service.line()
            if line["counted"] == 2:
                break
            await asyncio.sleep(0.05)
        assert line["balanced"] is False
        answer = await service.http.post(f"{API}/reports", headers=BEARER, json={"publish": True})
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("/unbalanced")
    assert await published(bus) == []


async def test_the_same_as_of_gives_the_same_report_whatever_came_later(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    await define(bus)
    settings = make_settings(tmp_path, bus_settings.nats_url)
    async with running(settings) as service:
        await publish(bus, *(received(n) for n in range(1, 21)), *(classified(n) for n in range(1, 11)))
        await service.folded(20, 10)
        answer = await service.http.post(f"{API}/reports", headers=BEARER, json={})
        assert answer.status_code == 201, answer.text
        first = answer.json()
        assert (
            first["reconciliation"]["line"] == "received=20 counted=10 duplicate=0 pending=10 unreadable=0 referred=0"
        )
        names = [file["name"] for file in first["files"]]
        assert names == ["report.docx", "report.pdf", "report.html", "annex.xlsx", "report.json"]
        before = (await service.http.get(first["files"][4]["url"], headers=BEARER)).content
        await publish(bus, *(classified(n) for n in range(11, 21)), received(30), classified(3, opinion(3), revision=2))
        await service.folded(21, 1)
        store = open_store(settings, "report", (*COLLECTIONS, BUILT))
        await store.open()
        assert await store.delete(BUILT, first["report_id"])  # so that it is made anew, not found
        await store.close()
        again = await service.http.post(f"{API}/reports", headers=BEARER, json={"as_of": first["as_of"]})
        assert (await service.http.get(again.json()["files"][4]["url"], headers=BEARER)).content == before
        assert again.json()["files"][4]["sha256"] == first["files"][4]["sha256"]
    assert await published(bus) == []


async def test_publishing_twice_tells_the_committee_once(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    await define(bus)
    settings = make_settings(tmp_path, bus_settings.nats_url)
    async with running(settings) as one, running(settings) as two:
        await publish(bus, received(1), classified(1))
        await one.folded(1)
        as_of = format_instant(datetime.now(UTC))
        body = {"as_of": as_of, "publish": True}
        answers = await asyncio.gather(
            *(service.http.post(f"{API}/reports", headers=BEARER, json=body) for service in (one, two, one, two))
        )
        assert {a.status_code for a in answers} == {201}, [a.text for a in answers]
        listed = (await one.http.get(f"{API}/reports", headers=BEARER)).json()
    (event,) = await published(bus)
    assert event.report_id == answers[0].json()["report_id"]
    assert [(r["report_id"], r["as_of"]) for r in listed] == [(event.report_id, as_of)]
    assert event.reconciliation.line() == answers[0].json()["reconciliation"]["line"]


async def test_a_time_to_come_is_refused_and_programs_need_the_token(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    await define(bus)
    async with running(make_settings(tmp_path, bus_settings.nats_url)) as service:
        future = format_instant(datetime.now(UTC) + timedelta(hours=1))
        early = await service.http.post(f"{API}/reports", headers=BEARER, json={"as_of": future})
        assert (early.status_code, early.json()["errors"][0]["field"]) == (422, "as_of")
        naive = await service.http.post(f"{API}/reports", headers=BEARER, json={"as_of": "2025-06-18T14:00:00"})
        assert (naive.status_code, naive.json()["errors"][0]["field"]) == (422, "as_of")
        assert (await service.http.post(f"{API}/reports", json={})).status_code == 401
        assert (await service.http.post(f"{API}/reports", headers=BEARER)).status_code == 201  # no body: now, untold
        odd = await service.http.post(f"{API}/reports", headers=BEARER, json={"asof": "x"})
        assert (odd.status_code, odd.json()["errors"][0]["field"]) == (422, "asof")
        assert (await service.http.get(f"{API}/reports", headers={"Authorization": "Bearer x"})).status_code == 401
        unknown = await service.http.get("/api/v1/consultations/khong-co/reconciliation")
        assert unknown.status_code == 404
        assert (await service.http.get(f"{API}/reconciliation")).status_code == 200
        assert (await service.http.get(f"{API}/reports/x:1/report.json", headers=BEARER)).status_code == 404


async def test_no_report_is_made_while_the_projection_is_rebuilt(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    await define(bus)
    until = {"pause_until": format_instant(datetime.now(UTC) + timedelta(minutes=5))}
    async with running(make_settings(tmp_path, bus_settings.nats_url)) as service:
        await publish(bus, received(1))
        await service.folded(1, 1)
        for body, status in ((until, 503), ({}, 201)):
            # NATS syncs the paused consumer's state to disk before it answers: 0.5 s, the client's default, is not always enough
            await bus.nc.request("$JS.API.CONSUMER.PAUSE.EVENTS.report", json.dumps(body).encode(), timeout=10)
            answer = await service.http.post(f"{API}/reports", headers=BEARER, json={"publish": True})
            assert answer.status_code == status


async def published(bus: Bus) -> list[ReportPublished]:
    """What the committee was told, from the stream."""
    found = []
    last = (await bus.js.stream_info(EVENTS.name)).state.last_seq
    for seq in range(1, last + 1):
        message = await bus.js.get_msg(EVENTS.name, seq)
        if message.subject == f"{ReportPublished.TYPE}.{ID}":
            found.append(ReportPublished.model_validate_json(message.data or b""))
    return found
