"""Receipts as Zalo messages, through the stand-in for Zalo's API over real HTTP: each once, whatever Zalo answers first."""

import asyncio
import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.demo.zalo_oa import ZaloOa
from services.notify.settings import NotifySettings
from services.notify.zalo.settings import FILE
from shared import dead_letters, sealing
from shared import events as ev
from shared.bus import Bus
from shared.events import NotificationDelivered, NotificationFailed
from tests.support.nats_server import NatsServer
from tests.support.notify_app import CODE, PATIENT, WORDS, define, notifications, receipt_id, running, settings
from tests.support.report_events import received
from tests.support.waiting import until

pytestmark = pytest.mark.connected
OA = "oa-thu"


@pytest.fixture
def oa() -> Iterator[ZaloOa]:
    server = ZaloOa()
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def notify(bus: Bus, nats_server: NatsServer, oa: ZaloOa, tmp_path: Path) -> NotifySettings:
    await define(bus, 1)
    folder = tmp_path / "channels"
    folder.mkdir()
    (folder / "app.key").write_text(oa.app_secret)
    (folder / "refresh.token").write_text(oa.refresh_token)
    (folder / FILE).write_text(
        f"accounts:\n  - oa_id: {OA}\n    app_id: '{oa.app_id}'\n    app_secret_file: app.key\n"
        f"    refresh_token_file: refresh.token\napi: {oa.url}\noauth: {oa.url}\ntimeout_s: 2\n"
    )
    key = tmp_path / "zalo-token.key"
    key.write_text(secrets.token_hex(32))
    return settings(tmp_path / "notify", nats_server.url, None, channels=folder, zalo_token_key_file=key)


async def _letters(bus: Bus) -> bool:
    return len(await dead_letters.list_(bus.js)) == 1


def _submission(n: int, chosen: NotifySettings) -> ev.SubmissionReceived:
    who = {"tracking_code": CODE.replace("-", ""), "reply_to": {"zalo_oa": OA, "zalo_user": f"nguoi-{n}"}}
    sealed = sealing.seal((chosen.data / "sealing.pub").read_text(), json.dumps(who).encode())
    event = received(n, text=WORDS, channel="zalo")
    return event.model_copy(update={"respondent": ev.Respondent(sealed_identity=sealed, has_zalo=True)})


async def test_each_submission_is_answered_once_with_its_code_and_none_of_its_words(
    bus: Bus, notify: NotifySettings, oa: ZaloOa
) -> None:
    for n in (1, 2, 3):
        await bus.publisher.publish(_submission(n, notify))
    async with running(notify, PATIENT):
        await until(lambda: len(oa.messages) == 3)
    async with running(notify, PATIENT):
        await asyncio.sleep(1)
    assert sorted(user for user, _ in oa.messages) == ["nguoi-1", "nguoi-2", "nguoi-3"]
    for _, text in oa.messages:
        assert CODE in text
        assert WORDS not in text
    assert oa.calls["token"] == 1


async def test_an_expired_token_a_rate_limit_and_an_outage_delay_the_answer_and_never_double_it(
    bus: Bus, notify: NotifySettings, oa: ZaloOa
) -> None:
    async with running(notify, PATIENT):
        await bus.publisher.publish(_submission(1, notify))
        await until(lambda: len(oa.messages) == 1)
        oa.expire()
        oa.rate_refusals = 2
        await bus.publisher.publish(_submission(2, notify))
        await until(lambda: len(oa.messages) == 2)
        oa.away = True
        await bus.publisher.publish(_submission(3, notify))
        await asyncio.sleep(1)
        oa.away = False
        await until(lambda: len(oa.messages) == 3)
    assert [user for user, _ in oa.messages] == ["nguoi-1", "nguoi-2", "nguoi-3"]


async def test_two_replicas_answer_once_and_spend_one_refresh_token(
    bus: Bus, notify: NotifySettings, oa: ZaloOa
) -> None:
    for n in range(1, 21):
        await bus.publisher.publish(_submission(n, notify))
    async with running(notify, PATIENT), running(notify, PATIENT):
        await until(lambda: len(oa.messages) >= 20)
        await asyncio.sleep(1)
    assert len({user for user, _ in oa.messages}) == len(oa.messages) == 20
    assert oa.calls["token"] == 1


async def test_a_closed_window_ends_visibly_among_the_dead_letters(
    bus: Bus, notify: NotifySettings, oa: ZaloOa
) -> None:
    oa.silent_users.add("nguoi-1")
    async with running(notify, PATIENT):
        await bus.publisher.publish(_submission(1, notify))

        async def told() -> bool:
            return any(isinstance(e, NotificationFailed) for e in await notifications(bus))

        await until(told)
    (failed,) = [e for e in await notifications(bus) if isinstance(e, NotificationFailed)]
    assert failed.notification_id == receipt_id(1)
    assert "-230" in failed.reason
    await until(lambda: _letters(bus))
    assert "nguoi-1" not in str(await dead_letters.list_(bus.js))


async def test_without_an_account_other_submissions_are_no_backlog_and_those_by_zalo_end_visibly(
    bus: Bus, notify: NotifySettings, oa: ZaloOa, tmp_path: Path
) -> None:
    await bus.publisher.publish(received(2))
    await bus.publisher.publish(_submission(1, notify))
    async with running(notify.model_copy(update={"channels": tmp_path / "none"})):
        await until(lambda: _letters(bus))
    (letter,) = await dead_letters.list_(bus.js)
    assert "zalo-replies.yaml" in letter.reason
    async with running(notify):
        await dead_letters.replay(bus.js, letter.id)
        await until(lambda: len(oa.messages) == 1)


async def test_a_delivered_answer_is_told_to_the_bus(bus: Bus, notify: NotifySettings, oa: ZaloOa) -> None:
    async with running(notify, PATIENT):
        await bus.publisher.publish(_submission(1, notify))

        async def told() -> bool:
            return bool(await notifications(bus))

        await until(told)
    (event,) = await notifications(bus)
    assert isinstance(event, NotificationDelivered)
    assert event.notification_id == receipt_id(1)
