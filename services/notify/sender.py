"""Sends one notification once: claim, hand over, mark, tell the bus."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import structlog
from opentelemetry.context import Context

from services.notify.delivery.smtp import Transport
from services.notify.message import Mail
from services.notify.once import Claim, Done, Once
from shared.clock import Clock
from shared.errors import Permanent, Transient
from shared.events import ConsultationId, NotificationDelivered, NotificationFailed
from shared.metrics import DELIVERIES
from shared.publisher import Publisher
from shared.telemetry import tracer

log = structlog.get_logger()


@dataclass(frozen=True)
class Notification:
    """What is to be told to whom. `compose` is called only when it really has to be sent."""

    notification_id: str
    kind: Literal["receipt", "digest"]
    consultation: ConsultationId
    recipient: str  # recipient id or submission id, never an address
    from_name: str
    compose: Callable[[], Mail]


@dataclass(frozen=True)
class Sender:
    """`last_attempt`: the attempt number after which settlement gives up, so that giving up is told as an event too."""

    once: Once
    transport: Transport
    publisher: Publisher
    clock: Clock
    last_attempt: int

    async def send(self, notification: Notification, *, attempt: int, context: Context | None) -> None:
        """Returns once it is delivered and the bus knows. Raises Transient or Permanent as the transport does."""
        claim = await self.once.claim(notification.notification_id, self.clock())
        if isinstance(claim, Done):
            if claim.event is not None:  # publish again: the crash may have come between the mark and the publish
                await self.publisher.publish(claim.event, context=context)
            return
        try:
            with tracer().start_as_current_span(f"send {notification.kind}", context=context):
                mail = notification.compose()
                await self.transport.send(mail, from_name=notification.from_name, at=self.clock())
        except (Transient, Permanent) as error:
            await self.once.release(claim)
            await self._failed(notification, claim, error, attempt, context)
            raise
        except BaseException:
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
        await self.once.delivered(claim, event)
        await self.publisher.publish(event, context=context)
        DELIVERIES.labels(notification.kind, "delivered").inc()
        log.info("notification.delivered", notification_id=notification.notification_id, attempts=claim.attempt)

    async def _failed(
        self, notification: Notification, claim: Claim, error: Exception, attempt: int, context: Context | None
    ) -> None:
        DELIVERIES.labels(notification.kind, "failed").inc()
        log.warning(
            "notification.failed",
            notification_id=notification.notification_id,
            attempts=claim.attempt,
            reason=str(error),
        )
        if isinstance(error, Permanent) or attempt >= self.last_attempt:
            event = NotificationFailed(
                consultation=notification.consultation,
                notification_id=notification.notification_id,
                kind=notification.kind,
                recipient=notification.recipient,
                failed_at=self.clock(),
                reason=str(error),
                attempts=claim.attempt,
            )
            await self.publisher.publish(event, context=context)
