"""A mailbox on a real Dovecot: unread until the PubAck, then moved or marked, never twice, whatever breaks."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from services.ingest.accept import Acceptor
from services.ingest.channels.email import imap_reader, parse_apart
from services.ingest.channels.email.imap_errors import CommandRefused
from services.ingest.channels.email.imap_session import Mail, Session
from services.ingest.channels.email.intake import BEGUN
from services.ingest.mail.content import MailContent
from shared.errors import Transient
from tests.support.dovecot import USER, Dovecot
from tests.support.email_channel import DONE, mail, mailbox, write_settings
from tests.support.ingest_app import Running, ingest_on, make_settings, prepare_bus, running, submissions
from tests.support.nats_server import NatsServer
from tests.support.waiting import until

pytestmark = pytest.mark.connected
OPINIONS = ("Đề nghị bổ sung chỉ tiêu về giảm nghèo.", "Cần làm rõ nguồn lực.", "Tôi tán thành dự thảo.")


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    server.start()
    yield server
    server.remove()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_reader, "LONGEST_PAUSE_S", 1.0)
    monkeypatch.setattr(imap_reader, "REFUSED_PAUSE_S", 1.0)


def settings_for(dovecot: Dovecot, folder: Path, **more: Any) -> None:
    write_settings(folder, {"mailboxes": [mailbox(dovecot, folder, **more)], "takeover_s": 1.5})


@pytest.fixture
async def ingest(nats_server: NatsServer, dovecot: Dovecot, tmp_path: Path) -> AsyncIterator[Running]:
    settings_for(dovecot, tmp_path / "ingest")
    async with ingest_on(nats_server, tmp_path / "ingest") as app:
        yield app


async def texts(app: Running) -> list[str]:
    return sorted(one.text for one in await submissions(app.settings))


async def counted(app: Running, number: int, timeout_s: float = 60) -> None:
    async def enough() -> bool:
        return len(await submissions(app.settings)) >= number

    await until(enough, timeout_s, f"{number} submissions")


async def emptied(dovecot: Dovecot, timeout_s: float = 60) -> None:
    async def empty() -> bool:
        return not await asyncio.to_thread(dovecot.uids)

    await until(empty, timeout_s, "an empty INBOX")


async def test_mails_become_submissions_and_are_moved_with_nobody_named_in_the_event(
    ingest: Running, dovecot: Dovecot
) -> None:
    dovecot.deliver(*(mail(text, id_=f"a{n}") for n, text in enumerate(OPINIONS)))
    await emptied(dovecot)
    found = await submissions(ingest.settings)
    assert sorted(one.text.strip() for one in found) == sorted(OPINIONS)
    assert len(dovecot.uids(DONE)) == len(OPINIONS)
    assert {(one.channel, one.channel_verified) for one in found} == {("email", True)}
    (original,) = found[0].attachments
    assert (original.role, original.sealed, original.content_type) == ("original", True, "message/rfc822")
    assert all(one.respondent.has_email and one.respondent.person_hash for one in found)
    written = "".join(one.model_dump_json() for one in found)
    assert "nguoi.dan" not in written
    assert "thu.example.vn" not in written


async def test_new_mail_is_known_at_once_where_the_server_tells(
    nats_server: NatsServer, dovecot: Dovecot, tmp_path: Path
) -> None:
    settings_for(dovecot, tmp_path / "ingest", poll_s=600)
    async with ingest_on(nats_server, tmp_path / "ingest") as app:
        await asyncio.sleep(2)  # it idles
        dovecot.deliver(mail(OPINIONS[0], id_="idle"))
        await counted(app, 1)
        await emptied(dovecot)


async def test_a_server_that_tells_nothing_is_asked(nats_server: NatsServer, dovecot: Dovecot, tmp_path: Path) -> None:
    settings_for(dovecot, tmp_path / "ingest", idle=False)
    async with ingest_on(nats_server, tmp_path / "ingest") as app:
        dovecot.deliver(mail(OPINIONS[0], id_="poll"))
        await counted(app, 1)


async def test_a_mail_stays_unread_in_the_inbox_while_the_bus_is_away(
    ingest: Running, dovecot: Dovecot, nats_server: NatsServer
) -> None:
    ingest.app.state.ingest.acceptor._publisher._patience_s = 1.0
    nats_server.kill()
    dovecot.deliver(mail(OPINIONS[0], id_="b"))
    await asyncio.sleep(4)
    assert dovecot.uids(criteria="UNSEEN") == ["1"]
    nats_server.start()
    await emptied(dovecot)
    assert len(await submissions(ingest.settings)) == 1


async def test_a_mail_is_not_moved_before_the_puback(
    ingest: Running, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked, go = Acceptor.accept, asyncio.Event(), asyncio.Event()

    async def slow(self: Acceptor, *args: Any) -> Any:
        asked.set()
        await go.wait()
        return await real(self, *args)

    monkeypatch.setattr(Acceptor, "accept", slow)
    dovecot.deliver(mail(OPINIONS[0], id_="c"))
    await asyncio.wait_for(asked.wait(), 60)
    await asyncio.sleep(0.5)
    assert dovecot.uids(criteria="UNSEEN") == ["1"]
    go.set()
    await emptied(dovecot)


async def test_two_replicas_read_every_mail_once(nats_server: NatsServer, dovecot: Dovecot, tmp_path: Path) -> None:
    await prepare_bus(nats_server.url)
    settings, private = make_settings(tmp_path / "ingest", nats_server.url)
    settings_for(dovecot, tmp_path / "ingest")
    async with running(settings, private) as one, running(settings, private) as two:
        dovecot.deliver(*(mail(f"Đề nghị sửa mục {n}.", id_=f"d{n}") for n in range(40)))
        await emptied(dovecot)
        assert len(await submissions(settings)) == 40
        assert len(dovecot.uids(DONE)) == 40
        assert one.app is not two.app


async def test_when_the_reader_leaves_another_replica_reads_on(
    nats_server: NatsServer, dovecot: Dovecot, tmp_path: Path
) -> None:
    await prepare_bus(nats_server.url)
    settings, private = make_settings(tmp_path / "ingest", nats_server.url)
    settings_for(dovecot, tmp_path / "ingest")
    async with running(settings, private):
        async with running(settings, private):
            dovecot.deliver(mail(OPINIONS[0], id_="e1"))
            await emptied(dovecot)
        dovecot.deliver(mail(OPINIONS[1], id_="e2"))
        await emptied(dovecot)
    assert len(await submissions(settings)) == 2


async def test_marked_mails_stay_and_a_mail_that_a_clerk_opened_is_still_read(
    nats_server: NatsServer, dovecot: Dovecot, tmp_path: Path
) -> None:
    dovecot.deliver(mail(OPINIONS[0], id_="f1"), mail(OPINIONS[1], id_="f2"))
    with dovecot.clerk() as clerk:
        clerk.client.uid("STORE", "1", "+FLAGS", r"(\Seen)")
    settings_for(dovecot, tmp_path / "ingest", after="mark")
    async with ingest_on(nats_server, tmp_path / "ingest") as app:
        await counted(app, 2)
        await until(lambda: len(dovecot.uids(criteria="KEYWORD $YkienReceived")) == 2)
        await asyncio.sleep(2.5)
        assert len(await submissions(app.settings)) == 2
        assert dovecot.uids() == ["1", "2"]
        assert dovecot.uids(criteria="UNSEEN") == []
        assert dovecot.uids(DONE) == []


async def test_another_mail_under_the_same_message_id_is_kept_and_the_same_mail_again_is_not(
    ingest: Running, dovecot: Dovecot
) -> None:
    first, second = mail(OPINIONS[0], id_="g"), mail(OPINIONS[1], id_="g")
    dovecot.deliver(first, second, first, second)
    await emptied(dovecot)
    assert [text.strip() for text in await texts(ingest)] == sorted(OPINIONS[:2])


async def test_without_a_message_id_the_content_is_the_key(ingest: Running, dovecot: Dovecot) -> None:
    dovecot.deliver(mail(OPINIONS[0]), mail(OPINIONS[0]), mail(OPINIONS[1]))
    await emptied(dovecot)
    assert [text.strip() for text in await texts(ingest)] == sorted(OPINIONS[:2])


async def test_one_mail_that_breaks_everything_stops_no_other_and_is_kept_unread_in_the_end(
    ingest: Running, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_reader, "SOON_S", 0.2)
    real = Acceptor.accept

    async def poisoned(self: Acceptor, consultation: Any, submission: Any, origin: Any) -> Any:
        if "độc" in submission.text:
            raise ZeroDivisionError
        return await real(self, consultation, submission, origin)

    monkeypatch.setattr(Acceptor, "accept", poisoned)
    dovecot.deliver(mail("Thư có độc.", id_="h1"), mail(OPINIONS[0], id_="h2"))
    await emptied(dovecot)
    bad, good = sorted(await submissions(ingest.settings), key=lambda one: one.text)
    assert (bad.text, good.text.strip()) == ("", OPINIONS[0])
    assert [(a.role, a.reading) for a in bad.attachments] == [("original", "malformed")]


async def test_what_clerks_have_marked_as_deleted_is_not_expunged(ingest: Running, dovecot: Dovecot) -> None:
    with dovecot.clerk() as clerk:
        clerk.append(mail("Thư rác.", id_="rac"), "INBOX", flag_set=[r"\Deleted"])
    dovecot.deliver(mail(OPINIONS[0], id_="i"))
    await counted(ingest, 1)
    await until(lambda: len(dovecot.uids(DONE)) == 1)
    assert dovecot.uids(criteria="DELETED") == ["1"]
    assert len(await submissions(ingest.settings)) == 1


@pytest.mark.parametrize("lacking", ["MOVE", "MOVE UIDPLUS"])
async def test_without_the_move_extension_a_mail_is_copied_and_only_itself_removed(
    nats_server: NatsServer, tmp_path: Path, lacking: str
) -> None:
    able = "IMAP4rev1 LITERAL+ IDLE NAMESPACE" + ("" if "UIDPLUS" in lacking else " UIDPLUS")
    dovecot = Dovecot(extra=f"imap_capability = {able}")
    dovecot.start()
    try:
        with dovecot.clerk() as clerk:
            clerk.append(mail("Thư rác.", id_="rac"), "INBOX", flag_set=[r"\Deleted"])
        dovecot.deliver(mail(OPINIONS[0], id_="j"))
        settings_for(dovecot, tmp_path / "ingest")
        async with ingest_on(nats_server, tmp_path / "ingest") as app:
            await counted(app, 1)
            await until(lambda: len(dovecot.uids(DONE)) == 1)
            await asyncio.sleep(2)
            assert len(dovecot.uids(DONE)) == 1
            assert dovecot.uids(criteria="UNDELETED") == []
            assert "1" in dovecot.uids(criteria="DELETED")
            assert len(await submissions(app.settings)) == 1
    finally:
        dovecot.remove()


async def test_the_done_folder_is_named_as_the_server_spells_folders(nats_server: NatsServer, tmp_path: Path) -> None:
    dovecot = Dovecot(separator=".", prefix="INBOX.")
    dovecot.start()
    try:
        settings_for(dovecot, tmp_path / "ingest", done_folder="Góp ý/Đã tiếp nhận")
        dovecot.deliver(mail(OPINIONS[0], id_="k"))
        async with ingest_on(nats_server, tmp_path / "ingest") as app:
            await counted(app, 1)
            await until(lambda: len(dovecot.uids("INBOX.Góp ý.Đã tiếp nhận")) == 1)
    finally:
        dovecot.remove()


async def test_it_comes_back_after_the_mail_server_did(ingest: Running, dovecot: Dovecot) -> None:
    dovecot.deliver(mail(OPINIONS[0], id_="l1"))
    await emptied(dovecot)
    dovecot.stop()
    await asyncio.sleep(1.5)
    dovecot.start()
    dovecot.deliver(mail(OPINIONS[1], id_="l2"))
    await emptied(dovecot)
    assert len(await submissions(ingest.settings)) == 2


async def test_a_wrong_secret_is_tried_again_with_the_one_that_a_job_wrote_meanwhile(
    nats_server: NatsServer, dovecot: Dovecot, tmp_path: Path
) -> None:
    settings_for(dovecot, tmp_path / "ingest", auth="oauth2")
    secret = tmp_path / "ingest" / "channels" / "hop-thu.secret"
    secret.write_text(dovecot.token(valid_s=-60))
    dovecot.deliver(mail(OPINIONS[0], id_="m"))
    async with ingest_on(nats_server, tmp_path / "ingest") as app:
        await asyncio.sleep(4)
        assert await submissions(app.settings) == []
        assert dovecot.uids(criteria="UNSEEN") == ["1"]
        secret.write_text(dovecot.token())
        await counted(app, 1)


async def test_a_mail_from_our_own_mailbox_is_a_letter_that_nobody_answers(ingest: Running, dovecot: Dovecot) -> None:
    dovecot.deliver(mail(OPINIONS[0], id_="n", sender=USER))
    await emptied(dovecot)
    (found,) = await submissions(ingest.settings)
    assert found.automatic is None  # clerks forward letters from the committee's mailbox into it
    assert not found.respondent.has_email


async def test_a_failed_store_of_one_mail_is_tried_again(
    ingest: Running, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, fails = Acceptor.accept, [2]

    async def flaky(self: Acceptor, *args: Any) -> Any:
        if fails[0]:
            fails[0] -= 1
            raise Transient("thử")
        return await real(self, *args)

    monkeypatch.setattr(Acceptor, "accept", flaky)
    dovecot.deliver(mail(OPINIONS[0], id_="o"))
    await emptied(dovecot)
    assert len(await submissions(ingest.settings)) == 1


async def test_a_mail_that_kills_its_reader_is_kept_unread_and_stops_no_other(
    ingest: Running, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a crash: the mail was begun by a process that is no more."""
    monkeypatch.setattr(imap_reader, "SOON_S", 0.2)
    monkeypatch.setattr(parse_apart, "_read", dies)
    deadly = mail("Thư làm sập.", id_="p1")
    await ingest.app.state.ingest.store.insert_once(BEGUN, sha256(deadly).hexdigest(), {})
    dovecot.deliver(deadly, mail(OPINIONS[0], id_="p2"))
    await emptied(dovecot)
    bad, good = sorted(await submissions(ingest.settings), key=lambda one: one.text)
    assert (bad.text, good.text.strip()) == ("", OPINIONS[0])
    assert [(a.role, a.reading) for a in bad.attachments] == [("original", "malformed")]


async def test_a_mail_that_the_server_cannot_give_stops_no_other(
    ingest: Running, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_reader, "SOON_S", 0.2)
    real, broken = Session.fetch, {"1"}

    def fetch(self: Session, uid: str) -> Mail | None:
        if uid in broken:
            raise CommandRefused("thử")
        return real(self, uid)

    monkeypatch.setattr(Session, "fetch", fetch)
    dovecot.deliver(mail(OPINIONS[0], id_="r1"), mail(OPINIONS[1], id_="r2"))
    await until(lambda: dovecot.uids() == ["1"])
    assert len(await submissions(ingest.settings)) == 1
    broken.clear()
    await emptied(dovecot)
    assert len(await submissions(ingest.settings)) == 2


async def test_a_mail_that_is_put_off_for_ever_stands_in_nobodys_way(
    ingest: Running, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_reader, "AT_ONCE", 1)
    real = Acceptor.accept

    async def never(self: Acceptor, consultation: Any, submission: Any, origin: Any) -> Any:
        if "mãi" in submission.text:
            raise Transient("thử")
        return await real(self, consultation, submission, origin)

    monkeypatch.setattr(Acceptor, "accept", never)
    dovecot.deliver(mail("Hoãn mãi.", id_="s0"), *(mail(f"Sửa mục {n}.", id_=f"s{n}") for n in range(1, 6)))
    await until(lambda: dovecot.uids() == ["1"])
    assert dovecot.uids(criteria="UNSEEN") == ["1"]
    assert len(await submissions(ingest.settings)) == 5


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_an_encrypted_connection_checks_the_servers_certificate(
    nats_server: NatsServer, tmp_path: Path, security: str
) -> None:
    key, certificate = tmp_path / "k.pem", tmp_path / "c.pem"
    argv = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    argv += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(argv, check=True, capture_output=True)
    dovecot = Dovecot(certificate=(certificate, key))
    dovecot.start()
    try:
        at = {"port": dovecot.tls_port if security == "tls" else dovecot.port, "security": security}
        settings_for(dovecot, tmp_path / "ingest", **at)
        dovecot.deliver(mail(OPINIONS[0], id_="q"))
        async with ingest_on(nats_server, tmp_path / "ingest") as app:
            await asyncio.sleep(3)
            assert await submissions(app.settings) == [], "nobody vouches for that certificate"
        settings_for(dovecot, tmp_path / "ingest", ca_file=str(certificate), **at)
        async with ingest_on(nats_server, tmp_path / "ingest") as app:
            await counted(app, 1)
    finally:
        dovecot.remove()


def dies(_raw: bytes, _own: frozenset[str], _path: str | None) -> MailContent:
    """What a fault in a C library does."""
    os._exit(9)
