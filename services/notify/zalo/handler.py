"""Receipts to those who wrote through Zalo: one message per submission."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from services.notify.handlers import raise_first
from services.notify.identity import open_identity
from services.notify.receipt import notification_id
from services.notify.sender import Notification, Sender
from services.notify.zalo.message import ZaloMessage, compose
from shared.delivery import Delivery
from shared.errors import Permanent, Transient
from shared.events import Event, SubmissionReceived
from shared.registry import Consultations


class NoAccountError(Transient):
    """Nobody has told us how to answer through Zalo."""


@dataclass(frozen=True)
class ZaloReceipts:
    """What the handler acts with. `sender` None: no account is set; what would need one is tried again and then stands among the
    dead letters, to be replayed once there is one.
    """

    sender: Sender[ZaloMessage] | None
    consultations: Consultations
    sealing_key: str
    public_url: str

    async def __call__(self, batch: Sequence[Delivery[Event]]) -> None:
        """All are tried; then the first failure is raised. What was sent is known by its claim and not sent again."""
        raise_first(await asyncio.gather(*(self._one(d, d.event) for d in batch), return_exceptions=True))

    async def _one(self, delivery: Delivery[Event], event: Event) -> None:
        if not isinstance(event, SubmissionReceived) or not event.respondent.has_zalo:
            return
        if self.sender is None:
            raise NoAccountError("channels/zalo-replies.yaml is not there: no receipt can be sent by Zalo")

        async def message() -> ZaloMessage:
            consultation = self.consultations.get(event.consultation)
            if consultation is None:
                raise Transient(f"consultation {event.consultation} is not known (yet)")
            identity = open_identity(self.sealing_key, event)
            oa, user = identity.reply_to.zalo_oa, identity.reply_to.zalo_user
            if not oa or not user:
                raise Permanent("the sealed identity names no Zalo user, though the event says so")
            return compose(event, identity, oa, user, consultation, self.public_url)

        notification = Notification(
            notification_id=notification_id(event.submission_id),
            kind="receipt",
            consultation=event.consultation,
            recipient=event.submission_id,
            compose=message,
        )
        await self.sender.send(notification, attempt=delivery.attempt, context=delivery.context)
