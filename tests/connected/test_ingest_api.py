"""The JSON API against a real nats-server and SQLite."""

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared import sealing, signing, tracking_code
from shared.events import SubmissionReceived, WindowMark
from tests.support.ingest_app import CONSULTATION, POST, TOKEN, Running, ingest_on, submissions
from tests.support.nats_server import NatsServer

pytestmark = pytest.mark.connected
OPERATOR = {"Authorization": f"Bearer {TOKEN}"}
PDF = base64.b64encode(b"%PDF-1.7 invented").decode()


@pytest.fixture
async def ingest(nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[Running]:
    async with ingest_on(nats_server, tmp_path / "ingest") as app:
        yield app


async def stored(ingest: Running) -> list[SubmissionReceived]:
    return await submissions(ingest.settings)


def fields(response: httpx.Response) -> set[str]:
    assert response.headers["content-type"].startswith("application/problem+json")
    body = response.json()
    assert body["type"].startswith("https://ykien.vn/problems/")
    assert body["title"]
    assert all(error["reason"] for error in body["errors"])
    return {error["field"] for error in body["errors"]}


async def test_a_202_means_that_the_stream_holds_exactly_what_was_sent(ingest: Running) -> None:
    answer = await ingest.post(
        {"text": "Đề nghị bổ sung chỉ tiêu trồng rừng.", "section_ref": "VII.3", "stance": "supplement"}
    )
    assert answer.status_code == 202, answer.text
    (event,) = await stored(ingest)
    body = answer.json()
    assert event.text == "Đề nghị bổ sung chỉ tiêu trồng rừng."
    assert (event.section_ref, event.stance, event.channel, event.channel_verified) == (
        "VII.3",
        "supplement",
        "api",
        False,
    )
    assert event.respondent.sealed_identity is None
    assert event.respondent.person_hash is None
    assert event.text_sha256 == hashlib.sha256(event.text.encode()).hexdigest() == body["receipt"]["text_sha256"]
    assert tracking_code.parse(body["tracking_code"]) == body["tracking_code"]


async def test_the_receipt_is_signed_and_checks_with_the_published_key(ingest: Running) -> None:
    receipt = (await ingest.post({"text": "Nhất trí."})).json()["receipt"]
    key = (await ingest.http.get("/api/v1/receipt-key")).json()
    signature = receipt.pop("signature")
    assert receipt["key_id"] == key["key_id"]
    assert signing.verify(key["public_key"], receipt, signature)
    assert not signing.verify(key["public_key"], {**receipt, "window": "inside"}, signature)


async def test_identity_is_sealed_and_nothing_of_it_is_readable_in_event_or_database(ingest: Running) -> None:
    person: dict[str, object] = {
        "name": "Người Góp Ý Một",
        "phone": "+84 900 000 001",
        "email": "Mot@Example.vn",
        "address": "Số 0 đường Ví Dụ",
        "group": "nong-dan",
        "locality": "na-tau",
    }
    answer = await ingest.post(
        {
            "text": "Tán thành.",
            "respondent": person,
            "attachments": [
                {"filename": "../Người Góp Ý Một.pdf", "content_type": "application/pdf", "content_base64": PDF}
            ],
        }
    )
    assert answer.status_code == 202, answer.text
    (event,) = await stored(ingest)
    assert event.respondent.sealed_identity
    opened = json.loads(sealing.open_sealed(ingest.sealing_private, event.respondent.sealed_identity))
    assert opened == {
        "name": "Người Góp Ý Một",
        "phone": "0900000001",
        "email": "mot@example.vn",
        "address": "Số 0 đường Ví Dụ",
        "tracking_code": answer.json()["tracking_code"],
        "filenames": ["Người Góp Ý Một.pdf"],
    }
    assert (event.respondent.has_email, event.respondent.group, event.respondent.locality) == (
        True,
        "nong-dan",
        "na-tau",
    )
    public = event.model_dump_json()
    assert not [
        word for word in ("Người Góp", "0900000001", "mot@", "Ví Dụ", opened["tracking_code"]) if word in public
    ]
    blob = await ingest.app.state.ingest.acceptor._blobs.get(event.attachments[0].sha256)
    assert blob == b"%PDF-1.7 invented"
    for file in (ingest.settings.data).glob("*.sqlite3*"):
        assert b"0900000001" not in file.read_bytes()


async def test_the_status_follows_the_receipt_and_shows_neither_identity_nor_text(ingest: Running) -> None:
    code = (await ingest.post({"text": "Đề nghị nêu rõ.", "respondent": {"name": "Người Góp Ý"}})).json()[
        "tracking_code"
    ]
    answer = await ingest.http.get(f"/api/v1/submissions/{tracking_code.display(code).lower()}")
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["channel"], answer.json()["opinions"]) == ("received", "api", [])
    assert "Góp Ý" not in answer.text
    assert "nêu rõ" not in answer.text


async def test_the_public_definition_keeps_the_committee_addresses_to_itself(ingest: Running) -> None:
    answer = await ingest.http.get(f"/api/v1/consultations/{CONSULTATION}")
    assert answer.status_code == 200
    assert "recipients" not in answer.json()
    listed = (await ingest.http.get("/api/v1/consultations")).json()["consultations"]
    assert [(one["id"], one["state"]) for one in listed] == [(CONSULTATION, "closed")]


async def test_late_submissions_are_accepted_and_marked(ingest: Running) -> None:
    answer = await ingest.post({"text": "Gửi muộn.", "submitted_at": "2025-06-12T08:00:00+07:00"})
    assert answer.json()["receipt"]["window"] == "after", "an unproven time does not count"
    assert [e.window for e in await stored(ingest)] == [WindowMark.AFTER]


async def test_an_operator_vouches_for_channel_and_time(ingest: Running) -> None:
    body = {"text": "Thư góp ý.", "submitted_at": "2025-06-12T08:00:00+07:00"}
    refused = await ingest.post(body, X_Ykien_Channel="letter")
    assert (refused.status_code, fields(refused)) == (403, {"X-Ykien-Channel"})
    wrong = await ingest.post(body, X_Ykien_Channel="letter", Authorization="Bearer sai")
    assert (wrong.status_code, fields(wrong)) == (401, {"Authorization"})
    answer = await ingest.post(body, X_Ykien_Channel="letter", **OPERATOR)
    assert answer.status_code == 202
    assert answer.json()["receipt"]["window"] == "inside"
    (event,) = await stored(ingest)
    assert (event.channel, event.channel_verified) == ("letter", True)


LONE = b'{"text": "tr\\ud800ong"}'
BAD: list[tuple[str, Any, int, str]] = [
    ("nothing", {}, 422, "text"),
    ("empty text", {"text": ""}, 422, "text"),
    ("whitespace", {"text": " \n\t "}, 422, "text"),
    ("stance none alone", {"text": "", "stance": "none"}, 422, "text"),
    ("1 MB of text", {"text": "ý kiến " * 120_000}, 413, "text"),
    ("NUL", {"text": "a\0b"}, 422, "text"),
    ("control characters", {"text": "a\x07b"}, 422, "text"),
    ("binary as text", {"text": "\ufffd\ufffd\ufffd\x89PNG\ufffd\ufffd\ufffd\ufffd"}, 422, "text"),
    ("lone surrogate", LONE, 422, "text"),
    ("lone surrogate in a name", b'{"text": "x", "respondent": {"name": "\\udfff"}}', 422, "respondent.name"),
    ("text is a number", {"text": 5}, 422, "text"),
    ("text is null", {"text": None}, 422, "text"),
    ("misspelt field", {"text": "x", "txet": "y"}, 422, "txet"),
    ("misspelt inner field", {"text": "x", "respondent": {"fone": "1"}}, 422, "respondent.fone"),
    ("unknown stance", {"text": "x", "stance": "love"}, 422, "stance"),
    ("wrong phone", {"text": "x", "respondent": {"phone": "12"}}, 422, "respondent.phone"),
    ("wrong email", {"text": "x", "respondent": {"email": "a@b"}}, 422, "respondent.email"),
    ("long name", {"text": "x", "respondent": {"name": "x" * 201}}, 422, "respondent.name"),
    ("naive time", {"text": "x", "submitted_at": "2025-06-12T08:00:00"}, 422, "submitted_at"),
    ("time as number", {"text": "x", "submitted_at": 1749700000}, 422, "submitted_at"),
    (
        "eleven files",
        {
            "text": "x",
            "attachments": [{"filename": "a", "content_type": "application/pdf", "content_base64": PDF}] * 11,
        },
        422,
        "attachments",
    ),
    (
        "sloppy base64",
        {
            "text": "x",
            "attachments": [{"filename": "a", "content_type": "application/pdf", "content_base64": PDF + "*"}],
        },
        422,
        "attachments[0].content_base64",
    ),
    (
        "type not taken",
        {"text": "x", "attachments": [{"filename": "a", "content_type": "application/x-sh", "content_base64": PDF}]},
        422,
        "attachments[0].content_type",
    ),
    (
        "no picture",
        {"text": "x", "attachments": [{"filename": "a", "content_type": "image/png", "content_base64": PDF}]},
        422,
        "attachments[0]",
    ),
    (
        "file over 10 MB",
        {
            "text": "x",
            "attachments": [
                {
                    "filename": "a",
                    "content_type": "application/pdf",
                    "content_base64": base64.b64encode(b"%PDF-" + bytes(10_000_001)).decode(),
                }
            ],
        },
        413,
        "attachments[0]",
    ),
    ("no JSON", b"{text: 1}", 400, "(body)"),
    ("cut JSON", b'{"text": "x"', 400, "(body)"),
    ("a list", b"[]", 400, "(body)"),
    ("NaN", b'{"text": NaN}', 400, "(body)"),
    ("a name twice", b'{"text": "x", "text": "y"}', 400, "(body)"),
    ("no UTF-8", b'{"text": "\xff\xfe"}', 400, "(body)"),
    ("deep nesting", b"[" * 100_000, 400, "(body)"),
]


async def test_bad_input_is_refused_naming_field_and_reason_and_nothing_is_accepted(ingest: Running) -> None:
    wrong = []
    for name, body, status, field in BAD:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = await ingest.http.post(POST, content=content, headers={"Content-Type": "application/json"})
        if answer.status_code != status or field not in fields(answer):
            wrong.append((name, answer.status_code, answer.text[:300]))
    assert wrong == []
    assert await stored(ingest) == []


async def test_wrong_addresses_keys_and_channels_are_refused(ingest: Running) -> None:
    unknown = await ingest.http.post("/api/v1/consultations/khong-co/submissions", json={"text": "x"})
    assert (unknown.status_code, fields(unknown)) == (404, {"consultation"})
    assert fields(await ingest.post({"text": "x"}, X_Ykien_Channel="telepathy")) == {"X-Ykien-Channel"}
    assert fields(await ingest.post({"text": "x"}, Idempotency_Key="a b")) == {"Idempotency-Key"}
    assert (await ingest.http.get("/api/v1/submissions/222")).status_code == 422
    huge = await ingest.http.post(POST, content=b'{"text": "' + b"x" * 25_000_001 + b'"}')
    assert huge.status_code == 413
    future = await ingest.post({"text": "x", "submitted_at": "2999-01-01T00:00:00Z"}, **OPERATOR)
    assert fields(future) == {"submitted_at"}
    assert await stored(ingest) == []


async def test_a_stance_alone_is_a_submission(ingest: Running) -> None:
    assert (await ingest.post({"stance": "agree"})).status_code == 202
    assert [(e.text, e.stance) for e in await stored(ingest)] == [("", "agree")]


async def test_the_rate_limit_says_when_to_come_again_and_spares_the_operator(
    nats_server: NatsServer, tmp_path: Path
) -> None:
    async with ingest_on(nats_server, tmp_path, rate_limit="on", posts_per_minute=3) as ingest:
        answers = [await ingest.post({"text": "x"}) for _ in range(5)]
        assert [a.status_code for a in answers] == [202, 202, 202, 429, 429]
        assert answers[-1].headers["content-type"].startswith("application/problem+json")
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
        assert (await ingest.post({"text": "x"}, **OPERATOR)).status_code == 202
        assert (await ingest.http.get("/")).status_code == 200


async def test_twenty_posts_at_once_are_all_there(ingest: Running) -> None:
    answers = await asyncio.gather(*(ingest.post({"text": f"Ý kiến thứ {n}."}) for n in range(20)))
    assert {a.status_code for a in answers} == {202}
    assert len({a.json()["tracking_code"] for a in answers}) == 20
    assert {e.text for e in await stored(ingest)} == {f"Ý kiến thứ {n}." for n in range(20)}


async def test_an_unknown_section_or_unit_loses_nothing_and_is_told(ingest: Running) -> None:
    person = {"unit": "Chi bộ không có trong danh sách", "phone": "0900 000 321"}
    response = await ingest.post({"text": "Tôi nhất trí.", "section_ref": "XCIX", "respondent": person})
    assert response.status_code == 202
    assert {note["field"] for note in response.json()["notes"]} == {"section_ref", "respondent.unit"}
    (event,) = await submissions(ingest.settings)
    assert isinstance(event, SubmissionReceived)
    assert (event.section_ref, event.respondent.unit) == ("XCIX", None)
    assert "Chi bộ" not in event.model_dump_json()
    sealed = sealing.open_sealed(ingest.sealing_private, event.respondent.sealed_identity or "")
    assert json.loads(sealed)["unit"] == "Chi bộ không có trong danh sách"
