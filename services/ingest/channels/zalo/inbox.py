"""Takes the kept webhook events off the bus, one at a time, into their conversations."""

import structlog

from services.ingest.channels.zalo.event import Ignored, Withdrawal, decode
from services.ingest.channels.zalo.fetcher import Fetcher
from services.ingest.channels.zalo.office import Office
from services.ingest.channels.zalo.raw import from_message
from services.ingest.channels.zalo.timer import discard, wake
from services.ingest.channels.zalo.withdrawal import Withdrawals
from shared import metrics, topology
from shared.bus import Bus
from shared.raw_message import RawMessage

log = structlog.get_logger("ingest")


class Inbox:
    """The handler of `zalo-inbox`. The raw event is removed from the stream once it stands in a conversation."""

    def __init__(self, office: Office, fetcher: Fetcher, withdrawals: Withdrawals, bus: Bus, key: bytes) -> None:
        self._office, self._withdrawals = office, withdrawals
        self._fetcher, self._bus, self._key = fetcher, bus, key

    async def __call__(self, message: RawMessage) -> None:
        """Raises Transient while something is away, Permanent for what cannot be read with this key."""
        oa, received_at, body = from_message(message.body, key=self._key)
        event = decode(body, received_at=received_at)
        if isinstance(event, Ignored):
            metrics.ZALO_EVENTS.labels("ignored").inc()
            log.info("zalo.ignored", event_name=event.name)
        elif isinstance(event, Withdrawal):
            metrics.ZALO_EVENTS.labels("withdrawal").inc()
            await self._withdrawals.take_back(oa, event.user, min(event.at or received_at, received_at))
        else:
            key, state = await self._office.take(oa, event)
            # The timer is for what is open; a closing is worked by itself, at once, or it would wait for this person's silence.
            end = state.ends_at(self._office.patience(oa))
            if end is not None:
                await wake(self._bus, key, end)
            if state.closing or any(file.waiting for file in event.files):
                self._fetcher.soon(key)
        await discard(self._bus, topology.ZALO.name, message.seq)
