"""Follows a key-value bucket without end, across restarts of the server and watches that die silently."""

import asyncio
from collections.abc import Callable

import nats.errors
import structlog
from nats.js import JetStreamContext
from nats.js.kv import KeyValue

log = structlog.get_logger()

CHECK_S = 3.0  # a watch may die silently with its server: the bucket's last sequence tells


class BucketWatch:
    """Hands every entry to `take`, the present ones first, and then says so through `loaded`."""

    def __init__(self, js: JetStreamContext, bucket: str, take: Callable[[KeyValue.Entry], None]) -> None:
        self._js = js
        self._bucket = bucket
        self._take = take
        self._seen = 0  # the last sequence of the bucket that arrived here
        self.loaded = asyncio.Event()

    async def run(self) -> None:
        """Never returns; the bus being away is waited out."""
        while True:
            try:
                await self._follow(await self._js.key_value(self._bucket))
            except (nats.errors.Error, TimeoutError, OSError) as error:
                log.debug("bucket not followed", bucket=self._bucket, error=type(error).__name__)
            await asyncio.sleep(0.5)

    async def _follow(self, kv: KeyValue) -> None:
        watcher = await kv.watchall()
        try:
            while True:
                try:
                    entry = await watcher.updates(timeout=CHECK_S)  # type: ignore[no-untyped-call]
                except nats.errors.TimeoutError:
                    if await self._missed_something():
                        log.warning("watch of a bucket went silent, watching anew", bucket=self._bucket)
                        return
                    continue
                if entry is None:
                    self.loaded.set()
                elif isinstance(entry, KeyValue.Entry):
                    self._seen = max(self._seen, entry.revision or 0)
                    self._take(entry)
        finally:
            try:
                await watcher.stop()  # type: ignore[no-untyped-call]
            except nats.errors.Error as error:
                log.debug("watch not stopped", error=type(error).__name__)

    async def _missed_something(self) -> bool:
        last = (await self._js.stream_info(f"KV_{self._bucket}")).state.last_seq
        return last != self._seen
