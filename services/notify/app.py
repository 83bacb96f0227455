"""Composition root of notify: builds the app from settings; nothing connects before its lifespan begins."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import structlog
from litestar import Litestar

from services.notify.cap import RECEIPTS_A_DAY, ReceiptCap
from services.notify.delivery.smtp import SmtpTransport
from services.notify.handlers import Handlers
from services.notify.once import Once
from services.notify.projection import COLLECTIONS
from services.notify.sender import Sender
from services.notify.settings import NotifySettings
from services.notify.zalo.handler import ZaloReceipts
from services.notify.zalo.settings import FILE, ZaloReplies
from services.notify.zalo.tokens import TOKENS
from services.notify.zalo.transport import ZaloTransport
from shared import topology
from shared.broker import make_broker
from shared.bus import Bus, open_bus
from shared.clock import Clock, utc_now
from shared.consume import subscribe
from shared.http import create_app
from shared.settings import read_secret
from shared.settlement import Policy
from shared.store.open import open_store
from shared.store.port import DocumentStore
from shared.yaml_model import load_model

log = structlog.get_logger()
SERVICE = "notify"
# Mail servers greylist, and are mended over a lunch break: about seven hours, more patient than settlement's default.
PATIENCE = Policy(delays_s=(1.0, 5.0, 30.0, 120.0, 600.0, 1800.0, 3600.0), attempts=12)


def build_app(settings: NotifySettings, clock: Clock = utc_now, policy: Policy = PATIENCE) -> Litestar:
    """The service as an ASGI app: health and metrics over HTTP, its work over the bus. `policy`: how often a mail is tried.

    Raises DefinitionError for wrong settings of the Zalo answers.
    """
    replies = _replies(settings)
    store = open_store(settings, SERVICE, (*COLLECTIONS, RECEIPTS_A_DAY, TOKENS))
    opened: list[Bus] = []

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        await store.open()
        try:
            async with open_bus(settings, SERVICE) as bus, _working(settings, replies, bus, store, clock, policy):
                opened.append(bus)
                yield
        finally:
            await store.close()

    async def ready() -> None:
        await opened[0].ready()
        await store.ping()

    return create_app(service=SERVICE, route_handlers=[], ready=ready, lifespan=[lifespan])


def _replies(settings: NotifySettings) -> ZaloReplies | None:
    file = settings.channels / FILE
    return load_model(file, ZaloReplies) if file.exists() else None


@asynccontextmanager
async def _working(
    settings: NotifySettings, replies: ZaloReplies | None, bus: Bus, store: DocumentStore, clock: Clock, policy: Policy
) -> AsyncIterator[None]:
    once = Once(store, timedelta(seconds=settings.lease_s))
    sealing_key = read_secret(settings.sealing_key_file).decode()
    broker = make_broker(settings)
    async with AsyncExitStack() as stack:
        if settings.smtp_host is None:
            log.warning("notify.idle", reason="YKIEN_SMTP_HOST is not set; notifications wait in the stream")
        else:
            smtp = SmtpTransport(settings)
            stack.push_async_callback(smtp.close)
            handlers = Handlers(
                sender=Sender(once, smtp, bus.publisher, clock, policy.attempts),
                cap=ReceiptCap(store, settings.receipts_per_day, clock),
                blobs=bus.blobs,
                consultations=bus.consultations,
                sealing_key=sealing_key,
                public_url=settings.public_url,
                attachments_bytes=int(settings.smtp_max_mb * 1_000_000),
            )
            subscribe(broker, topology.NOTIFY_RECEIPT, handlers.receipts, bus=bus, policy=policy)
            subscribe(broker, topology.NOTIFY_DIGEST, handlers.digests, bus=bus, policy=policy)
        sender = None
        if replies is not None:
            key = bytes.fromhex(read_secret(settings.zalo_token_key_file).decode())
            zalo = ZaloTransport(replies, settings.channels, store=store, key=key, clock=clock)
            stack.push_async_callback(zalo.close)
            sender = Sender(once, zalo, bus.publisher, clock, policy.attempts)
        answer = ZaloReceipts(sender, bus.consultations, sealing_key, settings.public_url)
        subscribe(broker, topology.NOTIFY_ZALO, answer, bus=bus, policy=policy)
        stack.push_async_callback(broker.stop)
        await broker.start()
        yield
