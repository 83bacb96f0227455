"""An invented issuer of signed messages: real keys, a key server that can rotate and go away. Nothing here is VNeID's."""

import asyncio
import base64
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

ISS = "https://phat-hanh.example.vn"
AUD = "ykien-dien-bien"
SIGNATURES = {"EC": "ES256", "RSA": "RS256"}
Key = ECKey | RSAKey


@cache
def ec_key(kid: str = "ec-1") -> ECKey:
    """The same key for the same id, within one run of the tests."""
    return ECKey.generate_key("P-256", {"kid": kid})


@cache
def rsa_key(kid: str = "rsa-1") -> RSAKey:
    """The same, RSA."""
    return RSAKey.generate_key(2048, {"kid": kid})


def jwks(*keys: Key) -> dict[str, Any]:
    """The public halves."""
    return {"keys": [dict(key.as_dict(private=False)) for key in keys]}


def claims(now: datetime | None = None, **payload: Any) -> dict[str, Any]:
    """Sound registered claims around a payload; a claim that is `...` is left out."""
    issued = int((now or datetime.now(UTC)).timestamp())
    found = {
        "iss": ISS,
        "aud": AUD,
        "iat": issued,
        "exp": issued + 120,
        "jti": uuid.uuid4().hex,
        "sub": "cap-doi-1",
        "consultation_id": "dien-bien-2025",
    } | payload
    return {name: value for name, value in found.items() if value is not ...}


def sign(said: dict[str, Any] | bytes, key: Key | None = None, **header: Any) -> str:
    """The compact JWS; `header` adds to or replaces its header."""
    used = key or ec_key()
    found = {"alg": SIGNATURES[used.key_type], "kid": used.kid} | header
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    registry = jws.JWSRegistry(strict_check_header=False)
    registry.max_payload_length = 10_000_000
    registry.header_registry.clear()  # a bad sender's library does not check either
    return jws.serialize_compact(found, body, used, algorithms=["ES256", "RS256"], registry=registry)


def encoded(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class KeyServer:
    """Serves a JWK set over HTTP; `status` other than 200 makes it useless, `asked` counts the requests."""

    set: dict[str, Any]
    status: int = 200
    asked: int = 0
    url: str = ""
    _server: asyncio.Server | None = field(default=None, repr=False)

    async def start(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", port)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/jwks.json"

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        body = json.dumps(self.set).encode()
        head = f"HTTP/1.1 {self.status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def key_server(*keys: Key) -> AsyncIterator[KeyServer]:
    """A running one."""
    server = KeyServer(jwks(*keys))
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
