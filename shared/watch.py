"""The watchdog of the durables a process uses: a deleted consumer or stream is noticed within seconds and made anew."""

import asyncio
from collections.abc import Awaitable, Callable

import nats.errors
import structlog
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from shared import topology
from shared.broker import end_process
from shared.metrics import CONSUMER_MENDED, CONSUMER_PENDING
from shared.provision import provision_consumer

log = structlog.get_logger()

INTERVAL_S = 3.0


class Watch:
    """Remembers each consumer's ack floor, so that a new one starts where the lost one stood."""

    def __init__(
        self,
        js: JetStreamContext,
        *,
        ack_wait_s: float,
        provision: Callable[[], Awaitable[None]],
        interval_s: float = INTERVAL_S,
    ) -> None:
        """`provision` makes the streams; the consumers are made here, with their start."""
        self._js = js
        self._ack_wait_s = ack_wait_s
        self._provision = provision
        self._interval_s = interval_s
        self._floors: dict[topology.Consumer, int | None] = {}

    def add(self, consumer: topology.Consumer) -> None:
        """From now on this consumer is looked after."""
        self._floors.setdefault(consumer, None)

    async def run(self) -> None:
        """Looks, mends, sleeps, without end; the bus being away is not its concern."""
        while True:
            for consumer in tuple(self._floors):
                try:
                    await self.look(consumer)
                except nats.errors.ConnectionClosedError:  # nats-py does not always tell its callback
                    end_process("bus")
                    return
                except (nats.errors.Error, OSError) as error:
                    log.debug("consumer not seen", consumer=consumer.name, error=type(error).__name__)
            await asyncio.sleep(self._interval_s)

    async def look(self, consumer: topology.Consumer) -> None:
        """Notes the floor and the backlog, or mends. Raises nats errors when the bus does not answer."""
        try:
            info = await self._js.consumer_info(consumer.stream, consumer.name)
        except NotFoundError:
            await self._mend(consumer)
            return
        self._floors[consumer] = info.ack_floor.stream_seq if info.ack_floor else 0
        CONSUMER_PENDING.labels(consumer.name).set(info.num_pending or 0)

    async def _mend(self, consumer: topology.Consumer) -> None:
        floor = self._floors[consumer] or 0
        try:
            last = (await self._js.stream_info(consumer.stream)).state.last_seq
        except NotFoundError:
            log.critical("stream is missing, its messages are lost; making it anew", stream=consumer.stream)
            await self._provision()
            last = 0
        start = floor + 1 if floor <= last else 1  # a stream made anew counts from 1 again
        if await provision_consumer(self._js, consumer, ack_wait_s=self._ack_wait_s, start_seq=start):
            CONSUMER_MENDED.labels(consumer.name).inc()
            log.error("consumer was missing, made anew", consumer=consumer.name, start_seq=start)
