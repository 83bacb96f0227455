"""One-shot delayed messages: `@at` fires exactly once in every crash that was tried; cron schedules do not (messaging.md §2)."""

from datetime import datetime

import nats.errors
from nats.js import JetStreamContext

from shared.clock import format_instant
from shared.errors import Transient


async def schedule_at(js: JetStreamContext, *, subject: str, target: str, at: datetime, body: bytes = b"") -> None:
    """Has `body` published on `target` at that instant (at once when it is past).

    One subject holds one schedule: asking again before it fired replaces it, so every replica may ask. After it fired it
    would fire again: whoever handles the trigger must know what it has done. Raises Transient when the bus is away,
    ValueError for a naive datetime.
    """
    headers = {"Nats-Schedule": f"@at {format_instant(at)}", "Nats-Schedule-Target": target}
    try:
        await js.publish(subject, body, headers=headers, timeout=5)
    except nats.errors.Error as error:
        raise Transient(f"schedule {subject}: the bus is away ({type(error).__name__})") from error
