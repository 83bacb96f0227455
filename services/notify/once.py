"""Exactly one delivery per notification, however often events repeat or replicas run.

A send is claimed by compare-and-set before it begins and marked delivered right after the mail server took it. Two replicas can
so never send the same at once (their clocks must agree better than the lease is long). What no protocol can exclude: a crash
between the mail server's answer and the mark; then the same mail, with the same Message-ID, goes out again after the lease, for a
digest twice is better than a digest lost.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notify.projection import DELIVERIES, delivered_fields
from shared.clock import format_instant, parse_instant
from shared.errors import Transient
from shared.events import NotificationDelivered
from shared.store.port import Document, DocumentStore, Stored


class BusyError(Transient):
    """This very notification is being sent right now."""


@dataclass(frozen=True)
class Claim:
    """The right to send one notification until the lease ends. `attempt` counts from 1 over all replicas and replays."""

    notification_id: str
    attempt: int
    version: int


@dataclass(frozen=True)
class Done:
    """It has been delivered already; `event` tells so (None when a document of an older version lacks it)."""

    event: NotificationDelivered | None


@dataclass(frozen=True)
class Refused:
    """It was refused for good, for that reason, and nobody asked to try anew."""

    reason: str


class Once:
    """Claims in the store that all replicas share."""

    def __init__(self, store: DocumentStore, lease: timedelta) -> None:
        self._store, self._lease = store, lease

    async def claim(self, notification_id: str, now: datetime, *, anew: bool = True) -> Claim | Done | Refused:
        """The claim, or what was done. `anew`: try again though it was refused. Raises BusyError while somebody holds it."""
        stored = await self._store.get(DELIVERIES, notification_id)
        if stored is not None and stored.doc.get("state") == "delivered":
            return _done(stored)
        if stored is not None and stored.doc.get("state") == "refused" and not anew:
            return Refused(str(stored.doc.get("reason", "")))
        if stored is not None and _held(stored.doc, now):
            raise BusyError(f"{notification_id} is being sent right now")
        attempt = _attempts(stored) + 1
        version = stored.version if stored else 0
        doc: Document = {
            "state": "claimed",
            "lease_until": format_instant(now + self._lease),
            "attempts": attempt,
        }
        if not await self._store.replace_if(DELIVERIES, notification_id, version, doc):
            raise BusyError(f"{notification_id} was just claimed elsewhere")
        return Claim(notification_id, attempt, version + 1)

    async def delivered(self, claim: Claim, event: NotificationDelivered) -> None:
        """Marks it for good, whoever claimed it since the lease ran out: the mail has left."""
        version = claim.version
        while not await self._store.replace_if(DELIVERIES, claim.notification_id, version, delivered_fields(event)):
            stored = await self._store.get(DELIVERIES, claim.notification_id)
            if stored is not None and stored.doc.get("state") == "delivered":
                return
            version = stored.version if stored else 0

    async def release(self, claim: Claim, refused: str | None = None) -> None:
        """Gives the claim back after a failed attempt, so that nobody waits for the lease; `refused` says why for good."""
        doc: Document = {"state": "waiting" if refused is None else "refused", "attempts": claim.attempt}
        await self._store.replace_if(DELIVERIES, claim.notification_id, claim.version, doc | {"reason": refused})


def _held(doc: Document, now: datetime) -> bool:
    return doc.get("state") == "claimed" and parse_instant(str(doc["lease_until"])) > now


def _attempts(stored: Stored | None) -> int:
    attempts = stored.doc.get("attempts") if stored else 0
    return attempts if isinstance(attempts, int) else 0


def _done(stored: Stored) -> Done:
    event = stored.doc.get("event")
    return Done(NotificationDelivered.model_validate_json(event) if isinstance(event, str) else None)
