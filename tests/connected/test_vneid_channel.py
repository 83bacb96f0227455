"""Signed messages against a real bus: taken once, replays told, keys rotated, counts beside ours."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.ingest.channels.vneid.routes import Vneid
from shared.errors import Transient
from shared.events import AggregateReceived, Stance
from shared.publisher import Publisher
from tests.support.ingest_app import Running, ingest_on, stored, submissions
from tests.support.nats_server import NatsServer
from tests.support.vneid_issuer import AUD, ISS, KeyServer, claims, ec_key, jwks, key_server, rsa_key, sign
from tests.support.waiting import until

pytestmark = pytest.mark.connected
JOSE = {"Content-Type": "application/jose"}
DRAFT = "bao-cao-chinh-tri"
FIRST_DAY = {"period_start": "2025-06-11T00:00:00+07:00", "period_end": "2025-06-12T00:00:00+07:00"}


def settings_file(folder: Path, url: str, **more: Any) -> None:
    channels = folder / "channels"
    channels.mkdir(parents=True, exist_ok=True)
    issuer = {
        "id": "thu",
        "issuer": ISS,
        "audience": AUD,
        "jwks_url": url,
        "aggregates": {"channel": "vneid-tong-hop"},
    } | more
    (channels / "vneid.yaml").write_text(json.dumps({"issuers": [issuer]}))


@pytest.fixture
async def keys() -> AsyncIterator[KeyServer]:
    async with key_server(ec_key(), rsa_key()) as server:
        yield server


@pytest.fixture
async def ingest(nats_server: NatsServer, keys: KeyServer, tmp_path: Path) -> AsyncIterator[Running]:
    settings_file(tmp_path / "ingest", keys.url)
    async with ingest_on(nats_server, tmp_path / "ingest") as app:
        app.app.state.ingest.acceptor._publisher._patience_s = 1.5
        yield app


async def post(app: Running, token: str, path: str = "/channels/vneid", **headers: str) -> httpx.Response:
    return await app.http.post(path, content=token, headers=headers or JOSE)


def slug(answer: httpx.Response) -> str:
    assert answer.headers["content-type"].startswith("application/problem+json")
    return str(answer.json()["type"]).rsplit("/", 1)[-1]


async def test_a_signed_submission_is_taken_once_and_a_replay_is_told_its_receipt(ingest: Running) -> None:
    token = sign(
        claims(
            text="Nhất trí với dự thảo.",
            stance="Đồng ý một phần",
            draft_id=DRAFT,
            section_ref="II",
            respondent_group="Đảng viên",
            submitted_at="2025-06-12T08:00:00+07:00",
        )
    )
    first = await post(ingest, token)
    assert first.status_code == 202, first.text
    (event,) = await submissions(ingest.settings)
    assert (event.channel, event.channel_verified, event.stance) == ("vneid", True, Stance.PARTLY_AGREE)
    assert (event.draft_id, event.section_ref, event.respondent.group) == (DRAFT, "II", "dang-vien")
    assert event.respondent.person_hash is not None
    assert event.respondent.sealed_identity is None
    assert first.json()["receipt"]["text_sha256"] == event.text_sha256
    again = await post(ingest, token)
    assert (again.status_code, slug(again)) == (409, "replayed")
    assert again.json() | first.json() == again.json(), "the first answer stands in the second"
    assert len(await submissions(ingest.settings)) == 1
    assert (await ingest.http.get(first.headers["Location"])).json()["channel"] == "vneid"


async def test_the_same_jti_with_other_words_is_a_conflict_and_signed_anew_a_replay(ingest: Running) -> None:
    assert (await post(ingest, sign(claims(jti="m-1", text="Lần một.")))).status_code == 202
    other = await post(ingest, sign(claims(jti="m-1", text="Lần hai.")))
    assert (other.status_code, slug(other)) == (409, "idempotency-key-reused")
    assert other.json()["errors"][0]["field"] == "jti"
    someone_else = await post(ingest, sign(claims(jti="m-1", text="Lần một.", sub="cap-doi-2")))
    assert (someone_else.status_code, slug(someone_else)) == (409, "idempotency-key-reused")
    anew = await post(ingest, sign(claims(jti="m-1", text="Lần một."), rsa_key()))
    assert (anew.status_code, slug(anew)) == (409, "replayed")
    assert [event.text for event in await submissions(ingest.settings)] == ["Lần một."]


async def test_a_button_without_words_is_a_submission_with_a_stance(ingest: Running) -> None:
    answer = await post(ingest, sign(claims(stance="Tán thành", draft_id=DRAFT), rsa_key()))
    assert answer.status_code == 202
    (event,) = await submissions(ingest.settings)
    assert (event.text, event.stance, event.draft_id) == ("", Stance.AGREE, DRAFT)


@pytest.mark.parametrize("kind", ["application/jose", "text/plain; charset=utf-8", "application/jwt"])
async def test_the_body_may_be_the_bare_message(ingest: Running, kind: str) -> None:
    assert (await post(ingest, sign(claims(text="A.")) + "\n", **{"Content-Type": kind})).status_code == 202


async def test_the_body_may_be_json_and_nothing_else(ingest: Running) -> None:
    token = sign(claims(text="A."))
    assert (await ingest.http.post("/channels/vneid", json={"jws": token})).status_code == 202
    for wrong in ({}, {"jws": 1}, {"jws": token, "x": 1}, {"jws": "ă"}):
        answer = await ingest.http.post("/channels/vneid", json=wrong)
        assert (answer.status_code, slug(answer)) == (400, "malformed-jws")
    assert (
        await ingest.http.post("/channels/vneid", content=b"[", headers={"Content-Type": "application/json"})
    ).status_code == 400
    assert (await ingest.http.post("/channels/vneid", data={"jws": token})).status_code == 415
    assert (await post(ingest, "a" * 6_000_001)).status_code == 413


@pytest.mark.parametrize(
    ("said", "status", "type_"),
    [
        ({"aud": "noi-khac", "text": "A."}, 401, "jws-audience"),
        ({"iss": "https://ke-khac.example", "text": "A."}, 401, "jws-issuer"),
        ({"jti": ..., "text": "A."}, 401, "jws-claim"),
        ({"iat": 1, "exp": 100, "text": "A."}, 401, "jws-expired"),
        ({"text": ""}, 422, "invalid-submission"),
        ({"txt": "A."}, 422, "invalid-submission"),
        ({"text": "A.", "submitted_at": "2999-01-01T00:00:00+07:00"}, 422, "invalid-submission"),
        ({"text": "A.", "consultation_id": "khong-co"}, 404, "unknown-consultation"),
    ],
)
async def test_refusals_name_what_failed_and_leave_nothing_behind(
    ingest: Running, said: dict[str, Any], status: int, type_: str
) -> None:
    answer = await post(ingest, sign(claims(**said)))
    assert (answer.status_code, slug(answer)) == (status, type_), answer.text
    assert answer.json()["errors"][0]["reason"]
    assert await submissions(ingest.settings) == []


async def test_an_issuer_speaks_only_for_its_consultations(
    nats_server: NatsServer, keys: KeyServer, tmp_path: Path
) -> None:
    settings_file(tmp_path / "ingest", keys.url, consultations=["lai-chau-2025"])
    async with ingest_on(nats_server, tmp_path / "ingest") as app:
        answer = await post(app, sign(claims(text="A.")))
        assert (answer.status_code, slug(answer)) == (403, "issuer-not-permitted")


async def test_without_its_settings_the_channel_is_off(nats_server: NatsServer, tmp_path: Path) -> None:
    async with ingest_on(nats_server, tmp_path / "ingest") as app:
        for path in ("/channels/vneid", "/channels/vneid/aggregates"):
            answer = await post(app, sign(claims(text="A.")), path)
            assert (answer.status_code, slug(answer)) == (404, "channel-off")


async def test_keys_rotate_and_an_outage_of_the_key_server_is_told_as_such(ingest: Running, keys: KeyServer) -> None:
    assert (await post(ingest, sign(claims(text="A.")))).status_code == 202
    keys.set = jwks(ec_key("moi"))
    assert (await post(ingest, sign(claims(text="B."), ec_key("moi")))).status_code == 202
    withdrawn = await post(ingest, sign(claims(text="C."), rsa_key()))
    assert (withdrawn.status_code, slug(withdrawn)) == (401, "jws-key")
    keys.status = 500
    unknown = await post(ingest, sign(claims(text="D."), ec_key("moi-nua")))
    assert (unknown.status_code, slug(unknown)) == (503, "jws-keys-unavailable")
    assert int(unknown.headers["Retry-After"]) >= 1
    assert (await post(ingest, sign(claims(text="E."), ec_key("moi")))).status_code == 202, "known keys go on"
    assert [event.text for event in await submissions(ingest.settings)] == ["A.", "B.", "E."]


async def test_after_a_503_the_same_message_is_taken(ingest: Running, nats_server: NatsServer) -> None:
    assert (await post(ingest, sign(claims(text="A.")))).status_code == 202
    token = sign(claims(text="Trong lúc gián đoạn."))
    nats_server.kill()
    answer = await post(ingest, token)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    nats_server.start()

    async def ready() -> bool:
        return (await ingest.http.get("/readyz")).status_code == 200

    await until(ready, what="readiness after the restart")
    assert (await post(ingest, token)).status_code == 202
    assert (await post(ingest, token)).status_code == 409
    assert len(await submissions(ingest.settings)) == 2


def batch(**more: Any) -> str:
    counts = [
        {"draft_id": DRAFT, "stance": "Tán thành", "submissions": 2_131_376, "with_text": 1200},
        {"draft_id": DRAFT, "section_ref": "II", "stance": "Không tán thành", "submissions": 3},
    ]
    said: dict[str, Any] = {"batch_id": "ngay-1", "revision": 1, "counts": counts, **FIRST_DAY}
    return sign(claims(**(said | more)))


async def aggregates(app: Running) -> list[AggregateReceived]:
    return [event for event in await stored(app.settings) if isinstance(event, AggregateReceived)]


async def send(app: Running, token: str) -> httpx.Response:
    return await post(app, token, "/channels/vneid/aggregates")


async def test_counts_of_another_body_are_kept_with_their_evidence(ingest: Running) -> None:
    token = batch()
    answer = await send(ingest, token)
    assert answer.status_code == 202, answer.text
    assert answer.json()["submissions"] == 2_131_379
    (event,) = await aggregates(ingest)
    assert (event.issuer, event.channel, event.counted_by, event.revision) == ("thu", "vneid-tong-hop", "Bộ Công an", 1)
    assert [row.stance for row in event.counts] == [Stance.AGREE, Stance.DISAGREE]
    assert await ingest.app.state.ingest.bus.blobs.get(event.evidence_sha256) == token.encode()
    again = await send(ingest, token)
    assert (again.status_code, slug(again)) == (409, "replayed")
    assert again.json()["received_at"] == answer.json()["received_at"]
    anew = await send(ingest, batch())
    assert (anew.status_code, slug(anew)) == (409, "replayed")
    assert len(await aggregates(ingest)) == 1
    assert await submissions(ingest.settings) == []


async def test_counts_that_would_count_twice_are_refused_and_a_revision_replaces(ingest: Running) -> None:
    assert (await send(ingest, batch())).status_code == 202
    other = [{"draft_id": DRAFT, "submissions": 1}]
    changed = await send(ingest, batch(counts=other))
    assert (changed.status_code, slug(changed)) == (409, "idempotency-key-reused")
    overlapping = await send(
        ingest, batch(batch_id="khac", period_start="2025-06-11T12:00:00+07:00", period_end="2025-06-13T00:00:00+07:00")
    )
    assert overlapping.status_code == 422
    assert "ngay-1" in overlapping.json()["errors"][0]["reason"]
    assert (await send(ingest, batch(revision=2, counts=other))).status_code == 202
    assert (
        await send(
            ingest,
            batch(batch_id="ngay-2", period_start="2025-06-12T00:00:00+07:00", period_end="2025-06-13T00:00:00+07:00"),
        )
    ).status_code == 202
    assert [(e.batch_id, e.revision) for e in await aggregates(ingest)] == [("ngay-1", 1), ("ngay-1", 2), ("ngay-2", 1)]


async def test_counts_are_not_taken_for_a_channel_that_is_counted_here(
    nats_server: NatsServer, keys: KeyServer, tmp_path: Path
) -> None:
    settings_file(tmp_path / "ingest", keys.url, aggregates={"channel": "vneid"})
    async with ingest_on(nats_server, tmp_path / "ingest") as app:
        answer = await send(app, batch())
        assert (answer.status_code, slug(answer)) == (422, "invalid-submission")
        assert await aggregates(app) == []


async def test_a_crash_before_the_pub_ack_is_mended_by_sending_again(
    ingest: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = Publisher.publish
    token = batch()
    for stored_already in (False, True):

        async def dies(self: Publisher, event: Any, stored_already: bool = stored_already, **more: Any) -> Any:
            if stored_already:
                await publish(self, event, **more)
            raise Transient("the process died here")

        monkeypatch.setattr(Publisher, "publish", dies)
        assert (await send(ingest, token)).status_code == 503
        monkeypatch.undo()
    answer = await send(ingest, token)
    assert (answer.status_code, answer.json()["submissions"]) == (409, 2_131_379)
    assert len(await aggregates(ingest)) == 1
    assert isinstance(ingest.app.state.ingest.part(Vneid), Vneid)
