"""The watchdog: a durable that vanished is made anew where it stood, and its subscription goes on."""

import asyncio
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence

import pytest

from shared import topology
from shared.bus import Bus
from shared.delivery import Delivery
from shared.events import Event
from shared.settings import ServiceSettings
from tests.support.events import submission
from tests.support.subscriber import subscribed
from tests.support.waiting import until

pytestmark = pytest.mark.connected
CLASSIFY = topology.CLASSIFY


async def test_a_deleted_consumer_is_mended_and_what_was_published_meanwhile_is_handled(
    bus: Bus, bus_settings: ServiceSettings
) -> None:
    seen: Counter[str] = Counter()

    async def handler(batch: Sequence[Delivery[Event]]) -> None:
        seen.update(d.event.event_id for d in batch)

    async with subscribed(bus_settings, bus, handler):
        await asyncio.gather(*(bus.publisher.publish(submission(n)) for n in range(100)))
        await until(lambda: len(seen) == 100)
        await until(lambda: bus.watch._floors.get(CLASSIFY) == 100, what="the watchdog seeing the floor")
        await bus.js.delete_consumer(CLASSIFY.stream, CLASSIFY.name)
        await asyncio.gather(*(bus.publisher.publish(submission(n)) for n in range(100, 150)))
        await until(lambda: len(seen) == 150, what="handling after the loss of the consumer")
        await asyncio.sleep(1)
    assert set(seen.values()) == {1}, "it went on where the lost one stood"
    config = (await bus.js.consumer_info(CLASSIFY.stream, CLASSIFY.name)).config
    assert config.opt_start_seq == 101
    assert config.max_deliver == CLASSIFY.max_deliver


async def test_a_deleted_stream_is_made_anew_and_the_subscription_goes_on(
    bus: Bus, bus_settings: ServiceSettings
) -> None:
    seen: Counter[str] = Counter()

    async def handler(batch: Sequence[Delivery[Event]]) -> None:
        seen.update(d.event.event_id for d in batch)

    async with subscribed(bus_settings, bus, handler):
        await bus.publisher.publish(submission(1))
        await until(lambda: len(seen) == 1)
        await until(lambda: bus.watch._floors.get(CLASSIFY) == 1, what="the watchdog seeing the floor")
        await bus.js.delete_stream(CLASSIFY.stream)
        await bus.publisher.publish(submission(2))  # waits for the stream to come back
        await until(lambda: len(seen) == 2, what="handling after the loss of the stream")


async def test_a_service_that_starts_before_its_consumer_exists_gets_one(
    bus: Bus, bus_settings: ServiceSettings
) -> None:
    await bus.js.delete_consumer(CLASSIFY.stream, CLASSIFY.name)
    await bus.publisher.publish(submission(1))
    seen: list[int] = []

    async def handler(batch: Sequence[Delivery[Event]]) -> None:
        seen.extend(d.seq for d in batch)

    async with subscribed(bus_settings, bus, handler):
        await until(lambda: seen == [1])


async def test_waiting_for_a_missing_consumer_costs_next_to_no_cpu(bus: Bus, bus_settings: ServiceSettings) -> None:
    async def handler(batch: Sequence[Delivery[Event]]) -> None:
        """Nothing comes."""

    async with subscribed(bus_settings, bus, handler):
        await asyncio.sleep(0.5)
        bus.watch.add = lambda _: None  # type: ignore[method-assign]
        bus.watch._floors.clear()  # nobody mends
        await bus.js.delete_consumer(CLASSIFY.stream, CLASSIFY.name)
        before = time.process_time()
        await asyncio.sleep(3)
        assert time.process_time() - before < 1.5  # waiting busily takes all three seconds


async def test_a_connection_closed_for_good_ends_the_process(bus_settings: ServiceSettings) -> None:
    code = (
        "import asyncio, sys\n"
        "from shared.broker import connect\n"
        "from shared.settings import ServiceSettings\n"
        "async def main():\n"
        "    nc = await connect(ServiceSettings(nats_url=sys.argv[1]))\n"
        "    await nc._close(2)\n"
        "    await asyncio.sleep(100)\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", code, bus_settings.nats_url]
    process = await asyncio.to_thread(subprocess.run, command, timeout=60, check=False)
    assert process.returncode == -signal.SIGTERM
