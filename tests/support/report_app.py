"""A running report service for tests: real bus, real SQLite file, invented keys, HTTP without a socket."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from litestar import Litestar

from services.report.app import build_app
from services.report.settings import ReportSettings
from shared.bus import Bus
from shared.clock import Clock, utc_now
from shared.consultation import Consultation
from shared.events import Event
from shared.registry import publish_definition
from tests.support.report_events import ID, ROOT, definition

PASSWORD = "mat-khau-bia-ra-de-thu"
TOKEN = "ma-van-hanh-bia-ra-de-thu"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
API = f"/api/v1/consultations/{ID}"


@dataclass(frozen=True)
class Running:
    """The app and a client for it; `http` follows no redirect and keeps cookies."""

    app: Litestar
    http: httpx.AsyncClient

    async def line(self) -> dict[str, Any]:
        """The public reconciliation."""
        answer = await self.http.get(f"{API}/reconciliation")
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    async def folded(self, received: int, pending: int = 0, timeout_s: float = 60.0) -> dict[str, Any]:
        """Waits until so many are received and so many of them pending. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while True:
                line = await self.line()
                if (line["received"], line["pending"], line["balanced"]) == (received, pending, True):
                    return line
                await asyncio.sleep(0.1)


@cache
def _hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)


def make_settings(folder: Path, nats_url: str, **more: Any) -> ReportSettings:
    """Settings with fresh keys in the folder; the same folder keeps its keys and its data."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = {
        "session_key_file": secrets.token_hex(32),
        "operator_password_hash_file": _hash(),
        "operator_token_sha256_file": sha256(TOKEN.encode()).hexdigest(),
    }
    for name, value in keys.items():
        if not (folder / name).exists():
            (folder / name).write_text(value)
    paths: dict[str, Any] = {name: folder / name for name in keys}
    return ReportSettings.model_validate({"nats_url": nats_url, "data": folder, "ack_wait_s": 2.0} | paths | more)


async def define(bus: Bus, consultation: Consultation | None = None) -> Consultation:
    """Publishes a definition, the shipped one unless told otherwise."""
    found = consultation or definition()
    folder = ROOT / "consultations"
    texts = {v.text: (folder / v.text).read_text() for draft in found.drafts for v in draft.versions}
    await publish_definition(bus.js, bus.blobs, found, texts)
    return found


async def publish(bus: Bus, *events: Event) -> None:
    """Puts the events into the stream, in order."""
    for event in events:
        await bus.publisher.publish(event)


@asynccontextmanager
async def running(settings: ReportSettings, clock: Clock = utc_now) -> AsyncIterator[Running]:
    """The service while the block runs."""
    app = build_app(settings, clock)
    async with app.lifespan():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://ykien.test") as http:
            yield Running(app, http)
