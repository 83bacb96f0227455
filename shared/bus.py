"""Everything a service needs of the bus, opened once in its lifespan."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import nats.errors
import structlog
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from shared import dead_letter_mover, topology
from shared.blobs import Blobs
from shared.broker import connect
from shared.errors import Transient
from shared.provision import provision
from shared.publisher import Publisher
from shared.registry import Consultations
from shared.settings import ServiceSettings
from shared.tasks import end
from shared.watch import Watch

log = structlog.get_logger()

OPEN_S = 60.0  # patience with a bus that is starting or being provisioned


@dataclass(frozen=True)
class Bus:
    """`nc` and `js` are one connection; subscriptions have their own (FastStream's)."""

    nc: Client
    js: JetStreamContext
    publisher: Publisher
    blobs: Blobs
    consultations: Consultations
    watch: Watch
    ack_wait_s: float = 30.0

    async def ready(self) -> None:
        """Returns when the events stream answers. Raises Transient when not."""
        if not self.nc.is_connected:
            raise Transient("the bus is away")
        try:
            await self.js.stream_info(topology.EVENTS.name)
        except (nats.errors.Error, OSError) as error:
            raise Transient(f"the events stream does not answer ({type(error).__name__})") from error


@asynccontextmanager
async def open_bus(settings: ServiceSettings, service: str) -> AsyncIterator[Bus]:
    """Connects and waits until the bus is provisioned and the consultations are known; closes leaving no caller unanswered.

    Raises Transient when the bus was not provisioned within a minute.
    """
    nc = await connect(settings, name=service)
    tasks: list[asyncio.Task[None]] = []
    publisher = Publisher(nc, source=f"ykien/{service}")
    try:
        js = nc.jetstream(timeout=5)
        async with _patience():
            await _provisioned(js)
            blobs = Blobs(await js.object_store(topology.BLOBS_BUCKET))
        consultations = Consultations(js, blobs)
        replicas = (await js.stream_info(topology.EVENTS.name)).config.num_replicas or 1
        watch = Watch(
            js,
            ack_wait_s=settings.ack_wait_s,
            provision=partial(provision, js, ack_wait_s=settings.ack_wait_s, replicas=replicas),
        )
        watch.add(topology.DEAD_LETTER_MOVER)
        for name, work in (
            ("consultations", consultations.run()),
            ("watch", watch.run()),
            ("dead-letter-mover", dead_letter_mover.run(js)),
        ):
            task = asyncio.create_task(work, name=name)
            task.add_done_callback(_tell_end)
            tasks.append(task)
        async with _patience():
            await consultations.loaded()
        yield Bus(nc, js, publisher, blobs, consultations, watch, settings.ack_wait_s)
    finally:
        await end(*tasks)
        await publisher.close()
        await nc.close()


async def _provisioned(js: JetStreamContext) -> None:
    while True:
        try:
            await js.stream_info(topology.EVENTS.name)
            await js.stream_info(f"OBJ_{topology.BLOBS_BUCKET}")  # made last before the consumers
            return  # noqa: TRY300
        except (NotFoundError, nats.errors.Error):
            await asyncio.sleep(0.25)


@asynccontextmanager
async def _patience() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(OPEN_S):
            yield
    except TimeoutError as error:
        raise Transient(f"the bus was not ready within {OPEN_S:.0f} s; was it provisioned?") from error


def _tell_end(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.critical("a task of the bus ended", task=task.get_name(), error=type(error).__name__)
