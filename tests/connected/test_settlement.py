"""Settlement against a real server: retries, batches, undecodable bodies, slow and cancelled handlers, kill -9."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence

import nats.errors
import pytest
from nats.js import JetStreamContext
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared import consume, dead_letters, topology, worker
from shared.bus import Bus
from shared.delivery import Delivery
from shared.errors import Permanent, Transient
from shared.events import Event, SubmissionReceived
from shared.raw_message import from_stream
from shared.settings import ServiceSettings
from tests.support.events import number, submission
from tests.support.nats_server import NatsServer
from tests.support.subscriber import subscribed
from tests.support.waiting import until

pytestmark = pytest.mark.connected
Batch = Sequence[Delivery[Event]]


def numbers(batch: Batch) -> list[int]:
    return [number(d.event.submission_id) for d in batch if isinstance(d.event, SubmissionReceived)]


async def publish(bus: Bus, ns: Sequence[int]) -> None:
    await asyncio.gather(*(bus.publisher.publish(submission(n)) for n in ns))


async def floor(bus: Bus, consumer: topology.Consumer = topology.CLASSIFY) -> int:
    info = await bus.js.consumer_info(consumer.stream, consumer.name)
    assert info.ack_floor is not None
    return info.ack_floor.stream_seq


async def test_all_is_handled_once_in_batches_and_acknowledged(bus: Bus, bus_settings: ServiceSettings) -> None:
    seen: Counter[int] = Counter()
    sizes: list[int] = []

    async def handler(batch: Batch) -> None:
        seen.update(numbers(batch))
        sizes.append(len(batch))

    await publish(bus, range(500))
    async with subscribed(bus_settings, bus, handler):
        await until(lambda: len(seen) == 500)

        async def floor_reached() -> bool:
            return await floor(bus) == 500

        await until(floor_reached)
    assert set(seen.values()) == {1}
    assert max(sizes) > 1


async def test_a_message_is_handed_over_at_once_not_after_collecting(bus: Bus, bus_settings: ServiceSettings) -> None:
    seen = asyncio.Event()

    async def handler(batch: Batch) -> None:
        seen.set()

    async with subscribed(bus_settings, bus, handler):
        await asyncio.sleep(0.5)
        began = time.monotonic()
        await publish(bus, [1])
        await asyncio.wait_for(seen.wait(), 5)
        assert time.monotonic() - began < consume.PULL_S / 2


async def test_sequence_and_time_of_a_delivery_are_those_of_the_stored_message(
    bus: Bus, bus_settings: ServiceSettings
) -> None:
    seen: list[Delivery[Event]] = []

    async def handler(batch: Batch) -> None:
        seen.extend(batch)

    await publish(bus, range(20))
    async with subscribed(bus_settings, bus, handler):
        await until(lambda: len(seen) == 20)
    for delivery in seen:
        raw = await from_stream(bus.js, topology.EVENTS.name, delivery.seq)
        assert (raw.seq, raw.stored_at) == (delivery.seq, delivery.stored_at)


async def test_a_transient_failure_is_retried_until_it_succeeds(bus: Bus, bus_settings: ServiceSettings) -> None:
    attempts: list[int] = []

    async def handler(batch: Batch) -> None:
        attempts.append(batch[0].attempt)
        if len(attempts) < 4:
            raise Transient("the database is away")

    async with subscribed(bus_settings, bus, handler):
        await publish(bus, [1])
        await until(lambda: len(attempts) == 4)
        await asyncio.sleep(0.5)
    assert attempts == [1, 2, 3, 4]
    assert await dead_letters.list_(bus.js) == []


async def test_the_sixth_failure_goes_to_the_dead_letters_and_no_further(
    bus: Bus, bus_settings: ServiceSettings
) -> None:
    attempts: list[int] = []

    async def handler(batch: Batch) -> None:
        attempts.append(batch[0].attempt)
        raise ValueError("citizen's words must not show")

    async with subscribed(bus_settings, bus, handler):
        await publish(bus, [1])

        async def filed() -> bool:
            return len(await dead_letters.list_(bus.js)) == 1

        await until(filed)
        await asyncio.sleep(0.5)
    (letter,) = await dead_letters.list_(bus.js)
    assert attempts == [1, 2, 3, 4, 5, 6]
    assert (letter.id, letter.service, letter.attempts) == ("EVENTS-classify-1", "classify", 6)
    assert letter.reason.startswith("ValueError in test_settlement.py")
    assert "citizen" not in letter.reason
    assert await floor(bus) == 1
    assert (await bus.js.stream_info(topology.EVENTS.name)).state.messages == 1


async def test_one_permanent_failure_in_a_batch_is_settled_alone(bus: Bus, bus_settings: ServiceSettings) -> None:
    done: Counter[int] = Counter()

    async def handler(batch: Batch) -> None:
        if 13 in numbers(batch):
            raise Permanent("thirteen cannot be handled")
        done.update(numbers(batch))

    await publish(bus, range(40))
    async with subscribed(bus_settings, bus, handler):
        await until(lambda: len(done) == 39)

        async def filed() -> bool:
            return len(await dead_letters.list_(bus.js)) == 1

        await until(filed)
    assert set(done.values()) == {1}
    (letter,) = await dead_letters.list_(bus.js)
    assert letter.reason == "Permanent: thirteen cannot be handled"
    assert letter.attempts == 1


async def test_one_failure_in_a_batch_is_retried_and_dead_lettered_alone(
    bus: Bus, bus_settings: ServiceSettings
) -> None:
    done: Counter[int] = Counter()
    attempts: list[int] = []

    async def handler(batch: Batch) -> None:
        if 13 in numbers(batch):
            attempts.extend(d.attempt for d in batch if len(batch) == 1)
            raise ValueError("no rule was made for this letter")
        done.update(numbers(batch))

    await publish(bus, range(40))
    async with subscribed(bus_settings, bus, handler):

        async def filed() -> bool:
            return len(await dead_letters.list_(bus.js)) == 1

        await until(filed)
    assert set(done) == {*range(40)} - {13}
    assert set(done.values()) == {1}
    assert attempts == [1, 2, 3, 4, 5, 6]


async def test_bodies_that_are_no_events_go_to_the_dead_letters_alone(bus: Bus, bus_settings: ServiceSettings) -> None:
    done: Counter[int] = Counter()

    async def handler(batch: Batch) -> None:
        done.update(numbers(batch))

    subject = "submission.received.v1.dien-bien-2025"
    headers = {"ce-type": "submission.received.v1", "content-type": "application/json"}
    await publish(bus, range(3))
    await bus.js.publish(subject, b"{not json", headers=dict(headers))
    await bus.js.publish(subject, b'{"consultation": "dien-bien-2025"}', headers=dict(headers))
    await bus.js.publish(subject, b"{}")
    await publish(bus, range(3, 6))
    async with subscribed(bus_settings, bus, handler):
        await until(lambda: len(done) == 6)

        async def filed() -> bool:
            return len(await dead_letters.list_(bus.js)) == 3

        await until(filed)
    reasons = [letter.reason for letter in await dead_letters.list_(bus.js)]
    assert reasons[0] == "BadEnvelope: submission.received.v1: body: json_invalid"
    assert "submission_id: missing" in reasons[1]
    assert reasons[2] == "BadEnvelope: ce-type: header is missing"


async def test_a_handler_slower_than_the_ack_wait_is_not_given_the_message_twice(
    bus: Bus, bus_settings: ServiceSettings
) -> None:
    began: list[int] = []
    ended: list[int] = []

    async def handler(batch: Batch) -> None:
        began.extend(numbers(batch))
        await asyncio.sleep(bus_settings.ack_wait_s * 2.5)
        ended.extend(numbers(batch))

    await publish(bus, [1, 2])
    async with subscribed(bus_settings, bus, handler), subscribed(bus_settings, bus, handler):
        await until(lambda: len(ended) == 2)
        await asyncio.sleep(1)
    assert sorted(began) == [1, 2]


async def test_a_leaked_cancellation_is_a_failure_of_the_handler_not_the_end_of_the_subscription(
    bus: Bus, bus_settings: ServiceSettings
) -> None:
    done: list[int] = []
    leaks = 0

    async def handler(batch: Batch) -> None:
        nonlocal leaks
        if leaks < 2:
            leaks += 1
            raise asyncio.CancelledError
        done.extend(numbers(batch))

    await publish(bus, [1])
    async with subscribed(bus_settings, bus, handler):
        await until(lambda: done == [1])
        await publish(bus, [2])
        await until(lambda: done == [1, 2])


async def test_two_replicas_share_the_work(bus: Bus, bus_settings: ServiceSettings) -> None:
    seen: tuple[Counter[int], Counter[int]] = (Counter(), Counter())

    async def one(batch: Batch) -> None:
        seen[0].update(numbers(batch))
        await asyncio.sleep(0.02)

    async def two(batch: Batch) -> None:
        seen[1].update(numbers(batch))
        await asyncio.sleep(0.02)

    async with subscribed(bus_settings, bus, one), subscribed(bus_settings, bus, two):
        await publish(bus, range(600))
        await until(lambda: len(seen[0] | seen[1]) == 600)
    assert seen[0]
    assert seen[1]
    assert not seen[0] & seen[1]


async def test_kill_9_of_the_server_while_handling_loses_nothing(
    bus: Bus, bus_settings: ServiceSettings, nats_server: NatsServer
) -> None:
    seen: Counter[int] = Counter()

    async def handler(batch: Batch) -> None:
        await asyncio.sleep(0.05)
        seen.update(numbers(batch))

    async with subscribed(bus_settings, bus, handler):
        for start in range(0, 600, 200):
            await publish(bus, range(start, start + 200))
            await asyncio.to_thread(nats_server.restart)
        await until(lambda: len(seen) == 600)
        assert await dead_letters.list_(bus.js) == []


async def test_a_stopping_service_finishes_what_it_has_begun_and_leaves_the_rest(
    bus: Bus, bus_settings: ServiceSettings
) -> None:
    began = asyncio.Event()
    ended: list[int] = []

    async def handler(batch: Batch) -> None:
        began.set()
        await asyncio.sleep(1.0)
        ended.extend(numbers(batch))

    await publish(bus, [1])
    async with subscribed(bus_settings, bus, handler):
        await began.wait()
    assert ended == [1]

    async def acknowledged() -> bool:
        return await floor(bus) == 1

    await until(acknowledged)


async def test_when_the_dead_letter_cannot_be_filed_the_message_stays_unsettled_and_comes_again(
    bus: Bus, bus_settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "BUS_AWAY_S", 0.2)
    real, refusals = dead_letters.put, 0

    async def refusing(js: JetStreamContext, letter: dead_letters.DeadLetter) -> None:
        nonlocal refusals
        refusals += 1
        if refusals < 3:
            raise nats.errors.TimeoutError
        await real(js, letter)

    monkeypatch.setattr(dead_letters, "put", refusing)

    async def handler(batch: Batch) -> None:
        raise Permanent("no")

    await publish(bus, [1])
    async with subscribed(bus_settings, bus, handler):

        async def filed() -> bool:
            return len(await dead_letters.list_(bus.js)) == 1

        await until(filed)
    assert refusals == 3


async def test_one_trace_leads_from_the_publisher_through_the_handler_to_what_it_publishes(
    bus: Bus, bus_settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("test")
    monkeypatch.setattr(worker, "tracer", tracer)

    async def handler(batch: Batch) -> None:
        for delivery in batch:
            if numbers([delivery])[0] < 100:
                again = submission(numbers([delivery])[0] + 100)
                await bus.publisher.publish(again, context=delivery.context)

    async with subscribed(bus_settings, bus, handler):
        for n in range(3):
            root = tracer.start_span("request")
            await bus.publisher.publish(submission(n), context=trace.set_span_in_context(root))
            root.end()
        await until(lambda: len(exporter.get_finished_spans()) == 9)
    by_trace = Counter(span.context.trace_id for span in exporter.get_finished_spans() if span.context)
    assert list(by_trace.values()) == [3, 3, 3]
