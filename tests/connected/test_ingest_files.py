"""Opinions that come as files only: read, counted as text, or said to be for people; through the form and through the API."""

import asyncio
import base64
import io
from collections.abc import AsyncIterator
from pathlib import Path

import docx
import pytest

from services.classify.decide import decide
from services.classify.model import build_model
from shared.consultation import Consultation
from shared.events import Outcome, Reading
from tests.support.ingest_app import CONSULTATION, Running, ingest_on, submissions
from tests.support.nats_server import NatsServer

pytestmark = pytest.mark.connected
FORM = f"/c/{CONSULTATION}"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OPINION = "Đề nghị bổ sung chỉ tiêu về giao thông nông thôn vào mục tiêu của nhiệm kỳ."


@pytest.fixture
async def ingest(nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[Running]:
    async with ingest_on(nats_server, tmp_path / "ingest") as app:
        yield app


def letter(text: str = OPINION) -> bytes:
    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def definition(ingest: Running) -> Consultation:
    found: Consultation = ingest.app.state.ingest.consultation(CONSULTATION)
    return found


async def test_a_letter_sent_as_a_file_only_is_read_and_counted(ingest: Running) -> None:
    answer = await ingest.http.post(
        FORM, data={"text": "", "token": "a" * 32}, files={"attachments": ("Thư góp ý.docx", letter(), DOCX)}
    )
    assert answer.status_code == 303, answer.text
    (event,) = await submissions(ingest.settings)
    (file,) = event.attachments
    assert (event.text, file.reading, file.span) == (OPINION, Reading.TEXT, (0, len(OPINION)))
    decided = decide(event, build_model(definition(ingest)), b"k")
    assert decided.outcome is Outcome.COUNTED
    assert "".join(opinion.text for opinion in decided.opinions).strip() == OPINION


async def test_written_text_and_files_are_one_text_with_spans(ingest: Running) -> None:
    answer = await ingest.post(
        {
            "text": "Kính gửi Ban.",
            "attachments": [
                {"filename": "a.docx", "content_type": DOCX, "content_base64": base64.b64encode(letter()).decode()},
                {
                    "filename": "b.png",
                    "content_type": "image/png",
                    "content_base64": base64.b64encode(b"\x89PNG\r\n\x1a\n").decode(),
                },
            ],
        }
    )
    assert answer.status_code == 202, answer.text
    (event,) = await submissions(ingest.settings)
    assert event.text == f"Kính gửi Ban.\n\n{OPINION}"
    assert [(file.reading, file.span) for file in event.attachments] == [
        (Reading.TEXT, (15, len(event.text))),
        (Reading.TRANSCRIBE, None),
    ]
    assert event.text_sha256 == answer.json()["receipt"]["text_sha256"]


async def test_a_picture_alone_is_accepted_and_left_to_people(ingest: Running) -> None:
    files = {"attachments": ("thu.jpg", b"\xff\xd8\xff\xe0 scan", "image/jpeg")}
    answer = await ingest.http.post(FORM, data={"text": "", "token": "b" * 32}, files=files)
    assert answer.status_code == 303, answer.text
    (event,) = await submissions(ingest.settings)
    decided = decide(event, build_model(definition(ingest)), b"k")
    assert (decided.outcome, decided.reason) == (Outcome.UNREADABLE, "needs_transcription")


async def test_a_text_that_only_points_to_a_picture_is_left_to_people_and_one_that_says_more_is_counted_with_it(
    ingest: Running,
) -> None:
    picture = {
        "filename": "a.jpg",
        "content_type": "image/jpeg",
        "content_base64": base64.b64encode(b"\xff\xd8\xff\xe0 scan").decode(),
    }
    for text in ("Ý kiến ở ảnh đính kèm.", "Đường vào bản hỏng, xem ảnh đính kèm."):
        answer = await ingest.post({"text": text, "attachments": [picture]})
        assert answer.status_code == 202, answer.text
    model = build_model(definition(ingest))
    decided = [decide(event, model, b"k") for event in await submissions(ingest.settings)]
    assert [(found.outcome, found.reason) for found in decided] == [
        (Outcome.UNREADABLE, "needs_transcription"),
        (Outcome.COUNTED, None),
    ]
    assert [found.unread_files for found in decided] == [(Reading.TRANSCRIBE,), (Reading.TRANSCRIBE,)]


async def test_the_same_file_sent_twice_with_one_key_is_one_submission(ingest: Running) -> None:
    async def send() -> int:
        files = {"attachments": ("a.docx", letter_bytes, DOCX)}
        return (await ingest.http.post(FORM, data={"text": "", "token": "c" * 32}, files=files)).status_code

    letter_bytes = letter()
    assert list(await asyncio.gather(send(), send())) == [303, 303]
    assert len(await submissions(ingest.settings)) == 1


async def test_nothing_at_all_is_still_refused(ingest: Running) -> None:
    answer = await ingest.post({"text": ""})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["text"]
