"""The receipt over real SMTP: once per respondent with an address, also through kill -9, and nothing of it in a log."""

import asyncio
import logging as standard
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from services.notify.settings import NotifySettings
from shared import dead_letters, logging, sealing, topology
from shared.bus import Bus
from shared.events import NotificationDelivered, NotificationFailed
from tests.support.nats_server import NatsServer
from tests.support.notify_app import (
    CODE,
    PATIENT,
    WORDS,
    define,
    notifications,
    receipt_id,
    running,
    settings,
    submission,
)
from tests.support.report_events import ROOT, received
from tests.support.smtp_inbox import Rule, SmtpInbox
from tests.support.waiting import until

pytestmark = pytest.mark.connected


@pytest.fixture
def inbox() -> Iterator[SmtpInbox]:
    server = SmtpInbox()
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def notify(bus: Bus, nats_server: NatsServer, inbox: SmtpInbox, tmp_path: Path) -> NotifySettings:
    await define(bus, 1)
    return settings(tmp_path / "notify", nats_server.url, inbox.port)


@pytest.fixture
def all_logs() -> Iterator[None]:
    """Logs as in production, at the most talkative level; afterwards as they were."""
    root = standard.getLogger()
    level, handlers = root.level, root.handlers[:]
    logging.configure("notify", "DEBUG")
    yield
    structlog.reset_defaults()
    root.setLevel(level)
    root.handlers[:] = handlers


async def told(bus: Bus, *numbers: int) -> None:
    """Waits until these receipts, and no others, are told as delivered."""

    async def all_of_them() -> bool:
        found = [e.notification_id for e in await notifications(bus) if isinstance(e, NotificationDelivered)]
        return sorted(found) == sorted(map(receipt_id, numbers))

    await until(all_of_them, what="the receipts told to the bus")


async def test_those_with_an_address_get_one_receipt_each_and_the_others_none(
    bus: Bus, inbox: SmtpInbox, notify: NotifySettings
) -> None:
    for n in range(1, 41):
        await bus.publisher.publish(submission(n, notify) if n % 2 else received(n))
    async with running(notify):
        await told(bus, *range(1, 41, 2))
    assert inbox.by_recipient() == {f"nguoi-{n}@nha.example": 1 for n in range(1, 41, 2)}
    assert inbox.most_at_once <= 8
    mail = next(k.mail for k in inbox.kept if k.recipient == "nguoi-1@nha.example")
    body = mail.get_body().get_content()  # type: ignore[union-attr]
    assert "Kính gửi: Ông/Bà Người Góp Ý 1" in body
    assert CODE in body
    assert CODE not in mail["Subject"]
    assert WORDS not in body
    assert mail["Auto-Submitted"] == "auto-generated"


async def test_who_wrote_by_mail_is_answered_in_the_thread_and_no_error_of_it_can_come_back(
    bus: Bus, inbox: SmtpInbox, notify: NotifySettings
) -> None:
    thread = {"message_id": "<thu-1@nha.example>", "references": "<goc@nha.example> <thu-1@nha.example>"}
    await bus.publisher.publish(submission(1, notify, reply_to=thread | {"subject": "Góp ý về giao thông"}))
    await bus.publisher.publish(submission(2, notify, reply_to=thread | {"subject": "Trúng thưởng tại lua-dao.xyz"}))
    async with running(notify):
        await told(bus, 1, 2)
    first, second = sorted(inbox.kept, key=lambda kept: kept.recipient)
    assert first.mail["In-Reply-To"] == "<thu-1@nha.example>"
    assert first.mail["References"] == "<goc@nha.example> <thu-1@nha.example>"
    assert first.mail["Auto-Submitted"] == "auto-replied"
    assert first.mail["Subject"] == "Re: Góp ý về giao thông"
    assert second.mail["Subject"] == "Giấy tiếp nhận ý kiến góp ý"
    assert first.sender == second.sender == "<>"


async def test_one_address_gets_no_more_receipts_in_a_day_than_the_cap_and_the_rest_are_no_failures(
    bus: Bus, inbox: SmtpInbox, notify: NotifySettings
) -> None:
    capped = notify.model_copy(update={"receipts_per_day": 3})
    for n in range(1, 7):
        event = submission(n, notify, email="nan-nhan@nha.example")
        respondent = event.respondent.model_copy(update={"person_hash": "ab" * 32})
        await bus.publisher.publish(event.model_copy(update={"respondent": respondent}))
    await bus.publisher.publish(submission(7, notify))
    async with running(capped, PATIENT):
        await until(lambda: inbox.by_recipient()["nguoi-7@nha.example"] == 1)
        await asyncio.sleep(1)
    assert inbox.by_recipient()["nan-nhan@nha.example"] == 3
    assert not await dead_letters.list_(bus.js)


async def test_in_a_batch_one_refusal_stops_nobody_and_asks_the_server_once(
    bus: Bus, inbox: SmtpInbox, notify: NotifySettings
) -> None:
    inbox.rules = {"nguoi-3@nha.example": Rule(rcpt="550 5.1.1 nguoi-3@nha.example is unknown")}
    for n in range(1, 11):
        await bus.publisher.publish(submission(n, notify))
    async with running(notify):
        await told(bus, 1, 2, *range(4, 11))

        async def dead() -> bool:
            return len(await dead_letters.list_(bus.js)) == 1

        await until(dead)
        assert inbox.tries["nguoi-3@nha.example"] == 1
        (failed,) = [e for e in await notifications(bus) if isinstance(e, NotificationFailed)]
        assert failed.notification_id == receipt_id(3)
        inbox.rules.clear()
        await dead_letters.replay(bus.js, (await dead_letters.list_(bus.js))[0].id)
        await told(bus, *range(1, 11))
    assert set(inbox.by_recipient().values()) == {1}


@pytest.mark.parametrize(("when", "copies"), [("before", 1), ("after", 2)])
async def test_a_process_killed_around_the_hand_over_loses_nothing(
    bus: Bus,
    inbox: SmtpInbox,
    notify: NotifySettings,
    nats_server: NatsServer,
    when: str,
    copies: int,
) -> None:
    """After the hand-over the mail goes out again, recognisable by its Message-ID: no protocol can exclude it."""
    await bus.publisher.publish(submission(1, notify))
    command = [
        sys.executable,
        "-m",
        "tests.support.notify_app",
        nats_server.url,
        str(notify.data),
        str(inbox.port),
        when,
    ]
    dead = await asyncio.to_thread(subprocess.run, command, timeout=60, check=False, cwd=ROOT)
    assert dead.returncode == -signal.SIGKILL
    assert len(inbox.kept) == copies - 1
    async with running(notify, PATIENT):
        await told(bus, 1)
    assert inbox.by_recipient() == {"nguoi-1@nha.example": copies}
    assert len({k.mail["Message-ID"] for k in inbox.kept}) == 1
    assert len({k.mail.get_body().get_content() for k in inbox.kept}) == 1  # type: ignore[union-attr]


async def test_a_stop_in_the_middle_of_a_mail_waits_for_it(bus: Bus, inbox: SmtpInbox, notify: NotifySettings) -> None:
    inbox.rules = {"nguoi-1@nha.example": Rule(hang_s=1.0)}
    async with running(notify):
        await bus.publisher.publish(submission(1, notify))
        await until(lambda: inbox.at_once == 1)
    await told(bus, 1)
    async with running(notify):
        await asyncio.sleep(0.5)
    assert inbox.by_recipient() == {"nguoi-1@nha.example": 1}


async def test_what_does_not_open_or_cannot_be_addressed_is_a_dead_letter_that_tells_nothing(
    bus: Bus, inbox: SmtpInbox, notify: NotifySettings, all_logs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = submission(1, notify)
    other_key = sealing.seal(sealing.generate()[1], b"{}")
    blank = stranger.respondent.model_copy(update={"sealed_identity": other_key})
    events = [
        stranger.model_copy(update={"respondent": blank}),
        submission(2, notify, email="khong phai dia chi\r\nBcc: ai-do@nha.example"),
        submission(3, notify, tracking_code="SAI"),
        submission(4, notify, name="Người\r\nBcc: ai-do@nha.example\r\n\r\nThư giả"),
        submission(5, notify, email="đường@nhà.example"),
    ]
    inbox.rules = {
        "nguoi-6@nha.example": Rule(rcpt="550 nguoi-6@nha.example: Người Góp Ý 6 has moved"),
        "nguoi-7@nha.example": Rule(data="554 nguoi-7@nha.example: no"),
    }
    events += [submission(6, notify), submission(7, notify)]
    for event in events:
        await bus.publisher.publish(event)
    async with running(notify):

        async def settled() -> bool:
            info = await bus.js.consumer_info(topology.NOTIFY_RECEIPT.stream, topology.NOTIFY_RECEIPT.name)
            return not info.num_pending and not info.num_ack_pending

        await told(bus, 4, 5)
        await until(settled)
        letters = {letter.seq: letter.reason for letter in await dead_letters.list_(bus.js)}
    assert letters == {
        1: "Permanent: the sealed identity does not open with this key",
        2: "AddressError: the address is not one that mail can be sent to",
        3: "Permanent: the sealed identity holds something else than an identity",
        6: "RefusedError: the mail server refused it for good (550)",
        7: "RefusedError: the mail server refused it for good (554)",
    }
    failed = [e for e in await notifications(bus) if isinstance(e, NotificationFailed)]
    assert sorted(e.notification_id for e in failed) == [receipt_id(n) for n in (1, 2, 3, 6, 7)]
    assert {k.recipient for k in inbox.kept} == {"nguoi-4@nha.example", "đường@xn--nh-kia.example"}
    forged = next(k for k in inbox.kept if k.recipient == "nguoi-4@nha.example")
    assert forged.mail["Bcc"] is None
    logs = capsys.readouterr().err + "".join(e.model_dump_json() for e in failed) + "".join(letters.values())
    assert "notification.failed" in logs
    for private in ("nha.example", "nhà", "xn--", "Người", "Góp", "Bcc", CODE, CODE.replace("-", ""), WORDS, "SAI"):
        assert private not in logs, private
