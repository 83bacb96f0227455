"""What has been sent, by notification id. Rebuilt from notify's own events, so that a rebuild never sends anything again."""

from collections.abc import Sequence

from shared.clock import format_instant
from shared.delivery import Delivery
from shared.events import Event, NotificationDelivered
from shared.store.port import Change, Collection, Document, Merge

NAME = "notify"
SUBJECTS = (NotificationDelivered.TYPE,)
DELIVERIES = Collection("deliveries")  # id: notification id; `state` claimed, waiting, refused, delivered (once.py)
COLLECTIONS: tuple[Collection, ...] = (DELIVERIES,)
# Not rebuilt, because no event tells them: `cap.RECEIPTS_A_DAY` and `zalo.tokens.TOKENS`.


def fold(delivery: Delivery[Event]) -> Sequence[Change]:
    """A delivered notification stays delivered; everything else of this projection is only about sends under way."""
    event = delivery.event
    if not isinstance(event, NotificationDelivered):
        return ()
    return (Merge(DELIVERIES, event.notification_id, delivered_fields(event)),)


def delivered_fields(event: NotificationDelivered) -> Document:
    """The document of a delivered notification, the same live and rebuilt."""
    return {
        "state": "delivered",
        "event": event.model_dump_json(),
        "delivered_at": format_instant(event.delivered_at),
        "attempts": event.attempts,
    }
