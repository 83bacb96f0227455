"""`kill -9` of ingest and of nats-server in the middle of batches: every line answered 202 is counted exactly once."""

import asyncio
import json
import random
from pathlib import Path

import httpx
import pytest

from shared.events import Reconciliation
from tests.support.cli import Cli
from tests.support.embedded import EmbeddedProcess

pytestmark = pytest.mark.connected
ROOT = Path(__file__).resolve().parents[2]
CONSULTATION = "dien-bien-2025"
PARTNER = "ung-dung-thu"
BATCHES, LINES = 30, 60
VICTIMS = ("services.ingest", "nats-server") * 4


def _line(number: int) -> bytes:
    text = f"Đề nghị bổ sung chỉ tiêu số {number} về giảm nghèo vào phần mục tiêu, trang {number % 11 + 1}."
    return json.dumps({"id": f"dong-{number}", "text": text, "respondent": {"phone": f"0911{number:06d}"}}).encode()


class Sender:
    """The partner's program: sends what is not yet answered 202, again and again; remembers every code it was ever told."""

    def __init__(self, client: httpx.AsyncClient, key: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"}
        self.codes: dict[int, set[str]] = {}
        self.interrupted = 0

    async def send(self, numbers: list[int]) -> None:
        """Returns when every line was answered 202."""
        left = numbers
        while left:
            body = b"\n".join(map(_line, left))
            try:
                answer = await self._client.post(
                    f"/channels/partner/{PARTNER}/batch", content=body, headers=self._headers
                )
            except httpx.TransportError:
                self.interrupted += 1
                await asyncio.sleep(0.2)
                continue
            if answer.status_code != httpx.codes.OK:
                assert answer.status_code in {502, 503}, answer.text
                self.interrupted += 1
                await asyncio.sleep(0.2)
                continue
            results = answer.json()["results"]
            assert len(results) == len(left)
            assert {result["status"] for result in results} <= {202, 503}
            again = []
            for number, result in zip(left, results, strict=True):
                if result["status"] == httpx.codes.ACCEPTED:
                    self.codes.setdefault(number, set()).add(result["tracking_code"])
                else:
                    again.append(number)
            left = again


async def _murder(system: EmbeddedProcess, chance: random.Random, done: asyncio.Event) -> int:
    killed = 0
    for what in VICTIMS:
        if done.is_set():
            break
        await asyncio.sleep(chance.uniform(0.3, 1.5))
        killed += system.kill_nine(what)
    return killed


async def _reconciled(client: httpx.AsyncClient, expected: int) -> Reconciliation:
    line = Reconciliation()
    async with asyncio.timeout(120):
        while line.received < expected or line.pending:
            await asyncio.sleep(0.5)
            answer = await client.get(f"/api/v1/consultations/{CONSULTATION}/reconciliation")
            if answer.status_code == httpx.codes.OK:
                line = Reconciliation.model_validate(answer.json())
    return line


async def test_every_line_answered_202_is_counted_exactly_once(tmp_path: Path) -> None:
    system = EmbeddedProcess(tmp_path / "data", workers=2, env={"YKIEN_RATE_LIMIT": "off", "YKIEN_ACK_WAIT_S": "4"})
    system.start()
    chance = random.Random(20250612)
    try:
        cli = Cli(tmp_path / "state", ROOT)
        added = cli.run("partner", "add", PARTNER, "--name", "Ứng dụng thử", "--consultation", CONSULTATION)
        key = dict(line.split(": ", 1) for line in added.out.splitlines())["api-key"]
        async with httpx.AsyncClient(base_url=system.url, timeout=60, trust_env=False) as client:
            sender, done = Sender(client, key), asyncio.Event()
            murder = asyncio.create_task(_murder(system, chance, done))
            numbers = [list(range(first, first + LINES)) for first in range(0, BATCHES * LINES, LINES)]
            at_once = asyncio.Semaphore(4)

            async def one(batch: list[int]) -> None:
                async with at_once:
                    await sender.send(batch)
                    await asyncio.sleep(chance.uniform(0.2, 0.6))

            await asyncio.gather(*map(one, numbers))
            await sender.send(numbers[0] + numbers[-1])  # long after, once more
            done.set()
            killed = await murder
            line = await _reconciled(client, BATCHES * LINES)
            assert killed >= 4
            assert all(len(codes) == 1 for codes in sender.codes.values()), (
                "a line has one code, however often it is sent"
            )
            assert len(set.union(*sender.codes.values())) == BATCHES * LINES
            assert line == Reconciliation(received=BATCHES * LINES, counted=BATCHES * LINES)
            print(f"lines={BATCHES * LINES} killed={killed} interrupted={sender.interrupted}")
    finally:
        assert system.stop() == 0
