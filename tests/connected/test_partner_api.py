"""The partner channel against a real nats-server: keys live, replays, batches, quotas."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.definitions import publish_file
from deploy.partners import revoked, rotated
from shared import partners
from shared.broker import connect
from shared.clock import utc_now
from shared.errors import Transient
from shared.partners import Partner
from tests.support.ingest_app import CONSULTATION, Running, ingest_on, make_settings, running, submissions
from tests.support.nats_server import NatsServer
from tests.support.partner_app import PARTNER, URL, Client, add_partner, make_key, put_partner
from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.connected


@pytest.fixture
async def ingest(nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[Running]:
    async with ingest_on(nats_server, tmp_path / "ingest") as app:
        yield app


@pytest.fixture
async def partner(ingest: Running) -> Client:
    return await add_partner(ingest)


async def record(ingest: Running, id_: str = PARTNER) -> Partner:
    nc = await connect(ingest.settings)
    try:
        held = await partners.read(nc.jetstream(), id_)
    finally:
        await nc.close()
    assert held is not None
    return held[0]


def type_of(answer: httpx.Response) -> str:
    assert answer.headers["content-type"].startswith("application/problem+json")
    return str(answer.json()["type"]).rsplit("/", 1)[-1]


def line(id_: str, **more: Any) -> bytes:
    return json.dumps({"id": id_, "text": f"Đề nghị bổ sung chỉ tiêu {id_}."} | more, ensure_ascii=False).encode()


async def test_a_partners_submission_is_verified_and_keeps_its_own_time(ingest: Running, partner: Client) -> None:
    answer = await partner.post({"text": "Nhất trí.", "submitted_at": "2025-06-12T08:00:00+07:00"})
    assert answer.status_code == 202, answer.text
    (event,) = await submissions(ingest.settings)
    assert (event.channel, event.channel_verified, event.consultation) == ("partner", True, CONSULTATION)
    assert event.window == "inside"
    assert answer.json()["receipt"]["tracking_code"] == answer.json()["tracking_code"]


async def test_a_signed_request_sent_again_is_the_same_submission(ingest: Running, partner: Client) -> None:
    body = json.dumps({"text": "Đề nghị nêu rõ lộ trình."}).encode()
    headers = partner.signed(body)
    answers = [await ingest.http.post(URL, content=body, headers=headers) for _ in range(3)]
    answers += await asyncio.gather(*(ingest.http.post(URL, content=body, headers=headers) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == 1
    assert [answer.headers.get("Idempotency-Replayed") for answer in answers] == [None, *["true"] * 10]
    assert len(await submissions(ingest.settings)) == 1


async def test_a_captured_request_cannot_be_counted_again_under_another_key(ingest: Running, partner: Client) -> None:
    body = json.dumps({"text": "Một lần."}).encode()
    for own in (None, "k1"):
        headers = partner.signed(body, key=own)
        assert (await ingest.http.post(URL, content=body, headers=headers)).status_code == 202
        other = await ingest.http.post(URL, content=body, headers=headers | {"Idempotency-Key": "k2"})
        assert (other.status_code, type_of(other)) == (401, "wrong-signature")
    stripped = {name: value for name, value in headers.items() if name != "Idempotency-Key"}
    assert type_of(await ingest.http.post(URL, content=body, headers=stripped)) == "wrong-signature"
    assert len(await submissions(ingest.settings)) == 2


async def test_outside_the_window_altered_or_for_another_partner_a_signature_is_worth_nothing(
    ingest: Running, partner: Client
) -> None:
    other = await add_partner(ingest, "ung-dung-hai")
    body = json.dumps({"text": "Một lần."}).encode()
    tries = [
        (URL, body, partner.signed(body, at=time.time() - 400), "timestamp-outside-window"),
        (URL, body, partner.signed(body, at=time.time() + 400), "timestamp-outside-window"),
        (URL, body.replace(b"M", b"N"), partner.signed(body), "wrong-signature"),
        (other.url, body, partner.signed(body), "wrong-signature"),
        (other.url, body, partner.signed(body, path=other.url), "wrong-signature"),
        (f"{URL}/batch", body, partner.signed(body) | {"Content-Type": "application/x-ndjson"}, "wrong-signature"),
        (
            "/channels/partner/khong-co",
            body,
            partner.signed(body, path="/channels/partner/khong-co"),
            "wrong-signature",
        ),
        ("/channels/partner/khong-co", body, partner.bearer, "wrong-key"),
        (other.url, body, partner.bearer, "wrong-key"),
        (URL, body, {}, "missing-credentials"),
    ]
    for url, sent, headers, type_ in tries:
        answer = await ingest.http.post(url, content=sent, headers=headers)
        assert (answer.status_code, type_of(answer)) == (401, type_), url
        assert "www-authenticate" in answer.headers
    assert await submissions(ingest.settings) == []


async def test_keys_are_rotated_without_a_request_that_fails_and_revoked_at_once(
    ingest: Running, partner: Client, tmp_path: Path
) -> None:
    settings, private = make_settings(tmp_path / "ingest", ingest.settings.nats_url)
    async with running(settings, private) as second:  # another replica, the same keys and database
        replicas = (ingest.http, second.http)
        old, sent, refused = partner.issued, 0, []
        stop = asyncio.Event()
        current = [partner]

        async def keep_sending() -> None:
            nonlocal sent
            while not stop.is_set():
                for http in replicas:
                    body = {"text": f"Ý kiến số {sent}."}
                    answer = await http.post(
                        URL, json=body, headers=current[0].bearer | {"Idempotency-Key": f"r{sent}"}
                    )
                    sent += 1
                    if answer.status_code != 202:
                        refused.append(answer.text)

        sending = asyncio.create_task(keep_sending())
        for _ in range(3):
            await asyncio.sleep(0.4)
            new = make_key(PARTNER, ingest.app.state.ingest.secrets.partner)
            await put_partner(ingest.settings, rotated(await record(ingest), new.key, utc_now(), timedelta(hours=1)))
            current[0] = Client(ingest.http, new)  # used at the very moment it is known
        await asyncio.sleep(0.4)
        await until(lambda: sent > 20, what="enough posts to tell")
        stop.set()
        await sending
        assert refused == []
        assert len(await submissions(ingest.settings)) == sent
        old_client = Client(ingest.http, old)
        assert (await old_client.post({"text": "Trong thời gian chuyển tiếp."})).status_code == 202

        await put_partner(ingest.settings, revoked(await record(ingest), old.key.id, utc_now()))

        async def shut_out() -> bool:
            answers = [await http.post(URL, json={"text": "a"}, headers=old_client.bearer) for http in replicas]
            return [a.status_code for a in answers] == [401, 401] and {type_of(a) for a in answers} == {"revoked-key"}

        started = time.monotonic()
        await until(shut_out, what="the revoked key being refused by both replicas")
        assert time.monotonic() - started < 5
        assert (await current[0].post({"text": "Khóa mới vẫn dùng được."})).status_code == 202


async def test_known_partners_stay_known_while_the_bus_is_away_and_changes_arrive_after_it(
    ingest: Running, partner: Client, nats_server: NatsServer
) -> None:
    assert (await partner.post({"text": "Trước."})).status_code == 202
    ingest.app.state.ingest.acceptor._publisher._patience_s = 1.0
    nats_server.kill()
    away = await partner.post({"text": "Trong lúc gián đoạn."}, Idempotency_Key="k")
    assert (away.status_code, away.headers["Retry-After"]) == (503, "5")
    assert type_of(await Client(ingest.http, make_key(PARTNER, bytes(32))).post({"text": "a"})) == "wrong-key"
    nats_server.start()
    await until(lambda: _ready(ingest), what="readiness after the restart")
    assert (await partner.post({"text": "Trong lúc gián đoạn."}, Idempotency_Key="k")).status_code == 202
    await put_partner(ingest.settings, revoked(await record(ingest), None, utc_now()))

    async def refused() -> bool:
        return (await partner.post({"text": "a"})).status_code == 401

    await until(refused, what="a change after the restart arriving")


async def _ready(ingest: Running) -> bool:
    return (await ingest.http.get("/readyz")).status_code == 200


async def test_in_a_batch_every_line_stands_for_itself(ingest: Running, partner: Client) -> None:
    body = b"\n".join(
        [
            line("a"),
            b'{"id":"b","text":',
            line("c", consultation_id="lai-chau-2025"),
            json.dumps({"text": "Không có mã."}).encode(),
            line("a"),
            line("a", text="Nội dung khác."),
            b"",
            line("d", stance="agree", section_ref="khong-co"),
            b"\xff\xfe",
            b'{"id":"e","text":"x","unknown":1}',
            line("f")[:-3],
        ]
    )
    answer = await partner.batch(body)
    assert answer.status_code == 200, answer.text
    whole = answer.json()
    results = whole["results"]
    assert [r["line"] for r in results] == list(range(1, 12))
    assert [r["status"] for r in results] == [202, 400, 422, 422, 202, 409, 400, 202, 400, 422, 400]
    assert (whole["accepted"], whole["refused"]) == (3, 8)
    assert results[0]["tracking_code"] == results[4]["tracking_code"]
    assert results[4]["replayed"] is True
    assert [r["id"] for r in results][:6] == ["a", None, "c", None, "a", "a"]
    assert results[2]["errors"][0]["field"] == "consultation_id"
    assert results[3]["errors"][0]["field"] == "id"
    assert results[7]["notes"][0]["field"] == "section_ref"
    assert all(error["reason"] for r in results if "errors" in r for error in r["errors"])
    stored = await submissions(ingest.settings)
    assert sorted(event.text for event in stored) == [
        "Đề nghị bổ sung chỉ tiêu a.",
        "Đề nghị bổ sung chỉ tiêu d.",
    ]
    again = (await partner.batch(body)).json()
    assert [r["status"] for r in again["results"]] == [r["status"] for r in results]
    single = await partner.post({"text": "Đề nghị bổ sung chỉ tiêu a."}, Idempotency_Key="a")
    assert single.json()["tracking_code"] == results[0]["tracking_code"], "a line sent again by itself is the same one"
    assert len(await submissions(ingest.settings)) == 2


async def test_a_thousand_lines_are_taken_at_once_and_one_more_refuses_the_whole(
    ingest: Running, partner: Client
) -> None:
    lines = [line(f"n{number}") for number in range(1000)]
    started = time.monotonic()
    answer = await partner.batch(b"\r\n".join(lines) + b"\r\n")
    took_s = time.monotonic() - started
    assert answer.status_code == 200
    assert answer.json()["accepted"] == 1000
    assert len({r["tracking_code"] for r in answer.json()["results"]}) == 1000
    assert len(await submissions(ingest.settings)) == 1000
    assert took_s < 30
    print(f"1000 lines in {took_s:.2f} s")
    refused = await partner.batch(b"\n".join([*lines, line("one-more")]))
    assert refused.status_code == 413
    assert len(await submissions(ingest.settings)) == 1000


async def test_other_media_types_and_empty_batches_are_refused_with_a_reason(ingest: Running, partner: Client) -> None:
    json_headers = partner.bearer | {"Content-Type": "application/json"}
    other = await ingest.http.post(f"{URL}/batch", content=b"[]", headers=json_headers)
    assert (other.status_code, type_of(other)) == (415, "not-ndjson")
    empty = await partner.batch(b"\n \n")
    assert (empty.status_code, type_of(empty)) == (422, "empty-batch")


async def test_while_the_bus_is_away_the_whole_batch_is_503_and_can_be_sent_again(
    ingest: Running, partner: Client, nats_server: NatsServer
) -> None:
    ingest.app.state.ingest.acceptor._publisher._patience_s = 1.5
    body = b"\n".join(line(f"n{number}") for number in range(200))
    assert (await partner.post({"text": "Trước."})).status_code == 202
    nats_server.kill()
    started = time.monotonic()
    away = await partner.batch(body)
    assert (away.status_code, away.headers["Retry-After"]) == (503, "5")
    assert time.monotonic() - started < 10
    nats_server.start()
    await until(lambda: _ready(ingest), what="readiness after the restart")
    again = await partner.batch(body)
    assert again.json()["accepted"] == 200
    assert len(await submissions(ingest.settings)) == 201


async def test_when_the_bus_goes_away_in_the_middle_the_rest_says_503_and_can_be_sent_again(
    ingest: Running, partner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    acceptor = ingest.app.state.ingest.acceptor
    real, seen = acceptor.accept, []

    async def breaking(*args: Any) -> Any:
        seen.append(args)
        if len(seen) > 10:
            raise Transient("away")
        return await real(*args)

    lines = [line(f"n{number}") for number in range(100)]
    monkeypatch.setattr(acceptor, "accept", breaking)
    answer = await partner.batch(b"\n".join(lines))
    statuses = [r["status"] for r in answer.json()["results"]]
    assert answer.status_code == 200
    assert (statuses.count(202), statuses.count(503)) == (10, 90)
    assert answer.json()["accepted"] == 10
    monkeypatch.setattr(acceptor, "accept", real)
    again = await partner.batch(b"\n".join(lines))
    assert again.json()["accepted"] == 100
    assert len(await submissions(ingest.settings)) == 100


async def test_a_key_sent_again_means_the_consultation_it_meant_the_first_time(
    ingest: Running, partner: Client
) -> None:
    first = await partner.post({"text": "Một lần thôi."}, Idempotency_Key="k")
    assert first.status_code == 202
    nc = await connect(ingest.settings)
    await publish_file(nc.jetstream(), ROOT / "consultations" / "lai-chau-2025.yaml")
    await nc.close()
    known = ingest.app.state.ingest.consultations
    await until(lambda: known.get("lai-chau-2025") is not None, what="the second consultation")
    both = (CONSULTATION, "lai-chau-2025")
    await put_partner(ingest.settings, (await record(ingest)).model_copy(update={"consultations": both}))

    async def asked() -> bool:
        return (await partner.post({"text": "Cho đợt nào?"})).status_code == 422

    await until(asked, what="the record naming two consultations")
    again = await partner.post({"text": "Một lần thôi."}, Idempotency_Key="k")
    assert (again.status_code, again.text) == (202, first.text)
    assert [event.text for event in await submissions(ingest.settings)].count("Một lần thôi.") == 1


async def test_the_quota_counts_lines_and_says_when_to_come_again(nats_server: NatsServer, tmp_path: Path) -> None:
    async with ingest_on(nats_server, tmp_path / "ingest", rate_limit="on") as app:
        client = await add_partner(app, per_minute=1000, per_day=8)
        answer = await client.batch(b"\n".join(line(f"n{number}") for number in range(10)))
        assert [r["status"] for r in answer.json()["results"]] == [202] * 8 + [429] * 2
        assert int(answer.headers["Retry-After"]) >= 1
        for over in (await client.post({"text": "Quá hạn mức."}), await client.batch(line("n9"))):
            assert (over.status_code, type_of(over)) == (429, "partner-quota")
            assert int(over.headers["Retry-After"]) >= 1
        other = await add_partner(app, "ung-dung-hai")
        assert (await other.post({"text": "Đối tác khác không bị ảnh hưởng."})).status_code == 202
        assert len(await submissions(app.settings)) == 9
