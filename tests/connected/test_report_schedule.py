"""Scheduled reports on a real bus: one-shot messages, triggers, replicas, redelivery."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from nats.js.errors import NotFoundError

from services.report.build import BUILT
from services.report.calendar.periods import numbered
from services.report.projection import COLLECTIONS
from services.report.scheduler import top_up
from shared.bus import Bus
from shared.clock import format_instant, utc_now
from shared.consultation import Consultation
from shared.events import ReportPublished
from shared.settings import ServiceSettings
from shared.store.open import open_store
from shared.store.port import DocumentStore
from shared.topology import EVENTS, SCHEDULE, schedule_subject, trigger_subject
from tests.support.report_app import define, make_settings, publish, running
from tests.support.report_events import ID, around, classified, received
from tests.support.waiting import until

pytestmark = pytest.mark.connected
DAY = timedelta(days=1)


def soon(seconds: int) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)


async def published(bus: Bus) -> list[ReportPublished]:
    state = (await bus.js.stream_info(EVENTS.name)).state
    messages = [await bus.js.get_msg(EVENTS.name, seq) for seq in range(1, state.last_seq + 1)]
    return [
        ReportPublished.model_validate_json(m.data or b"")
        for m in messages
        if m.subject == f"{ReportPublished.TYPE}.{ID}"
    ]


async def count(bus: Bus, subject: str) -> int:
    info = await bus.js.stream_info(SCHEDULE.name, subjects_filter=subject)
    return sum((info.state.subjects or {}).values())


async def empty_store(settings: ServiceSettings) -> DocumentStore:
    store = open_store(settings, "report", (*COLLECTIONS, BUILT))
    await store.open()
    return store


def trigger_body(consultation: Consultation, number: int) -> bytes:
    period = numbered(consultation, number)
    assert period is not None
    assert period.end is not None
    return json.dumps({"consultation": ID, "period": number, "cut_off": format_instant(period.end)}).encode()


async def test_the_report_of_a_period_is_published_once_at_its_cut_off_by_two_replicas(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    cut_off = soon(6)
    consultation = await define(bus, around(cut_off, before=DAY, after=20 * DAY))
    settings = make_settings(tmp_path, bus_settings.nats_url)
    await publish(bus, *(received(n) for n in range(1, 6)), *(classified(n) for n in range(1, 4)))  # before the cut-off
    async with running(settings) as one, running(settings):
        await one.folded(5, 2)

        async def told() -> bool:
            return bool(await published(bus))

        await until(told, what="the report")
        # The same order again, and a redelivery by hand: nobody is told twice.
        await bus.js.publish(trigger_subject(ID, "1"), trigger_body(consultation, 1), stream=SCHEDULE.name)
        await publish(bus, classified(4))
        await one.folded(5, 1)
        await asyncio.sleep(1.5)
    (event,) = await published(bus)
    assert (event.report_id, event.kind, event.period) == (f"{ID}:1", "weekly", 1)
    assert event.as_of == cut_off
    assert event.reconciliation.line() == "received=5 counted=3 duplicate=0 pending=2 unreadable=0 referred=0"
    assert len(event.files) == 5


async def test_a_report_missed_while_everything_was_down_is_made_at_once(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    await publish(bus, received(1), classified(1))
    await asyncio.sleep(1.1)
    cut_off = soon(0)
    await define(bus, around(cut_off, before=DAY, after=20 * DAY))
    await asyncio.sleep(1.1)
    await publish(bus, received(2))
    settings = make_settings(tmp_path, bus_settings.nats_url)
    async with running(settings) as service:
        await service.folded(2, 1)
        store = service.app.state.report.store
        await top_up(store, bus, bus.consultations.all()[0], utc_now)

        async def told() -> bool:
            return bool(await published(bus))

        await until(told, what="the missed report")
    (event,) = await published(bus)
    assert event.reconciliation.line() == "received=1 counted=1 duplicate=0 pending=0 unreadable=0 referred=0"


async def test_waiting_messages_are_put_once_and_follow_the_calendar(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    store = await empty_store(make_settings(tmp_path, bus_settings.nats_url))
    first = around(soon(3600), before=DAY, after=15 * DAY)
    put = partial(top_up, store, bus, clock=utc_now)
    assert await put(consultation=first) == 4
    assert await put(consultation=first) == 0
    assert await count(bus, "sched.report.>") == 4
    moved = around(soon(7200), before=DAY, after=8 * DAY)
    assert await put(consultation=moved) == 3
    assert await count(bus, "sched.report.>") == 3
    waiting = await bus.js.get_last_msg(SCHEDULE.name, schedule_subject(ID, "1"))
    assert json.loads(waiting.data or b"") == json.loads(trigger_body(moved, 1))
    with pytest.raises(NotFoundError):
        await bus.js.get_last_msg(SCHEDULE.name, trigger_subject(ID, "1"))
    await store.close()


async def test_a_changed_definition_is_scheduled_without_a_restart(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    async with running(make_settings(tmp_path, bus_settings.nats_url)):
        await define(bus, around(soon(3600), before=DAY, after=DAY))

        async def waiting() -> bool:
            return await count(bus, "sched.report.>") == 2

        await until(waiting, what="the scheduling")


async def test_an_outdated_trigger_makes_no_report(bus: Bus, bus_settings: ServiceSettings, tmp_path: Path) -> None:
    consultation = await define(bus, around(soon(3600), before=DAY, after=15 * DAY))
    body = json.dumps({"consultation": ID, "period": 1, "cut_off": format_instant(soon(-60))}).encode()
    async with running(make_settings(tmp_path, bus_settings.nats_url)):
        await bus.js.publish(trigger_subject(ID, "1"), body, stream=SCHEDULE.name)

        async def settled() -> bool:
            info = await bus.js.consumer_info(SCHEDULE.name, "report-trigger")
            return info.num_pending == 0 and info.num_ack_pending == 0

        await until(settled, what="the settlement")
    assert consultation.id == ID
    assert await published(bus) == []
