"""Refresh tokens are single-use: one replica refreshes, the others wait for its pair; what is spent is never tried in a loop."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from deploy.demo.zalo_oa import ZaloOa
from services.notify.zalo import api
from services.notify.zalo import tokens as module
from services.notify.zalo.tokens import LOCK, TOKENS, TokenKeeper
from shared.errors import Transient
from tests.support.memory_store import MemoryStore

KEY = b"k" * 32


class Clock:
    now = datetime(2025, 6, 12, 3, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def oa() -> Iterator[ZaloOa]:
    server = ZaloOa()
    server.start()
    yield server
    server.stop()


class Office:
    """An administrator's file and as many replicas as wanted, over one store."""

    def __init__(self, oa: ZaloOa, store: MemoryStore) -> None:
        self.oa, self.store, self.clock, self.file = oa, store, Clock(), oa.refresh_token

    def replica(self, refresh: module.Refresh | None = None) -> TokenKeeper:
        async def call(token: str) -> api.Tokens:
            async with httpx.AsyncClient(trust_env=False) as client:
                return await api.refresh(client, self.oa.url, self.oa.app_id, self.oa.app_secret, token)

        return TokenKeeper(self.store, KEY, "oa", first=lambda: self.file, refresh=refresh or call, clock=self.clock)


@pytest.fixture
def office(oa: ZaloOa) -> Office:
    return Office(oa, MemoryStore())


async def _access(keeper: TokenKeeper) -> str:
    while True:
        try:
            return await keeper.access()
        except module.RefreshingError:
            await asyncio.sleep(0.01)


async def test_many_replicas_spend_one_refresh_token_once_and_share_the_pair(office: Office) -> None:
    found = await asyncio.gather(*(_access(office.replica()) for _ in range(8)))
    assert len(set(found)) == 1
    assert office.oa.calls["token"] == 1


async def test_the_pair_outlives_the_process_and_stands_encrypted(office: Office) -> None:
    first = await office.replica().access()
    assert await office.replica().access() == first
    held = await office.store.get(TOKENS, "oa")
    assert held is not None
    assert first not in str(held.doc)
    assert office.oa.refresh_token not in str(held.doc)


async def test_a_token_near_its_end_is_refreshed_with_the_rotated_one_not_the_administrators(office: Office) -> None:
    first = await office.replica().access()
    office.clock.now += timedelta(hours=25)
    assert await office.replica().access() != first
    assert office.oa.calls["token"] == 2


async def test_a_refused_token_is_replaced_once_even_when_all_replicas_saw_the_refusal(office: Office) -> None:
    first = await office.replica().access()
    office.oa.expire()

    async def again(keeper: TokenKeeper) -> str:
        while True:
            try:
                return await keeper.access(refused=first)
            except module.RefreshingError:
                await asyncio.sleep(0.01)

    found = await asyncio.gather(*(again(office.replica()) for _ in range(5)))
    assert len(set(found)) == 1
    assert found[0] != first
    assert office.oa.calls["token"] == 2


async def test_a_crash_before_the_call_is_mended_when_the_lock_runs_out(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(_token: str) -> api.Tokens:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await office.replica(dies).access()
    monkeypatch.setattr(module, "WAIT_S", 0.3)
    with pytest.raises(module.RefreshingError):
        await office.replica().access()
    office.clock.now += LOCK
    assert await office.replica().access()


async def test_a_spent_token_is_not_tried_again_until_the_administrator_gives_a_new_one(office: Office) -> None:
    await office.replica().access()
    office.store = MemoryStore()  # the pair is lost: restored from an old backup, say
    for _ in range(3):
        with pytest.raises(api.AuthorisationLostError):
            await office.replica().access()
    assert office.oa.calls["token"] == 2
    office.file = office.oa.refresh_token
    assert await office.replica().access()


async def test_an_away_server_costs_nothing(office: Office) -> None:
    office.oa.away = True
    with pytest.raises(Transient):
        await office.replica().access()
    office.oa.away = False
    assert await office.replica().access()


async def test_a_pair_is_saved_though_the_database_is_away_for_a_moment(office: Office) -> None:
    class Flaky(MemoryStore):
        left = 2

        async def replace_if(self, collection, id_, version, doc):  # type: ignore[no-untyped-def]
            if "pair" in doc and self.left:
                self.left -= 1
                raise Transient("the database is away")
            return await super().replace_if(collection, id_, version, doc)

    office.store = Flaky()
    first = await office.replica().access()
    assert await office.replica().access() == first
    assert office.oa.calls["token"] == 1


async def test_a_service_that_is_stopped_during_the_exchange_keeps_the_new_pair(office: Office) -> None:
    began, may_end = asyncio.Event(), asyncio.Event()

    async def slow(_token: str) -> api.Tokens:
        began.set()
        await may_end.wait()
        return api.Tokens(access_token="moi", refresh_token="moi-2", expires_in=90_000)

    wanted = asyncio.create_task(office.replica(slow).access())
    await began.wait()
    wanted.cancel()
    asyncio.get_running_loop().call_later(0.05, may_end.set)
    with pytest.raises(asyncio.CancelledError):
        await wanted
    assert await office.replica().access() == "moi"
    assert office.oa.calls["token"] == 0


async def test_a_lock_written_after_ours_ran_out_does_not_cost_us_the_only_good_pair(office: Office) -> None:
    async def slow(_token: str) -> api.Tokens:
        held = await office.store.get(TOKENS, "oa")
        assert held is not None
        await office.store.replace_if(TOKENS, "oa", held.version, dict(held.doc) | {"spent": "x"})
        return api.Tokens(access_token="moi", refresh_token="moi-2", expires_in=90_000)

    assert await office.replica(slow).access() == "moi"
    assert await office.replica().access() == "moi"
    assert office.oa.calls["token"] == 0


async def test_a_newer_pair_of_another_replica_is_not_overwritten(office: Office) -> None:
    theirs: list[str] = []

    async def overtaken(_token: str) -> api.Tokens:
        office.clock.now += LOCK + timedelta(seconds=1)
        theirs.append(await office.replica().access())
        return api.Tokens(access_token="alt", refresh_token="alt-2", expires_in=90_000)

    await office.replica(overtaken).access()
    assert [await office.replica().access()] == theirs
