"""Composition root of ingest: everything is put together here, and nothing connects before the lifespan starts."""

import secrets as randomness
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from litestar import Litestar

from services.ingest import projection
from services.ingest.abuse.middleware import guard
from services.ingest.abuse.shared_limits import SharedLimits
from services.ingest.accept import Acceptor
from services.ingest.channels import CHANNELS
from services.ingest.context import Ingest
from services.ingest.handlers import keep_status
from services.ingest.idempotency import RESERVATIONS
from services.ingest.openapi.page import openapi_html, openapi_json
from services.ingest.reading.reader import Reader
from services.ingest.receipt import Signer
from services.ingest.settings import IngestSettings, Secrets, read_secrets
from services.ingest.status import StatusReader
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
ROUTES = [*(route for channel in CHANNELS for route in channel.routes), openapi_json, openapi_html]
COLLECTIONS = (*projection.COLLECTIONS, RESERVATIONS, *(c for channel in CHANNELS for c in channel.collections))


def build_app(settings: IngestSettings) -> Litestar:
    """The service as an ASGI app. Raises SettingsError when a key is missing, DefinitionError for a channel's wrong settings."""
    keys = read_secrets(settings)
    for channel in CHANNELS:
        if channel.check is not None:
            channel.check(settings.channels)
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
            store = open_store(settings, SERVICE, COLLECTIONS)
            await store.open()
            stack.push_async_callback(store.close)
            bus = await stack.enter_async_context(open_bus(settings, SERVICE))
            broker = make_broker(settings)
            subscribe(broker, topology.INGEST_STATUS, keep_status(store, projection.bind(keys.tracking)), bus=bus)
            reader = Reader()
            stack.push_async_callback(reader.close)
            service = compose(settings, keys, bus, store, reader)
            service.parts[SharedLimits] = SharedLimits(None if settings.rate_limit == "off" else bus, keys.pepper)
            for channel in CHANNELS:
                if channel.start is not None:
                    await stack.enter_async_context(channel.start(service, broker))
            stack.push_async_callback(broker.stop)
            await broker.start()
            app.state.ingest = service
            opened.append((bus, store))
            yield

    return create_app(
        service=SERVICE,
        route_handlers=ROUTES,
        ready=ready,
        lifespan=[lifespan],
        request_max_body_size=settings.max_body,
        middleware=guard(settings),
        static={"ingest": Path(__file__).with_name("static")},
    )


def compose(settings: IngestSettings, keys: Secrets, bus: Bus, store: DocumentStore, reader: Reader) -> Ingest:
    """The parts of a running service, joined."""
    status = StatusReader(store, wait_s=settings.status_wait_s)
    signer = Signer(keys)
    acceptor = Acceptor(
        publisher=bus.publisher,
        blobs=bus.blobs,
        store=store,
        reader=reader,
        status=status,
        signer=signer,
        secrets=keys,
        clock=utc_now,
        new_id=lambda: randomness.token_hex(16),
    )
    return Ingest(settings, keys, bus.consultations, acceptor, status, signer, store, bus)
