"""The report's one-shot messages on a real server: what the weekly report relies on."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from services.report.calendar.schedule import Trigger
from shared import topology
from shared.bus import Bus
from tests.support.nats_server import NatsServer
from tests.support.waiting import until

pytestmark = pytest.mark.connected
STREAM = topology.SCHEDULE.name


def trigger(at: datetime) -> Trigger:
    return Trigger("dien-bien-2025", 2, at)


async def ask(bus: Bus, wanted: Trigger) -> None:
    await bus.js.publish(wanted.subject, b'{"period": 2}', stream=STREAM, headers=wanted.headers)


async def fired(bus: Bus) -> int:
    info = await bus.js.consumer_info(topology.REPORT_TRIGGER.stream, topology.REPORT_TRIGGER.name)
    return info.num_pending or 0


async def test_it_fires_once_at_its_time_though_three_replicas_asked_for_it(bus: Bus) -> None:
    wanted = trigger(datetime.now(UTC) + timedelta(seconds=3))
    for _ in range(3):
        await ask(bus, wanted)
    await asyncio.sleep(1)
    early = await fired(bus)
    assert early == 0 or datetime.now(UTC) >= wanted.cut_off

    async def once() -> bool:
        return await fired(bus) == 1

    await until(once)
    await asyncio.sleep(2)
    assert await fired(bus) == 1
    message = await bus.js.get_last_msg(STREAM, topology.trigger_subject("dien-bien-2025", "2"))
    assert message.data == b'{"period": 2}'


async def test_an_instant_in_the_past_fires_at_once(bus: Bus) -> None:
    await ask(bus, trigger(datetime(2025, 1, 1, tzinfo=UTC)))

    async def once() -> bool:
        return await fired(bus) == 1

    await until(once)


async def test_one_missed_while_the_server_was_down_fires_once_afterwards(bus: Bus, nats_server: NatsServer) -> None:
    await ask(bus, trigger(datetime.now(UTC) + timedelta(seconds=2)))
    nats_server.kill()
    await asyncio.sleep(2.5)
    await asyncio.to_thread(nats_server.start)
    await until(lambda: bus.nc.is_connected)

    async def once() -> bool:
        return await fired(bus) == 1

    await until(once)
    await asyncio.sleep(1.5)
    assert await fired(bus) == 1
