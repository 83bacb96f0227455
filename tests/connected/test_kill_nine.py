"""`kill -9` of any process at random moments: every 202 is counted exactly once."""

import asyncio
import random
import re
from pathlib import Path

import httpx

from shared.events import Reconciliation
from tests.support.embedded import EmbeddedProcess

CONSULTATION = "dien-bien-2025"
POST = f"/api/v1/consultations/{CONSULTATION}/submissions"
SUBMISSIONS = 2000
VICTIMS = (
    "nats-server",
    "services.ingest",
    "services.classify",
    "services.report",
    "services.notify",
    "nats-server",
    "caddy",
)


async def _post_until_accepted(client: httpx.AsyncClient, number: int) -> str:
    """As a patient client: the same key again until it is answered; returns the tracking code."""
    body = {
        "text": f"Đề nghị bổ sung chỉ tiêu số {number} về giảm nghèo vào phần mục tiêu, trang {number % 11 + 1}.",
        "respondent": {"phone": f"0911{number:06d}"},
    }
    headers = {"Idempotency-Key": f"kill-nine-{number}"}
    while True:
        try:
            response = await client.post(POST, json=body, headers=headers)
        except httpx.TransportError:
            await asyncio.sleep(0.2)
            continue
        if response.status_code == httpx.codes.ACCEPTED:
            code: str = response.json()["tracking_code"]
            return code
        assert response.status_code in {502, 503}, response.text
        await asyncio.sleep(0.2)


async def _murder(system: EmbeddedProcess, chance: random.Random, posted: asyncio.Event) -> list[str]:
    """Every kind of process dies once, in random order, while submissions are posted (the last ones maybe just after)."""
    victims = random.Random(chance.random()).sample(VICTIMS, len(VICTIMS))
    killed = []
    for what in victims:
        await asyncio.sleep(chance.uniform(0.3, 2.0) if not posted.is_set() else 0.5)
        while not system.kill_nine(what):
            await asyncio.sleep(0.2)
        killed.append(what)
    return killed


async def _reconciled(client: httpx.AsyncClient, limit_s: float) -> Reconciliation:
    line = Reconciliation()
    async with asyncio.timeout(limit_s):
        while True:
            try:
                response = await client.get(f"/api/v1/consultations/{CONSULTATION}/reconciliation")
                if response.status_code == httpx.codes.OK:
                    line = Reconciliation.model_validate(response.json())
                    if line.received >= SUBMISSIONS and line.pending == 0:
                        return line
            except httpx.TransportError:
                pass  # the gateway may be the one that was killed
            await asyncio.sleep(0.5)


async def test_every_202_is_counted_exactly_once_though_every_process_is_killed(tmp_path: Path) -> None:
    env = {"YKIEN_RATE_LIMIT": "off", "YKIEN_ACK_WAIT_S": "4", "YKIEN_SMTP_HOST": "127.0.0.1", "YKIEN_SMTP_PORT": "9"}
    system = EmbeddedProcess(tmp_path / "data", workers=2, env=env)
    system.start()
    chance = random.Random(20250611)
    posted = asyncio.Event()
    try:
        async with httpx.AsyncClient(base_url=system.url, timeout=30, trust_env=False) as client:
            murder = asyncio.create_task(_murder(system, chance, posted))
            limit = asyncio.Semaphore(48)

            async def one(number: int) -> str:
                async with limit:
                    return await _post_until_accepted(client, number)

            codes = await asyncio.gather(*(one(n) for n in range(SUBMISSIONS)))
            posted.set()
            killed = await murder
            line = await _reconciled(client, 120)
            assert sorted(killed) == sorted(VICTIMS)
            assert len(set(codes)) == SUBMISSIONS
            assert line == Reconciliation(received=SUBMISSIONS, counted=SUBMISSIONS)
            for code in chance.sample(codes, 50):
                status = (await client.get(f"/api/v1/submissions/{code}")).raise_for_status().json()
                assert status["status"] == "classified"
                assert len(status["opinions"]) == 1
            assert re.search(r'"child.ended"|child.ended', (tmp_path / "up.stderr").read_text())
    finally:
        assert system.stop() == 0


async def test_a_killed_supervisor_leaves_nothing_behind_and_a_restart_loses_nothing(tmp_path: Path) -> None:
    system = EmbeddedProcess(tmp_path / "data", env={"YKIEN_RATE_LIMIT": "off", "YKIEN_ACK_WAIT_S": "4"})
    system.start()
    async with httpx.AsyncClient(base_url=system.url, timeout=30, trust_env=False) as client:
        codes = [await _post_until_accepted(client, n) for n in range(20)]
        system.kill()
        system.start()  # the same folder and port: an orphan would still hold them
        try:
            for code in codes:
                assert (await client.get(f"/api/v1/submissions/{code}")).status_code == httpx.codes.OK
            async with asyncio.timeout(60):
                while (await client.get(f"/api/v1/consultations/{CONSULTATION}/reconciliation")).json()[
                    "counted"
                ] < len(codes):
                    await asyncio.sleep(0.3)
        finally:
            assert system.stop() == 0
