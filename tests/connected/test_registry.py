"""Consultation definitions reach running services without a restart; blobs are stored once and checked."""

import asyncio
from pathlib import Path

import pytest

from shared import topology
from shared.blobs import Damaged
from shared.bus import Bus
from shared.consultation import Consultation
from shared.consultation_yaml import load
from shared.errors import Permanent, Transient
from shared.provision import provision
from shared.registry import publish_definition
from tests.support.nats_server import NatsServer
from tests.support.waiting import until

pytestmark = pytest.mark.connected
ROOT = Path(__file__).parents[2] / "consultations"


def definition() -> tuple[Consultation, dict[str, str]]:
    found = load(ROOT / "dien-bien-2025.yaml")
    names = {version.text for draft in found.drafts for version in draft.versions}
    return found, {name: (ROOT / name).read_text() for name in names}


async def test_a_published_definition_and_its_draft_text_are_there_without_a_restart(bus: Bus) -> None:
    found, texts = definition()
    assert bus.consultations.get(found.id) is None
    assert await publish_definition(bus.js, bus.blobs, found, texts)
    await until(lambda: bus.consultations.get(found.id) is not None)
    known = bus.consultations.get(found.id)
    assert known is not None
    assert bus.consultations.all() == (known,)
    text = await bus.consultations.draft_text(known.drafts[0].current)
    assert len(text.pages) >= 10


async def test_publishing_the_same_definition_again_changes_nothing(bus: Bus) -> None:
    found, texts = definition()
    assert await publish_definition(bus.js, bus.blobs, found, texts)
    assert not await publish_definition(bus.js, bus.blobs, found, texts)


async def test_a_broken_definition_is_refused_and_the_last_good_one_stays(bus: Bus) -> None:
    found, texts = definition()
    await publish_definition(bus.js, bus.blobs, found, texts)
    await until(lambda: bus.consultations.get(found.id) is not None)
    kv = await bus.js.key_value(topology.CONSULTATIONS_BUCKET)
    await kv.put(found.id, b'{"id": "dien-bien-2025"}')
    await kv.put("another", found.model_dump_json().encode())
    await asyncio.sleep(0.5)
    known = bus.consultations.get(found.id)
    assert known is not None
    assert known.title == found.title
    assert bus.consultations.get("another") is None


async def test_a_change_arrives_after_the_server_was_killed_and_restarted(bus: Bus, nats_server: NatsServer) -> None:
    found, texts = definition()
    await publish_definition(bus.js, bus.blobs, found, texts)
    await asyncio.to_thread(nats_server.restart)
    await until(lambda: bus.nc.is_connected)
    changed = found.model_copy(update={"support_phone": "1900 0000"})
    await publish_definition(bus.js, bus.blobs, changed, texts)

    def arrived() -> bool:
        known = bus.consultations.get(found.id)
        return known is not None and known.support_phone == "1900 0000"

    await until(arrived)


async def test_an_unpublished_draft_text_is_told_so(bus: Bus) -> None:
    found, _ = definition()
    with pytest.raises(Permanent):
        await bus.consultations.draft_text(found.drafts[0].current)


async def test_a_blob_is_stored_once_and_comes_back_equal(bus: Bus) -> None:
    for data in (b"", b"x", bytes(range(256)) * 3000):
        name = await bus.blobs.put(data)
        before = (await bus.js.stream_info(f"OBJ_{topology.BLOBS_BUCKET}")).state.messages
        assert await bus.blobs.put(data) == name
        assert (await bus.js.stream_info(f"OBJ_{topology.BLOBS_BUCKET}")).state.messages == before
        assert await bus.blobs.get(name) == data


async def test_an_absent_blob_is_a_key_error_and_a_damaged_one_is_never_returned(bus: Bus) -> None:
    with pytest.raises(KeyError):
        await bus.blobs.get("0" * 64)
    store = await bus.js.object_store(topology.BLOBS_BUCKET)
    await store.put("1" * 64, b"other bytes")
    with pytest.raises(Transient, match="damaged"):
        await bus.blobs.get("1" * 64)


async def test_provisioning_again_changes_nothing_and_keeps_the_data(bus: Bus) -> None:
    await publish_definition(bus.js, bus.blobs, *definition())
    before = {s.config.name: (s.config, s.state.messages) for s in await bus.js.streams_info()}
    await provision(bus.js, ack_wait_s=2.0)
    assert {s.config.name: (s.config, s.state.messages) for s in await bus.js.streams_info()} == before
    names = {c.name for c in await bus.js.consumers_info(topology.EVENTS.name)}
    assert names == {c.name for c in topology.ALL_CONSUMERS if c.stream == topology.EVENTS.name}


async def test_provisioning_mends_altered_settings_and_keeps_an_operators_limit(bus: Bus) -> None:
    config = (await bus.js.stream_info(topology.EVENTS.name)).config
    await bus.js.update_stream(config.evolve(max_bytes=10_000_000, duplicate_window=60))
    consumer = (await bus.js.consumer_info("EVENTS", "classify")).config
    await bus.js.add_consumer("EVENTS", consumer.evolve(max_deliver=3, ack_wait=9))
    await provision(bus.js, ack_wait_s=2.0)
    config = (await bus.js.stream_info(topology.EVENTS.name)).config
    assert (config.max_bytes, config.duplicate_window) == (10_000_000, 600)
    consumer = (await bus.js.consumer_info("EVENTS", "classify")).config
    assert (consumer.max_deliver, consumer.ack_wait) == (topology.CLASSIFY.max_deliver, 2.0)


async def test_bytes_that_were_exchanged_under_their_hash_are_refused_and_can_be_put_right(bus: Bus) -> None:
    good = b"model-1"
    name = await bus.blobs.put(good)
    await bus.blobs._store.put(name, b"model-2")
    with pytest.raises(Damaged):
        await bus.blobs.get(name)
    assert await bus.blobs.put(good) == name
    assert await bus.blobs.get(name) == good
