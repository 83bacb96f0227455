"""Three nats-server nodes with three copies: any one may die, and then another, and nothing is lost or left lying."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence

import nats.errors
import pytest

from shared import topology
from shared.broker import connect
from shared.bus import open_bus
from shared.delivery import Delivery
from shared.errors import Transient
from shared.events import Event, SubmissionReceived
from shared.provision import provision
from shared.settings import ServiceSettings
from tests.support.events import number, submission
from tests.support.nats_server import NatsServer, make_cluster
from tests.support.subscriber import subscribed
from tests.support.waiting import until

pytestmark = pytest.mark.connected
MESSAGES = 200  # at least


@pytest.fixture
def nodes() -> Iterator[list[NatsServer]]:
    cluster = make_cluster()
    for node in cluster:
        node.start()
    yield cluster
    for node in cluster:
        node.remove()


async def _provisioned(settings: ServiceSettings) -> None:
    """The cluster needs a moment to choose its leader."""
    nc = await connect(settings)
    try:
        async with asyncio.timeout(60):
            while True:
                try:
                    await provision(nc.jetstream(timeout=5), ack_wait_s=settings.ack_wait_s, replicas=3)
                except Exception:  # noqa: BLE001 - whatever a cluster without a leader answers
                    await asyncio.sleep(1)
                else:
                    return
    finally:
        await nc.close()


async def test_every_node_dies_once_and_all_is_published_and_handled(nodes: list[NatsServer]) -> None:
    # One node's URL is enough to begin with: the others are made known by the cluster itself, without credentials.
    settings = ServiceSettings(nats_url=nodes[0].url, ack_wait_s=2.0)
    await _provisioned(settings)
    handled: Counter[int] = Counter()

    async def handler(batch: Sequence[Delivery[Event]]) -> None:
        handled.update(number(d.event.submission_id) for d in batch if isinstance(d.event, SubmissionReceived))

    async with open_bus(settings, "test") as bus, subscribed(settings, bus, handler):

        async def publish(n: int) -> None:
            while True:
                try:
                    await bus.publisher.publish(submission(n))
                except Transient:
                    await asyncio.sleep(0.2)
                else:
                    return

        async def every_copy_current() -> bool:
            try:
                cluster = (await bus.js.stream_info(topology.EVENTS.name)).cluster
            except (nats.errors.Error, OSError):
                return False  # it is choosing a leader
            copies = (cluster.replicas or []) if cluster else []
            return len(copies) == 2 and all(copy.current and not copy.offline for copy in copies)

        async def murder() -> None:
            for node in nodes:
                await until(every_copy_current, 60, "every node holding the whole stream")
                await asyncio.to_thread(node.kill)
                await asyncio.sleep(1.5)  # time in which work must go on with two of three
                await asyncio.to_thread(node.start)

        killing = asyncio.create_task(murder())
        published = 0
        while not killing.done() or published < MESSAGES:
            await asyncio.gather(*(publish(n) for n in range(published, published + 20)))
            published += 20
            await asyncio.sleep(0.1)
        await killing
        await until(lambda: len(handled) == published, 60, "every message being handled")
        info = await bus.js.stream_info(topology.EVENTS.name)
    assert info.state.messages == published
