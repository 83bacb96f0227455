"""Composition root of the report service: nothing connects before the lifespan starts."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import structlog
from litestar import Litestar

from services.report.build import BUILT
from services.report.counts.copies import Copies
from services.report.handlers import folder
from services.report.pages import dashboard, login
from services.report.projection import COLLECTIONS
from services.report.scheduler import keep_topped_up, on_trigger
from services.report.settings import ReportSettings
from services.report.web import api
from services.report.web.auth import DOOR
from services.report.web.secrets import read_secrets
from services.report.web.service import Service
from shared.broker import make_broker
from shared.bus import open_bus
from shared.clock import Clock, utc_now
from shared.consume import subscribe, subscribe_raw
from shared.errors import Transient
from shared.http import create_app
from shared.login import LoginNeeded, session_cookie
from shared.shared_throttle import SharedThrottle
from shared.store.open import open_store
from shared.tasks import end
from shared.topology import REPORT, REPORT_TRIGGER

log = structlog.get_logger()

SERVICE = "report"
STATIC = Path(__file__).parent / "static"


def _tell_end(task: "asyncio.Task[None]") -> None:
    """Without the schedule no report comes by itself: leave, the supervisor starts the service anew."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.critical("the schedule ended, leaving", error=repr(error))
        os.kill(os.getpid(), signal.SIGTERM)


def build_app(settings: ReportSettings, clock: Clock = utc_now) -> Litestar:
    """The app. Raises SettingsError when a secret file cannot be used."""
    secrets = read_secrets(settings)
    started: list[Service] = []

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        store = open_store(settings, SERVICE, (*COLLECTIONS, BUILT))
        await store.open()
        try:
            async with open_bus(settings, SERVICE) as bus:
                throttle = SharedThrottle(bus, SERVICE, secrets.session_key)
                service = Service(store, bus, secrets, clock, Copies(bus.js), throttle)
                app.state.report = service
                started.append(service)
                broker = make_broker(settings)
                subscribe(broker, REPORT, folder(store), bus=bus)
                subscribe_raw(broker, REPORT_TRIGGER, partial(on_trigger, service.builder), bus=bus)
                await broker.start()
                schedule = asyncio.create_task(keep_topped_up(store, bus, clock), name="schedule")
                schedule.add_done_callback(_tell_end)
                try:
                    yield
                finally:
                    await end(schedule)
                    await broker.stop()
        finally:
            await store.close()

    async def ready() -> None:
        if not started:
            raise Transient("starting")
        await started[-1].store.ping()
        await started[-1].bus.ready()

    session = session_cookie("ykien-bao-cao", secrets.session_key, settings.public_url)
    return create_app(
        service=SERVICE,
        route_handlers=[
            api.reconciliation,
            api.make_report,
            api.list_reports,
            api.download,
            login.login_page,
            login.login,
            login.logout,
            dashboard.consultations,
            dashboard.dashboard,
            dashboard.trend,
            dashboard.download,
            dashboard.make,
        ],
        ready=ready,
        lifespan=[lifespan],
        static={"report": STATIC},
        middleware=[session.middleware],
        exception_handlers={LoginNeeded: DOOR.to_login},
    )
