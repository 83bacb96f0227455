"""Publishing with every write synced: the shared publisher (group commit) against one JetStream publish per message."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import count

import nats

from shared.envelope import encode
from shared.events import SubmissionReceived
from shared.provision import provision
from shared.publisher import Publisher
from tests.bench.row import Row, percentile
from tests.bench.sample import TEXT
from tests.support.nats_server import NatsServer
from tests.support.report_events import BASE, received

CALLERS = (1, 64, 256)
SECONDS = 2.5
Publish = Callable[[SubmissionReceived], Awaitable[object]]


def run() -> list[Row]:
    """Messages per second and p99 for 1, 64 and 256 concurrent callers."""
    server = NatsServer()
    server.start()
    try:
        return asyncio.run(_measure(server.url))
    finally:
        server.remove()


async def _measure(url: str) -> list[Row]:
    connection = await nats.connect(url)
    stream = connection.jetstream(timeout=10)
    await provision(stream, ack_wait_s=30)
    publisher = Publisher(connection, source="ykien/bench")
    numbers = count(1)

    async def alone(event: SubmissionReceived) -> None:
        subject, headers, body = encode(event, source="ykien/bench", time=BASE)
        await stream.publish(subject, body, headers=headers)

    rows: list[Row] = []
    for callers in CALLERS:
        floor = await _load(f"nats-py, one publish per message, c={callers}", callers, alone, numbers)
        ours = await _load(f"publisher, group commit, c={callers}", callers, publisher.publish, numbers)
        rows += [floor, ours.against(floor)]
    await publisher.close()
    await connection.close()
    return rows


async def _load(name: str, callers: int, publish: Publish, numbers: "count[int]") -> Row:
    took: list[float] = []
    until = time.perf_counter() + SECONDS

    async def caller() -> None:
        while (started := time.perf_counter()) < until:
            await publish(received(next(numbers), text=TEXT))
            took.append(time.perf_counter() - started)

    started = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return Row(name, len(took), time.perf_counter() - started, percentile(took, 0.99))
