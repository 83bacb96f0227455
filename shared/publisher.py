"""The one way a fact gets onto the bus: `publish` returns only after the stream's PubAck.

Group commit: whatever waits while the former commit runs goes out as one atomic batch, so one fsync serves many
callers; there is no waiting timer, so a lone event is published at once. `commit.py` speaks to the stream.
"""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

import structlog
from nats.aio.client import Client
from opentelemetry.context import Context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.clock import Clock, utc_now
from shared.commit import CALL, Ack, Commit, Message
from shared.envelope import encode
from shared.errors import Transient
from shared.events import Event
from shared.metrics import PUBLISH_SECONDS, PUBLISHED

__all__ = ["Ack", "Publisher"]

BATCH_MESSAGES = 200
BATCH_BYTES = 4 * 1024 * 1024
COMMITTERS = 2
_TRACE = TraceContextTextMapPropagator()

log = structlog.get_logger()


@dataclass
class _Waiting:
    message: Message
    done: "asyncio.Future[Ack]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Publisher:
    """Safe to call from many tasks at once."""

    def __init__(self, nc: Client, *, source: str, clock: Clock = utc_now, patience_s: float = 12.0) -> None:
        """`source` names the service in `ce-source`; after `patience_s` seconds without a PubAck it gives up."""
        self._source = source
        self._clock = clock
        self._patience_s = patience_s
        self._commit = Commit(nc)
        self._waiting: deque[_Waiting] = deque()
        self._committers: set[asyncio.Task[None]] = set()

    async def publish(self, event: Event, *, context: Context | None = None, at: datetime | None = None) -> Ack:
        """Publishes the event, retrying under the same `Nats-Msg-Id`; `context` is the trace it belongs to.

        Returns where the event stands in the stream. Raises Transient when the stream is full or no PubAck came in
        time (it may be stored all the same: publish the same event again to learn); Permanent when it can never be.
        """
        subject, headers, body = encode(event, source=self._source, time=at or self._clock())
        headers[CALL] = uuid4().hex
        _TRACE.inject(headers, context)
        waiting = _Waiting(Message(subject, headers, body, time.monotonic() + self._patience_s))
        self._waiting.append(waiting)
        if len(self._committers) < COMMITTERS:
            task = asyncio.create_task(self._run(), name="publisher")
            self._committers.add(task)
        with PUBLISH_SECONDS.time():
            ack = await waiting.done
        PUBLISHED.inc()
        return ack

    async def close(self) -> None:
        """Waits until everything that was asked for is answered."""
        while self._committers:
            await asyncio.wait(set(self._committers))

    async def _run(self) -> None:
        """A committer: works until nothing waits."""
        try:
            while group := self._take():
                try:
                    answers = await self._commit([w.message for w in group])
                except Exception as error:
                    log.exception("commit failed unforeseen")
                    answers = [Transient(f"the publisher failed: {type(error).__name__}") for _ in group]
                except BaseException as error:
                    self._answer(group, [Transient(f"the publisher stopped: {type(error).__name__}")] * len(group))
                    raise
                self._answer(group, answers)
        finally:
            # Not in a done callback, which runs a turn of the loop later: who publishes in that turn would count on a
            # committer that has already left, and wait for ever.
            if (me := asyncio.current_task()) is not None:
                self._committers.discard(me)

    def _take(self) -> list[_Waiting]:
        """The next batch, oldest first, without callers that gave up; no id twice, which the stream would reject."""
        group: list[_Waiting] = []
        ids: set[str] = set()
        size = 0
        while self._waiting and len(group) < BATCH_MESSAGES:
            first = self._waiting[0]
            if first.done.done():  # its caller was cancelled before anything was sent
                self._waiting.popleft()
                continue
            size += len(first.message.body)
            if group and (first.message.id in ids or size > BATCH_BYTES):
                break
            ids.add(first.message.id)
            group.append(self._waiting.popleft())
        return group

    @staticmethod
    def _answer(group: list[_Waiting], answers: list[Ack | Exception]) -> None:
        for waiting, answer in zip(group, answers, strict=True):
            if waiting.done.done():
                continue
            if isinstance(answer, Exception):
                waiting.done.set_exception(answer)
            else:
                waiting.done.set_result(answer)
