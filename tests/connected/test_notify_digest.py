"""The digest over real SMTP: each recipient once, whatever repeats, fails or dies."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.notify import projection
from services.notify.settings import NotifySettings
from shared import dead_letters, topology
from shared.bus import Bus
from shared.delivery import Delivery
from shared.envelope import encode
from shared.events import NotificationDelivered, NotificationFailed, ReportPublished
from shared.settings import ServiceSettings
from shared.store.sqlite import SqliteStore
from tests.support.notify_app import (
    AS_OF,
    BYTES,
    PATIENT,
    define,
    filed_report,
    notifications,
    recipients,
    report,
    running,
    settings,
)
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
async def notify(bus_settings: ServiceSettings, bus: Bus, inbox: SmtpInbox, tmp_path: Path) -> NotifySettings:
    return settings(tmp_path / "notify", bus_settings.nats_url, inbox.port)


@pytest.fixture
async def event(bus: Bus) -> ReportPublished:
    await define(bus, 12)
    return await filed_report(bus)


async def delivered(bus: Bus) -> list[str]:
    return sorted(e.recipient for e in await notifications(bus) if isinstance(e, NotificationDelivered))


async def told(bus: Bus, count: int, timeout_s: float = 20) -> None:
    async def enough() -> bool:
        return len(await delivered(bus)) >= count

    await until(enough, timeout_s, f"{count} deliveries told to the bus")


async def idle(bus: Bus, consumer: topology.Consumer = topology.NOTIFY_DIGEST, timeout_s: float = 20) -> None:
    """Waits until the consumer has nothing left."""

    async def nothing_left() -> bool:
        info = await bus.js.consumer_info(consumer.stream, consumer.name)
        return not info.num_pending and not info.num_ack_pending

    await until(nothing_left, timeout_s, f"{consumer.name} having nothing left")


async def publish_again(bus: Bus, event: ReportPublished, msg_id: str) -> None:
    """The same event beyond the server's duplicate window."""
    subject, headers, body = encode(event, source="test", time=AS_OF)
    await bus.js.publish(subject, body, headers=headers | {"Nats-Msg-Id": msg_id})


async def test_every_recipient_gets_one_mail_with_both_files(
    bus: Bus, inbox: SmtpInbox, notify: NotifySettings, event: ReportPublished
) -> None:
    async with running(notify):
        await bus.publisher.publish(event)
        await told(bus, 12)
        await idle(bus)
    assert inbox.by_recipient() == {r.email: 1 for r in recipients(12)}
    assert inbox.most_at_once <= 8
    mail = inbox.kept[0].mail
    assert mail["Subject"].startswith("Báo cáo định kỳ (kỳ 1): Góp ý dự thảo Báo cáo chính trị")
    assert "1.234 lượt góp ý" in mail.get_body().get_content()  # type: ignore[union-attr]
    names = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
    assert names == {
        "bao-cao-dien-bien-2025-ky-1.docx": BYTES["report.docx"],
        "phu-luc-dien-bien-2025-ky-1.xlsx": BYTES["annex.xlsx"],
    }
    assert len({k.mail["Message-ID"] for k in inbox.kept}) == 12
    assert await delivered(bus) == sorted(r.id for r in recipients(12))


async def test_an_event_that_comes_three_times_is_mailed_once(
    bus: Bus, inbox: SmtpInbox, notify: NotifySettings, event: ReportPublished
) -> None:
    async with running(notify):
        for n in range(3):
            await publish_again(bus, event, f"beyond the window {n}")
        await told(bus, 12)
        await idle(bus)
    assert set(inbox.by_recipient().values()) == {1}


async def test_two_replicas_mail_once_together(
    bus: Bus, inbox: SmtpInbox, notify: NotifySettings, event: ReportPublished
) -> None:
    inbox.rules = {r.email: Rule(hang_s=0.1) for r in recipients(12)}
    async with running(notify, PATIENT), running(notify, PATIENT):
        for n in range(4):
            await publish_again(bus, event, f"copy {n}")
        await told(bus, 12)
        await idle(bus)
    assert inbox.by_recipient() == {r.email: 1 for r in recipients(12)}


async def test_a_refused_recipient_stops_nobody_is_visible_and_is_mended_by_a_replay(
    bus: Bus, inbox: SmtpInbox, notify: NotifySettings, event: ReportPublished
) -> None:
    inbox.rules = {
        "ban-2@tinh.example": Rule(rcpt="550 5.1.1 no such user ban-2@tinh.example"),
        "ban-3@tinh.example": Rule(rcpt="451 4.7.1 greylisted"),
    }
    async with running(notify, PATIENT):
        await bus.publisher.publish(event)
        await told(bus, 10)
        await until(lambda: inbox.tries["ban-3@tinh.example"] >= 2)
        assert inbox.tries["ban-2@tinh.example"] == 1, "a refusal for good is not repeated for the others' sake"
        del inbox.rules["ban-3@tinh.example"]
        await told(bus, 11)
        await idle(bus)
        (failed,) = [e for e in await notifications(bus) if isinstance(e, NotificationFailed)]
        assert (failed.recipient, failed.reason) == ("ban-2", "the mail server refused it for good (550)")
        (letter,) = await dead_letters.list_(bus.js)
        assert letter.reason == "RefusedError: the mail server refused it for good (550)"
        inbox.rules.clear()
        await dead_letters.replay(bus.js, letter.id)
        await told(bus, 12)
        await idle(bus, topology.replay_of(topology.NOTIFY_DIGEST))
    assert inbox.by_recipient() == {r.email: 1 for r in recipients(12)}
    assert await dead_letters.list_(bus.js) == []


async def test_a_mail_server_that_is_away_gets_the_mails_when_it_comes_back(
    bus: Bus, inbox: SmtpInbox, notify: NotifySettings, event: ReportPublished
) -> None:
    inbox.stop()
    async with running(notify, PATIENT):
        await bus.publisher.publish(event)

        async def tried_again() -> bool:
            consumer = topology.NOTIFY_DIGEST
            return bool((await bus.js.consumer_info(consumer.stream, consumer.name)).num_redelivered)

        await until(tried_again)
        inbox.start()
        await told(bus, 12)
        await idle(bus)
    assert inbox.by_recipient() == {r.email: 1 for r in recipients(12)}
    assert all(e.attempts > 1 for e in await notifications(bus))


async def test_giving_up_is_told_and_a_replay_sends_all_that_is_missing(
    bus: Bus, inbox: SmtpInbox, notify: NotifySettings, event: ReportPublished
) -> None:
    inbox.stop()
    async with running(notify):
        await bus.publisher.publish(event)

        async def given_up() -> bool:
            return len(await dead_letters.list_(bus.js)) == 1

        await until(given_up)
        assert len([e for e in await notifications(bus) if isinstance(e, NotificationFailed)]) == 12
        inbox.start()
        await dead_letters.replay(bus.js, (await dead_letters.list_(bus.js))[0].id)
        await told(bus, 12)
    assert inbox.by_recipient() == {r.email: 1 for r in recipients(12)}


@pytest.mark.parametrize(
    "rule", [Rule(data="452 4.3.1 disk full"), Rule(cut=True), Rule(hang_s=30)], ids=["4xx", "cut in DATA", "hang"]
)
async def test_a_mail_that_fails_in_the_middle_is_sent_again(
    bus: Bus, inbox: SmtpInbox, notify: NotifySettings, rule: Rule
) -> None:
    await define(bus, 3)
    inbox.rules = {"ban-1@tinh.example": rule}
    async with running(notify, PATIENT):
        await bus.publisher.publish(await filed_report(bus))
        await told(bus, 2)
        inbox.rules.clear()
        await told(bus, 3)
        await idle(bus)
    assert inbox.by_recipient() == {r.email: 1 for r in recipients(3)}


async def test_without_a_mail_server_nothing_is_consumed_and_nothing_lost(
    bus: Bus, inbox: SmtpInbox, notify: NotifySettings, event: ReportPublished
) -> None:
    unset = notify.model_copy(update={"smtp_host": None})
    async with running(unset):
        await bus.publisher.publish(event)
        await asyncio.sleep(0.5)
        info = await bus.js.consumer_info(topology.NOTIFY_DIGEST.stream, topology.NOTIFY_DIGEST.name)
        assert (info.num_pending, info.num_ack_pending) == (1, 0)
    async with running(notify):
        await told(bus, 12)
    assert inbox.by_recipient() == {r.email: 1 for r in recipients(12)}


async def test_a_rebuilt_store_sends_nothing_again(
    bus: Bus, inbox: SmtpInbox, notify: NotifySettings, event: ReportPublished, tmp_path: Path
) -> None:
    async with running(notify):
        await bus.publisher.publish(event)
        await told(bus, 12)
        await idle(bus)
    fresh = notify.model_copy(update={"data": tmp_path / "rebuilt"})
    fresh.data.mkdir()
    store = SqliteStore(fresh.data / "notify.sqlite3", projection.COLLECTIONS)
    await store.open()
    for seq, told_event in enumerate(await notifications(bus), start=2):
        changes = projection.fold(Delivery(told_event, seq, AS_OF))
        await store.apply(projection.NAME, seq, changes)
    await store.close()
    async with running(fresh):
        await publish_again(bus, event, "once more")
        await idle(bus)
    assert inbox.by_recipient() == {r.email: 1 for r in recipients(12)}


async def test_the_recipients_are_those_of_the_moment_of_sending(
    bus: Bus, inbox: SmtpInbox, notify: NotifySettings
) -> None:
    await define(bus, 2)
    inbox.rules = {"ban-2@tinh.example": Rule(rcpt="450 4.2.1 later")}
    async with running(notify, PATIENT):
        await bus.publisher.publish(await filed_report(bus))
        await told(bus, 1)
        await define(bus, 1)
        await idle(bus)
        await define(bus, 3)
    assert inbox.by_recipient() == {"ban-1@tinh.example": 1}
    assert await dead_letters.list_(bus.js) == []


async def test_a_report_without_its_files_is_not_sent_half(bus: Bus, inbox: SmtpInbox, notify: NotifySettings) -> None:
    await define(bus, 2)
    async with running(notify):
        await bus.publisher.publish(report())
        await idle(bus)
    assert not inbox.kept
    failed = await notifications(bus)
    assert {e.recipient for e in failed if isinstance(e, NotificationFailed)} == {"ban-1", "ban-2"}
    assert [letter.consumer for letter in await dead_letters.list_(bus.js)] == ["notify-digest"]


async def test_attachments_that_no_mail_server_takes_are_left_out_and_the_text_says_where_they_are(
    bus: Bus, inbox: SmtpInbox, notify: NotifySettings
) -> None:
    await define(bus, 1)
    async with running(notify.model_copy(update={"smtp_max_mb": 0.00001})):
        await bus.publisher.publish(await filed_report(bus))
        await told(bus, 1)
    mail = inbox.kept[0].mail
    assert [part.get_filename() for part in mail.iter_attachments()] == ["bao-cao-dien-bien-2025-ky-1.docx"]
    assert "Phụ lục toàn bộ ý kiến có dung lượng lớn" in mail.get_body().get_content()  # type: ignore[union-attr]


async def test_a_server_that_hangs_at_the_goodbye_has_the_mail_all_the_same(
    bus: Bus, inbox: SmtpInbox, notify: NotifySettings
) -> None:
    await define(bus, 2)
    inbox.quit_hang_s = 30
    async with running(notify, PATIENT):
        await bus.publisher.publish(await filed_report(bus))
        await told(bus, 2)
    assert inbox.by_recipient() == {r.email: 1 for r in recipients(2)}
    assert all(e.attempts == 1 for e in await notifications(bus))
