"""The publisher against a real server: group commit, duplicates, a full stream, kill -9 in the middle."""

import asyncio
import time

import pytest

from shared import commit, topology
from shared.broker import connect
from shared.bus import Bus
from shared.errors import Permanent, Transient
from shared.publisher import Publisher
from shared.raw_message import from_stream, to_delivery
from shared.settings import ServiceSettings
from tests.support.events import submission
from tests.support.nats_server import NatsServer
from tests.support.waiting import until

pytestmark = pytest.mark.connected
EVENTS = topology.EVENTS.name


async def stored(bus: Bus) -> int:
    return (await bus.js.stream_info(EVENTS)).state.messages


async def test_a_lone_event_is_stored_and_acknowledged_with_its_sequence(bus: Bus) -> None:
    ack = await bus.publisher.publish(submission(1))
    assert (ack.seq, ack.duplicate) == (1, False)
    raw = await from_stream(bus.js, EVENTS, 1)
    assert raw.headers["ce-source"] == "ykien/test"
    assert to_delivery(raw).event == submission(1)


async def test_the_same_fact_is_stored_once_and_told_as_a_duplicate(bus: Bus) -> None:
    first = await bus.publisher.publish(submission(1))
    again = await bus.publisher.publish(submission(1))
    assert again == commit.Ack(first.seq, duplicate=True)
    assert await stored(bus) == 1


async def test_many_at_once_go_out_as_batches_and_each_learns_its_own_sequence(bus: Bus) -> None:
    acks = await asyncio.gather(*(bus.publisher.publish(submission(n)) for n in range(1000)))
    assert sorted(a.seq for a in acks) == list(range(1, 1001))
    for n in (0, 1, 200, 555, 999):
        assert to_delivery(await from_stream(bus.js, EVENTS, acks[n].seq)).event == submission(n)
    batched = await from_stream(bus.js, EVENTS, acks[500].seq)
    assert "Nats-Batch-Id" in batched.headers


async def test_a_duplicate_in_a_batch_leaves_the_others_stored_and_is_the_only_one_told_so(bus: Bus) -> None:
    await bus.publisher.publish(submission(7))
    acks = await asyncio.gather(*(bus.publisher.publish(submission(n)) for n in range(50)))
    assert [n for n, a in enumerate(acks) if a.duplicate] == [7]
    assert len({a.seq for a in acks}) == 50
    assert await stored(bus) == 50


async def test_the_same_fact_asked_for_twice_at_once_is_stored_once(bus: Bus) -> None:
    acks = await asyncio.gather(*(bus.publisher.publish(submission(n % 10)) for n in range(100)))
    assert await stored(bus) == 10
    assert sum(not a.duplicate for a in acks) == 10


async def test_a_full_stream_refuses_at_once_with_a_transient_error(bus: Bus) -> None:
    await bus.publisher.publish(submission(1))
    config = (await bus.js.stream_info(EVENTS)).config
    await bus.js.update_stream(config.evolve(max_msgs=1))
    began = time.monotonic()
    answers = await asyncio.gather(
        *(bus.publisher.publish(submission(n)) for n in range(2, 12)), return_exceptions=True
    )
    assert all(isinstance(a, Transient) for a in answers), answers
    assert time.monotonic() - began < 8  # its patience would be 10 s and more
    assert await stored(bus) == 1


async def test_an_event_larger_than_the_bus_takes_is_refused_for_good(bus: Bus) -> None:
    with pytest.raises(Permanent, match="bytes"):
        await bus.publisher.publish(submission(1, text="x" * (9 * 1024 * 1024)))


async def test_without_a_server_it_gives_up_with_a_transient_error_after_its_patience(
    bus: Bus, nats_server: NatsServer
) -> None:
    publisher = Publisher(bus.nc, source="test", patience_s=1.0)
    nats_server.kill()
    began = time.monotonic()
    with pytest.raises(Transient):
        await publisher.publish(submission(1))
    assert 0.8 < time.monotonic() - began < 8
    nats_server.start()


async def test_a_cancelled_caller_that_was_still_waiting_publishes_nothing(bus: Bus) -> None:
    busy = [asyncio.create_task(bus.publisher.publish(submission(n))) for n in range(2)]
    await asyncio.sleep(0)
    late = asyncio.create_task(bus.publisher.publish(submission(99)))
    await asyncio.sleep(0)
    late.cancel()
    await asyncio.gather(*busy)
    with pytest.raises(asyncio.CancelledError):
        await late
    await bus.publisher.publish(submission(3))
    assert await stored(bus) == 3


async def test_kill_9_in_the_middle_loses_no_acknowledged_event_and_stores_none_twice(
    bus: Bus, nats_server: NatsServer
) -> None:
    acks: dict[int, int] = {}
    told_duplicate = 0
    numbers = iter(range(10**9))
    going = True

    async def client() -> None:
        nonlocal told_duplicate
        while going:
            n = next(numbers)
            ack = await bus.publisher.publish(submission(n))
            acks[n] = ack.seq
            told_duplicate += ack.duplicate

    clients = [asyncio.create_task(client()) for _ in range(40)]
    for _ in range(3):
        await asyncio.sleep(0.5)
        await asyncio.to_thread(nats_server.restart)
    await until(lambda: len(acks) > 500, what="enough events to tell")
    going = False
    await asyncio.gather(*clients)
    assert await stored(bus) == len(acks), "every stored event was acknowledged, and once"
    assert len(set(acks.values())) == len(acks)
    assert told_duplicate == 0, "an own attempt whose answer was lost is no duplicate"
    for n in list(acks)[:: max(1, len(acks) // 50)]:
        assert to_delivery(await from_stream(bus.js, EVENTS, acks[n])).event == submission(n)


async def test_it_connects_when_the_server_comes_up_later(nats_server: NatsServer) -> None:
    nats_server.kill()
    opening = asyncio.create_task(connect(ServiceSettings(nats_url=nats_server.url)))
    await asyncio.sleep(0.5)
    assert not opening.done()
    await asyncio.to_thread(nats_server.start)
    nc = await asyncio.wait_for(opening, 60)
    await nc.close()
