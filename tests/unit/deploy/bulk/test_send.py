"""Sending rows: patience with the server, none with a wrong command."""

import json

import httpx
import pytest

from deploy.bulk.rows import Row
from deploy.bulk.send import Answer, NotAllowedError, StillRefusedError, check_target, send_all

ROWS = [(Row(n, {"text": f"Ý kiến {n} \ud800"}), f"key-{n}") for n in range(1, 6)]
DEFINITION = {"channels": [{"id": "web", "self_service": True}, {"id": "letter", "self_service": False}]}


async def _send(handler: httpx.MockTransport, **options: float) -> list[Answer]:
    async with httpx.AsyncClient(base_url="http://gateway", transport=handler) as client:
        sent = send_all(client, iter(ROWS), consultation="c", channel="letter", **options)
        return sorted([answer async for answer in sent], key=lambda a: a.row.number)


async def test_each_row_is_answered_accepted_duplicate_or_rejected_with_its_reason() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert json.loads(request.content)["text"].endswith("\ud800")
        assert request.headers["X-Ykien-Channel"] == "letter"
        number = int(request.headers["Idempotency-Key"][-1])
        if number == 2:
            return httpx.Response(202, headers={"Idempotency-Replayed": "true"}, json={})
        if number == 3:
            return httpx.Response(422, json={"detail": "Sai", "errors": [{"field": "text", "reason": "trống"}]})
        return httpx.Response(202, json={})

    answers = await _send(httpx.MockTransport(answer))
    assert [a.verdict for a in answers] == ["accepted", "duplicate", "rejected", "accepted", "accepted"]
    assert answers[2].reason == "text: trống"


async def test_a_busy_server_is_asked_again_with_the_same_key() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["Idempotency-Key"])
        first = asked.count(asked[-1]) == 1
        return httpx.Response(503, headers={"Retry-After": "0"}) if first else httpx.Response(202, json={})

    assert {a.verdict for a in await _send(httpx.MockTransport(answer))} == {"accepted"}
    assert sorted(asked) == sorted([key for _, key in ROWS] * 2)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"\xff", b'{"tracking_co'])
async def test_a_202_that_is_no_receipt_is_not_believed_and_asked_again(body: bytes) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["Idempotency-Key"])
        return httpx.Response(202, content=body) if len(asked) == 1 else httpx.Response(202, json={})

    assert [a.verdict for a in await _send(httpx.MockTransport(answer))] == ["accepted"] * len(ROWS)
    assert len(asked) == len(ROWS) + 1
    assert asked.count(asked[0]) == 2


async def test_what_the_server_noted_is_told_with_the_row() -> None:
    notes = [{"field": "section_ref", "reason": "không có trong dự thảo"}]
    answers = await _send(httpx.MockTransport(lambda _: httpx.Response(202, json={"notes": notes})))
    assert {a.notes for a in answers} == {("section_ref: không có trong dự thảo",)}


async def test_patience_ends() -> None:
    with pytest.raises(StillRefusedError, match="503"):
        await _send(httpx.MockTransport(lambda _: httpx.Response(503)), patience_s=0.3)


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_what_is_wrong_with_every_row_stops_the_run(status: int) -> None:
    with pytest.raises(NotAllowedError, match="mã truy cập"):
        await _send(httpx.MockTransport(lambda _: httpx.Response(status, json={"detail": "Sai mã truy cập."})))


@pytest.mark.parametrize(
    ("channel", "with_token", "said"),
    [("web", False, None), ("letter", True, None), ("letter", False, "YKIEN_TOKEN"), ("fax", True, "web, letter")],
)
async def test_the_target_is_checked_before_anything_is_sent(channel: str, with_token: bool, said: str | None) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=DEFINITION))
    async with httpx.AsyncClient(base_url="http://gateway", transport=transport) as client:
        if said is None:
            await check_target(client, "c", channel, with_token=with_token)
        else:
            with pytest.raises(NotAllowedError, match=said):
                await check_target(client, "c", channel, with_token=with_token)
