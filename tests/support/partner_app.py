"""A partner for tests: its record written as `ykien partner` does, its requests made as its program would."""

import secrets
import time
from dataclasses import dataclass, field

import httpx

from shared import partners
from shared.broker import connect
from shared.clock import utc_now
from shared.partner_keys import Issued, issue, signature
from shared.partners import Partner
from shared.settings import ServiceSettings
from tests.support.ingest_app import CONSULTATION, Running

PARTNER = "ung-dung-thu"
URL = f"/channels/partner/{PARTNER}"


def make_key(partner: str, partner_key: bytes) -> Issued:
    """A key with its two secrets."""
    randomness = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    return issue(partner, secrets.token_hex(6), randomness, utc_now(), partner_key)


async def put_partner(settings: ServiceSettings, partner: Partner) -> None:
    """Writes the record over whatever is there."""
    nc = await connect(settings)
    try:
        held = await partners.read(nc.jetstream(), partner.id)
        await partners.write(nc.jetstream(), partner, held[1] if held else None)
    finally:
        await nc.close()


async def add_partner(app: Running, id_: str = PARTNER, **more: object) -> "Client":
    """A partner with one key, and a client that uses it."""
    issued = make_key(id_, app.app.state.ingest.secrets.partner)
    facts: dict[str, object] = {"id": id_, "name": "Ứng dụng thử", "consultations": [CONSULTATION]}
    await put_partner(app.settings, Partner.model_validate(facts | {"keys": (issued.key,)} | more))
    return Client(app.http, issued, f"/channels/partner/{id_}")


@dataclass
class Client:
    """The partner's own program."""

    http: httpx.AsyncClient
    issued: Issued
    url: str = URL
    last: httpx.Request | None = field(default=None)

    @property
    def bearer(self) -> dict[str, str]:
        """The API key as a header."""
        return {"Authorization": f"Bearer {self.issued.api_key}"}

    async def post(self, body: object, **headers: str) -> httpx.Response:
        """JSON with the API key; `Idempotency_Key="k"` becomes that header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.post(self.url, json=body, headers=self.bearer | named)

    async def batch(self, body: bytes) -> httpx.Response:
        """NDJSON with the API key."""
        headers = self.bearer | {"Content-Type": "application/x-ndjson"}
        return await self.http.post(f"{self.url}/batch", content=body, headers=headers)

    def signed(self, body: bytes, *, at: float | None = None, key: str | None = None, path: str = "") -> dict[str, str]:
        """The headers of a signed request."""
        timestamp = str(int(time.time() if at is None else at))
        mac = signature(
            self.issued.signing_secret,
            timestamp=timestamp,
            method="POST",
            path=path or self.url,
            body=body,
            idempotency_key=key,
        )
        headers = {"X-Ykien-Key": self.issued.key.id, "X-Ykien-Timestamp": timestamp, "X-Ykien-Signature": mac}
        return headers | ({"Idempotency-Key": key} if key is not None else {})
