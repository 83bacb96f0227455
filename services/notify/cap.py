"""At most so many receipts to one address in a day: senders of mail can be forged, and anybody can type any address into a form.

What goes over the cap is not sent and not tried again; the submission itself is counted all the same.
"""

import hashlib
import hmac

import structlog

from shared.clock import Clock
from shared.metrics import DELIVERIES
from shared.store.port import Collection, Document, DocumentStore

log = structlog.get_logger()
RECEIPTS_A_DAY = Collection("receipts_a_day")  # id: keyed hash of the address and the day (UTC)


def mailbox_of(address: str, key: str) -> str:
    """Keyed hash of the mailbox an address leads to. Whoever wants to fill somebody's mailbox has as many addresses of it as they
    like: behind a "+" (RFC 5233) and, at Gmail, between dots.
    """
    local, _, domain = address.strip().lower().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in {"gmail.com", "googlemail.com"}:
        local, domain = local.replace(".", ""), "gmail.com"
    return hmac.new(key.encode(), f"receipt-mailbox\n{local}@{domain}".encode(), hashlib.sha256).hexdigest()


class ReceiptCap:
    """Counted in the store that all replicas share."""

    def __init__(self, store: DocumentStore, per_day: int, clock: Clock) -> None:
        self._store, self._per_day, self._clock = store, per_day, clock

    async def admits(self, mailbox: str | None, notification_id: str) -> bool:
        """Whether this receipt may go out; asked again for the same one the answer stays the same for that day.

        `mailbox`: a keyed hash, see `mailbox_of`.
        Raises Transient when the database is away.
        """
        if mailbox is None:
            return True
        key = f"{mailbox}:{self._clock():%Y-%m-%d}"
        while True:
            held = await self._store.get(RECEIPTS_A_DAY, key)
            sent = held.doc["sent"] if held else []
            admitted = [str(one) for one in sent] if isinstance(sent, list) else []
            if notification_id in admitted:
                return True
            if len(admitted) >= self._per_day:
                DELIVERIES.labels("receipt", "capped").inc()
                log.warning("receipt.capped", notification_id=notification_id, per_day=self._per_day)
                return False
            doc: Document = {"sent": [*admitted, notification_id]}
            if await self._store.replace_if(RECEIPTS_A_DAY, key, held.version if held else 0, doc):
                return True
