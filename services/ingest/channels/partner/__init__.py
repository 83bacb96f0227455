"""Partner apps (Điện Biên Smart and others): API key or signed requests, quotas, batches. Always on; without a partner nobody gets in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from faststream.nats import NatsBroker

from services.ingest.channels.channel import Channel
from services.ingest.channels.partner import routes
from services.ingest.channels.partner.intake import DEFAULTS
from services.ingest.channels.partner.registry import Partners
from services.ingest.context import Ingest
from shared.tasks import end

LOAD_S = 5.0  # later the routes answer 503 until the bucket was read


@asynccontextmanager
async def _start(service: Ingest, _broker: NatsBroker) -> AsyncIterator[None]:
    partners = Partners(service.bus.js)
    service.parts[Partners] = partners
    following = asyncio.create_task(partners.run(), name="partners")
    try:
        await asyncio.wait(
            [following, loading := asyncio.create_task(partners.loaded())],
            timeout=LOAD_S,
            return_when="FIRST_COMPLETED",
        )
        loading.cancel()
        yield
    finally:
        await end(following)


channel = Channel("partner", (routes.submit, routes.batch), (DEFAULTS,), _start)
