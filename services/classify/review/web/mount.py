"""How the composition root takes the readers' part in: what `create_app` needs, and what runs while the app does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog
from litestar import Litestar

from services.classify.review.desk import Desk
from services.classify.review.web import api, login, pages
from services.classify.review.web.auth import DOOR
from services.classify.settings import ClassifySettings
from shared.accounts import Accounts
from shared.bus import Bus
from shared.clock import Clock
from shared.errors import Transient
from shared.login import LoginNeeded, read_session_key, session_cookie
from shared.settings import read_secret
from shared.shared_throttle import SharedThrottle
from shared.store.port import DocumentStore
from shared.tasks import end

log = structlog.get_logger()

STATIC = Path(__file__).parent.parent / "static"
LOAD_S = 30.0


def mounted(settings: ClassifySettings) -> dict[str, Any]:
    """Arguments for `create_app`; without a session key nothing is served. Raises SettingsError for a key that cannot be used."""
    if settings.review_session_key_file is None:
        return {"route_handlers": []}
    key = read_session_key(settings.review_session_key_file)
    return {
        "route_handlers": [
            *(api.next_item, api.submit, api.summary),
            *(login.login_page, login.login, login.logout),
            *(pages.consultations, pages.overview, pages.take, pages.show, pages.answer),
        ],
        "middleware": [session_cookie("ykien-tham-dinh", key, settings.public_url).middleware],
        "exception_handlers": {LoginNeeded: DOOR.to_login},
        "static": {"classify": STATIC},
    }


@asynccontextmanager
async def review_desk(
    app: Litestar, settings: ClassifySettings, bus: Bus, store: DocumentStore, clock: Clock
) -> AsyncIterator[None]:
    """Knows the accounts while the block runs; does nothing where nothing is mounted. Raises Transient, SettingsError."""
    if settings.review_session_key_file is None:
        yield
        return
    throttle = SharedThrottle(bus, "review", read_session_key(settings.review_session_key_file))
    token = settings.operator_token_sha256_file
    accounts = Accounts(bus.js)
    following = asyncio.create_task(accounts.run(), name="accounts")
    following.add_done_callback(_tell_end)
    try:
        try:
            async with asyncio.timeout(LOAD_S):
                await accounts.loaded()
        except TimeoutError as error:
            raise Transient("the accounts' bucket does not answer") from error
        operator = read_secret(token).decode("ascii", "replace").strip().lower() if token is not None else ""
        app.state.review = Desk(store, bus, accounts, clock, operator, throttle)
        yield
    finally:
        await end(following)


def _tell_end(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.critical("the accounts are followed no longer", error=type(error).__name__)
