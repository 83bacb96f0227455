"""The rate limit's memory."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import httpx
from litestar import Litestar, post
from litestar.stores.memory import MemoryStore

from services.ingest.settings import IngestSettings
from services.ingest.throttle import limits


@post("/")
async def accept() -> None:
    """Takes anything."""


async def test_addresses_that_never_come_again_are_forgotten() -> None:
    store = MemoryStore()
    app = Litestar([accept], middleware=limits(IngestSettings(data=Path())), stores={"rate_limit": store})
    app.state.ingest = SimpleNamespace()
    await store.set("an old address", b"", expires_in=timedelta(seconds=-1))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:  # type: ignore[arg-type]
        assert (await client.post("/")).status_code == 201
    assert not await store.exists("an old address")
    assert len(store._store) == 1
