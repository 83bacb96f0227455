"""What a mail costs while it comes in, and that every byte of it arrives."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from services.ingest.channels.email.intake import Intake
from services.ingest.channels.email.settings import Listener
from services.ingest.channels.email.smtp_listener import listening

MB = 1_000_000


class FakeIntake:
    """Takes everything, and remembers it."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    def addresses(self) -> dict[str, str]:
        return {"gop-y@dienbien.example.vn": "dien-bien-2025"}

    def consultation(self, _id: str) -> None: ...

    async def take(self, _consultation: str, raw: bytes, **_more: Any) -> None:
        self.taken.append(raw)
        await self.may_answer.wait()


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def answer(self) -> bytes:
        while (line := await self.reader.readline())[3:4] == b"-":
            continue
        return line

    async def say(self, line: bytes) -> bytes:
        self.writer.write(line + b"\r\n")
        return await self.answer()

    async def begin(self, early: bytes = b"") -> None:
        for line in (b"MAIL FROM:<dan@example.vn>", b"RCPT TO:<gop-y@dienbien.example.vn>"):
            assert (await self.say(line)).startswith(b"250")
        self.writer.write(b"DATA\r\n" + early)
        assert (await self.answer()).startswith(b"354")

    async def send(self, data: bytes) -> bytes:
        await self.begin()
        self.writer.write(data)
        await self.writer.drain()
        return await self.answer()


@asynccontextmanager
async def server(intake: FakeIntake, **settings: Any) -> AsyncIterator[int]:
    listener = Listener(listen="127.0.0.1:0", **settings)
    async with listening(listener, Path(), cast("Intake", intake)) as found:
        yield found.port


@asynccontextmanager
async def client(port: int) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        one = Client(reader, writer)
        await one.answer()
        assert (await one.say(b"EHLO may-chu.example.vn")).startswith(b"250")
        yield one
    finally:
        writer.close()


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"\r\n",
        b".\r\n",
        b"..\r\n",
        b"a\r\n.b\r\n..\r\nc\r\n",
        b".\r\n.\r\n\r\n",
        b"\n.\n\r\n",
        b"a\n.\nb\r\n",
        b"\r\r\n",
        b"x" * 999_000 + b"\r\n" + b"y" * 999_000 + b"\r\n",
        b"\r\n" * 700_000,
    ],
)
async def test_every_byte_of_a_mail_arrives_and_the_next_command_is_understood(mail: bytes) -> None:
    intake = FakeIntake()
    stuffed = (b"\r\n" + mail).replace(b"\r\n.", b"\r\n..")[2:]
    async with server(intake) as port, client(port) as one:
        assert (await one.send(stuffed + b".\r\nNOOP\r\n")).startswith(b"250 2.0.0")
        assert (await one.answer()).startswith(b"250")
    assert intake.taken == [mail]


@pytest.mark.parametrize("cut", range(1, 6))
async def test_the_end_mark_may_come_in_pieces(cut: int) -> None:
    intake = FakeIntake()
    async with server(intake) as port, client(port) as one:
        await one.begin()
        data = b"Xin chao\r\n.\r\n"
        for part in (data[:-cut], data[-cut:]):
            one.writer.write(part)
            await asyncio.sleep(0.02)
        assert (await one.answer()).startswith(b"250 2.0.0")
    assert intake.taken == [b"Xin chao\r\n"]


async def test_a_client_that_sends_before_it_may_loses_nothing() -> None:
    intake = FakeIntake()
    async with server(intake) as port, client(port) as one:
        await one.begin(early=b".\r\n")
        assert (await one.answer()).startswith(b"250 2.0.0")
        await one.begin(early=b"..a\r\n.\r\n")
        assert (await one.answer()).startswith(b"250 2.0.0")
    assert intake.taken == [b"", b".a\r\n"]


@pytest.mark.parametrize(("part", "answer"), [(b"\r\n" * 50_000, b"250"), (b"a" * 100_000, b"55")])
async def test_a_mail_of_empty_lines_or_of_one_line_without_end_does_not_fill_the_memory(
    part: bytes, answer: bytes
) -> None:
    intake = FakeIntake()
    async with server(intake, max_size=8 * MB) as port, client(port) as one:
        await one.begin()
        tracemalloc.start()
        try:
            for _ in range(75 if answer == b"250" else 400):
                one.writer.write(part)
                await one.writer.drain()
            one.writer.write(b"\r\n.\r\n")
            assert (await one.answer()).startswith(answer)
            assert tracemalloc.get_traced_memory()[1] < 60 * MB
        finally:
            tracemalloc.stop()


async def test_mails_that_are_being_accepted_leave_only_so_much_room_and_give_it_back() -> None:
    intake = FakeIntake()
    intake.may_answer.clear()
    mail = b"a\r\n" * 300_000 + b".\r\n"
    async with server(intake, max_size=MB, timeout_s=30) as port:
        clients = [client(port) for _ in range(6)]
        ones = [await c.__aenter__() for c in clients]
        answers = [asyncio.create_task(one.send(mail)) for one in ones]
        done, waiting = await asyncio.wait(answers, timeout=5, return_when="FIRST_COMPLETED")
        await asyncio.sleep(0.2)
        late = [t for t in answers if t.done()]
        assert done
        assert {t.result()[:9] for t in late} == {b"452 4.3.1"}
        intake.may_answer.set()
        assert {(await t)[:9] for t in waiting - set(late)} == {b"250 2.0.0"}
        assert (await ones[0].send(mail)).startswith(b"250")
        for c in clients:
            await c.__aexit__(None, None, None)
    assert len(intake.taken) == 7 - len(late)
