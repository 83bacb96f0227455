"""`user_withdraw`: what waits is forgotten, what was submitted is taken back, once; whoever comes back later is heard."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.ingest.channels.zalo.desk import CONVERSATIONS
from services.ingest.projection import STATUS
from shared.errors import Transient
from shared.publisher import Publisher
from tests.support import zalo_events as zalo
from tests.support.ingest_app import Running
from tests.support.media_server import media_server
from tests.support.nats_server import NatsServer
from tests.support.waiting import until
from tests.support.zalo_ingest import Zalo, new_id, now, zalo_on

pytestmark = pytest.mark.connected
Both = tuple[Zalo, Running]


@pytest.fixture
async def both(nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[Both]:
    async with zalo_on(nats_server, tmp_path / "ingest") as found:
        yield found


async def withdrawn(chat: Zalo, count: int) -> list[str]:
    async def there() -> bool:
        return len(await chat.withdrawn()) >= count

    await until(there, what="the withdrawal")
    return sorted(e.submission_id for e in await chat.withdrawn())


async def test_every_submission_of_the_person_is_taken_back_and_nobody_elses(both: Both) -> None:
    chat, _ = both
    await chat.send(zalo.text(new_id(), "Một.", now()))
    await chat.wait_for(1)
    await chat.send(zalo.text(new_id(), "Hai.", now()))
    await chat.wait_for(2)
    await chat.send(zalo.text(new_id(), "Của người khác.", now(), user="88"))
    events = await chat.wait_for(3)
    at = now()
    await chat.send(zalo.withdraw(at))
    ids = await withdrawn(chat, 2)
    assert ids == sorted(e.submission_id for e in events if e.text != "Của người khác.")
    (one, _) = await chat.withdrawn()
    assert (one.legal_basis, one.consultation) == ("user_withdraw", "dien-bien-2025")
    assert abs((one.withdrawn_at - at).total_seconds()) < 0.01


async def test_what_still_waits_is_forgotten_and_never_becomes_a_submission(both: Both) -> None:
    chat, _ = both
    await chat.send(zalo.text("w1", "Xin thôi.", now()))
    await chat.send(zalo.withdraw(now() + timedelta(milliseconds=5)))
    await asyncio.sleep(3)
    await chat.send({**zalo.text("w1", "Xin thôi.", now()), "user_id_by_app": "repeated"})
    await asyncio.sleep(2.5)
    assert (await chat.submissions(), await chat.withdrawn()) == ([], [])


async def test_who_comes_back_is_heard_and_a_repeated_withdrawal_takes_back_nothing_new(both: Both) -> None:
    chat, _ = both
    await chat.send(zalo.text(new_id(), "Trước.", now()))
    await chat.wait_for(1)
    out = zalo.withdraw(now())
    await chat.send(out)
    ids = await withdrawn(chat, 1)
    await chat.send(zalo.text(new_id(), "Tôi góp ý lại.", now()))
    await chat.wait_for(2)
    await chat.send({**out, "user_id_by_app": "repeated"})
    await asyncio.sleep(2)
    assert await withdrawn(chat, 1) == ids


async def test_a_withdrawal_interrupted_anywhere_is_completed_by_its_repetition(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat, _ = both
    await chat.send(zalo.text(new_id(), "Ngắt giữa chừng.", now()))
    (event,) = await chat.wait_for(1)
    publish = Publisher.publish
    failed: list[object] = []

    async def dies(self: Publisher, what: object, **more: object) -> object:
        answer = await publish(self, what, **more)  # type: ignore[arg-type]
        if not failed:
            failed.append(what)
            raise Transient("the process died after the publish")
        return answer

    monkeypatch.setattr(Publisher, "publish", dies)
    await chat.send(zalo.withdraw(now()))
    await until(lambda: bool(failed), what="the failure")
    await asyncio.sleep(2)
    assert await withdrawn(chat, 1) == [event.submission_id]


async def test_with_a_database_made_anew_the_stream_still_knows_whose_they_are(both: Both) -> None:
    """The projection can be rebuilt from the stream; conversations cannot."""
    chat, app = both
    await chat.send(zalo.text(new_id(), "Từ luồng sự kiện.", now()))
    (event,) = await chat.wait_for(1)
    store = app.app.state.ingest.store

    async def folded() -> bool:
        page = await store.scan(STATUS, "by_person", where=(event.respondent.person_hash,))
        return [item.doc["submission_id"] for item in page.items] == [event.submission_id]

    await until(folded, what="the projection")
    await asyncio.sleep(0.5)
    await store.clear((CONVERSATIONS,), ())
    await chat.send(zalo.withdraw(now()))
    assert await withdrawn(chat, 1) == [event.submission_id]


async def test_files_of_what_is_forgotten_leave_the_object_store(nats_server: NatsServer, tmp_path: Path) -> None:
    async with (
        media_server() as media,
        zalo_on(nats_server, tmp_path / "ingest", hosts=[media.host], quiet_s=30) as (chat, app),
    ):
        blobs = app.app.state.ingest.bus.blobs._store

        async def count() -> int:
            return len(await blobs.list(ignore_deletes=True))

        before = await count()
        await chat.send(zalo.file("f1", media.url("/f", b"%PDF-1.4 thu"), b"%PDF-1.4 thu", now(), name="thu.pdf"))

        async def held() -> bool:
            return await count() == before + 1

        await until(held, what="the file")
        await asyncio.sleep(0.5)
        await chat.send(zalo.withdraw(now()))

        async def gone() -> bool:
            return await count() == before

        await until(gone, what="its removal")
