"""Composition root of ingest: everything is put together here, and nothing connects before the lifespan starts."""

import secrets as randomness
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from litestar import Litestar

from services.ingest import projection
from services.ingest.accept import Acceptor
from services.ingest.channels import api, lookup, receipts, web
from services.ingest.context import Ingest
from services.ingest.handlers import keep_status
from services.ingest.idempotency import RESERVATIONS
from services.ingest.receipt import Signer
from services.ingest.settings import IngestSettings, Secrets, read_secrets
from services.ingest.status import StatusReader
from services.ingest.throttle import limits
from shared import topology
from shared.broker import make_broker
from shared.bus import Bus, open_bus
from shared.clock import utc_now
from shared.consume import subscribe
from shared.errors import Transient
from shared.http import create_app
from shared.store.open import open_store
from shared.store.port import DocumentStore

SERVICE = "ingest"
HANDLERS = (
    *(api.submit, api.status, api.consultations, api.consultation, api.receipt_key),
    *(web.index, web.consultation, web.submit, receipts.page, receipts.file),
    *(lookup.form, lookup.status),
)


def build_app(settings: IngestSettings) -> Litestar:
    """The service as an ASGI app. Raises SettingsError when a key is missing."""
    keys = read_secrets(settings)
    opened: list[tuple[Bus, DocumentStore]] = []

    async def ready() -> None:
        if not opened:
            raise Transient("the service is starting")
        bus, store = opened[0]
        await bus.ready()
        await store.ping()

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            store = open_store(settings, SERVICE, (*projection.COLLECTIONS, RESERVATIONS))
            await store.open()
            stack.push_async_callback(store.close)
            bus = await stack.enter_async_context(open_bus(settings, SERVICE))
            broker = make_broker(settings)
            subscribe(broker, topology.INGEST_STATUS, keep_status(store, projection.bind(keys.tracking)), bus=bus)
            stack.push_async_callback(broker.stop)
            await broker.start()
            app.state.ingest = compose(settings, keys, bus, store)
            opened.append((bus, store))
            yield

    return create_app(
        service=SERVICE,
        route_handlers=HANDLERS,
        ready=ready,
        lifespan=[lifespan],
        request_max_body_size=settings.max_body,
        middleware=limits(settings),
    )


def compose(settings: IngestSettings, keys: Secrets, bus: Bus, store: DocumentStore) -> Ingest:
    """The parts of a running service, joined."""
    status = StatusReader(store, wait_s=settings.status_wait_s)
    signer = Signer(keys)
    acceptor = Acceptor(
        publisher=bus.publisher,
        blobs=bus.blobs,
        store=store,
        status=status,
        signer=signer,
        secrets=keys,
        clock=utc_now,
        new_id=lambda: randomness.token_hex(16),
    )
    return Ingest(settings, keys, bus.consultations, acceptor, status, signer)
