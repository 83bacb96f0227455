"""classify on a real bus and database: each submission decided once, however often it is delivered and to how many replicas."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from services.classify.app import build_app
from services.classify.settings import ClassifySettings
from shared import dead_letters, topology
from shared.bus import Bus
from shared.envelope import decode
from shared.events import Outcome, SubmissionClassified
from shared.provision import provision
from shared.registry import publish_definition
from shared.settings import ServiceSettings
from tests.support.small_consultation import small_consultation
from tests.support.waiting import until
from tests.unit.services.classify.samples import received, submission_id

pytestmark = pytest.mark.connected
DRAFT = {"bao-cao.txt": "[trang 1]\nI. Chủ đề\n"}


@pytest.fixture
def settings(bus_settings: ServiceSettings, tmp_path: Path) -> ClassifySettings:
    key = tmp_path / "duplicate.key"
    key.write_text("00" * 32)
    return ClassifySettings(
        nats_url=bus_settings.nats_url, ack_wait_s=bus_settings.ack_wait_s, data=tmp_path, duplicate_key_file=key
    )


@pytest.fixture
async def defined(bus: Bus) -> Bus:
    """A bus that knows the consultation."""
    await publish_definition(bus.js, bus.blobs, small_consultation(), DRAFT)
    return bus


async def classified(bus: Bus) -> list[SubmissionClassified]:
    """Every classified event of the stream, in order."""
    last = (await bus.js.stream_info(topology.EVENTS.name)).state.last_seq
    found = []
    for seq in range(1, last + 1):
        message = await bus.js.get_msg(topology.EVENTS.name, seq)
        assert message.subject is not None
        if message.subject.startswith(SubmissionClassified.TYPE):
            event = decode(message.subject, message.headers or {}, message.data or b"")
            assert isinstance(event, SubmissionClassified)
            found.append(event)
    return found


async def settled(bus: Bus) -> bool:
    """Whether nothing waits for classify and nothing is unacknowledged."""
    info = await bus.js.consumer_info(topology.CLASSIFY.stream, topology.CLASSIFY.name)
    return bool(info.num_pending == 0 and info.num_ack_pending == 0)


def replica(settings: ClassifySettings) -> Litestar:
    return build_app(settings)


async def test_the_service_is_ready_and_classifies_what_was_waiting(defined: Bus, settings: ClassifySettings) -> None:
    await asyncio.gather(*(defined.publisher.publish(received(n)) for n in range(100)))
    async with AsyncTestClient(replica(settings)) as client:
        assert (await client.get("/readyz")).status_code == 200
        await until(lambda: settled(defined))
        assert "ykien_classified_total" in (await client.get("/metrics")).text
    events = await classified(defined)
    assert sorted(e.submission_id for e in events) == sorted(submission_id(n) for n in range(100))
    assert {e.outcome for e in events} == {Outcome.COUNTED}


async def test_everything_delivered_again_still_gives_one_event_each(defined: Bus, settings: ClassifySettings) -> None:
    await asyncio.gather(*(defined.publisher.publish(received(n, person=f"p{n % 10}")) for n in range(40)))
    async with replica(settings).lifespan():
        await until(lambda: settled(defined))
    before = await classified(defined)
    await defined.js.delete_consumer(topology.CLASSIFY.stream, topology.CLASSIFY.name)
    await provision(defined.js, ack_wait_s=settings.ack_wait_s)
    async with replica(settings).lifespan():
        await until(lambda: settled(defined))
    assert await classified(defined) == before
    assert len(before) == 40


async def test_two_replicas_share_the_work_and_agree_on_duplicates(defined: Bus, settings: ClassifySettings) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(2):
            await stack.enter_async_context(replica(settings).lifespan())
        await asyncio.gather(*(defined.publisher.publish(received(n, person=f"p{n % 50}")) for n in range(300)))
        await until(lambda: settled(defined))
    events = await classified(defined)
    assert len({e.submission_id for e in events}) == len(events) == 300
    originals = {e.duplicate_key: e.submission_id for e in events if e.outcome is Outcome.COUNTED}
    assert len(originals) == 50
    duplicates = [e for e in events if e.outcome is Outcome.DUPLICATE]
    assert len(duplicates) == 250
    assert all(e.duplicate_of == originals[e.duplicate_key] for e in duplicates)


async def test_bad_messages_do_not_hold_up_the_others(defined: Bus, settings: ClassifySettings) -> None:
    await defined.js.publish(
        f"submission.received.v1.{small_consultation().id}", b"\x00 no json", stream=topology.EVENTS.name
    )
    await defined.publisher.publish(received(1000, consultation="chua-biet"))
    await asyncio.gather(*(defined.publisher.publish(received(n)) for n in range(50)))
    async with replica(settings).lifespan():

        async def others_done() -> bool:
            return len(await classified(defined)) == 50

        async def one_filed() -> bool:
            return len(await dead_letters.list_(defined.js)) == 1

        await until(others_done)
        await until(one_filed)
        await publish_definition(defined.js, defined.blobs, small_consultation("chua-biet"), DRAFT)

        async def late_one_done() -> bool:
            return len(await classified(defined)) == 51

        await until(late_one_done)
