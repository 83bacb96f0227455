"""How many messages of `submission.received` repeat another one: exact, from the stream's own headers.

The server refuses a second copy of a message for ten minutes; a sender that was cut off for longer stores it again. Such
a copy is no submission, and nothing of it is missing when the fold knows fewer submissions than the stream has messages.
"""

import asyncio
from bisect import bisect_right
from dataclasses import dataclass, field
from hashlib import blake2b

from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from services.report.counts.freshness import StreamState
from shared.envelope import MSG_ID
from shared.errors import Transient
from shared.events import SubmissionReceived
from shared.topology import EVENTS

BATCH = 1000
FETCH_S = 10.0
KEPT_S = 60.0  # how long the server keeps a reader that was cut off


@dataclass
class _Seen:
    """What has been read of one consultation; 16 bytes of each id, so a million submissions stay below 100 MB."""

    removed: tuple[int, int]
    end: int = 0
    ids: set[bytes] = field(default_factory=set)
    copies: list[int] = field(default_factory=list)  # sequences, rising


@dataclass(frozen=True)
class Copies:
    """Reads on from where it stopped, so asking again costs what has come since; anew only after an erasure."""

    js: JetStreamContext
    seen: dict[str, _Seen] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def known(self, consultation: str) -> int:
        """Those found so far, without a look at the bus."""
        return len(self.seen[consultation].copies) if consultation in self.seen else 0

    async def count(self, consultation: str, state: StreamState) -> int:
        """Those up to the last message of `state`. Raises Transient when the bus is away."""
        async with self.lock:
            seen = self.seen.get(consultation)
            if seen is None or seen.removed != state.removed:
                seen = self.seen[consultation] = _Seen(state.removed)
            if seen.end < state.last_seq:
                try:
                    await self._read(consultation, seen, state.last_seq)
                except (NatsError, TimeoutError) as error:
                    raise Transient(f"{consultation}: the stream cannot be read: {error!r}") from error
                seen.end = state.last_seq
            return bisect_right(seen.copies, state.last_seq)

    async def _read(self, consultation: str, seen: _Seen, end: int) -> None:
        config = ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=seen.end + 1,
            ack_policy=AckPolicy.NONE,
            headers_only=True,
            inactive_threshold=KEPT_S,
            mem_storage=True,
        )
        subject = f"{SubmissionReceived.TYPE}.{consultation}"
        subscription = await self.js.pull_subscribe(subject, stream=EVENTS.name, config=config)
        try:
            left = (await subscription.consumer_info()).num_pending or 0
            while left:
                # Never more than there are: the client would wait for the rest.
                for message in await subscription.fetch(min(BATCH, left), timeout=FETCH_S):
                    seq, left = message.metadata.sequence.stream, message.metadata.num_pending
                    if seq > end:
                        return
                    id_ = _id_of(message, seq)
                    if id_ in seen.ids:
                        seen.copies.append(seq)
                    seen.ids.add(id_)
                    seen.end = seq
        finally:
            await subscription.unsubscribe()


def _id_of(message: Msg, seq: int) -> bytes:
    """The event's id; a message without one repeats nothing."""
    headers = message.headers or {}
    text = headers.get("ce-id") or headers.get(MSG_ID) or f"#{seq}"
    return blake2b(text.encode(), digest_size=16).digest()
