"""`kill -9` of ingest and of the bus while signed messages come in: every one that was acknowledged is counted once."""

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import httpx

from shared.events import Reconciliation
from tests.support.embedded import EmbeddedProcess
from tests.support.vneid_issuer import AUD, ISS, claims, ec_key, jwks, rsa_key, sign

CONSULTATION = "dien-bien-2025"
MESSAGES = 200
VICTIMS = ("services.ingest", "nats-server", "services.ingest", "nats-server")


def configure(data: Path) -> None:
    channels = data / "channels"
    channels.mkdir(parents=True)
    (channels / "jwks.json").write_text(json.dumps(jwks(ec_key(), rsa_key())))
    issuer = {"id": "thu", "issuer": ISS, "audience": AUD, "jwks_file": "jwks.json"}
    (channels / "vneid.yaml").write_text(json.dumps({"issuers": [issuer]}))


async def send(client: httpx.AsyncClient, number: int) -> str:
    """As the contract asks of a sender: the same jti again, signed anew, until it is taken or told to be a replay."""
    said: dict[str, Any] = {
        "text": f"Đề nghị bổ sung chỉ tiêu số {number}.",
        "sub": f"s-{number}",
        "jti": f"kill-{number}",
    }
    if number % 3 == 0:
        said = {"stance": "Tán thành", "draft_id": "bao-cao-chinh-tri", "sub": f"s-{number}", "jti": f"kill-{number}"}
    while True:
        token = sign(claims(**said), rsa_key() if number % 2 else ec_key())
        try:
            answer = await client.post("/channels/vneid", content=token, headers={"Content-Type": "application/jose"})
        except httpx.TransportError:
            await asyncio.sleep(0.2)
            continue
        if answer.status_code in {202, 409}:
            assert answer.status_code == 202 or answer.json()["type"].endswith("/replayed"), answer.text
            code: str = answer.json()["tracking_code"]
            return code
        assert answer.status_code in {502, 503}, answer.text
        await asyncio.sleep(0.2)


async def test_every_acknowledged_message_is_counted_exactly_once(tmp_path: Path) -> None:
    configure(tmp_path / "data")
    env = {"YKIEN_RATE_LIMIT": "off", "YKIEN_ACK_WAIT_S": "4", "YKIEN_SMTP_HOST": "127.0.0.1", "YKIEN_SMTP_PORT": "9"}
    system = EmbeddedProcess(tmp_path / "data", env=env)
    system.start()
    chance = random.Random(20250612)
    try:
        async with httpx.AsyncClient(base_url=system.url, timeout=30, trust_env=False) as client:

            async def murder() -> int:
                killed = 0
                for victim in VICTIMS:
                    await asyncio.sleep(chance.uniform(0.3, 1.5))
                    while not system.kill_nine(victim):
                        await asyncio.sleep(0.2)
                    killed += 1
                return killed

            killing = asyncio.create_task(murder())

            async def one(number: int) -> str:
                await asyncio.sleep(number * 0.03)
                return await send(client, number)

            codes = await asyncio.gather(*(one(number) for number in range(MESSAGES)))
            assert await killing == len(VICTIMS)
            assert len(set(codes)) == MESSAGES
            line = Reconciliation()
            async with asyncio.timeout(120):
                while line.received < MESSAGES or line.pending:
                    await asyncio.sleep(0.5)
                    answer = await client.get(f"/api/v1/consultations/{CONSULTATION}/reconciliation")
                    if answer.status_code == httpx.codes.OK:
                        line = Reconciliation.model_validate(answer.json())
            assert line == Reconciliation(received=MESSAGES, counted=MESSAGES)
            # A replay to whichever process came back: still known, still not counted.
            assert await asyncio.gather(*(send(client, number) for number in range(10))) == codes[:10]
    finally:
        assert system.stop() == 0
