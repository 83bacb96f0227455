"""Sends one notification once: claim, hand over, mark, tell the bus."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

import structlog
from opentelemetry.context import Context
from opentelemetry.trace import StatusCode

from services.notify.delivery.transport import RefusedError, Transport
from services.notify.once import Claim, Done, Once, Refused
from shared.clock import Clock
from shared.errors import Permanent, Transient
from shared.events import ConsultationId, NotificationDelivered, NotificationFailed
from shared.metrics import DELIVERIES
from shared.publisher import Publisher
from shared.settlement import reason_of
from shared.telemetry import tracer

log = structlog.get_logger()

Message = TypeVar("Message")  # a Mail, a ZaloMessage
PARALLEL = 8  # mails under way at once, over all events of this process
MARK_PAUSES_S = (0.2, 1.0, 3.0, 6.0)  # patience with a database that is away just after a mail has left


@dataclass(frozen=True)
class Notification(Generic[Message]):
    """What is to be told to whom. `compose` is called only when it really has to be sent; what it raises is told as a failure."""

    notification_id: str
    kind: Literal["receipt", "digest"]
    consultation: ConsultationId
    recipient: str  # recipient id or submission id, never an address
    compose: Callable[[], Awaitable[Message]]


@dataclass(frozen=True)
class Sender(Generic[Message]):
    """`last_attempt`: the attempt number after which settlement gives up, so that giving up is told as an event too."""

    once: Once
    transport: Transport[Message]
    publisher: Publisher
    clock: Clock
    last_attempt: int
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PARALLEL))

    async def send(self, notification: Notification[Message], *, attempt: int, context: Context | None) -> None:
        """Returns once it is delivered and the bus knows. `attempt` is the delivery's: the first one of an event or of a
        replay tries again what was refused, later ones do not. Raises Transient or Permanent as the transport does.
        """
        async with self.slots:  # waited for before the claim, so that the lease is all for the mail
            claim = await self.once.claim(notification.notification_id, self.clock(), anew=attempt == 1)
            if isinstance(claim, Done):
                if claim.event is not None:  # publish again: the crash may have come between the mark and the publish
                    await self.publisher.publish(claim.event, context=context)
            elif isinstance(claim, Refused):
                raise RefusedError(claim.reason)
            else:
                await self._claimed(notification, claim, attempt, context)

    async def _claimed(
        self, notification: Notification[Message], claim: Claim, attempt: int, context: Context | None
    ) -> None:
        try:
            await self._hand_over(notification, context)
        except Exception as error:
            reason = str(error) if isinstance(error, Permanent | Transient) else reason_of(error)
            try:
                await self.once.release(claim, reason if isinstance(error, Permanent) else None)
            finally:
                final = isinstance(error, Permanent) or attempt >= self.last_attempt
                await self._failed(notification, claim, reason, context, final=final)
            raise
        except BaseException:  # the process is asked to stop: another one need not wait for the lease
            await self.once.release(claim)
            raise
        event = NotificationDelivered(
            consultation=notification.consultation,
            notification_id=notification.notification_id,
            kind=notification.kind,
            recipient=notification.recipient,
            delivered_at=self.clock(),
            attempts=claim.attempt,
        )
        try:
            await self._mark(claim, event)
        finally:
            await self.publisher.publish(event, context=context)
        DELIVERIES.labels(notification.kind, "delivered").inc()
        log.info("notification.delivered", notification_id=notification.notification_id, attempts=claim.attempt)

    async def _hand_over(self, notification: Notification[Message], context: Context | None) -> None:
        # An exception's text may quote an address, so the span gets its class only.
        name = f"send {notification.kind}"
        with tracer().start_as_current_span(
            name, context=context, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                await self.transport.send(await notification.compose(), at=self.clock())
            except Exception as error:
                span.set_status(StatusCode.ERROR, type(error).__name__)
                raise

    async def _mark(self, claim: Claim, event: NotificationDelivered) -> None:
        for pause in MARK_PAUSES_S:
            try:
                await self.once.delivered(claim, event)
            except Transient as error:
                log.warning(
                    "delivery not marked yet", notification_id=event.notification_id, error=type(error).__name__
                )
                await asyncio.sleep(pause)
            else:
                return
        await self.once.delivered(claim, event)

    async def _failed(
        self, notification: Notification[Message], claim: Claim, reason: str, context: Context | None, *, final: bool
    ) -> None:
        """Tells the log every time, and the bus when settlement will not try again."""
        DELIVERIES.labels(notification.kind, "failed").inc()
        ids = {"notification_id": notification.notification_id, "attempts": claim.attempt}
        log.warning("notification.failed", **ids, reason=reason, final=final)
        if final:
            event = NotificationFailed(
                consultation=notification.consultation,
                notification_id=notification.notification_id,
                kind=notification.kind,
                recipient=notification.recipient,
                failed_at=self.clock(),
                reason=reason,
                attempts=claim.attempt,
            )
            await self.publisher.publish(event, context=context)
