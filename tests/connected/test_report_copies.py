"""Submissions that the stream holds twice are no reason to refuse a report; submissions that the fold lost are."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from deploy.rebuild import plan_of, rebuild
from services.report import handlers
from services.report.counts import copies
from services.report.counts.copies import Copies
from services.report.counts.freshness import stream_state
from services.report.projection import fold
from shared.bus import Bus
from shared.clock import format_instant, utc_now
from shared.delivery import Delivery
from shared.envelope import MSG_ID, encode
from shared.events import Event, SubmissionReceived
from shared.settings import ServiceSettings
from shared.store.port import Change
from shared.topology import EVENTS
from tests.support.report_app import API, BEARER, define, make_settings, publish, running
from tests.support.report_events import ID, classified, received, sid
from tests.support.waiting import until

pytestmark = pytest.mark.connected


async def store_again(bus: Bus, event: Event, copy: int = 2) -> int:
    """What a retry beyond the dedupe window leaves: the same event as another message; its sequence."""
    subject, headers, body = encode(event, source="test", time=utc_now())
    ack = await bus.js.publish(subject, body, headers=headers | {MSG_ID: f"{event.event_id}#{copy}"})
    assert not ack.duplicate
    return ack.seq


async def moment(bus: Bus) -> datetime:
    """This instant by the clock that stamps the messages."""
    return (await stream_state(bus.nc, ID)).at


async def test_a_submission_stored_twice_is_counted_once_and_reported(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    await define(bus)
    async with running(make_settings(tmp_path, bus_settings.nats_url)) as service:
        await publish(bus, received(1), received(2), received(3), classified(1), classified(2))
        between = await moment(bus)
        await store_again(bus, received(1))
        await store_again(bus, received(1), 3)
        await store_again(bus, classified(2))
        await publish(bus, received(4))
        await service.folded(4, 2)
        answer = await service.http.post(f"{API}/reports", headers=BEARER, json={"publish": True})
        assert answer.status_code == 201, answer.text
        now = answer.json()["reconciliation"]["line"]
        assert now == "received=4 counted=2 duplicate=0 pending=2 unreadable=0 referred=0"
        line = await service.line()
        assert (line["stream_received"], line["repeated"], line["lag"]) == (6, 2, 0)
        # A fact happened when its first copy was stored: before the instant, not at the copy after it.
        body = {"as_of": format_instant(between)}
        earlier = await service.http.post(f"{API}/reports", headers=BEARER, json=body)
        then = earlier.json()["reconciliation"]["line"]
        assert then == "received=3 counted=2 duplicate=0 pending=1 unreadable=0 referred=0"


async def test_a_submission_the_fold_lost_stops_reports_until_the_projection_is_rebuilt(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await define(bus)

    def losing(delivery: Delivery[Event]) -> Sequence[Change]:
        lost = isinstance(delivery.event, SubmissionReceived) and delivery.event.submission_id == sid(2)
        return () if lost else fold(delivery)

    monkeypatch.setattr(handlers, "fold", losing)
    async with running(make_settings(tmp_path, bus_settings.nats_url)) as service:
        await publish(bus, received(1), received(2), received(3))
        await store_again(bus, received(1))
        await service.folded(2, 2)
        for _ in range(2):  # a copy must not make up for the loss, nor what comes after it
            refused = await service.http.post(f"{API}/reports", headers=BEARER, json={})
            assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "unbalanced")
            assert "có 1 lượt góp ý chưa vào số liệu" in refused.json()["detail"]
            assert "ykien dlq list" in refused.json()["detail"]
            assert "ykien rebuild report" in refused.json()["detail"]
            await publish(bus, received(4), received(5))
            await service.folded(4, 4)
        line = await service.line()
        assert (line["repeated"], line["lag"]) == (1, 1)
        monkeypatch.setattr(handlers, "fold", fold)
        await rebuild(bus.js, service.app.state.report.store, plan_of("report", {}))
        await service.folded(5, 5)
        made = await service.http.post(f"{API}/reports", headers=BEARER, json={})
        assert made.json()["reconciliation"]["received"] == 5


async def test_a_message_nobody_can_read_is_a_missing_submission(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    await define(bus)
    async with running(make_settings(tmp_path, bus_settings.nats_url)) as service:
        await publish(bus, received(1))
        await bus.js.publish(f"{SubmissionReceived.TYPE}.{ID}", b"{}")

        async def settled() -> bool:
            line = await service.line()
            return (line["received"], line["stream_received"], line["lag"]) == (1, 2, 1)

        await until(settled, what="the dead letter")
        refused = await service.http.post(f"{API}/reports", headers=BEARER, json={})
        assert refused.status_code == 409
        assert "có 1 lượt góp ý" in refused.json()["detail"]


async def test_copies_are_counted_up_to_a_moment_read_once_and_anew_after_an_erasure(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "BATCH", 2)
    counter = Copies(bus.js)
    assert counter.known(ID) == 0
    assert await counter.count(ID, await stream_state(bus.nc, ID)) == 0
    await publish(bus, *(received(n) for n in range(1, 6)))
    first = await store_again(bus, received(2))
    early = await stream_state(bus.nc, ID)
    await publish(bus, classified(1))
    await store_again(bus, received(3))
    late = await stream_state(bus.nc, ID)
    assert await counter.count(ID, early) == 1
    reads: list[int] = []
    read = Copies._read

    async def noted(self: Copies, consultation: str, seen: copies._Seen, end: int) -> None:
        reads.append(seen.end)
        await read(self, consultation, seen, end)

    monkeypatch.setattr(Copies, "_read", noted)
    assert await counter.count(ID, late) == 2
    assert await counter.count(ID, late) == 2
    assert await counter.count(ID, early) == 1
    assert reads == [early.last_seq]
    assert counter.known(ID) == 2
    await bus.js.delete_msg(EVENTS.name, first)
    assert await counter.count(ID, await stream_state(bus.nc, ID)) == 1
    assert reads == [early.last_seq, 0]
