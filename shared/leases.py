"""One replica at a time does a thing: a lease in the bus's key-value bucket, held by compare-and-set.

No clock is compared with another machine's. The holder writes its entry anew every third of the term; whoever waits takes over
when the entry has not changed for a whole term of its own clock; the holder itself stops believing in it after two thirds.
A lease spares double work only. It proves nothing: what is done under it must be harmless when two do it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import nats.errors
import nats.js.errors
import structlog
from nats.js import JetStreamContext
from nats.js.errors import BucketNotFoundError, KeyNotFoundError, KeyWrongLastSequenceError
from nats.js.kv import KeyValue

from shared import topology
from shared.provision import provision_bucket

_log = structlog.get_logger()
_AWAY = (nats.errors.Error, nats.js.errors.Error, TimeoutError, OSError)


class Lease:
    """The right to do something, by name (`[-/_=.a-zA-Z0-9]+`); `term_s`: how long after a holder's death another takes over."""

    def __init__(
        self,
        js: JetStreamContext,
        name: str,
        *,
        holder: str,
        term_s: float = 15.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._js = js
        self._name = name
        self._holder = holder.encode()
        self._term_s = term_s
        self._monotonic = monotonic
        self._revision: int | None = None  # of our own entry
        self._sure_until = 0.0
        self._seen: tuple[int, float] | None = (
            None  # somebody else's entry: its revision, and since when it stands unchanged
        )

    @property
    def valid(self) -> bool:
        """Whether it is ours, beyond doubt, at this moment."""
        return self._revision is not None and self._monotonic() < self._sure_until

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Waits until it is ours, renews it meanwhile and lets it go at the end. Look at `valid` between the steps."""
        while not await self.try_now():  # noqa: ASYNC110 - the other side is another process
            await asyncio.sleep(self._term_s / 5)
        _log.info("lease.taken", lease=self._name)
        renewing = asyncio.create_task(self._renew(), name=f"lease-{self._name}")
        try:
            yield
        finally:
            await end(renewing)
            await self._release()

    async def try_now(self) -> bool:
        """Takes or renews it if that is possible now; False when another holds it or the bus is away."""
        began = self._monotonic()
        try:
            # The client's own timeouts do not cover its queue for writing, which stands still while it has no connection.
            async with asyncio.timeout(self._term_s):
                self._revision = await self._write(await self._bucket(), began)
        except KeyWrongLastSequenceError:
            self._revision = None  # another was quicker
        except _AWAY as error:
            _log.debug("lease.bus_away", lease=self._name, error=type(error).__name__)
            return False
        if self._revision is None:
            return False
        self._sure_until = began + self._term_s * 2 / 3
        return True

    async def _bucket(self) -> KeyValue:
        try:
            return await self._js.key_value(topology.LEASES.name)
        except BucketNotFoundError:  # it lives in the memory of a server that was started anew
            replicas = (await self._js.stream_info(topology.EVENTS.name)).config.num_replicas or 1
            return await provision_bucket(self._js, topology.LEASES, replicas)

    async def _write(self, kv: KeyValue, now: float) -> int | None:
        if self._revision is not None:
            return await kv.update(self._name, self._holder, last=self._revision)
        try:
            entry = await kv.get(self._name)
        except KeyNotFoundError:
            return await kv.create(self._name, self._holder)
        found = entry.revision or 0
        if entry.value == self._holder:  # ours, though an outage made us doubt it
            return await kv.update(self._name, self._holder, last=found)
        if self._seen is None or self._seen[0] != found:
            self._seen = (found, now)
        if now - self._seen[1] < self._term_s:
            return None
        _log.warning("lease.taken_over", lease=self._name)
        return await kv.update(self._name, self._holder, last=found)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._term_s / 3)
            if self._revision is None:
                return  # lost: the owner sees that it is not valid, leaves, and waits anew
            if not await self.try_now() and not self.valid:
                _log.warning("lease.lost", lease=self._name)
                self._revision = None

    async def _release(self) -> None:
        revision, self._revision, self._seen = self._revision, None, None
        if revision is None:
            return
        try:
            kv = await self._bucket()
            async with asyncio.timeout(2):  # the process is going: nobody waits long for a courtesy
                await kv.delete(self._name, last=revision)
        except _AWAY as error:  # it runs out by itself
            _log.debug("lease.not_released", lease=self._name, error=type(error).__name__)


async def end(task: "asyncio.Task[None]", again_s: float = 1.0) -> None:
    """Cancels until it has ended: before Python 3.12 `wait_for`, by which the bus is asked, may swallow a cancellation."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=again_s)
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("task.failed", task=task.get_name(), exc_info=error)
