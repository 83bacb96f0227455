"""The partners as this replica sees them: live from the bucket; what was known last stays while the bus is away."""

import asyncio
import time
from collections.abc import Callable

import structlog
from nats.js import JetStreamContext
from nats.js.kv import KV_DEL, KV_PURGE, KeyValue

from shared import partners, topology
from shared.bucket_watch import BucketWatch
from shared.errors import Transient
from shared.partners import Partner, PartnerError

ASKS_PER_S = 20  # so often unknown keys may make this process ask the bucket itself
ASK_S = 1.0  # how long the bucket may take
_log = structlog.get_logger("partner")


class Partners:
    """`service.part(Partners)`."""

    def __init__(self, js: JetStreamContext, clock: Callable[[], float] = time.monotonic) -> None:
        self._js = js
        self._clock = clock
        self._known: dict[str, Partner] = {}
        self._revisions: dict[str, int] = {}
        self._watch = BucketWatch(js, topology.PARTNERS_BUCKET, self._take)
        self._second, self._asks = 0, 0

    async def run(self) -> None:
        """Follows the bucket without end."""
        await self._watch.run()

    async def loaded(self) -> None:
        """Returns when everything written so far is known here."""
        await self._watch.loaded.wait()

    async def find(self, id_: str, key_id: str) -> Partner | None:
        """The partner. For a key that is not known here the bucket itself is asked, a few times a second at most: a key must
        work as soon as it was printed, though a watch may be seconds late. Raises Transient before the first load.
        """
        if not self._watch.loaded.is_set():
            raise Transient("the partners are not known yet")
        found = self._known.get(id_)
        if (found is None or all(key.id != key_id for key in found.keys)) and self._may_ask():
            await self._ask(id_)
        return self._known.get(id_)

    def _may_ask(self) -> bool:
        second = int(self._clock())
        if second != self._second:
            self._second, self._asks = second, 0
        self._asks += 1
        return self._asks <= ASKS_PER_S

    async def _ask(self, id_: str) -> None:
        try:
            async with asyncio.timeout(ASK_S):
                found = await partners.read(self._js, id_)
        except (Transient, PartnerError, TimeoutError) as error:
            _log.debug("partner.not_asked", error=type(error).__name__)
            return
        if found is not None and found[1] > self._revisions.get(id_, 0):  # a copy of the bucket may be behind
            self._keep(*found)

    def _take(self, entry: KeyValue.Entry) -> None:
        if entry.operation in (KV_DEL, KV_PURGE):
            self._known.pop(entry.key, None)
            _log.info("partner.removed", partner=entry.key)
            return
        try:
            found = partners.decode(entry.value or b"")
        except PartnerError:
            _log.exception("partner.refused", partner=entry.key)
            return
        if found.id != entry.key:
            _log.error("partner.refused", partner=entry.key, reason="stands under another id")
            return
        self._keep(found, entry.revision or 0)

    def _keep(self, partner: Partner, revision: int) -> None:
        self._known[partner.id] = partner
        self._revisions[partner.id] = revision
        _log.info("partner.known", partner=partner.id, revision=revision)
