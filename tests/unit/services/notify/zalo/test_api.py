"""Zalo answers 200 to nearly everything; what its codes mean decides whether an answer waits, goes again or is given up."""

from collections.abc import Iterator

import httpx
import pytest

from deploy.demo.zalo_oa import ZaloOa
from services.notify.zalo import api
from shared.errors import Permanent, Transient


@pytest.fixture
def oa() -> Iterator[ZaloOa]:
    server = ZaloOa()
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def client() -> object:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as one:
        yield one


async def _token(client: httpx.AsyncClient, oa: ZaloOa) -> str:
    return (await api.refresh(client, oa.url, oa.app_id, oa.app_secret, oa.refresh_token)).access_token


async def test_a_taken_message_is_there_once(client: httpx.AsyncClient, oa: ZaloOa) -> None:
    await api.send(client, oa.url, await _token(client, oa), "u1", "Xin chào")
    assert oa.messages == [("u1", "Xin chào")]


async def test_an_expired_token_asks_for_a_refresh(client: httpx.AsyncClient, oa: ZaloOa) -> None:
    token = await _token(client, oa)
    oa.expire()
    with pytest.raises(api.TokenRefusedError, match="-216"):
        await api.send(client, oa.url, token, "u1", "Xin chào")


async def test_the_rate_limit_waits(client: httpx.AsyncClient, oa: ZaloOa) -> None:
    oa.rate_refusals = 1
    token = await _token(client, oa)
    with pytest.raises(api.ZaloAwayError, match="-32"):
        await api.send(client, oa.url, token, "u1", "Xin chào")
    await api.send(client, oa.url, token, "u1", "Xin chào")


async def test_a_closed_window_is_for_good(client: httpx.AsyncClient, oa: ZaloOa) -> None:
    oa.silent_users.add("u1")
    with pytest.raises(api.WindowClosedError) as raised:
        await api.send(client, oa.url, await _token(client, oa), "u1", "Xin chào")
    assert isinstance(raised.value, Permanent)
    assert "u1" not in str(raised.value)


async def test_a_reused_refresh_token_is_told_apart_from_an_away_server(client: httpx.AsyncClient, oa: ZaloOa) -> None:
    spent = oa.refresh_token
    await _token(client, oa)
    with pytest.raises(api.AuthorisationLostError):
        await api.refresh(client, oa.url, oa.app_id, oa.app_secret, spent)
    with pytest.raises(api.ZaloAwayError):
        await api.refresh(client, oa.url, oa.app_id, "sai", oa.refresh_token)


async def test_nobody_there_is_transient_and_tells_no_token(client: httpx.AsyncClient, oa: ZaloOa) -> None:
    oa.stop()
    with pytest.raises(Transient) as raised:
        await api.refresh(client, oa.url, oa.app_id, oa.app_secret, "ma-lam-moi")
    assert "ma-lam-moi" not in str(raised.value)


@pytest.mark.parametrize("answer", [b"", b"<html>", b"[]", b"null", b'{"error":{}}', b'{"access_token":1}'])
async def test_an_answer_that_is_not_understood_is_no_success(answer: bytes) -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=answer))
    async with httpx.AsyncClient(transport=transport) as client:
        with pytest.raises(Transient):
            await api.refresh(client, "http://zalo.test", "a", "s", "t")
        with pytest.raises((Transient, Permanent)):
            await api.send(client, "http://zalo.test", "t", "u", "x")
