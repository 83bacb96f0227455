"""A process whose handler dies without a word, as a segmentation fault would: `python -m tests.support.dying_consumer URL`."""

import asyncio
import os
import sys
from collections.abc import Sequence

from shared import topology
from shared.bus import open_bus
from shared.delivery import Delivery
from shared.events import Event
from shared.settings import ServiceSettings
from tests.support.subscriber import subscribed


async def die(batch: Sequence[Delivery[Event]]) -> None:
    os._exit(66)


async def main() -> None:
    settings = ServiceSettings(nats_url=sys.argv[1], ack_wait_s=2.0)
    async with open_bus(settings, "dying") as bus, subscribed(settings, bus, die, topology.CLASSIFY):
        await asyncio.sleep(20)


if __name__ == "__main__":
    asyncio.run(main())
