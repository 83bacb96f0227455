"""Slow senders: a slow phone passes, one byte a minute does not, and nobody holds a place while sending."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from services.ingest.abuse import body
from services.ingest.abuse.body import GRACE_S, Body, patience
from shared.problem import Problem


def test_five_megabytes_at_two_g_pass_and_a_trickle_ends_after_the_grace() -> None:
    part, rate = 1_400, 20_000
    assert all(patience(sent, sent / rate) > part / rate for sent in range(0, 5_000_000, part))
    assert patience(600, 29.0) > 0
    assert patience(600, GRACE_S) <= 0
    assert patience(20_000, 39.0) > 0
    assert patience(20_000, 40.0) <= 0


class Sender:
    """Sends the parts, each after a pause in seconds."""

    def __init__(self, *parts: tuple[float, bytes]) -> None:
        self.parts = list(parts)

    async def __call__(self) -> Any:
        pause, data = self.parts.pop(0)
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": data, "more_body": bool(self.parts)}


async def read(sender: Sender, on_end: Callable[[], Awaitable[None]] | None = None) -> list[int]:
    sizes: list[int] = []

    async def nothing() -> None: ...

    receive = Body(sender, sizes.append, on_end or nothing)
    while (await receive())["more_body"]:
        pass
    return sizes


async def test_a_body_is_passed_on_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[bool] = []

    async def on_end() -> None:
        ended.append(True)

    assert await read(Sender((0, b"ab"), (0.01, b"c"), (0, b"")), on_end) == [2, 1, 0]
    assert ended == [True]


async def test_a_body_that_comes_too_slowly_is_refused_with_408(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "GRACE_S", 0.05)
    with pytest.raises(Problem) as raised:
        await read(Sender((0, b"ab"), (0.04, b"c"), (0.04, b"d"), (0, b"")))
    assert raised.value.status == 408
    assert raised.value.headers["Connection"] == "close"


async def test_a_slow_reader_of_ours_is_not_held_against_the_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "GRACE_S", 0.05)

    async def nothing() -> None: ...

    receive = Body(Sender((0, b"ab"), (0.01, b"c")), lambda _size: None, nothing)
    await receive()
    await asyncio.sleep(0.1)
    assert (await receive())["body"] == b"c"
