"""Files that messages name: fetched at once when they may be, and whatever becomes of them, the message is not lost."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.events import Attachment, Reading, SubmissionReceived
from tests.support import zalo_events as zalo
from tests.support.ingest_app import Running
from tests.support.media_server import Answer, MediaServer, media_server
from tests.support.nats_server import NatsServer
from tests.support.waiting import until
from tests.support.zalo_ingest import Zalo, new_id, now, zalo_on

pytestmark = pytest.mark.connected
PDF = b"%PDF-1.4 thu gop y bia ra"
JPEG = b"\xff\xd8\xff\xe0 anh chup thu tay"


@pytest.fixture
async def media() -> AsyncIterator[MediaServer]:
    async with media_server() as found:
        yield found


@pytest.fixture
async def both(nats_server: NatsServer, tmp_path: Path, media: MediaServer) -> AsyncIterator[tuple[Zalo, Running]]:
    async with zalo_on(nats_server, tmp_path / "ingest", hosts=[media.host]) as found:
        yield found


async def one(chat: Zalo) -> tuple[SubmissionReceived, Attachment]:
    (event,) = await chat.wait_for(1)
    (attachment,) = event.attachments
    return event, attachment


async def bytes_of(app: Running, attachment: Attachment) -> bytes:
    found: bytes = await app.app.state.ingest.bus.blobs.get(attachment.sha256)
    return found


async def blob_count(app: Running) -> int:
    return len(await app.app.state.ingest.bus.blobs._store.list(ignore_deletes=True))


async def test_a_file_and_its_message_are_one_submission(both: tuple[Zalo, Running], media: MediaServer) -> None:
    chat, app = both
    before = await blob_count(app)
    url = media.url("/a", PDF)
    await chat.send(zalo.text(new_id(), "Tôi gửi kèm văn bản.", now()))
    await chat.send(zalo.file(new_id(), url, PDF, now(), name="góp ý của tôi.pdf"))
    event, attachment = await one(chat)
    assert event.text.startswith("Tôi gửi kèm văn bản.")
    assert (await bytes_of(app, attachment), attachment.content_type) == (PDF, "application/pdf")
    assert chat.identity(event)["filenames"] == ["góp ý của tôi.pdf"]

    async def only_one() -> bool:
        return await blob_count(app) == before + 1

    await until(only_one, what="the removal of the encrypted copy")


async def test_an_image_of_a_letter_alone_is_a_submission(both: tuple[Zalo, Running], media: MediaServer) -> None:
    chat, app = both
    payload = {"url": media.url("/i", Answer(JPEG, headers={"Content-Type": "image/jpeg"})), "thumbnail": "https://x/t"}
    await chat.send(zalo.event("user_send_image", new_id(), now(), attachments=[{"type": "image", "payload": payload}]))
    event, attachment = await one(chat)
    assert (await bytes_of(app, attachment), attachment.content_type) == (JPEG, "image/jpeg")
    assert event.text == ""


async def test_a_server_that_stumbles_is_asked_again_and_the_conversation_waits(
    both: tuple[Zalo, Running], media: MediaServer
) -> None:
    chat, app = both
    url = media.url("/b", Answer(status=503, times=2, then=Answer(PDF)))
    await chat.send(zalo.text(new_id(), "Có tệp kèm theo.", now()))
    await chat.send(zalo.file(new_id(), url, PDF, now(), name="a.pdf"))
    event, attachment = await one(chat)
    assert (await bytes_of(app, attachment), event.text.split("\n")[0]) == (PDF, "Có tệp kèm theo.")
    assert media.asked.count("/b") == 3


@pytest.mark.parametrize(
    ("answer", "declared", "tries", "why"),
    [
        (Answer(status=404), {}, 1, "không còn trên máy chủ"),
        (Answer(status=410), {}, 1, "không còn trên máy chủ"),
        (Answer(b"x" * 100_001), {"size": "", "checksum": ""}, 1, "quá lớn"),
        (Answer(b"x" * 100_001, headers={"Transfer-Encoding": "identity"}), {"size": "100001"}, 0, "quá lớn"),
        (Answer(PDF[:-1]), {}, 3, "không đủ dung lượng"),
        (Answer(PDF[:-1] + b"X"), {}, 3, "không khớp với mã kiểm tra"),
        (Answer(status=302, headers={"Location": "http://localhost:1/secret"}), {}, 1, "không thuộc máy chủ của Zalo"),
        (Answer(status=302, headers={"Location": "file:///etc/passwd"}), {}, 1, "không thuộc máy chủ của Zalo"),
        (Answer(PDF, headers={"Content-Encoding": "gzip"}), {}, 1, "không trả tệp"),
        (Answer(status=302, headers={"Location": "/x"}), {}, 4, "không trả tệp"),
    ],
    ids=["404", "410", "long", "declared-long", "short", "md5", "elsewhere", "scheme", "encoded", "circle"],
)
async def test_a_file_that_cannot_be_had_is_named_and_the_words_are_kept(
    both: tuple[Zalo, Running], media: MediaServer, answer: Answer, declared: dict[str, str], tries: int, why: str
) -> None:
    chat, app = both
    url = media.url("/x", answer)
    await chat.send(zalo.text(new_id(), "Lời của tôi vẫn còn.", now()))
    await chat.send(zalo.file(new_id(), url, PDF, now(), name="thư.pdf", **declared))
    event, attachment = await one(chat)
    assert event.text == "Lời của tôi vẫn còn."
    note = (await bytes_of(app, attachment)).decode()
    assert "“thư.pdf”" in note
    assert why in note
    assert attachment.reading is Reading.MALFORMED
    assert media.asked.count("/x") == tries


@pytest.mark.parametrize("url", ["https://evil.example/a", "http://127.0.0.1:1/a", "https://zdn.vn.evil.example/a", ""])
async def test_no_other_host_is_ever_asked(both: tuple[Zalo, Running], media: MediaServer, url: str) -> None:
    chat, _ = both
    await chat.send(zalo.file(new_id(), url, PDF, now()))
    event, attachment = await one(chat)
    assert (attachment.reading, event.text, media.asked) == (Reading.MALFORMED, "", [])


async def test_a_slow_server_holds_up_nobody_else(both: tuple[Zalo, Running], media: MediaServer) -> None:
    chat, _ = both
    url = media.url("/slow", Answer(PDF, after_s=30))
    for n in range(5):
        await chat.send(_slow(url, n))
    await chat.send(zalo.text(new_id(), "Không phải chờ.", now(), user="999"))
    (first, *_rest) = await chat.wait_for(1)
    assert first.text == "Không phải chờ."
    assert len(await chat.wait_for(6, timeout_s=60)) == 6


def _slow(url: str, n: int) -> dict[str, object]:
    return zalo.file(new_id(), url, PDF, now()) | {"sender": {"id": str(800 + n)}}
