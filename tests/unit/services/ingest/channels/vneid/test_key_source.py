"""Where keys come from: rotation, caching, a server that goes away, strangers who make us ask."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.ingest.channels.vneid.key_source import BURST, REFRESH_EVERY_S, FileKeys, HttpKeys
from services.ingest.channels.vneid.keys import UnusableKeys
from services.ingest.channels.vneid.refusal import Check, KeysAway, Untrusted
from tests.support.vneid_issuer import KeyServer, ec_key, jwks, key_server, rsa_key


class Hand:
    """A clock that stands still until told."""

    now = 0.0

    def __call__(self) -> float:
        self.now += 1e-6
        return self.now


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


def source(server: KeyServer, http: httpx.AsyncClient, clock: Hand, cache_s: float = 600) -> HttpKeys:
    return HttpKeys("thu", server.url, http, cache_s=cache_s, clock=clock)


async def unknown(keys: HttpKeys, kid: str = "khong-co") -> None:
    with pytest.raises(Untrusted) as caught:
        await keys.find(kid, "ES256")
    assert caught.value.check is Check.KEY


async def test_keys_are_asked_for_once_and_a_new_key_id_at_once(http: httpx.AsyncClient) -> None:
    async with key_server(ec_key()) as server:
        keys = source(server, http, Hand())
        for _ in range(5):
            await keys.find("ec-1", "ES256")
        assert server.asked == 1
        server.set = jwks(ec_key("ec-2"))
        await keys.find("ec-2", "ES256")
        assert server.asked == 2
        await unknown(keys, "ec-1")


async def test_invented_key_ids_make_us_ask_seldom_and_are_told_to_come_again(http: httpx.AsyncClient) -> None:
    async with key_server(ec_key()) as server:
        clock = Hand()
        keys = source(server, http, clock)
        for n in range(BURST):
            await unknown(keys, f"bia-{n}")
        for n in range(50):
            with pytest.raises(KeysAway) as caught:
                await keys.find(f"them-{n}", "ES256")
            assert 0 < caught.value.retry_after_s <= REFRESH_EVERY_S
        assert server.asked == BURST
        await keys.find("ec-1", "ES256")
        clock.now += REFRESH_EVERY_S
        server.set = jwks(ec_key("ec-2"))
        await keys.find("ec-2", "ES256")
        assert server.asked == BURST + 1


async def test_many_at_once_with_a_new_key_ask_once(http: httpx.AsyncClient) -> None:
    async with key_server(ec_key()) as server:
        keys = source(server, http, Hand())
        await asyncio.gather(*(keys.find("ec-1", "ES256") for _ in range(20)))
        assert server.asked == 1


@pytest.mark.parametrize("fault", ["gone", "500", "garbage", "no keys"])
async def test_the_last_good_keys_stay_while_the_server_is_away(http: httpx.AsyncClient, fault: str) -> None:
    async with key_server(ec_key()) as server:
        keys = source(server, http, Hand())
        await keys.find("ec-1", "ES256")
        if fault == "gone":
            await server.stop()
        server.status = 500 if fault == "500" else 200
        server.set = {"garbage": {}, "no keys": {"keys": []}}.get(fault, server.set)
        with pytest.raises(KeysAway):
            await keys.find("ec-2", "ES256")
        await keys.find("ec-1", "ES256")


async def test_the_keeper_takes_withdrawn_keys_away_and_outlives_an_outage(http: httpx.AsyncClient) -> None:
    async with key_server(ec_key()) as server:
        keys = HttpKeys("thu", server.url, http, cache_s=0.05)
        keeper = asyncio.create_task(keys.keep())
        try:
            await keys.find("ec-1", "ES256")
            server.status = 503
            await asyncio.sleep(0.3)
            await keys.find("ec-1", "ES256")
            server.status, server.set = 200, jwks(rsa_key())
            async with asyncio.timeout(10):
                while ("ec-1", "ES256") in keys._keys:
                    await asyncio.sleep(0.02)
            await keys.find("rsa-1", "RS256")
        finally:
            keeper.cancel()


async def test_a_key_file_is_read_again_when_it_changes_and_survives_damage(tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(jwks(ec_key())))
    keys = FileKeys("thu", path)
    await keys.find("ec-1", "ES256")
    path.write_text(json.dumps(jwks(ec_key("ec-2"), rsa_key())))
    await keys.find("ec-2", "ES256")
    with pytest.raises(Untrusted):
        await keys.find("ec-1", "ES256")
    path.write_text("{")
    await keys.find("ec-2", "ES256")
    path.unlink()
    await keys.find("ec-2", "ES256")
    path.write_text(json.dumps(jwks(ec_key())))
    await keys.find("ec-1", "ES256")


def test_a_key_file_must_be_usable_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(UnusableKeys, match=r"jwks\.json"):
        FileKeys("thu", tmp_path / "jwks.json")
