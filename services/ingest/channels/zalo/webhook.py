"""`POST /channels/zalo/webhook`: keeps the signed event on the bus, else on disk, and only then answers 200; within two seconds.

Zalo repeats an event only when no connection came about, so an error answer may lose it: whatever can be kept, is kept.
"""

import asyncio
from dataclasses import dataclass
from typing import Literal

import nats.errors
import structlog
from litestar import Response, post

from services.ingest.channels.zalo.admission import MAX_BODY, Ping, Refused, admit
from services.ingest.channels.zalo.raw import to_message
from services.ingest.channels.zalo.settings import Accounts
from services.ingest.context import HttpRequest, ingest
from services.ingest.spool import Spool, Spooled
from shared import metrics
from shared.bus import Bus
from shared.clock import utc_now
from shared.errors import Transient
from shared.problem import Problem, of_status

BUS_S = 0.5  # how long the bus may take before the disk is used; a crowded service may have let it queue for a second
DISK_S = 1.3
log = structlog.get_logger("ingest")


@dataclass(frozen=True)
class Gate:
    """What the route needs; in `service.parts` when the channel is on."""

    accounts: Accounts
    spool: Spool
    key: bytes


@post("/channels/zalo/webhook", status_code=200, request_max_body_size=MAX_BODY)
async def webhook(request: HttpRequest) -> Response[dict[str, str]]:
    """200: kept for good. 401: not signed by Zalo, or too old. 503: neither bus nor disk took it."""
    service = ingest(request)
    gate = service.part(Gate)
    if gate is None:
        raise of_status(404)
    now = utc_now()
    event = admit(await request.body(), dict(request.headers), gate.accounts, now)
    if isinstance(event, Ping):
        metrics.ZALO_EVENTS.labels("ping").inc()
        return Response({"status": "ok"})
    if isinstance(event, Refused):
        metrics.ZALO_EVENTS.labels(event.reason).inc()
        metrics.REFUSED.labels("zalo-" + event.reason).inc()
        log.warning("zalo.refused", reason=event.reason)
        if event.reason == "too-large":
            raise of_status(413)
        if event.reason == "malformed":
            raise of_status(400)
        detail = (
            "Chữ ký, thời điểm hoặc tài khoản Zalo OA trong yêu cầu không đúng. Chưa có nội dung nào được tiếp nhận."
        )
        raise Problem(401, "zalo-signature", "Không xác thực được sự kiện Zalo", detail)
    kept = await keep(to_message(event, received_at=now, key=gate.key), service.bus, gate.spool)
    metrics.ZALO_EVENTS.labels(kept).inc()
    return Response({"status": "ok"})


async def keep(message: Spooled, bus: Bus, spool: Spool) -> Literal["published", "spooled"]:
    """Puts the event on the bus, else on disk. Raises Transient when neither took it (it may be kept all the same)."""
    if bus.nc.is_connected:
        try:
            async with asyncio.timeout(BUS_S):
                await bus.js.publish(
                    message.subject,
                    bytes.fromhex(message.body_hex),
                    timeout=BUS_S,
                    stream=message.stream,
                    headers={"Nats-Msg-Id": message.message_id},
                )
                return "published"
        except (nats.errors.Error, OSError) as error:  # TimeoutError is an OSError
            log.warning("zalo.bus_away", error=type(error).__name__)
    try:
        async with asyncio.timeout(DISK_S):
            await asyncio.to_thread(spool.put, message)
    except TimeoutError as error:
        raise Transient("the disk takes too long") from error
    return "spooled"
