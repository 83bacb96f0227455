"""Reading in a process apart: what one file does to it is no other file's loss, and nothing gets out of it."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.ingest.attachments import File
from services.ingest.reading import limits, process
from services.ingest.reading.reader import Reader
from shared.errors import Transient
from shared.events import Reading
from tests.unit.services.ingest.reading.build import docx, paragraph, pdf, sample, zipped

EVIL = Path(__file__).parent / "evil_child.py"


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    one = Reader()
    yield one
    await one.close()


@pytest.fixture
def evil(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process does what the file's text says."""
    monkeypatch.setattr(process, "_COMMAND", ("-s", "-B", "-P", str(EVIL)))


def file(data: bytes | str, name: str = "a.txt", **more: object) -> File:
    content = data.encode() if isinstance(data, str) else data
    return File.model_validate({"filename": name, "content_type": "text/plain", "data": content} | more)


def told(files: tuple[File, ...]) -> list[tuple[str, Reading | None, str]]:
    return [(one.filename, one.reading, one.text) for one in files]


async def test_files_come_back_in_order_with_what_they_say(reader: Reader) -> None:
    files = [file("Một"), file(sample("y-kien.docx"), "b.docx"), file(b"\x89PNG\r\n\x1a\n", "c.png"), file("Hai")]
    read = await reader.read(files)
    assert [one.reading for one in read] == [Reading.TEXT, Reading.TEXT, Reading.TRANSCRIBE, Reading.TEXT]
    assert (read[0].text, read[3].text) == ("Một", "Hai")
    assert [one.data for one in read] == [one.data for one in files]


async def test_what_has_a_reading_keeps_it_and_an_original_is_never_read(reader: Reader) -> None:
    known = file("x", reading=Reading.TOO_LONG)
    whole = file("From: a\n\nthư", "thu.eml", role="original", sealed=True)
    assert await reader.read([known, whole]) == (known, whole)
    assert told(await reader.read([known, whole, file("y")]))[:2] == [
        ("a.txt", Reading.TOO_LONG, ""),
        ("thu.eml", None, ""),
    ]


async def test_pictures_need_no_process(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process.ReadingProcess, "start", None)  # starting one would fail
    read = await reader.read([file(b"\xff\xd8\xff\xe0", "a.jpg"), file(b"MZ\x00", "a.exe"), file(b"", "b.txt")])
    assert [one.reading for one in read] == [Reading.TRANSCRIBE, Reading.UNSUPPORTED, Reading.NO_TEXT]


async def test_a_zip_is_followed_by_its_files_and_they_by_theirs(reader: Reader) -> None:
    inner = zipped({"d/trong.txt": "Trong cùng"})
    outer = zipped(
        {"1.docx": docx(paragraph("Một")), "2.zip": inner, "__MACOSX/1.docx": "x", "3.png": b"\x89PNG\r\n\x1a\n"}
    )
    assert told(await reader.read([file(outer, "a.zip"), file("Hai", "b.txt")])) == [
        ("a.zip", Reading.NO_TEXT, ""),
        ("1.docx", Reading.TEXT, "Một"),
        ("2.zip", Reading.NO_TEXT, ""),
        ("trong.txt", Reading.TEXT, "Trong cùng"),
        ("3.png", Reading.TRANSCRIBE, ""),
        ("b.txt", Reading.TEXT, "Hai"),
    ]


async def test_files_found_in_a_zip_get_the_type_their_name_says(reader: Reader) -> None:
    read = await reader.read([file(zipped({"thu.docx": sample("y-kien.docx"), "x": "chữ"}), "a.zip")])
    assert [one.content_type for one in read[1:]] == [
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "text/plain",
    ]


async def test_zips_too_deep_are_not_opened_and_say_so(reader: Reader) -> None:
    data = zipped({"a.txt": "đáy"})
    for depth in range(3):
        data = zipped({f"{depth}.zip": data, f"{depth}.txt": f"tầng {depth}"})
    read = told(await reader.read([file(data, "a.zip")]))
    assert [text for _, _, text in read if text] == ["tầng 1", "tầng 2"] or [t for _, _, t in read if t] == [
        "tầng 1",
        "tầng 2",
    ][::-1]
    assert Reading.BOMB in [reading for _, reading, _ in read]


async def test_a_zip_of_too_many_files_gives_the_first_ones_and_says_that_more_are_left(reader: Reader) -> None:
    many = zipped({f"{n}.txt": f"thư {n}" for n in range(limits.MAX_MEMBERS + 5)})
    read = await reader.read([file(many, "a.zip")])
    assert read[0].reading is Reading.BOMB
    assert sum(one.reading is Reading.TEXT for one in read) == limits.MAX_MEMBERS


async def test_zips_of_zips_share_one_bound(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_MEMBERS", 10)
    inner = zipped({f"{n}.txt": f"thư {n}" for n in range(8)})
    read = await reader.read([file(zipped({f"{n}.zip": inner for n in range(8)}), "a.zip")])
    assert len(read) == 11
    assert sum(one.reading is Reading.BOMB for one in read) >= 2


async def test_a_locked_or_broken_member_shows_on_the_zip_and_the_others_are_read(reader: Reader) -> None:
    data = bytearray(zipped({"1.txt": "Một", "2.txt": "Hai"}))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1  # encrypted
    read = told(await reader.read([file(bytes(data), "a.zip")]))
    assert read == [("a.zip", Reading.ENCRYPTED, ""), ("2.txt", Reading.TEXT, "Hai")]
    data = bytearray(zipped({"1.txt": "Một", "2.txt": "Hai"}))
    at = data.index(b"PK\x01\x02")
    data[at + 16] ^= 0xFF  # checksum
    read = told(await reader.read([file(bytes(data), "a.zip")]))
    assert read == [("a.zip", Reading.MALFORMED, ""), ("2.txt", Reading.TEXT, "Hai")]


async def test_a_mail_as_a_file_gives_its_text_and_its_files(reader: Reader) -> None:
    mail = (
        "From: a@example.vn\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nĐề nghị mở đường.\n--b\n"
        'Content-Type: text/plain; charset=utf-8; name="phu-luc.txt"\nContent-Disposition: attachment; filename="phu-luc.txt"\n'
        "Content-Transfer-Encoding: 8bit\n\nPhụ lục.\n--b--\n"
    )
    read = told(await reader.read([file(mail, "thu.eml")]))
    assert read == [("thu.eml", Reading.TEXT, "Đề nghị mở đường."), ("phu-luc.txt", Reading.TEXT, "Phụ lục.")]


@pytest.mark.parametrize(
    ("deed", "reading"),
    [
        ("crash", Reading.MALFORMED),
        ("abort", Reading.BOMB),
        ("memory", Reading.BOMB),
        ("rubbish", Reading.MALFORMED),
        ("huge-frame", Reading.MALFORMED),
        ("kill", Reading.BOMB),
    ],
)
async def test_a_file_that_ends_the_process_is_no_loss_for_the_others(
    reader: Reader, evil: None, deed: str, reading: Reading
) -> None:
    read = await reader.read([file("Một"), file(f"!{deed}"), file("Hai")])
    assert told(read) == [("a.txt", Reading.TEXT, "Một"), ("a.txt", reading, ""), ("a.txt", Reading.TEXT, "Hai")]


async def test_a_pdf_whose_stream_unpacks_to_all_the_memory_there_is(reader: Reader) -> None:
    bomb = pdf(stream=b" " * 1_200_000_000)
    assert len(bomb) < 2_000_000
    read = await reader.read([file(bomb, "a.pdf"), file("Hai")])
    assert told(read) == [("a.pdf", Reading.BOMB, ""), ("a.txt", Reading.TEXT, "Hai")]


async def test_an_endless_file_ends_at_the_wall(reader: Reader, evil: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WALL_S", 0.5)
    began = time.monotonic()
    read = await reader.read([file("!loop"), file("!sleep"), file("Hai")])
    assert [one.reading for one in read] == [Reading.TIMEOUT, Reading.TIMEOUT, Reading.TEXT]
    assert time.monotonic() - began < 30  # left alone the second would take a minute


async def test_all_files_together_have_a_bound_too(reader: Reader, evil: None, monkeypatch: pytest.MonkeyPatch) -> None:
    await reader.read([file("Một")])
    assert reader._spare is not None
    await reader._spare  # how long a process takes to start is not what is bounded here
    monkeypatch.setattr(limits, "BATCH_S", 1.5)
    read = await reader.read([file("Một"), file("!sleep"), file("Hai")])
    assert [one.reading for one in read] == [Reading.TEXT, Reading.TIMEOUT, Reading.TIMEOUT]


async def test_processor_time_is_bounded_by_the_kernel(reader: Reader, evil: None) -> None:
    assert [one.reading for one in await reader.read([file("!cpu")])] == [Reading.TIMEOUT]


@pytest.mark.parametrize("deed", ["write", "socket", "run", "fork", "secret"])
async def test_the_process_writes_nothing_calls_nobody_and_knows_no_secret(
    reader: Reader, evil: None, deed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YKIEN_PEPPER_KEY_FILE", "/secret")
    assert told(await reader.read([file(f"!{deed}")])) == [("a.txt", Reading.TEXT, "refused")]


async def test_a_process_that_does_not_start_is_our_fault_and_not_the_files(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_COMMAND", ("-c", "raise SystemExit(3)"))
    with pytest.raises(Transient):
        await reader.read([file("Một")])


async def test_no_process_outlives_the_reader(reader: Reader) -> None:
    await reader.read([file("Một")])
    assert reader._spare is not None
    spare = await reader._spare
    assert spare is not None
    os.kill(spare._process.pid, 0)
    await reader.close()
    with pytest.raises(ProcessLookupError):
        os.kill(spare._process.pid, 0)


async def test_a_reader_given_up_on_leaves_no_process(reader: Reader, evil: None) -> None:
    task = asyncio.create_task(reader.read([file("!sleep")]))
    await asyncio.sleep(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told(await reader.read([file("Hai")])) == [("a.txt", Reading.TEXT, "Hai")]


async def test_several_submissions_at_once(reader: Reader) -> None:
    answers = await asyncio.gather(*(reader.read([file(f"Thư {n}")]) for n in range(6)))
    assert [files[0].text for files in answers] == [f"Thư {n}" for n in range(6)]


async def test_slow_files_of_one_channel_leave_a_place_for_the_others(reader: Reader, evil: None) -> None:
    slow = [asyncio.create_task(reader.read([file("!sleep")], "web")) for _ in range(limits.PER_CHANNEL + 3)]
    await asyncio.sleep(0.5)
    try:
        async with asyncio.timeout(15):
            assert told(await reader.read([file("Một")], "email")) == [("a.txt", Reading.TEXT, "Một")]
        assert not any(task.done() for task in slow)
    finally:
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)


async def test_who_waits_too_long_for_a_place_comes_again_and_every_place_is_given_back(
    reader: Reader, evil: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PATIENCE_S", 0.3)
    slow = [asyncio.create_task(reader.read([file("!sleep")], "web")) for _ in range(limits.PER_CHANNEL)]
    await asyncio.sleep(0.1)
    with pytest.raises(Transient):
        await reader.read([file("Hai")], "web")
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    monkeypatch.setattr(limits, "PATIENCE_S", 20.0)
    for _ in range(limits.AT_ONCE + 1):
        assert told(await reader.read([file("Hai")], "web")) == [("a.txt", Reading.TEXT, "Hai")]


async def test_after_one_file_took_too_long_the_others_share_a_short_time(
    reader: Reader, evil: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WALL_S", 1.0)
    monkeypatch.setattr(limits, "AFTER_TIMEOUT_S", 2.5)
    began = time.monotonic()
    read = await reader.read([file("!sleep") for _ in range(30)])
    assert {one.reading for one in read} == {Reading.TIMEOUT}
    assert time.monotonic() - began < 20  # a second for each would take thirty
