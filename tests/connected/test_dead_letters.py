"""Dead letters: replay to that one consumer, crash poison, triggers."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from nats.js.api import PubAck

from shared import dead_letters, topology
from shared.broker import make_broker
from shared.bus import Bus
from shared.clock import utc_now
from shared.consume import RawMessage, subscribe_raw
from shared.delivery import Delivery
from shared.errors import Permanent
from shared.events import Event
from shared.settings import ServiceSettings
from tests.support.events import submission
from tests.support.nats_server import NatsServer
from tests.support.subscriber import QUICK, subscribed
from tests.support.waiting import until

pytestmark = pytest.mark.connected
Batch = Sequence[Delivery[Event]]
ROOT = Path(__file__).parents[2]


async def letters(bus: Bus, count: int, timeout_s: float = 60.0) -> list[dead_letters.DeadLetter]:
    async def there() -> bool:
        return len(await dead_letters.list_(bus.js)) == count

    await until(there, timeout_s, f"{count} dead letters")
    return await dead_letters.list_(bus.js)


async def test_a_replay_brings_the_original_to_that_consumer_only_and_clears_the_list(
    bus: Bus, bus_settings: ServiceSettings
) -> None:
    broken = True
    classify: list[Delivery[Event]] = []
    receipts: list[Delivery[Event]] = []

    async def handler(batch: Batch) -> None:
        classify.extend(batch)
        if broken:
            raise Permanent("not yet known")

    async def other(batch: Batch) -> None:
        receipts.extend(batch)

    async with (
        subscribed(bus_settings, bus, handler),
        subscribed(bus_settings, bus, other, topology.NOTIFY_RECEIPT),
    ):
        await bus.publisher.publish(submission(5))
        await bus.publisher.publish(submission(6))
        found = await letters(bus, 2)
        broken = False
        await dead_letters.replay(bus.js, found[0].id)
        await until(lambda: len(classify) >= 3 and classify[-1].event == submission(5))
        await letters(bus, 1)
        await asyncio.sleep(0.5)
    first, again = classify[0], classify[-1]
    assert (again.event, again.seq, again.stored_at) == (first.event, first.seq, first.stored_at)
    assert len(receipts) == 2, "nobody else heard of the replay"
    assert (await bus.js.stream_info(topology.EVENTS.name)).state.messages == 2
    assert (await bus.js.stream_info(topology.REPLAY.name)).state.messages == 0
    with pytest.raises(dead_letters.NoSuchDeadLetter):
        await dead_letters.show(bus.js, found[0].id)


async def test_a_replay_that_fails_again_is_back_on_the_list(bus: Bus, bus_settings: ServiceSettings) -> None:
    async def handler(batch: Batch) -> None:
        raise Permanent("still not known")

    async with subscribed(bus_settings, bus, handler):
        await bus.publisher.publish(submission(1))
        for _ in range(3):
            (letter,) = await letters(bus, 1)
            await dead_letters.replay(bus.js, letter.id)

            async def back(before: dead_letters.DeadLetter = letter) -> bool:
                now = await dead_letters.list_(bus.js)
                return len(now) == 1 and now[0].at > before.at

            await until(back)
    assert await dead_letters.show(bus.js, "EVENTS-classify-1")
    assert await dead_letters.original(bus.js, letter) is not None


@pytest.mark.parametrize("id_", ["", "EVENTS", "EVENTS-classify-9", "EVENTS-classify-x", "EVENTS-*-1", "a b-c-1"])
async def test_an_unknown_dead_letter_is_told_so(bus: Bus, id_: str) -> None:
    with pytest.raises(dead_letters.NoSuchDeadLetter):
        await dead_letters.show(bus.js, id_)


async def test_a_trigger_that_fails_can_be_replayed_too(bus: Bus, bus_settings: ServiceSettings) -> None:
    seen: list[RawMessage] = []

    async def handler(message: RawMessage) -> None:
        seen.append(message)
        if len(seen) == 1:
            raise Permanent("no such period")

    broker = make_broker(bus_settings)
    subscribe_raw(broker, topology.REPORT_TRIGGER, handler, bus=bus, policy=QUICK)
    await broker.start()
    await bus.js.publish(topology.trigger_subject("dien-bien-2025", "2025-W40"), b'{"k":1}')
    (letter,) = await letters(bus, 1)
    await dead_letters.replay(bus.js, letter.id)
    await until(lambda: len(seen) == 2)
    await broker.stop()
    assert (seen[1].subject, seen[1].body, seen[1].seq) == (seen[0].subject, seen[0].body, seen[0].seq)


async def test_long_work_that_was_given_up_can_be_replayed_though_its_stream_has_forgotten_it(
    bus: Bus, bus_settings: ServiceSettings
) -> None:
    """A relabelling that met an outage must not end half way for ever."""
    seen: list[RawMessage] = []

    async def handler(message: RawMessage) -> None:
        seen.append(message)
        if len(seen) < 3:
            raise Permanent("the database was away for too long")

    broker = make_broker(bus_settings)
    subscribe_raw(broker, topology.CLASSIFY_WORK, handler, bus=bus, policy=QUICK)
    await broker.start()
    await bus.js.publish("work.classify.relabel.dien-bien-2025", b'{"k":1}')
    for failed in (1, 2):
        (letter,) = await letters(bus, 1)
        original = await dead_letters.original(bus.js, letter)
        assert original is not None
        assert original.body == b'{"k":1}'
        await dead_letters.replay(bus.js, letter.id)
        await until(lambda failed=failed: len(seen) == failed + 1)  # type: ignore[misc]
    await until(lambda: len(seen) == 3)
    await broker.stop()
    assert {(m.subject, m.body, m.seq) for m in seen} == {("work.classify.relabel.dien-bien-2025", b'{"k":1}', 1)}
    assert await dead_letters.list_(bus.js) == []
    assert (await bus.js.stream_info(topology.WORK.name)).state.messages == 0


async def test_a_message_that_kills_every_process_becomes_a_dead_letter_and_the_next_are_handled(
    bus: Bus, bus_settings: ServiceSettings, nats_server: NatsServer
) -> None:
    consumer = topology.CLASSIFY
    config = (await bus.js.consumer_info(consumer.stream, consumer.name)).config
    await bus.js.add_consumer(consumer.stream, config.evolve(max_deliver=3, ack_wait=0.5))
    await bus.publisher.publish(submission(666))
    for _ in range(3):
        command = [sys.executable, "-m", "tests.support.dying_consumer", nats_server.url]
        process = await asyncio.to_thread(subprocess.run, command, timeout=60, check=False, cwd=ROOT)
        assert process.returncode == 66
        await asyncio.sleep(0.6)
    healthy: list[Delivery[Event]] = []

    async def handler(batch: Batch) -> None:
        healthy.extend(batch)

    async with subscribed(bus_settings, bus, handler):
        (letter,) = await letters(bus, 1)
        assert (letter.id, letter.attempts) == ("EVENTS-classify-1", 3)
        assert letter.reason.startswith("ProcessDied")
        await bus.publisher.publish(submission(1))
        await until(lambda: len(healthy) == 1)

        async def floor_went_on() -> bool:
            info = await bus.js.consumer_info(consumer.stream, consumer.name)
            return info.ack_floor is not None and info.ack_floor.stream_seq == 2

        await until(floor_went_on, what="the ack floor passing the given-up message")
        assert (await bus.js.stream_info(topology.EVENTS.name)).state.messages == 2, "the truth is never deleted"
        await dead_letters.replay(bus.js, letter.id)
        await until(lambda: len(healthy) == 2)
    assert (healthy[1].event, healthy[1].seq) == (submission(666), 1)


async def test_a_replay_that_kills_every_process_becomes_a_dead_letter_again(
    bus: Bus, bus_settings: ServiceSettings, nats_server: NatsServer
) -> None:
    replays = topology.replay_of(topology.CLASSIFY)
    config = (await bus.js.consumer_info(replays.stream, replays.name)).config
    await bus.js.add_consumer(replays.stream, config.evolve(max_deliver=2, ack_wait=0.5))

    async def handler(batch: Batch) -> None:
        raise Permanent("no")

    async with subscribed(bus_settings, bus, handler):
        await bus.publisher.publish(submission(666))
        (letter,) = await letters(bus, 1)
    await dead_letters.replay(bus.js, letter.id)
    assert await dead_letters.list_(bus.js) == []
    for _ in range(2):
        command = [sys.executable, "-m", "tests.support.dying_consumer", nats_server.url]
        process = await asyncio.to_thread(subprocess.run, command, timeout=60, check=False, cwd=ROOT)
        assert process.returncode == 66
        await asyncio.sleep(0.6)

    async def nothing(batch: Batch) -> None:
        raise AssertionError("nothing to handle")

    async with subscribed(bus_settings, bus, nothing):
        (again,) = await letters(bus, 1)
        assert again.id == letter.id
        assert again.reason.startswith("ProcessDied")
        assert (await bus.js.stream_info(topology.REPLAY.name)).state.messages == 0


async def test_a_replay_that_fails_again_before_its_letter_is_taken_off_is_no_outage(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new letter takes the place of the old one, so there is nothing left to take off."""
    first = dead_letters.DeadLetter(
        consumer="classify", stream="EVENTS", seq=7, subject="s", reason="r", attempts=1, at=utc_now()
    )
    await dead_letters.put(bus.js, first)
    publish = bus.js.publish

    async def fails_at_once(subject: str, payload: bytes = b"", **options: Any) -> PubAck:
        ack = await publish(subject, payload, **options)
        if subject.startswith("replay."):
            await publish("dlq.classify.EVENTS.7", first.model_copy(update={"attempts": 2}).model_dump_json().encode())
        return ack

    monkeypatch.setattr(bus.js, "publish", fails_at_once)
    await dead_letters.replay(bus.js, first.id)
    (letter,) = await dead_letters.list_(bus.js)
    assert letter.attempts == 2
