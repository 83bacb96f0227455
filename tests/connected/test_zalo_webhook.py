"""From the webhook to the submission on a real bus: joined, once, whole."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.ingest.channels.zalo.webhook import Gate
from services.ingest.faults import Fault, Faults
from shared import topology
from shared.errors import Transient
from shared.events import Event
from shared.publisher import Publisher
from tests.support import zalo_events as zalo
from tests.support.ingest_app import Running
from tests.support.nats_server import NatsServer
from tests.support.waiting import until
from tests.support.zalo_ingest import WEBHOOK, Zalo, new_id, now, zalo_on

pytestmark = pytest.mark.connected
Both = tuple[Zalo, Running]


@pytest.fixture(autouse=True)
def stays_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that is stopped while the bus is away sends itself SIGTERM once more; here that would end the tests."""
    monkeypatch.setattr("shared.consume.end_process", lambda _name: None)


@pytest.fixture
async def both(nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[Both]:
    async with zalo_on(nats_server, tmp_path / "ingest", sweep_s=300) as found:  # the timer must do it
        yield found


@pytest.fixture
def chat(both: Both) -> Zalo:
    return both[0]


async def waiting(app: Running, stream: str, subject: str = ">") -> int:
    info = await app.app.state.ingest.bus.js.stream_info(stream, subjects_filter=subject)
    return sum((info.state.subjects or {}).values())


async def test_messages_within_the_quiet_period_are_one_submission_in_the_order_of_their_times(both: Both) -> None:
    chat, app = both
    at = now()
    first, second = zalo.text("a1", "Tôi nhất trí.", at - timedelta(seconds=2)), zalo.text("a2", "Trừ mục 3.", at)
    assert (await chat.send(second)).status_code == 200
    assert (await chat.send(first)).status_code == 200
    assert (await chat.send(zalo.text("b1", "Người khác.", at, user="77"))).status_code == 200
    one, other = sorted(await chat.wait_for(2), key=lambda e: len(e.text), reverse=True)
    assert (one.text, other.text) == ("Tôi nhất trí.\nTrừ mục 3.", "Người khác.")
    assert (one.channel, one.consultation, one.channel_verified) == ("zalo", "dien-bien-2025", True)
    assert one.submitted_at is not None
    assert abs((one.submitted_at - at).total_seconds() + 2) < 0.01
    assert one.respondent.has_zalo
    assert one.respondent.person_hash is not None
    assert one.respondent.person_hash != other.respondent.person_hash
    assert chat.identity(one)["reply_to"] == {"zalo_oa": zalo.OA, "zalo_user": zalo.USER}
    assert zalo.USER not in one.model_dump_json()

    async def emptied() -> bool:
        return await waiting(app, topology.ZALO.name) + await waiting(app, topology.SCHEDULE.name, "*.zalo.>") == 0

    await until(emptied, what="raw events and timers taken off the bus")


async def test_silence_between_messages_makes_two_submissions_of_the_same_person(chat: Zalo) -> None:
    await chat.send(zalo.text(new_id(), "Ý kiến thứ nhất.", now()))
    (first,) = await chat.wait_for(1)
    await chat.send(zalo.text(new_id(), "Ý kiến thứ hai.", now()))
    found = await chat.wait_for(2)
    assert [e.text for e in found] == ["Ý kiến thứ nhất.", "Ý kiến thứ hai."]
    assert found[1].respondent.person_hash == first.respondent.person_hash


async def test_repetitions_at_once_and_after_the_submission_are_counted_once(chat: Zalo) -> None:
    event = zalo.text("lap-lai", "Chỉ một lần.", now() - timedelta(minutes=30))
    answers = await asyncio.gather(*(chat.send(event) for _ in range(10)))
    assert {a.status_code for a in answers} == {200}
    await chat.wait_for(1)
    assert (await chat.send(event)).status_code == 200
    # Zalo may repeat it with another body: then only the message's own id shows what it is.
    assert (await chat.send({**event, "user_id_by_app": "other"})).status_code == 200
    await chat.send(zalo.text(new_id(), "Mốc.", now()))
    assert [e.text for e in await chat.wait_for(2)] == ["Chỉ một lần.", "Mốc."]


async def test_an_anonymous_chat_is_a_submission_that_nobody_answers(chat: Zalo) -> None:
    for words in ("Tôi không nêu tên.", "Đề nghị xem lại mục 4."):
        await chat.send(zalo.event("anonymous_send_text", new_id(), now(), user="0", text=words, conversation_id="c1"))
    (one,) = await chat.wait_for(1)
    assert one.text == "Tôi không nêu tên.\nĐề nghị xem lại mục 4."
    assert (one.respondent.has_zalo, one.respondent.sealed_identity) == (False, None)


async def test_stickers_alone_are_no_submission_beside_words_they_change_nothing(chat: Zalo) -> None:
    def sticker(user: str) -> dict[str, object]:
        attachments = [{"type": "sticker", "payload": {"id": "1", "url": "https://x.zdn.vn/1"}}]
        return zalo.event("user_send_sticker", new_id(), now(), user=user, attachments=attachments)

    await chat.send(sticker("501"))
    await chat.send(sticker("502"))
    await chat.send(zalo.text(new_id(), "Nhất trí.", now(), user="502"))
    (one,) = await chat.wait_for(1)
    await asyncio.sleep(2)
    assert [e.text for e in await chat.submissions()] == ["Nhất trí."]
    assert one.attachments == ()


async def test_what_is_not_signed_by_zalo_is_refused_and_kept_nowhere(both: Both) -> None:
    chat, app = both
    forged = await chat.send(zalo.text("x", "Giả.", now()), secret="khoa-khac")
    assert (forged.status_code, forged.headers["content-type"]) == (401, "application/problem+json")
    assert (await chat.http.post(WEBHOOK, json=zalo.text("x", "Giả.", now()))).status_code == 401
    assert (await chat.send(zalo.text("x", "Cũ.", now() - timedelta(hours=5)))).status_code == 401
    assert (await chat.http.post(WEBHOOK, content=b"{}")).status_code == 200
    assert (await chat.http.post(WEBHOOK, content=b"")).status_code == 200
    assert (await chat.http.post(WEBHOOK, content=b"[1,")).status_code in {400, 401}
    assert await waiting(app, topology.ZALO.name) == 0


async def test_without_a_settings_file_the_channel_is_off(both: Both) -> None:
    chat, app = both
    del app.app.state.ingest.parts[Gate]
    assert (await chat.send(zalo.text("x", "Tắt.", now()))).status_code == 404


async def test_while_the_bus_is_away_it_answers_within_two_seconds_and_counts_once_afterwards(
    both: Both, nats_server: NatsServer
) -> None:
    chat, _ = both
    nats_server.kill()
    events = [zalo.text(f"s{n}", f"Ý kiến {n}.", now(), user=f"60{n}") for n in range(6)]
    for event in events + events[:2]:
        start = time.monotonic()
        assert (await chat.send(event)).status_code == 200
        assert time.monotonic() - start < 2
    await asyncio.to_thread(nats_server.start)
    found = await chat.wait_for(6)
    await asyncio.sleep(2)
    assert sorted(e.text for e in await chat.submissions()) == [f"Ý kiến {n}." for n in range(6)]
    assert len(found) == 6
    assert list((chat.settings.data / "spool" / "zalo").iterdir()) == []


async def test_a_bus_that_hangs_does_not_hold_up_the_answer(both: Both, nats_server: NatsServer) -> None:
    """Connected, yet silent: the answer may not wait for the bus to be noticed as gone."""
    chat, _ = both
    assert nats_server.process is not None
    nats_server.process.send_signal(19)  # SIGSTOP
    try:
        start = time.monotonic()
        answers = await asyncio.gather(*(chat.send(zalo.text(f"h{n}", "Treo.", now(), user=f"9{n}")) for n in range(5)))
        assert {a.status_code for a in answers} == {200}
        assert time.monotonic() - start < 2
    finally:
        nats_server.process.send_signal(18)  # SIGCONT
    assert len(await chat.wait_for(5)) == 5
    await asyncio.sleep(2)
    assert len(await chat.submissions()) == 5


async def test_with_neither_bus_nor_disk_nothing_is_acknowledged(both: Both, nats_server: NatsServer) -> None:
    chat, app = both
    nats_server.kill()
    app.app.state.ingest.parts[Gate].spool._min_free = 10**18
    answer = await chat.send(zalo.text("x", "Không giữ được.", now()))
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    await asyncio.to_thread(nats_server.start)


async def test_what_waited_on_disk_is_counted_by_the_next_process(nats_server: NatsServer, tmp_path: Path) -> None:
    async with zalo_on(nats_server, tmp_path / "ingest") as (chat, _):
        nats_server.kill()
        assert (await chat.send(zalo.text("k1", "Trước khi dừng.", now()))).status_code == 200
    assert len(list((tmp_path / "ingest" / "spool" / "zalo").glob("*.event"))) == 1
    await asyncio.to_thread(nats_server.start)
    async with zalo_on(nats_server, tmp_path / "ingest", prepare=False) as (chat, _):
        assert [e.text for e in await chat.wait_for(1)] == ["Trước khi dừng."]
        await chat.send(zalo.text("k1", "Trước khi dừng.", now()))
        await asyncio.sleep(2.5)
        assert len(await chat.submissions()) == 1


async def test_a_conversation_whose_trigger_is_lost_is_closed_by_the_sweep(
    nats_server: NatsServer, tmp_path: Path
) -> None:
    async with zalo_on(nats_server, tmp_path / "ingest") as (chat, app):
        await chat.send(zalo.text(new_id(), "Mất hẹn giờ.", now()))

        async def set_() -> bool:
            return await waiting(app, topology.SCHEDULE.name, "sched.zalo.>") == 1

        await until(set_, what="the timer")
        await app.app.state.ingest.bus.js.purge_stream(topology.SCHEDULE.name)
        assert [e.text for e in await chat.wait_for(1)] == ["Mất hẹn giờ."]


async def test_two_replicas_share_conversations_and_count_each_message_once(
    nats_server: NatsServer, tmp_path: Path
) -> None:
    async with (
        zalo_on(nats_server, tmp_path / "ingest") as (one, _),
        zalo_on(nats_server, tmp_path / "ingest", prepare=False) as (two, _),
    ):
        at = now()
        for n in range(12):
            await (one, two)[n % 2].send(zalo.text(f"r{n}", f"Dòng {n:02d}.", at + timedelta(milliseconds=n)))

        async def lines() -> list[str]:
            return [line for e in await one.submissions() for line in e.text.split("\n")]

        async def all_there() -> bool:
            return len(await lines()) >= 12

        await until(all_there, what="every line")
        await asyncio.sleep(2.5)  # what would be counted twice has time to come
        assert await lines() == [f"Dòng {n:02d}." for n in range(12)]


async def test_limits_for_citizens_do_not_hold_for_zalo_and_do_not_slow_it_down(
    nats_server: NatsServer, tmp_path: Path
) -> None:
    """Zalo sends everybody's messages from a few addresses."""
    async with zalo_on(nats_server, tmp_path / "ingest", rate_limit="on") as (chat, _):
        for n in range(80):
            assert (await chat.send(zalo.text(f"n{n}", "Dòng.", now(), user="1"))).status_code == 200
        nats_server.kill()
        for n in range(3):
            start = time.monotonic()
            assert (await chat.send(zalo.text(f"o{n}", "Dòng.", now(), user="1"))).status_code == 200
            assert time.monotonic() - start < 2
        await asyncio.to_thread(nats_server.start)

        async def all_there() -> bool:
            return sum(e.text.count("Dòng.") for e in await chat.submissions()) == 83

        await until(all_there, what="every message")


@pytest.mark.parametrize("moment", ["before the publish", "after the publish"])
async def test_an_acceptance_interrupted_anywhere_is_completed_once(
    both: Both, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    chat, _ = both
    publish = Publisher.publish
    failed: list[object] = []

    async def dies(self: Publisher, event: Event, **more: Any) -> Any:
        if failed:
            return await publish(self, event, **more)
        failed.append(event)
        if moment == "after the publish":
            await publish(self, event, **more)
        raise Transient("the process died here")

    monkeypatch.setattr(Publisher, "publish", dies)
    await chat.send(zalo.text("i1", "Giữa chừng.", now()))
    await until(lambda: bool(failed), what="the failure")
    await chat.send(zalo.text("i2", "Câu sau.", now()))  # comes while the first conversation is still closing
    await chat.wait_for(2)
    await asyncio.sleep(2)
    assert sorted(e.text for e in await chat.submissions()) == ["Câu sau.", "Giữa chừng."]


async def test_a_conversation_waits_while_its_consultation_does_not_take_the_channel(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong settings of ours must not cost a citizen's words."""
    chat, _ = both

    def closed(*_: object) -> None:
        raise Faults([Fault("X-Ykien-Channel", "Đóng.")])

    monkeypatch.setattr("services.ingest.accept.check_channel", closed)
    await chat.send(zalo.text("c1", "Tôi vẫn chờ.", now()))
    await asyncio.sleep(3)
    assert await chat.submissions() == []
    monkeypatch.undo()
    monkeypatch.setattr("shared.consume.end_process", lambda _name: None)
    assert [e.text for e in await chat.wait_for(1)] == ["Tôi vẫn chờ."]
