"""The listener with real clients: 250 means that the stream has the mail, 4xx that it comes again, 5xx that it never will."""

import asyncio
import smtplib
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest

from deploy.definitions import publish_file
from services.ingest.accept import Acceptor
from services.ingest.app import build_app
from services.ingest.channels.email.smtp_listener import Listening
from services.ingest.settings import IngestSettings
from shared.broker import connect
from shared.yaml_model import DefinitionError
from tests.support.email_channel import ADDRESS, OTHER, OTHER_ADDRESS, mail, write_settings
from tests.support.ingest_app import ROOT, Running, ingest_on, make_settings, prepare_bus, running, submissions
from tests.support.nats_server import NatsServer, free_port
from tests.support.waiting import until

pytestmark = pytest.mark.connected
SENDER = "nguoi.dan@example.vn"
TEXT = "Đề nghị bổ sung chỉ tiêu về giảm nghèo."


@asynccontextmanager
async def listening_on(server: NatsServer, folder: Path, **listener: Any) -> AsyncIterator[Running]:
    write_settings(folder, {"listener": {"listen": "127.0.0.1:0"} | listener})
    async with ingest_on(server, folder) as app:
        nc = await connect(IngestSettings(nats_url=server.url))
        await publish_file(nc.jetstream(), ROOT / "consultations" / f"{OTHER}.yaml")
        await nc.close()
        await until(lambda: app.app.state.ingest.consultations.get(OTHER) is not None)
        app.app.state.ingest.acceptor._publisher._patience_s = 1.0
        yield app


@pytest.fixture
async def ingest(nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[Running]:
    async with listening_on(nats_server, tmp_path / "ingest") as app:
        yield app


def port(app: Running) -> int:
    found: int = app.app.state.ingest.part(Listening).port
    return found


async def send(app: Running, raw: bytes, *recipients: str, sender: str = SENDER, **options: Any) -> tuple[int, str]:
    """The answer to the mail."""
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port(app), start_tls=False, timeout=60)
    async with client:
        try:
            _, message = await client.sendmail(sender, list(recipients) or [ADDRESS], raw, **options)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return error.recipients[0].code, error.recipients[0].message
        except aiosmtplib.SMTPResponseException as error:
            return error.code, error.message
        return 250, message


class Raw:
    """A client that says exactly what it is told to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, app: Running, greeting: bytes = b"EHLO thu.example.vn") -> "Raw":
        self = cls(*await asyncio.open_connection("127.0.0.1", port(app)))
        await self.answer()
        if greeting:
            await self.say(greeting)
        return self

    async def say(self, line: bytes) -> str:
        self._writer.write(line + b"\r\n")
        return await self.answer()

    async def answer(self) -> str:
        """One answer, all its lines; empty when the server has hung up."""
        lines = []
        async with asyncio.timeout(60):
            while line := (await self._reader.readline()).decode():
                lines.append(line.rstrip())
                if line[3:4] != "-":
                    break
        return "\n".join(lines)

    async def begin(self, *recipients: str) -> None:
        """Up to the go-ahead for the data."""
        await self.say(b"MAIL FROM:<%s>" % SENDER.encode())
        for one in recipients or (ADDRESS,):
            assert (await self.say(b"RCPT TO:<%s>" % one.encode())).startswith("250")
        assert (await self.say(b"DATA")).startswith("354")

    def close(self) -> None:
        self._writer.close()


async def test_250_comes_with_the_mail_in_the_stream_and_names_no_code(ingest: Running) -> None:
    assert await send(ingest, mail(TEXT, id_="a")) == (250, "2.0.0 Ok: received")
    (found,) = await submissions(ingest.settings)
    assert (found.channel, found.consultation, found.text.strip()) == ("email", "dien-bien-2025", TEXT)
    assert [(a.role, a.sealed) for a in found.attachments] == [("original", True)]
    assert found.submitted_at is None, "the sender's Date is not to be relied upon"


async def test_the_standard_library_can_send_too(ingest: Running) -> None:
    def send_it() -> None:
        with smtplib.SMTP("127.0.0.1", port(ingest), timeout=30) as client:
            client.sendmail(SENDER, [ADDRESS], mail(TEXT, id_="b"))

    await asyncio.to_thread(send_it)
    assert len(await submissions(ingest.settings)) == 1


async def test_the_answer_waits_for_the_puback(ingest: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    real, go = Acceptor.accept, asyncio.Event()

    async def slow(self: Acceptor, *args: Any) -> Any:
        accepted = await real(self, *args)
        await go.wait()
        return accepted

    monkeypatch.setattr(Acceptor, "accept", slow)
    sending = asyncio.create_task(send(ingest, mail(TEXT, id_="c")))
    await asyncio.sleep(1)
    assert not sending.done()
    go.set()
    assert (await sending)[0] == 250


async def test_an_unknown_address_is_refused_and_a_known_one_in_any_case_is_not(ingest: Running) -> None:
    assert await send(ingest, mail(TEXT), "ai.do@example.vn") == (550, "5.1.1 No such address here")
    assert (await send(ingest, mail(TEXT), ADDRESS.upper()))[0] == 250
    assert len(await submissions(ingest.settings)) == 1


async def test_a_mail_to_two_consultations_is_a_submission_of_each(ingest: Running) -> None:
    assert (await send(ingest, mail(TEXT, id_="d"), ADDRESS, OTHER_ADDRESS))[0] == 250
    assert sorted(one.consultation for one in await submissions(ingest.settings)) == [OTHER, "dien-bien-2025"]


async def test_without_the_bus_the_sender_is_asked_to_come_again_and_then_counted_once(
    ingest: Running, nats_server: NatsServer
) -> None:
    nats_server.kill()
    code, message = await send(ingest, mail(TEXT, id_="e"))
    assert (code, message[:5]) == (451, "4.3.0")
    nats_server.start()

    async def taken() -> bool:
        return (await send(ingest, mail(TEXT, id_="e")))[0] == 250

    await until(taken)
    assert (await send(ingest, mail(TEXT, id_="e")))[0] == 250
    assert len(await submissions(ingest.settings)) == 1


async def test_a_fault_of_ours_never_bounces_a_letter(ingest: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(Acceptor, "accept", broken)
    assert (await send(ingest, mail(TEXT, id_="f")))[0] == 451


async def test_the_same_message_id_with_another_content_is_another_submission(ingest: Running) -> None:
    for raw in (mail("Một.", id_="g"), mail("Hai.", id_="g"), mail("Một.", id_="g"), mail("Hai.", id_="g")):
        assert (await send(ingest, raw))[0] == 250
    assert sorted(one.text.strip() for one in await submissions(ingest.settings)) == ["Hai.", "Một."]


async def test_too_large_is_said_before_the_data_where_the_size_is_told_and_after_it_where_not(
    nats_server: NatsServer, tmp_path: Path
) -> None:
    async with listening_on(nats_server, tmp_path / "ingest", max_size=50_000) as app:
        large = mail("Dài. " * 20_000, id_="h")
        assert (await send(app, large))[0] == 552
        client = await Raw.to(app, b"EHLO thu.example.vn")
        assert "5.3.4" in await client.say(b"MAIL FROM:<a@example.vn> SIZE=50001")
        await client.begin()
        client._writer.write(large)
        assert (await client.say(b"\r\n.")).startswith("552 5.3.4")
        await client.begin()
        client._writer.write(mail(TEXT, id_="h2"))
        assert (await client.say(b".")).startswith("250"), "the connection goes on"
        client.close()
        assert len(await submissions(app.settings)) == 1


async def test_the_greeting_names_what_it_can(ingest: Running) -> None:
    client = await Raw.to(ingest, b"")
    said = await client.say(b"EHLO thu.example.vn")
    client.close()
    assert {"SIZE 35000000", "8BITMIME", "SMTPUTF8"} <= {line[4:] for line in said.splitlines()}
    assert "AUTH" not in said
    assert "STARTTLS" not in said


async def test_addresses_and_headers_in_vietnamese_letters_and_8bit_bodies(ingest: Running) -> None:
    raw = (
        "From: Người Dân <người.dân@example.vn>\r\nSubject: Góp ý\r\nMessage-ID: <i@example.vn>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"{TEXT}\r\n"
    ).encode()
    answer = await send(ingest, raw, sender="người.dân@example.vn", mail_options=["SMTPUTF8", "BODY=8BITMIME"])
    assert answer[0] == 250
    (found,) = await submissions(ingest.settings)
    assert found.text.strip() == TEXT
    assert found.respondent.has_email


async def test_a_null_sender_is_taken_and_never_answered(ingest: Running) -> None:
    client = await Raw.to(ingest)
    assert (await client.say(b"MAIL FROM:<>")).startswith("250")
    assert (await client.say(b"RCPT TO:<%s>" % ADDRESS.encode())).startswith("250")
    await client.say(b"DATA")
    client._writer.write(mail("Thư báo.", id_="k"))
    assert (await client.say(b".")).startswith("250")
    client.close()
    (found,) = await submissions(ingest.settings)
    assert not found.respondent.has_email


async def test_a_dot_behind_a_bare_line_feed_ends_no_mail(ingest: Running) -> None:
    """SMTP smuggling: `\\n.\\n` or `\\n.\\r\\n` inside a mail must not start another one."""
    client = await Raw.to(ingest)
    await client.begin()
    evil = b"\nMAIL FROM:<gia@example.vn>\nRCPT TO:<%s>\nDATA\nSubject: gia\n\ngia mao" % ADDRESS.encode()
    for ending in (b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r"):
        client._writer.write(b"Subject: that\r\n\r\nThu that." + ending + evil + b"\r\n")
    assert (await client.say(b".")).startswith("250")
    client.close()
    assert len(await submissions(ingest.settings)) == 1


async def test_a_very_long_line_is_no_reason_to_refuse_a_letter(ingest: Running) -> None:
    raw = b"Message-ID: <l@example.vn>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + (TEXT * 2000).encode()
    assert (await send(ingest, raw))[0] == 250
    (found,) = await submissions(ingest.settings)
    assert found.text.strip() == TEXT * 2000


async def test_a_client_cut_off_in_the_middle_of_its_mail_has_sent_nothing(ingest: Running) -> None:
    client = await Raw.to(ingest)
    await client.begin()
    client._writer.write(mail(TEXT, id_="m")[:-20])
    await client._writer.drain()
    client.close()
    await asyncio.sleep(0.5)
    assert await submissions(ingest.settings) == []


async def test_silent_clients_are_let_go_and_one_too_many_is_sent_away(nats_server: NatsServer, tmp_path: Path) -> None:
    async with listening_on(nats_server, tmp_path / "ingest", max_connections=2, timeout_s=4) as app:
        one, two = await Raw.to(app), await Raw.to(app)
        _, three = await asyncio.open_connection("127.0.0.1", port(app))
        busy = await Raw(_, three).answer()
        assert busy.startswith("421 4.3.2")
        await two.begin()
        for piece in (b"Subject: cham\r\n\r\n", b"tung ", b"chut ", b"mot\r\n"):
            await asyncio.sleep(1.2)  # in all longer than silence may last
            two._writer.write(piece)
        assert (await two.say(b".")).startswith("250"), "slow, not silent"
        assert (await one.answer()).startswith("421 4.4.2")
        assert (await send(app, mail(TEXT, id_="n")))[0] == 250
        for client in (one, two):
            client.close()
        three.close()


async def test_a_hundred_recipients_are_enough(ingest: Running) -> None:
    client = await Raw.to(ingest)
    await client.say(b"MAIL FROM:<a@example.vn>")
    answers = [await client.say(b"RCPT TO:<%s>" % ADDRESS.encode()) for _ in range(101)]
    client.close()
    assert {a[:3] for a in answers[:100]} == {"250"}
    assert answers[100].startswith("452 4.5.3")


async def test_starttls_is_offered_with_a_certificate(nats_server: NatsServer, tmp_path: Path) -> None:
    channels = tmp_path / "ingest" / "channels"
    channels.mkdir(parents=True)
    argv = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*argv, "-keyout", channels / "k.pem", "-out", channels / "c.pem"], check=True, capture_output=True)
    async with listening_on(nats_server, tmp_path / "ingest", cert_file="c.pem", key_file="k.pem") as app:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port(app), start_tls=True, validate_certs=False, timeout=30)
        async with client:
            await client.sendmail(SENDER, [ADDRESS], mail(TEXT, id_="p"))
        assert len(await submissions(app.settings)) == 1


async def test_lmtp_answers_for_each_recipient(
    nats_server: NatsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, away = Acceptor.accept, {OTHER}

    async def partly(self: Acceptor, consultation: Any, *args: Any) -> Any:
        if consultation.id in away:
            raise ZeroDivisionError
        return await real(self, consultation, *args)

    monkeypatch.setattr(Acceptor, "accept", partly)
    async with listening_on(nats_server, tmp_path / "ingest", protocol="lmtp", max_size=20_000) as app:
        client = await Raw.to(app, b"")
        assert (await client.say(b"EHLO thu.example.vn")).startswith("500")
        assert "SIZE 20000" in await client.say(b"LHLO thu.example.vn")
        await client.begin(ADDRESS, OTHER_ADDRESS)
        client._writer.write(mail(TEXT, id_="q"))
        answers = [await client.say(b"."), await client.answer()]
        assert [a[:9] for a in answers] == ["250 2.0.0", "451 4.3.0"]
        away.clear()
        await client.begin(OTHER_ADDRESS, ADDRESS)
        client._writer.write(mail(TEXT, id_="q"))
        assert [(await client.say(b"."))[:3], (await client.answer())[:3]] == ["250", "250"]
        await client.begin(OTHER_ADDRESS, ADDRESS)
        client._writer.write(mail("Dài. " * 20_000, id_="r"))
        assert [(await client.say(b"."))[:3], (await client.answer())[:3]] == ["552", "552"]
        assert (await client.say(b"QUIT")).startswith("221")
        assert len(await submissions(app.settings)) == 2


async def test_a_service_that_ends_answers_the_mails_it_has_begun(
    nats_server: NatsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = Acceptor.accept, asyncio.Event()

    async def slow(self: Acceptor, *args: Any) -> Any:
        asked.set()
        await asyncio.sleep(2)
        return await real(self, *args)

    monkeypatch.setattr(Acceptor, "accept", slow)
    async with listening_on(nats_server, tmp_path / "ingest") as app:
        idle = await Raw.to(app)
        sending = asyncio.create_task(send(app, mail(TEXT, id_="t")))
        await asyncio.wait_for(asked.wait(), 60)
    assert (await sending)[0] == 250
    assert (await idle.answer()).startswith("421 4.3.2")
    idle.close()
    assert len(await submissions(app.settings)) == 1


async def test_two_replicas_share_the_port(nats_server: NatsServer, tmp_path: Path) -> None:
    await prepare_bus(nats_server.url)
    settings, private = make_settings(tmp_path / "ingest", nats_server.url)
    write_settings(tmp_path / "ingest", {"listener": {"listen": f"127.0.0.1:{free_port()}"}})
    async with running(settings, private) as one, running(settings, private):
        for n in range(12):
            assert (await send(one, mail(f"Ý kiến {n}.", id_=f"s{n}")))[0] == 250
        assert len(await submissions(settings)) == 12


async def test_without_the_file_nothing_listens_and_a_wrong_file_starts_nothing(
    nats_server: NatsServer, tmp_path: Path
) -> None:
    async with ingest_on(nats_server, tmp_path / "off") as app:
        assert app.app.state.ingest.part(Listening) is None
    settings, _ = make_settings(tmp_path / "wrong", nats_server.url)
    path = write_settings(tmp_path / "wrong", {"listener": {"listen": "127.0.0.1:0", "tls": True}})
    assert f"{path}:3: listener.tls" in await _refusal(settings)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        write_settings(tmp_path / "wrong", {"listener": {"listen": f"127.0.0.1:{taken.getsockname()[1]}"}})
        assert "listener" in await _refusal(settings)


async def _refusal(settings: IngestSettings) -> str:
    with pytest.raises((BaseExceptionGroup, DefinitionError)) as found:
        async with build_app(settings).lifespan():
            pass
    # A wrong file is told before anything starts, an occupied port while the service does.
    (error,) = found.value.exceptions if isinstance(found.value, BaseExceptionGroup) else (found.value,)
    assert isinstance(error, DefinitionError)
    return str(error)
