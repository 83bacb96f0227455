"""What a rebuild does to the consumers of the bus."""

import pytest

import deploy.rebuild
from deploy.rebuild import Plan, rebuild
from shared import topology
from shared.bus import Bus
from shared.delivery import Delivery
from shared.errors import Transient
from shared.events import Event
from shared.store.port import Collection, Merge
from tests.support.events import submission
from tests.support.memory_store import MemoryStore

pytestmark = pytest.mark.connected
SEEN = Collection("seen", ())


def _fold(delivery: Delivery[Event]) -> list[Merge]:
    return [Merge(SEEN, str(delivery.seq), {"type": delivery.event.TYPE})]


PLAN = Plan("report", "report", (SEEN,), _fold, (topology.REPORT,))


async def _filled(bus: Bus, count: int) -> MemoryStore:
    for n in range(1, count + 1):
        await bus.publisher.publish(submission(n))
    store = MemoryStore()
    await store.apply("report", 0, [Merge(SEEN, "old", {"type": "old"})])
    return store


async def test_nothing_stays_behind_on_the_bus_and_the_service_goes_on(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deploy.rebuild, "BATCH", 4)
    store = await _filled(bus, 10)
    before = {info.name for info in await bus.js.consumers_info(topology.EVENTS.name)}
    assert await rebuild(bus.js, store, PLAN) == 10
    assert {info.name for info in await bus.js.consumers_info(topology.EVENTS.name)} == before
    assert len(await store.get_many(SEEN, [str(n) for n in range(1, 11)])) == 10
    assert await store.get(SEEN, "old") is None
    assert not await _paused(bus)


async def test_a_service_that_does_not_settle_what_it_holds_keeps_its_documents_and_goes_on(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deploy.rebuild, "DRAIN_TIMEOUT_S", 0.1)
    store = await _filled(bus, 1)
    held = await bus.js.pull_subscribe_bind(durable=topology.REPORT.name, stream=topology.EVENTS.name)
    (message,) = await held.fetch(1)
    with pytest.raises(Transient, match="still holds 1"):
        await rebuild(bus.js, store, PLAN)
    await message.ack()
    assert await store.get(SEEN, "old") is not None
    assert not await _paused(bus)


async def _paused(bus: Bus) -> bool:
    """As `ykien doctor` asks."""
    return bool((await bus.js.consumer_info(topology.EVENTS.name, topology.REPORT.name)).paused)
