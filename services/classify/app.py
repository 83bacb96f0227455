"""Composition root of classify: builds the app from settings; nothing connects before its lifespan begins."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar

from services.classify.handlers import ClassifyHandler
from services.classify.projection import COLLECTIONS
from services.classify.settings import ClassifySettings
from shared import topology
from shared.broker import make_broker
from shared.bus import Bus, open_bus
from shared.consume import subscribe
from shared.http import create_app
from shared.settings import read_secret
from shared.store.open import open_store
from shared.store.port import DocumentStore

SERVICE = "classify"


def build_app(settings: ClassifySettings) -> Litestar:
    """The service as an ASGI app: health and metrics over HTTP, its work over the bus. Raises SettingsError without its key."""
    secret = read_secret(settings.duplicate_key_file)
    store = open_store(settings, SERVICE, COLLECTIONS)
    opened: list[Bus] = []

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        await store.open()
        try:
            async with open_bus(settings, SERVICE) as bus, working(settings, bus, store, secret):
                opened.append(bus)
                yield
        finally:
            await store.close()

    async def ready() -> None:
        await opened[-1].ready()
        await store.ping()

    return create_app(service=SERVICE, route_handlers=[], ready=ready, lifespan=[lifespan])


@asynccontextmanager
async def working(settings: ClassifySettings, bus: Bus, store: DocumentStore, secret: bytes) -> AsyncIterator[None]:
    """Consumes submissions until the block ends."""
    broker = make_broker(settings)
    subscribe(broker, topology.CLASSIFY, ClassifyHandler(store, bus.publisher, bus.consultations, secret), bus=bus)
    await broker.start()
    try:
        yield
    finally:
        await broker.stop()
