"""`kill -9` of ingest and of nats-server in the middle: every message that was answered 200 is in exactly one submission."""

import asyncio
import random
from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.support import zalo_events as zalo
from tests.support.ingest_app import make_settings, prepare_bus
from tests.support.ingest_process import IngestProcess
from tests.support.media_server import MediaServer, media_server
from tests.support.nats_server import NatsServer
from tests.support.waiting import until
from tests.support.zalo_ingest import Zalo, now, write_settings

pytestmark = [pytest.mark.connected, pytest.mark.timeout(240)]
MESSAGES, PEOPLE = 100, 12
PDF = b"%PDF-1.4 thu bia ra"


async def _deliver(chat: Zalo, number: int, media: MediaServer) -> int:
    """As Zalo: the same event again when no connection came about. Answers the worst time of an answer in milliseconds."""
    user, at = str(500 + number % PEOPLE), now()
    if number % 10 == 0:
        event = zalo.file(f"m{number}", media.url(f"/{number}", PDF + b"%d" % number), PDF + b"%d" % number, at)
        event["sender"] = {"id": user}
        event["message"]["text"] = f"dòng {number};"
    else:
        event = zalo.text(f"m{number}", f"dòng {number};", at, user=user)
    while True:
        begin = asyncio.get_running_loop().time()
        try:
            answer = await chat.send(event)
        except httpx.TransportError:
            await asyncio.sleep(0.3)
            continue
        assert answer.status_code == 200, answer.text
        return int((asyncio.get_running_loop().time() - begin) * 1000)


async def _kill(victims: list[NatsServer | IngestProcess], chance: random.Random) -> None:
    for victim in victims:
        await asyncio.sleep(chance.uniform(0.5, 2.0))
        victim.kill()
        await asyncio.sleep(chance.uniform(0.2, 1.5))
        if isinstance(victim, IngestProcess):
            await asyncio.to_thread(victim.launch)
        else:
            await asyncio.to_thread(victim.start)


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_answered_message_is_in_exactly_one_submission(
    nats_server: NatsServer, tmp_path: Path, seed: int
) -> None:
    await prepare_bus(nats_server.url)
    settings, private = make_settings(tmp_path / "ingest", nats_server.url)
    chance = random.Random(seed)
    async with media_server() as media:
        write_settings(tmp_path / "ingest", hosts=[media.host], quiet_s=1, retry_s=(0.5, 1, 1, 1))
        ingest = IngestProcess(settings, tmp_path / "ingest.log")
        await asyncio.to_thread(ingest.start)
        killing = asyncio.create_task(_kill([ingest, nats_server, ingest, nats_server, ingest], chance))
        try:
            async with httpx.AsyncClient(base_url=ingest.url, trust_env=False, timeout=10) as http:
                chat = Zalo(http, settings, private)

                async def talk(first: int) -> list[int]:
                    times = []
                    for number in range(first, MESSAGES, 6):
                        times.append(await _deliver(chat, number, media))
                        await asyncio.sleep(chance.uniform(0, 0.6))
                    return times

                times = [ms for part in await asyncio.gather(*map(talk, range(6))) for ms in part]
                await killing

                async def counted() -> Counter[str]:
                    words = " ".join(e.text.replace("\n", " ") for e in await chat.submissions())
                    return Counter(word.strip() for word in words.split(";") if "dòng" in word)

                async def all_there() -> bool:
                    return len(await counted()) >= MESSAGES

                await until(all_there, 100, "every message in a submission")
                await asyncio.sleep(4)  # what would be counted twice has time to come
                assert set((await counted()).values()) == {1}
                assert len(await counted()) == MESSAGES
                files = [a for e in await chat.submissions() for a in e.attachments]
                assert len(files) == MESSAGES // 10
                assert max(times) < 2000

        finally:
            killing.cancel()
            await asyncio.gather(killing, return_exceptions=True)
            ingest.stop()
