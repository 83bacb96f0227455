"""Composition root of classify: builds the app from settings; nothing connects before its lifespan begins."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import structlog
from litestar import Litestar

from services.classify.corrections.handler import ReviewHandler
from services.classify.handlers import ClassifyHandler
from services.classify.models import Models
from services.classify.projection import COLLECTIONS
from services.classify.reclassify import api, job
from services.classify.reclassify.preview import Reclassifier
from services.classify.relabel.order import Work
from services.classify.relabel.twins import Twins
from services.classify.relabel.worker import Worker
from services.classify.retrain.announced import LearnedModels
from services.classify.retrain.trainer import Trainer
from services.classify.review import queue
from services.classify.review.web.mount import mounted, review_desk
from services.classify.service import Service
from services.classify.settings import ClassifySettings
from shared import topology
from shared.broker import make_broker
from shared.bus import Bus, open_bus
from shared.clock import Clock, utc_now
from shared.consume import subscribe, subscribe_raw
from shared.errors import Transient
from shared.http import create_app
from shared.settings import read_secret
from shared.store.open import open_store
from shared.store.port import DocumentStore
from shared.tasks import end

log = structlog.get_logger()

SERVICE = "classify"
_MODELS_S = 15.0  # patience with learned models at start-up; without them the consultation's own words decide


def build_app(settings: ClassifySettings, clock: Clock = utc_now) -> Litestar:
    """The service as an ASGI app: its work over the bus; health, metrics and reclassifying over HTTP.

    Raises SettingsError without its keys.
    """
    secret = read_secret(settings.duplicate_key_file)
    file = settings.operator_token_sha256_file
    token = read_secret(file).decode() if file is not None else None
    store = open_store(settings, SERVICE, (*COLLECTIONS, *queue.EPHEMERAL, *job.COLLECTIONS))
    opened: list[Bus] = []

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        await store.open()
        try:
            async with open_bus(settings, SERVICE) as bus, working(settings, bus, store, secret, clock) as models:
                app.state.classify = Service(store, bus, models, Work(bus.js), clock, token)
                async with review_desk(app, settings, bus, store, clock):
                    opened.append(bus)
                    yield
        finally:
            await store.close()

    async def ready() -> None:
        if not opened:
            raise Transient("starting")
        await opened[-1].ready()
        await store.ping()

    mount = mounted(settings)
    routes = [*api.ROUTES, *mount.pop("route_handlers")]
    return create_app(service=SERVICE, route_handlers=routes, ready=ready, lifespan=[lifespan], **mount)


@asynccontextmanager
async def working(
    settings: ClassifySettings, bus: Bus, store: DocumentStore, secret: bytes, clock: Clock
) -> AsyncIterator[Models]:
    """Consumes submissions, decisions and long work, and learns, until the block ends."""
    learned = LearnedModels(bus.js, bus.blobs)
    models = Models(bus.consultations, learned.get)
    trainer = Trainer(store, bus, models, learned, clock)
    work = Work(bus.js)
    reclassifier = Reclassifier(store, bus.js, bus.publisher, bus.consultations, models, work, secret, clock)
    broker = make_broker(settings)
    subscribe(
        broker,
        topology.CLASSIFY,
        ClassifyHandler(store, bus.publisher, bus.consultations, secret, models),
        bus=bus,
    )
    subscribe(
        broker,
        topology.CLASSIFY_REVIEW,
        ReviewHandler(store, bus.publisher, bus.consultations, work, trainer.wake),
        bus=bus,
    )
    subscribe_raw(
        broker,
        topology.CLASSIFY_WORK,
        Worker(Twins(store, bus.publisher, bus.consultations, work), reclassifier),
        bus=bus,
    )
    async with _running(learned.run(), "learned-models"):
        await _first_models(learned)
        await broker.start()
        try:
            async with _running(trainer.run(), "trainer"):
                yield models
        finally:
            await broker.stop()


async def _first_models(learned: LearnedModels) -> None:
    try:
        async with asyncio.timeout(_MODELS_S):
            await learned.loaded()
    except TimeoutError:
        log.error("learned models not loaded at start-up, going on without")  # noqa: TRY400 - nothing to trace


@asynccontextmanager
async def _running(work: Coroutine[Any, Any, None], name: str) -> AsyncIterator[None]:
    """Work beside the block; the process ends when it ends by itself, to be started anew."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_tell_end)
    try:
        yield
    finally:
        await end(task)


def _tell_end(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.critical("a task of classify ended, leaving", task=task.get_name(), error=type(error).__name__)
        os.kill(os.getpid(), signal.SIGTERM)
