"""The watch before the posting routes, without a bus."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from litestar import Litestar, Request, post

from services.ingest.abuse.middleware import guard
from services.ingest.settings import IngestSettings
from shared.problem import respond


@post("/channels/partner/{partner:str}")
async def one(request: Request[Any, Any, Any], partner: str) -> None:
    """Takes its time."""
    await request.body()
    await asyncio.sleep(0.2)


@post("/channels/partner/{partner:str}/batch")
async def batch(request: Request[Any, Any, Any], partner: str) -> None:
    """The same channel, another route."""
    await request.body()


def make(**more: Any) -> httpx.AsyncClient:
    settings = IngestSettings(data=Path(), **more)
    app = Litestar([one, batch], middleware=guard(settings), exception_handlers={Exception: respond})
    app.state.ingest = SimpleNamespace(part=lambda _kind: None)
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://ykien.test")


async def test_routes_of_one_channel_share_its_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.ingest.abuse.rules.QUEUED_PER_PLACE", 0)
    async with make(posts_at_once=1) as http:
        slow = asyncio.create_task(http.post("/channels/partner/a", content=b"{}"))
        await asyncio.sleep(0.1)
        answer = await http.post("/channels/partner/a/batch", content=b"{}")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert (await slow).status_code == 201
        assert (await http.post("/channels/partner/a/batch", content=b"{}")).status_code == 201


async def test_off_is_off() -> None:
    assert guard(IngestSettings(data=Path(), rate_limit="off")) == []
