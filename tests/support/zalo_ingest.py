"""A running ingest with the Zalo channel on, and what may be sent to it."""

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from services.ingest.settings import IngestSettings
from shared.events import SubmissionReceived, SubmissionWithdrawn
from shared.sealing import open_sealed
from tests.support import zalo_events as zalo
from tests.support.ingest_app import Running, make_settings, prepare_bus, running, stored
from tests.support.nats_server import NatsServer
from tests.support.waiting import until

WEBHOOK = "/channels/zalo/webhook"


def now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def new_id() -> str:
    """A message id that was never used."""
    return secrets.token_hex(8)


@dataclass(frozen=True)
class Zalo:
    """What Zalo does, to a client of the service."""

    http: httpx.AsyncClient
    settings: IngestSettings
    sealing_private: str

    async def send(self, event: dict[str, Any] | bytes, **more: Any) -> httpx.Response:
        """One call of the webhook."""
        raw, headers = zalo.signed(event, **more)
        return await self.http.post(WEBHOOK, content=raw, headers={"Content-Type": "application/json", **headers})

    async def submissions(self) -> list[SubmissionReceived]:
        """Every submission on the stream."""
        return [e for e in await stored(self.settings) if isinstance(e, SubmissionReceived)]

    async def withdrawn(self) -> list[SubmissionWithdrawn]:
        """Every withdrawal on the stream."""
        return [e for e in await stored(self.settings) if isinstance(e, SubmissionWithdrawn)]

    async def wait_for(self, count: int, timeout_s: float = 60.0) -> list[SubmissionReceived]:
        """The submissions, once there are as many."""

        async def there() -> bool:
            return len(await self.submissions()) >= count

        await until(there, timeout_s, f"submission {count}")
        return await self.submissions()

    def identity(self, event: SubmissionReceived) -> dict[str, Any]:
        """What only notify can open."""
        assert event.respondent.sealed_identity is not None
        found: dict[str, Any] = json.loads(open_sealed(self.sealing_private, event.respondent.sealed_identity))
        return found


def write_settings(folder: Path, **more: Any) -> None:
    """`zalo.yaml` and the secret beside it."""
    channels = folder / "channels"
    channels.mkdir(parents=True, exist_ok=True)
    (channels / "zalo-oa.secret").write_text(zalo.SECRET + "\n")
    (channels / "zalo.yaml").write_text(zalo.settings_yaml(**more))


@asynccontextmanager
async def zalo_on(
    server: NatsServer, folder: Path, *, prepare: bool = True, rate_limit: str = "off", **more: Any
) -> AsyncIterator[tuple[Zalo, Running]]:
    """A prepared bus and a running ingest; the same folder again is the same system after a restart."""
    if prepare:
        await prepare_bus(server.url)
    settings, private = make_settings(folder, server.url, rate_limit=rate_limit)
    write_settings(folder, **more)
    sealing = folder / "sealing.private"  # a restart keeps the public half, so it must keep this one
    if not sealing.exists():
        sealing.write_text(private)
    async with running(settings, sealing.read_text()) as app:
        yield Zalo(app.http, settings, sealing.read_text()), app
