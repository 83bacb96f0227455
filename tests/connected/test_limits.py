"""Floods against a running ingest: limits shared by replicas, channels that do not starve each other, pages that keep what was typed."""

import asyncio
import html
import json
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import altcha
import httpx
import pytest
import structlog

from services.ingest.abuse import body, proof
from services.ingest.abuse.shared_limits import SharedLimits
from shared import topology
from shared.broker import connect
from tests.support.ingest_app import (
    CONSULTATION,
    POST,
    TOKEN,
    Running,
    ingest_on,
    make_settings,
    prepare_bus,
    running,
    submissions,
)
from tests.support.nats_server import NatsServer
from tests.support.waiting import until

pytestmark = pytest.mark.connected
FORM = f"/c/{CONSULTATION}"
WORDS = "Đề nghị sửa trang 3, dòng 5 & giữ “nguyên văn”."
OPERATOR = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
async def within_one_minute() -> None:
    """Limits are counted per minute of the clock: a test that counts shall not straddle two."""
    if (late := time.time() % 60) > 45:
        await asyncio.sleep(60.5 - late)


def client(ingest: Running, address: str) -> httpx.AsyncClient:
    """A sender with this address, as uvicorn would say it."""
    transport = httpx.ASGITransport(app=ingest.app, raise_app_exceptions=False, client=(address, 1))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://ykien.test", timeout=60)


@asynccontextmanager
async def two_replicas(server: NatsServer, folder: Path, **more: Any) -> AsyncIterator[tuple[Running, Running]]:
    await prepare_bus(server.url)
    settings, private = make_settings(folder, server.url, rate_limit="on", **more)
    async with running(settings, private) as one, running(settings, private) as two:
        yield one, two


def typed(page: str) -> str:
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def token_of(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


def solve(page: str) -> str:
    found = re.search(r'data-challenge="([^"]+)"', page)
    assert found, "the page asks for a proof"
    challenge = altcha.Challenge.from_dict(json.loads(html.unescape(found[1])))
    solution = altcha.solve_challenge(challenge)
    assert solution
    return altcha.Payload(challenge, solution).to_base64()


async def test_two_replicas_share_one_limit_and_each_network_has_its_own(
    nats_server: NatsServer, tmp_path: Path
) -> None:
    async with two_replicas(nats_server, tmp_path, posts_per_minute=20) as pair:
        answers = [
            (await ingest.http.post(POST, json={"text": f"{n}"})).status_code for n in range(20) for ingest in pair
        ]
        admitted = answers.count(202)
        assert 20 <= admitted <= 22, "the limit, and at most one chunk of two more"
        assert answers.count(429) == 40 - admitted
        for ingest, address in ((pair[0], "198.51.100.7"), (pair[1], "2001:db8::1")):
            async with client(ingest, address) as other:
                assert (await other.post(POST, json={"text": "Mạng khác."})).status_code == 202
        refused = await pair[1].post({"text": "x"})
        assert refused.headers["content-type"].startswith("application/problem+json")
        assert 0 < int(refused.headers["Retry-After"]) <= 60
        assert f"sau {refused.headers['Retry-After']} giây" in refused.json()["detail"]
        assert (await pair[1].post({"text": "x"}, **OPERATOR)).status_code == 202
        assert len(await submissions(pair[0].settings)) == admitted + 3


@pytest.mark.parametrize(
    "path", [f"/{POST}", POST.replace("/api", "/api/"), f"{POST}/", POST.replace("submi", "%73ubmi")]
)
async def test_another_spelling_of_the_path_is_no_way_around(
    nats_server: NatsServer, tmp_path: Path, path: str
) -> None:
    async with ingest_on(nats_server, tmp_path, rate_limit="on", posts_per_minute=2) as ingest:
        url = httpx.URL("http://ykien.test").copy_with(raw_path=path.encode())
        statuses = [(await ingest.http.post(url, json={"text": "x"})).status_code for _ in range(4)]
        assert statuses in ([202, 202, 429, 429], [404] * 4)


async def test_a_wider_network_has_a_higher_limit_of_its_own(nats_server: NatsServer, tmp_path: Path) -> None:
    async with ingest_on(nats_server, tmp_path, rate_limit="on", posts_per_minute=2) as ingest:
        answers = []
        for number in range(30):
            async with client(ingest, f"2001:db8:1:{number:x}::1") as one:
                answers.append((await one.post(POST, json={"text": "x"})).status_code)
        assert answers == [202] * 20 + [429] * 10
        async with client(ingest, "2001:db8:2::1") as neighbour:
            assert (await neighbour.post(POST, json={"text": "x"})).status_code == 202


async def test_no_address_stands_in_the_bucket_or_the_log(nats_server: NatsServer, tmp_path: Path) -> None:
    async with ingest_on(nats_server, tmp_path, rate_limit="on", posts_per_minute=2) as ingest:
        with structlog.testing.capture_logs() as lines:
            async with client(ingest, "198.51.100.77") as one:
                for _ in range(4):
                    await one.post(POST, json={"text": "x"})
        nc = await connect(ingest.settings)
        kv = await nc.jetstream().key_value(topology.LIMITS_BUCKET)
        keys = await kv.keys()
        values = [(await kv.get(key)).value for key in keys]
        await nc.close()
        assert keys
        assert "198.51.100" not in f"{keys} {values} {lines}"


async def test_limits_outlive_a_restart_of_the_bus(nats_server: NatsServer, tmp_path: Path) -> None:
    """The bucket is in memory and goes with the server: whoever misses it makes it anew."""
    async with ingest_on(nats_server, tmp_path, rate_limit="on") as ingest:
        limits = ingest.app.state.ingest.part(SharedLimits)
        assert await limits.take("t", "k", 1, 3, 3600) is None
        nats_server.kill()
        assert await limits.take("t", "k", 1, 3, 3600) is None
        nats_server.start()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not ingest.app.state.ingest.bus.nc.is_connected:
            await asyncio.sleep(0.1)
        await asyncio.sleep(2.1)
        assert await limits.take("t", "k", 1, 3, 3600) is None
        assert await limits.take("t", "k", 1, 3, 3600) is not None
        nc = await connect(ingest.settings)
        assert len(await (await nc.jetstream().key_value(topology.LIMITS_BUCKET)).keys()) == 1
        await nc.close()


@pytest.fixture
async def crowded(nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[Running]:
    """A network that has just used up its soft limit."""
    async with ingest_on(nats_server, tmp_path / "ingest", rate_limit="on", posts_per_minute=2) as ingest:
        ingest.http.headers["Accept"] = "text/html"
        for number in range(2):
            answer = await ingest.http.post(FORM, data={"text": f"Ý kiến {number}", "token": f"{number}" * 32})
            assert answer.status_code == 303
        yield ingest


async def test_normal_citizens_see_no_script_and_a_crowded_network_keeps_its_words(crowded: Running) -> None:
    page = await crowded.http.post(FORM, data={"text": WORDS, "token": "c" * 32, "name": "Người Thử", "consent": "1"})
    assert page.status_code == 429
    assert 0 < int(page.headers["Retry-After"]) <= 60
    assert typed(page.text) == WORDS
    assert token_of(page.text) == "c" * 32
    assert 'value="Người Thử"' in page.text
    assert re.search(r"gửi lại sau \d+ giây", page.text)
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert page.text.count("<script") == 1
    async with client(crowded, "203.0.113.9") as other:
        form = await other.get(FORM)
        assert "<script" not in form.text
        assert "script-src 'none'" in form.headers["content-security-policy"]
    assert len(await submissions(crowded.settings)) == 2


async def test_a_solved_challenge_lets_one_sheet_in_once(crowded: Running) -> None:
    page = await crowded.http.post(FORM, data={"text": WORDS, "token": "c" * 32})
    sheet = {"text": WORDS, "token": "c" * 32, "altcha": solve(page.text)}
    first = await crowded.http.post(FORM, data=sheet)
    assert first.status_code == 303
    assert (await crowded.http.post(FORM, data=sheet)).headers["location"] == first.headers["location"]
    other = await crowded.http.post(FORM, data={**sheet, "token": "d" * 32})
    assert other.status_code == 429
    assert typed(other.text) == WORDS
    assert len(await submissions(crowded.settings)) == 3


async def test_a_second_click_gets_the_receipt_of_the_first_even_over_the_limit(crowded: Running) -> None:
    again = await crowded.http.post(FORM, data={"text": "Ý kiến 0", "token": "0" * 32})
    assert (again.status_code, "/giay-tiep-nhan/" in again.headers["location"]) == (303, True)


async def test_the_empty_form_of_a_crowded_network_brings_its_challenge_along(crowded: Running) -> None:
    form = await crowded.http.get(FORM)
    sheet = {"text": WORDS, "token": token_of(form.text), "altcha": solve(form.text)}
    assert (await crowded.http.post(FORM, data=sheet)).status_code == 303


async def test_even_with_proofs_there_is_a_hard_limit(crowded: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "LEAST", 1)
    monkeypatch.setattr(proof, "MOST", 2)
    statuses = []
    for number in range(20):
        form = await crowded.http.get(FORM)
        sheet = {"text": f"{WORDS} {number}", "token": token_of(form.text), "altcha": solve(form.text)}
        answer = await crowded.http.post(FORM, data=sheet)
        statuses.append(answer.status_code)
    assert statuses == [303] * 18 + [429] * 2, "ten times the soft limit in all"
    assert typed(answer.text) == f"{WORDS} 19"
    assert "data-challenge" not in answer.text, "another proof would not help"
    assert re.search(r"gửi lại sau \d+ giây", answer.text)


async def test_a_wrong_form_asks_for_a_new_proof_and_not_for_the_used_one(crowded: Running) -> None:
    form = await crowded.http.get(FORM)
    sheet = {"text": WORDS, "token": token_of(form.text), "altcha": solve(form.text), "email": "sai"}
    wrong = await crowded.http.post(FORM, data=sheet)
    assert wrong.status_code == 422
    sheet |= {"email": "", "altcha": solve(wrong.text)}
    assert (await crowded.http.post(FORM, data=sheet)).status_code == 303


async def test_the_hidden_field_is_refused_aloud_and_the_next_try_passes(
    nats_server: NatsServer, tmp_path: Path
) -> None:
    async with ingest_on(nats_server, tmp_path) as ingest:
        page = await ingest.http.post(FORM, data={"text": WORDS, "token": "h" * 32, "website": "http://spam.example"})
        assert page.status_code == 422
        assert typed(page.text) == WORDS
        assert "Để trống ô này" in page.text
        assert "spam.example" not in page.text
        assert await submissions(ingest.settings) == []
        assert (await ingest.http.post(FORM, data={"text": WORDS, "token": "h" * 32})).status_code == 303


async def test_form_letters_are_all_taken_and_counted(nats_server: NatsServer, tmp_path: Path) -> None:
    async with ingest_on(nats_server, tmp_path, rate_limit="on") as ingest:
        for number in range(50):
            async with client(ingest, f"198.51.{number}.7") as one:
                assert (await one.post(POST, json={"text": WORDS})).status_code == 202
        assert len(await submissions(ingest.settings)) == 50


async def test_zalo_is_never_refused_for_its_network(nats_server: NatsServer, tmp_path: Path) -> None:
    limits: dict[str, Any] = {"posts_per_minute": 1, "server_posts_per_minute": 1, "channel_posts_per_minute": 1}
    async with ingest_on(nats_server, tmp_path, rate_limit="on", **limits) as ingest:
        answers = [await ingest.http.post("/channels/zalo/webhook", json={}) for _ in range(20)]
        assert not {a.status_code for a in answers} & {429, 503}
        answers = [await ingest.http.post(POST, json={"text": "x"}) for _ in range(3)]
        assert [a.status_code for a in answers] == [202, 429, 429]


async def slowly(content: bytes, pause_s: float, parts: int) -> AsyncIterator[bytes]:
    size = -(-len(content) // parts)
    for start in range(0, len(content), size):
        yield content[start : start + size]
        await asyncio.sleep(pause_s)


async def test_bodies_over_the_limit_are_refused_on_every_posting_route_also_without_a_length(
    nats_server: NatsServer, tmp_path: Path
) -> None:
    async with ingest_on(nats_server, tmp_path, rate_limit="on", max_body=100_000) as ingest:
        for path in (POST, FORM):
            for headers in (
                {"Content-Type": "application/json"},
                {"Content-Type": "application/x-www-form-urlencoded"},
            ):
                answer = await ingest.http.post(path, content=slowly(b"a=" + b"x" * 200_000, 0, 20), headers=headers)
                assert answer.status_code in {400, 413, 422}, (path, headers)
                assert answer.status_code == 413 or "json" in headers["Content-Type"]
        assert await submissions(ingest.settings) == []


async def test_more_bytes_than_a_channel_may_hold_are_refused_and_given_back(
    nats_server: NatsServer, tmp_path: Path
) -> None:
    async with ingest_on(nats_server, tmp_path, rate_limit="on", max_held=100_000) as ingest:
        large = json.dumps({"text": "x" * 60_000}).encode()
        both = await asyncio.gather(*(ingest.http.post(POST, content=slowly(large, 0.02, 10)) for _ in range(2)))
        assert sorted(a.status_code for a in both) == [202, 503]
        assert (await ingest.http.post(POST, content=large)).status_code == 202


def sockets_sender(app: Any, path: str, parts: list[tuple[float, bytes]]) -> Callable[[], Any]:
    """A sender that pauses before each part, as a socket would bring it (httpx's own transport reads all at once)."""
    queue = list(parts)

    async def send_all() -> int:
        status = 0

        async def receive() -> dict[str, Any]:
            pause, data = queue.pop(0)
            await asyncio.sleep(pause)
            return {"type": "http.request", "body": data, "more_body": bool(queue)}

        async def send(message: dict[str, Any]) -> None:
            nonlocal status
            status = message.get("status", status)

        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(b"content-type", b"application/json"), (b"host", b"ykien.test")],
            "http_version": "1.1",
            "scheme": "http",
            "server": ("ykien.test", 80),
            "client": ("203.0.113.50", 1),
            "root_path": "",
            "state": {},
        }
        await app(scope, receive, send)
        return status

    return send_all


async def test_slow_senders_hold_no_place_and_are_told_408_in_the_end(
    nats_server: NatsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "GRACE_S", 1.0)
    monkeypatch.setattr(body, "MIN_RATE", 5.0)
    async with ingest_on(nats_server, tmp_path, rate_limit="on", posts_at_once=1) as ingest:
        drip = [(0.4, b" ")] * 8
        slow = [asyncio.create_task(sockets_sender(ingest.app, POST, drip)()) for _ in range(20)]
        await asyncio.sleep(0.2)
        assert (await ingest.post({"text": "Nhanh."})).status_code == 202
        assert not any(task.done() for task in slow)
        assert {await task for task in slow} == {408}
        steady = [(0.2, b'{"text": "'), *[(0.2, "chậm".encode())] * 8, (0.2, b'"}')]
        assert await sockets_sender(ingest.app, POST, steady)() == 202


class Stuck:
    """An acceptor that takes its time; the flood's posts pile up behind it."""

    def __init__(self, real: Any, channel: str, pause_s: float) -> None:
        self.real, self.channel, self.pause_s = real, channel, pause_s

    async def accept(self, consultation: Any, submission: Any, origin: Any) -> Any:
        if origin.channel == self.channel:
            await asyncio.sleep(self.pause_s)
        return await self.real.accept(consultation, submission, origin)


async def test_a_full_channel_keeps_the_words_and_answers_503(nats_server: NatsServer, tmp_path: Path) -> None:
    async with ingest_on(nats_server, tmp_path, rate_limit="on", posts_at_once=1) as ingest:
        service = ingest.app.state.ingest
        object.__setattr__(service, "acceptor", Stuck(service.acceptor, "web", 0.5))
        ingest.http.headers["Accept"] = "text/html"
        answers = await asyncio.gather(
            *(ingest.http.post(FORM, data={"text": f"{WORDS} {n}", "token": f"{n:032}"}) for n in range(12))
        )
        statuses = [a.status_code for a in answers]
        assert set(statuses) == {303, 503}
        for number, answer in enumerate(answers):
            if answer.status_code == 503:
                assert typed(answer.text) == f"{WORDS} {number}"
                assert int(answer.headers["Retry-After"]) > 0
        assert len(await submissions(ingest.settings)) == statuses.count(303)


async def test_a_flood_through_one_channel_does_not_starve_another(nats_server: NatsServer, tmp_path: Path) -> None:
    """A ratio on the same machine in the same minute, not an absolute time: with the flood against a quiet service."""
    many = {
        "posts_per_minute": 1_000_000,
        "channel_posts_per_minute": 1_000_000,
        "posts_at_once": 8,
    }  # 72 of 200 find room
    async with ingest_on(nats_server, tmp_path, rate_limit="on", **many) as ingest:

        async def answered() -> float:
            started = time.perf_counter()
            assert (await ingest.post({"text": "Một người dân."})).status_code == 202
            return time.perf_counter() - started

        quiet = sorted([await answered() for _ in range(20)])[10]
        ended = False
        counts: Counter[int] = Counter()

        async def flooder(number: int) -> None:
            turn = 0
            while not ended:
                turn += 1
                data = {"text": f"{number} {turn}", "token": f"{number}-{turn}"}
                status = (await ingest.http.post(FORM, data=data)).status_code
                counts[status] += 1

        tasks = [asyncio.create_task(flooder(number)) for number in range(200)]
        await asyncio.sleep(1)
        flooded = sorted([await answered() for _ in range(20)])[10]
        # The flooded channel itself goes on, and turns away what it has no room for.
        await until(lambda: counts[303] > 50 and counts[503] > 50, what="enough answers to the flood")
        ended = True
        await asyncio.gather(*tasks)
        print(f"quiet {quiet * 1000:.1f} ms, flooded {flooded * 1000:.1f} ms, ratio {flooded / quiet:.1f}, {counts}")
        assert flooded < 20 * quiet, f"{flooded:.3f} s against {quiet:.3f} s"


async def test_a_stuck_channel_leaves_the_others_all_their_places(nats_server: NatsServer, tmp_path: Path) -> None:
    async with ingest_on(nats_server, tmp_path, rate_limit="on", posts_at_once=2) as ingest:
        service = ingest.app.state.ingest
        object.__setattr__(service, "acceptor", Stuck(service.acceptor, "web", 3))
        flood = [
            asyncio.create_task(ingest.http.post(FORM, data={"text": "x", "token": f"{n:032}"})) for n in range(20)
        ]
        await asyncio.sleep(0.3)
        started = time.monotonic()
        assert (await ingest.post({"text": "Kênh khác."})).status_code == 202
        assert time.monotonic() - started < 2
        assert not all(task.done() for task in flood)
        await asyncio.gather(*flood)


async def test_the_words_after_a_conflict_are_true(nats_server: NatsServer, tmp_path: Path) -> None:
    async with ingest_on(nats_server, tmp_path) as ingest:
        service = ingest.app.state.ingest
        service.acceptor._publisher._patience_s = 1.5
        nats_server.kill()
        first = await ingest.http.post(FORM, data={"text": "Bản đầu.", "token": "k" * 32})
        assert first.status_code == 503
        nats_server.start()
        edited = await ingest.http.post(FORM, data={"text": "Bản sửa.", "token": "k" * 32})
        assert edited.status_code == 409
        assert "chưa xác nhận đã tiếp nhận" in edited.text
        assert "đã được tiếp nhận một lần" not in edited.text
        again = await ingest.http.post(FORM, data={"text": "Bản sửa.", "token": token_of(edited.text)})
        assert again.status_code == 303
        assert [e.text for e in await submissions(ingest.settings)] == ["Bản sửa."]
        sheet = {"text": "Bản ba.", "token": token_of(edited.text)}
        deadline = time.monotonic() + 60  # the projection comes back after the bus
        while "chưa xác nhận" in (third := await ingest.http.post(FORM, data=sheet)).text:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.2)
        assert third.status_code == 409
        assert "đã được tiếp nhận một lần với nội dung khác" in third.text
