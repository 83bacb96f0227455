"""The e-form over HTTP: what a browser, a hurried thumb or a broken client may send."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared import topology
from shared.broker import connect
from tests.support.ingest_app import CONSULTATION, POST, Running, ingest_on, submissions
from tests.support.nats_server import NatsServer

pytestmark = pytest.mark.connected
FORM = f"/c/{CONSULTATION}"


@pytest.fixture
async def ingest(nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[Running]:
    async with ingest_on(nats_server, tmp_path / "ingest") as app:
        app.http.headers["Accept"] = "text/html"
        yield app


async def test_the_form_leads_to_the_receipt(ingest: Running) -> None:
    data = {"text": "Nhất trí cao.", "stance": "agree", "section_ref": "", "name": "", "group": "", "token": "a" * 32}
    answer = await ingest.http.post(FORM, data=data, files={"attachments": ("", b"", "application/octet-stream")})
    assert answer.status_code == 303, answer.text
    page = await ingest.http.get(answer.headers["location"])
    assert page.status_code == 200
    assert "Giấy tiếp nhận" in page.text
    assert "<script" not in page.text
    (event,) = await submissions(ingest.settings)
    assert (event.channel, event.stance, event.text, event.attachments) == ("web", "agree", "Nhất trí cao.", ())


async def test_a_reload_of_the_form_is_the_same_submission(ingest: Running) -> None:
    data = {"text": "Bấm hai lần.", "token": "b" * 32}
    first, second = [await ingest.http.post(FORM, data=data) for _ in range(2)]
    assert first.headers["location"] == second.headers["location"]
    assert len(await submissions(ingest.settings)) == 1


async def test_a_wrong_form_comes_back_with_linked_errors_and_everything_typed(ingest: Running) -> None:
    data = {
        "text": "\n  Thụt <b>đầu</b> dòng & xuống dòng",
        "stance": "love",
        "phone": "09",
        "email": "sai",
        "token": "c" * 32,
    }
    answer = await ingest.http.post(FORM, data=data)
    assert answer.status_code == 422
    assert '<a href="#stance">' in answer.text
    data["stance"] = ""
    answer = await ingest.http.post(FORM, data=data)
    assert answer.status_code == 422
    for field in ("phone", "email", "consent"):
        assert f'<a href="#{field}">' in answer.text
        assert f'id="{field}"' in answer.text
    assert "\n  Thụt &lt;b&gt;đầu&lt;/b&gt; dòng &amp; xuống dòng</textarea>" in answer.text
    assert 'value="sai"' in answer.text
    assert await submissions(ingest.settings) == []


async def test_a_page_that_comes_back_says_which_files_must_be_chosen_again(ingest: Running) -> None:
    """The browser forgets them: a letter sent again without its file would pass for the whole letter."""
    files = {"attachments": ("thư của thôn.txt", "Đề nghị mở rộng đường.".encode(), "text/plain")}
    answer = await ingest.http.post(FORM, data={"text": "", "email": "sai", "token": "f" * 32}, files=files)
    assert answer.status_code == 422
    assert '<a href="#attachments">' in answer.text
    assert "xin chọn lại tệp “thư của thôn.txt”" in answer.text


@pytest.mark.parametrize(
    ("text", "status"),
    [("", 422), (" \n ", 422), ("a\0b", 422), ("ý" * 200_001, 413)],
    ids=["empty", "blank", "NUL", "over 400 kB"],
)
async def test_texts_that_cannot_be_taken_are_shown_again(ingest: Running, text: str, status: int) -> None:
    answer = await ingest.http.post(FORM, data={"text": text, "token": "d" * 32})
    assert answer.status_code == status
    assert '<a href="#text">' in answer.text
    assert await submissions(ingest.settings) == []


async def test_a_file_is_taken_whatever_type_the_browser_guessed(ingest: Running) -> None:
    files = {"attachments": ("Danh sách.CSV", "Mục,Ý kiến\n1,Nhất trí\n".encode(), "application/vnd.ms-excel")}
    answer = await ingest.http.post(FORM, data={"text": "x", "token": "e" * 32}, files=files)
    assert answer.status_code == 303, answer.text
    (event,) = await submissions(ingest.settings)
    assert [file.content_type for file in event.attachments] == ["text/csv"]


async def test_a_file_that_is_not_what_it_says_is_refused(ingest: Running) -> None:
    files = {"attachments": ("anh.png", b"MZ not a picture", "image/png")}
    answer = await ingest.http.post(FORM, data={"text": "x", "token": "e" * 32}, files=files)
    assert answer.status_code == 422
    assert '<a href="#attachments">' in answer.text
    assert await submissions(ingest.settings) == []


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"anything", "multipart/form-data"),
        (
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\xfe\x00\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (b"text=%ff%fe%00", "application/x-www-form-urlencoded"),
        (b'{"text": "x"}', "application/json"),
        (b"", "text/plain"),
    ],
)
async def test_a_broken_form_is_a_courteous_refusal(ingest: Running, content: bytes, content_type: str) -> None:
    answer = await ingest.http.post(FORM, content=content, headers={"Content-Type": content_type})
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"].startswith("text/html")
    assert await submissions(ingest.settings) == []


async def test_a_form_over_25_mb_is_refused(ingest: Running) -> None:
    files = [("attachments", (f"{n}.pdf", b"%PDF-" + bytes(9_000_000), "application/pdf")) for n in range(3)]
    answer = await ingest.http.post(FORM, data={"text": "x", "token": "f" * 32}, files=files)
    assert answer.status_code == 413
    assert await submissions(ingest.settings) == []


async def test_a_receipt_is_shown_only_under_its_own_consultation(ingest: Running) -> None:
    assert (await ingest.http.get("/c/khong-co/giay-tiep-nhan/222222222222222")).status_code == 404
    assert (await ingest.http.get(f"{FORM}/giay-tiep-nhan/222222222222222")).status_code == 404
    assert (await ingest.http.get(f"{FORM}/giay-tiep-nhan/222222222222223")).status_code == 422


async def test_the_trace_of_the_request_goes_on_in_the_event(ingest: Running) -> None:
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    await ingest.http.post(POST, json={"text": "x"}, headers={"traceparent": f"00-{trace_id}-b7ad6b7169203331-01"})
    nc = await connect(ingest.settings)
    stored = await nc.jetstream().get_msg(topology.EVENTS.name, 1)
    await nc.close()
    assert stored.headers
    assert trace_id in stored.headers["traceparent"]
