"""A running classify with its readers' desk: real bus, real SQLite file, invented accounts, HTTP without a socket."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from litestar import Litestar

from services.classify.app import build_app
from services.classify.settings import ClassifySettings
from shared import accounts
from shared.accounts import Account
from shared.bus import Bus
from shared.clock import Clock, utc_now
from shared.consultation import Consultation, ReviewPolicy
from shared.registry import publish_definition
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.samples import AT

PASSWORD = "mat-khau-bia-ra-de-thu"
TOKEN = "ma-van-hanh-bia-ra-de-thu"
DRAFT = {"bao-cao.txt": "[trang 1]\nI. Chủ đề\nXây dựng tỉnh phát triển nhanh, bền vững.\n[trang 2]\nII. Kết quả\n"}
ID = "thu-nghiem"
API = f"/api/v1/consultations/{ID}/reviews"
_HASHER = PasswordHasher(time_cost=1, memory_cost=1024)


def make_settings(folder: Path, nats_url: str, **more: Any) -> ClassifySettings:
    """Settings with fresh keys in the folder; the same folder keeps its keys and its data."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = {
        "duplicate_key_file": "00" * 32,
        "review_session_key_file": secrets.token_hex(32),
        "operator_token_sha256_file": sha256(TOKEN.encode()).hexdigest(),
    }
    for name, value in keys.items():
        if not (folder / name).exists():
            (folder / name).write_text(value)
    paths: dict[str, Any] = {name: folder / name for name in keys}
    return ClassifySettings.model_validate({"nats_url": nats_url, "data": folder, "ack_wait_s": 2.0} | paths | more)


async def define(bus: Bus, *, accept_from: float = 1.0, sample_rate: float = 0.0) -> Consultation:
    """A consultation in which nothing is sure enough, unless told otherwise."""
    found = small_consultation(review=ReviewPolicy(accept_from=accept_from, sample_rate=sample_rate))
    await publish_definition(bus.js, bus.blobs, found, DRAFT)
    return found


async def add_reader(bus: Bus, id_: str, **fields: Any) -> Account:
    """An account with the password of all tests."""
    held = await accounts.read(bus.js, id_)
    account = Account(
        **{"id": id_, "roles": ("reviewer",), "password_hash": _HASHER.hash(PASSWORD), "created_at": AT} | fields
    )
    await accounts.write(bus.js, account, held[1] if held else None)
    return account


@dataclass(frozen=True)
class Reader:
    """A client with a session of its own."""

    http: httpx.AsyncClient

    async def next(self, kind: str | None = None) -> dict[str, Any] | None:
        """Takes the next item."""
        answer = await self.http.get(f"{API}/next", params={"kind": kind} if kind else {})
        assert answer.status_code == httpx.codes.OK, answer.text
        self.http.headers["X-CSRF-Token"] = answer.headers["X-CSRF-Token"]
        item: dict[str, Any] | None = answer.json()["item"]
        return item

    async def review(self, item: dict[str, Any], **fields: Any) -> httpx.Response:
        """Answers it: topic 2 and an amendment, unless told otherwise."""
        body = {
            "opinion_id": item["opinion_id"],
            "revision": item["revision"],
            "topics": [2],
            "stance": item["given"] or "amend",
            "confirmed": False,
        }
        return await self.http.post(API, json=body | fields)

    async def summary(self) -> dict[str, Any]:
        """How much waits."""
        found: dict[str, Any] = (await self.http.get(f"{API}/summary")).json()
        return found


@dataclass(frozen=True)
class Running:
    """The app, and sessions at it."""

    app: Litestar

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        """Somebody without a session; follows no redirect and keeps cookies."""
        transport = httpx.ASGITransport(app=self.app)  # type: ignore[arg-type]  # Litestar types its scopes more narrowly
        async with httpx.AsyncClient(transport=transport, base_url="http://ykien.test") as http:
            yield http

    @asynccontextmanager
    async def reader(self, id_: str) -> AsyncIterator[Reader]:
        """Somebody logged in."""
        async with self.client() as http:
            assert (await login(http, id_)).status_code == httpx.codes.SEE_OTHER
            yield Reader(http)


async def login(http: httpx.AsyncClient, id_: str, password: str = PASSWORD) -> httpx.Response:
    """Sends the login form."""
    page = (await http.get("/tham-dinh/dang-nhap")).text
    token = page.split('name="_form" value="')[1].split('"')[0]
    form = {"_form": token, "ten_dang_nhap": id_, "mat_khau": password, "tiep": "/tham-dinh"}
    return await http.post("/tham-dinh/dang-nhap", data=form)


@asynccontextmanager
async def running(settings: ClassifySettings, clock: Clock = utc_now) -> AsyncIterator[Running]:
    """The service while the block runs."""
    app = build_app(settings, clock)
    async with app.lifespan():
        async with asyncio.timeout(20):
            while not app.state.review.accounts.ids():
                await asyncio.sleep(0.05)
        yield Running(app)
