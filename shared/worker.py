"""Hands messages to a handler and settles each one by itself, whatever happens to the others of its batch."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

import nats.errors
import structlog
from nats.aio.msg import Msg
from nats.js.errors import NotFoundError
from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, StatusCode

from shared import dead_letters, settlement, topology
from shared.clock import utc_now
from shared.metrics import SETTLED
from shared.raw_message import RawMessage, from_delivery, with_context

if TYPE_CHECKING:
    from shared.bus import Bus

log = structlog.get_logger()
tracer = trace.get_tracer("ykien")
T = TypeVar("T")

BUS_AWAY_S = 5.0  # before another delivery when a dead letter could not be filed
TOGETHER = (
    2  # attempts; what comes more often may be what killed the process, and must not take the others with it each time
)


@dataclass
class _Item(Generic[T]):
    """A delivery on its way: the message to settle, the original it stands for, what the handler gets, its span."""

    msg: Msg
    raw: RawMessage
    stream: str
    value: T | None
    span: Span
    error: Exception | None = None
    settled: bool = False


class Worker(Generic[T]):
    """One per consumer. `decode` may raise Permanent; `handle` gets what it returned."""

    def __init__(
        self,
        decode: Callable[[RawMessage], T],
        handle: Callable[[Sequence[T]], Awaitable[None]],
        consumer: topology.Consumer,
        bus: "Bus",
        policy: settlement.Policy,
    ) -> None:
        self._decode = decode
        self._handle = handle
        self._consumer = topology.with_ack_wait(consumer, bus.ack_wait_s)
        self._bus = bus
        self._policy = policy

    async def work(self, messages: list[Msg]) -> None:
        """Handles a batch of the consumer's own stream."""
        await self._work([self._item(m, from_delivery(m), self._consumer.stream) for m in messages])

    async def work_replays(self, messages: list[Msg]) -> None:
        """Handles requests to deliver dead letters again: each brings its original from the stream."""
        for msg in messages:
            request = from_delivery(msg)
            try:
                stream, raw = await dead_letters.asked_for(self._bus.js, request)
            except (NotFoundError, KeyError, ValueError) as error:
                log.warning("replay has no original", consumer=self._consumer.name, error=type(error).__name__)
                await msg.ack()
            except nats.errors.Error:
                await msg.nak(delay=BUS_AWAY_S)
            else:
                await self._work([self._item(msg, replace(raw, attempt=request.attempt), stream)])

    def _item(self, msg: Msg, raw: RawMessage, stream: str) -> _Item[T]:
        attributes: dict[str, str | int] = {
            "messaging.system": "nats",
            "messaging.consumer.group.name": self._consumer.name,
            "ykien.seq": raw.seq,
        }
        if "ce-id" in raw.headers:
            attributes["ykien.event_id"] = raw.headers["ce-id"]
        name = f"process {raw.headers.get('ce-type', raw.subject)}"
        span = tracer.start_span(name, raw.context, SpanKind.CONSUMER, attributes)
        raw = with_context(raw, trace.set_span_in_context(span, raw.context))
        item: _Item[T] = _Item(msg, raw, stream, None, span)
        try:
            item.value = self._decode(raw)
        except Exception as error:  # noqa: BLE001 - settled below, each by its kind
            item.error = error
        return item

    async def _work(self, items: list[_Item[T]]) -> None:
        async with self._heartbeat(items):
            good = [item for item in items if item.error is None and item.raw.attempt <= TOGETHER]
            if len(good) > 1 and await self._try(good) is None:
                for item in good:
                    await self._settle(item)
            for item in self._by_risk([item for item in items if not item.settled]):
                if item.error is None:
                    item.error = await self._try([item])
                await self._settle(item)

    @staticmethod
    def _by_risk(items: list[_Item[T]]) -> list[_Item[T]]:
        """Those that came often last, in any order: when one of them kills the process, it is not always before the same others."""
        often = [item for item in items if item.raw.attempt > TOGETHER]
        return [*(item for item in items if item.raw.attempt <= TOGETHER), *random.sample(often, len(often))]

    async def _try(self, items: list[_Item[T]]) -> Exception | None:
        """Calls the handler; returns what it raised. A CancelledError nobody asked for is the handler's failure."""
        try:
            if len(items) == 1:
                with trace.use_span(items[0].span):  # logs and spans of the handler belong to this delivery
                    await self._handle([item.value for item in items])  # type: ignore[misc]
            else:
                await self._handle([item.value for item in items])  # type: ignore[misc]
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            return RuntimeError("a cancelled task leaked its CancelledError").with_traceback(error.__traceback__)
        except Exception as error:  # noqa: BLE001 - the caller settles by it
            return error
        return None

    async def _settle(self, item: _Item[T]) -> None:
        decision = settlement.decide(item.error, item.raw.attempt, self._policy)
        facts = {"consumer": self._consumer.name, "seq": item.raw.seq, "attempt": item.raw.attempt}
        outcome = "done"
        if isinstance(decision, settlement.DeadLetter):
            outcome = "dead-lettered"
            letter = dead_letters.letter_of(
                item.raw,
                stream=item.stream,
                consumer=self._consumer.name,
                reason=decision.reason,
                attempts=item.raw.attempt,
                at=utc_now(),
            )
            try:
                await dead_letters.put(self._bus.js, letter)
                log.error("message dead-lettered", **facts, dead_letter=letter.id, reason=decision.reason)
            except (nats.errors.Error, OSError) as error:
                decision = settlement.Retry(BUS_AWAY_S)
                log.warning("dead letter not filed", **facts, error=type(error).__name__)
        if isinstance(decision, settlement.Retry):
            outcome = "retried"
            if item.error is not None:
                reason = settlement.reason_of(item.error)
                log.warning("message will be retried", **facts, delay_s=decision.delay_s, reason=reason)
        try:
            await (item.msg.nak(decision.delay_s) if isinstance(decision, settlement.Retry) else item.msg.ack())
        except nats.errors.Error as error:  # unsettled: it is delivered again, the handler is idempotent
            outcome = "unsettled"
            log.warning("settlement not sent", **facts, error=type(error).__name__)
        item.settled = True
        SETTLED.labels(self._consumer.name, outcome).inc()
        if item.error is not None:
            item.span.set_status(StatusCode.ERROR, type(item.error).__name__)
        item.span.end()

    @asynccontextmanager
    async def _heartbeat(self, items: list[_Item[T]]) -> AsyncIterator[None]:
        """Tells the server that work goes on, so that a slow handler's messages are not given to another replica."""

        async def beat() -> None:
            while True:
                await asyncio.sleep(self._consumer.ack_wait_s / 3)
                for item in items:
                    if not item.settled:
                        try:
                            await item.msg.in_progress()
                        except nats.errors.Error as error:
                            log.debug("heartbeat not sent", consumer=self._consumer.name, error=type(error).__name__)

        task = asyncio.create_task(beat(), name=f"heartbeat-{self._consumer.name}")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
