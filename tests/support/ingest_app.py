"""A running ingest for tests: real bus, real SQLite file, invented keys, HTTP without a socket."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
from litestar import Litestar

from deploy.definitions import publish_file
from services.ingest.app import build_app
from services.ingest.settings import IngestSettings
from shared import sealing, topology
from shared.broker import connect
from shared.envelope import decode
from shared.events import Event, SubmissionReceived
from shared.provision import provision
from tests.support.nats_server import NatsServer

ROOT = Path(__file__).parents[2]
CONSULTATION = "dien-bien-2025"
POST = f"/api/v1/consultations/{CONSULTATION}/submissions"
TOKEN = "ma-van-hanh-bia-ra-de-thu"
INSIDE = datetime(2025, 6, 12, 3, tzinfo=UTC)


@dataclass(frozen=True)
class Running:
    """The app, a client for it, its settings, and the private half that only notify would hold."""

    app: Litestar
    http: httpx.AsyncClient
    settings: IngestSettings
    sealing_private: str

    async def post(self, body: object, **headers: str) -> httpx.Response:
        """Posts JSON to the API; `Idempotency_Key="k"` becomes the header of that name."""
        return await self.http.post(
            POST, json=body, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )


async def stored(settings: IngestSettings) -> list[Event]:
    """Every event the stream holds."""
    nc = await connect(settings)
    try:
        js = nc.jetstream()
        state = (await js.stream_info(topology.EVENTS.name)).state
        messages = [
            await js.get_msg(topology.EVENTS.name, seq) for seq in range(max(1, state.first_seq), state.last_seq + 1)
        ]
        return [decode(msg.subject or "", msg.headers or {}, msg.data or b"") for msg in messages]
    finally:
        await nc.close()


async def submissions(settings: IngestSettings) -> list[SubmissionReceived]:
    """Every submission the stream holds."""
    return [event for event in await stored(settings) if isinstance(event, SubmissionReceived)]


def make_settings(folder: Path, nats_url: str, **more: Any) -> tuple[IngestSettings, str]:
    """Settings with fresh keys in the folder; answers them and the private sealing key."""
    folder.mkdir(parents=True, exist_ok=True)
    private, public = sealing.generate()
    keys = {
        "sealing_pub_file": public,
        "receipt_signing_key_file": secrets.token_hex(32),
        "tracking_key_file": secrets.token_hex(32),
        "pepper_key_file": secrets.token_hex(32),
        "operator_token_sha256_file": sha256(TOKEN.encode()).hexdigest(),
        "spool_key_file": secrets.token_hex(32),
        "partner_key_file": secrets.token_hex(32),
        "challenge_key_file": secrets.token_hex(32),
    }
    for name, value in keys.items():
        if not (folder / name).exists():
            (folder / name).write_text(value + "\n")
    paths = {name: folder / name for name in keys}
    settings = IngestSettings(
        **(
            {
                "nats_url": nats_url,
                "data": folder,
                "ack_wait_s": 2.0,
                "rate_limit": "off",
                "channels": folder / "channels",
            }
            | paths
            | more
        )
    )
    return settings, private


async def prepare_bus(url: str) -> None:
    """Streams, consumers and the shipped consultation, as the provisioning job would."""
    nc = await connect(IngestSettings(nats_url=url))
    await provision(nc.jetstream(), ack_wait_s=2.0)
    await publish_file(nc.jetstream(), ROOT / "consultations" / f"{CONSULTATION}.yaml")
    await nc.close()


@asynccontextmanager
async def _alive(app: Litestar) -> AsyncIterator[None]:
    """The lifespan in a task of its own: fixtures are entered and left in different tasks, which Litestar's scopes do not allow."""
    started, leave = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            started.set()
            await leave.wait()

    task = asyncio.create_task(live())
    waiting = asyncio.create_task(started.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        if task.done():
            task.result()
        yield
    finally:
        leave.set()
        await task


@asynccontextmanager
async def running(
    settings: IngestSettings, private: str, *, headers: Mapping[str, str] | None = None
) -> AsyncIterator[Running]:
    """The app with its lifespan."""
    app = build_app(settings)
    async with _alive(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]  # Litestar types its scopes more narrowly
        async with httpx.AsyncClient(
            transport=transport, base_url="http://ykien.test", headers=headers, timeout=60
        ) as http:
            yield Running(app, http, settings, private)


@asynccontextmanager
async def ingest_on(server: NatsServer, folder: Path, **more: Any) -> AsyncIterator[Running]:
    """Everything at once: prepared bus, fresh keys, running app."""
    await prepare_bus(server.url)
    settings, private = make_settings(folder, server.url, **more)
    async with running(settings, private) as app:
        yield app
