"""A service in small: one subscription with a handler that remembers, on its own broker."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from shared import settlement, topology
from shared.broker import make_broker
from shared.bus import Bus
from shared.consume import subscribe
from shared.delivery import Delivery
from shared.events import Event
from shared.settings import ServiceSettings

QUICK = settlement.Policy(delays_s=(0.1, 0.1, 0.1, 0.1, 0.1))


@asynccontextmanager
async def subscribed(
    settings: ServiceSettings,
    bus: Bus,
    handler: Callable[[Sequence[Delivery[Event]]], Awaitable[None]],
    consumer: topology.Consumer = topology.CLASSIFY,
    policy: settlement.Policy = QUICK,
) -> AsyncIterator[None]:
    """Runs the subscription while the block runs."""
    broker = make_broker(settings)
    subscribe(broker, consumer, handler, bus=bus, policy=policy)
    await broker.start()
    try:
        yield
    finally:
        await broker.stop()
