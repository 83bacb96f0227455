"""Decide, store, publish: every step repeatable, the first stored decision wins."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from opentelemetry.context import Context

from services.classify.handlers import ClassifyHandler
from services.classify.projection import COLLECTIONS, fold
from shared.consultation import Consultation
from shared.delivery import Delivery
from shared.errors import Transient
from shared.events import Event, Outcome, SubmissionClassified, SubmissionReceived
from shared.store.port import DocumentStore, Merge
from shared.store.sqlite import SqliteStore
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.samples import AT, received, submission_id


class Publisher:
    """Keeps what is published; `away` makes it refuse."""

    def __init__(self) -> None:
        self.published: list[SubmissionClassified] = []
        self.away = False

    async def publish(self, event: Event, *, context: Context | None = None) -> None:
        if self.away:
            raise Transient("the bus is away")
        assert isinstance(event, SubmissionClassified)
        self.published.append(event)


class Registry:
    """Definitions by id."""

    def __init__(self, *definitions: Consultation) -> None:
        self.known = {d.id: d for d in definitions}

    def get(self, id_: str) -> Consultation | None:
        return self.known.get(id_)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[DocumentStore]:
    opened = SqliteStore(tmp_path / "classify.sqlite3", COLLECTIONS)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def publisher() -> Publisher:
    return Publisher()


def handler(store: DocumentStore, publisher: Publisher, *definitions: Consultation) -> ClassifyHandler:
    return ClassifyHandler(store, publisher, Registry(*(definitions or (small_consultation(),))), b"key")  # type: ignore[arg-type]


def batch(*events: SubmissionReceived) -> list[Delivery[Event]]:
    return [Delivery(event, seq, AT) for seq, event in enumerate(events, start=1)]


async def test_every_submission_of_a_batch_is_published_once(store: DocumentStore, publisher: Publisher) -> None:
    await handler(store, publisher)(batch(*(received(n) for n in range(10))))
    assert [e.submission_id for e in publisher.published] == [submission_id(n) for n in range(10)]


async def test_a_redelivery_publishes_the_same_event_even_when_the_definition_changed_meanwhile(
    store: DocumentStore, publisher: Publisher
) -> None:
    await handler(store, publisher)(batch(received()))
    other = small_consultation(topic_groups=[{"code": 9, "title": "Khác", "description": "Khác", "hints": ["chủ đề"]}])
    await handler(store, publisher, other)(batch(received()))
    assert publisher.published[0] == publisher.published[1]


async def test_a_submission_decided_but_not_published_is_published_the_same_later(
    store: DocumentStore, publisher: Publisher
) -> None:
    work = handler(store, publisher)
    publisher.away = True
    with pytest.raises(Transient):
        await work(batch(received(person="p")))
    publisher.away = False
    await work(batch(received(person="p")))
    (event,) = publisher.published
    assert event.outcome is Outcome.COUNTED


async def test_the_second_of_the_same_person_is_a_duplicate_of_the_first(
    store: DocumentStore, publisher: Publisher
) -> None:
    work = handler(store, publisher)
    await work(batch(received(1, person="p"), received(2, person="p")))
    await work(batch(received(3, person="p"), received(4, person="q"), received(5)))
    outcomes = [(e.outcome, e.duplicate_of) for e in publisher.published]
    duplicate = (Outcome.DUPLICATE, submission_id(1))
    assert outcomes == [(Outcome.COUNTED, None), duplicate, duplicate, (Outcome.COUNTED, None), (Outcome.COUNTED, None)]


async def test_a_duplicate_stays_one_however_it_is_redelivered(store: DocumentStore, publisher: Publisher) -> None:
    one, two = handler(store, publisher), handler(store, publisher)
    await one(batch(received(1, person="p")))
    await two(batch(received(2, person="p")))
    await two(batch(received(2, person="p"), received(1, person="p")))
    outcomes = {e.submission_id: set() for e in publisher.published}
    for event in publisher.published:
        outcomes[event.submission_id].add(event.outcome)
    assert outcomes == {submission_id(1): {Outcome.COUNTED}, submission_id(2): {Outcome.DUPLICATE}}


async def test_an_original_whose_result_was_lost_in_a_crash_is_still_the_original(
    store: DocumentStore, publisher: Publisher
) -> None:
    work = handler(store, publisher)
    await work(batch(received(1, person="p")))
    await store.clear([COLLECTIONS[0]], [])  # as if the process had died between the two stores
    await work(batch(received(1, person="p")))
    assert [e.outcome for e in publisher.published] == [Outcome.COUNTED, Outcome.COUNTED]


async def test_an_unknown_consultation_waits_for_its_definition(store: DocumentStore, publisher: Publisher) -> None:
    work = handler(store, publisher)
    with pytest.raises(Transient, match="moi-mo"):
        await work(batch(received(consultation="moi-mo")))
    await handler(store, publisher, small_consultation("moi-mo"))(batch(received(consultation="moi-mo")))
    assert len(publisher.published) == 1


async def test_a_large_batch_is_decided_like_a_small_one(store: DocumentStore, publisher: Publisher) -> None:
    await handler(store, publisher)(batch(received(1, "Đề nghị bổ sung đường giao thông. " * 2000)))
    assert publisher.published[0].outcome is Outcome.COUNTED


async def test_a_rebuild_from_the_published_events_equals_what_was_stored(
    store: DocumentStore, publisher: Publisher, tmp_path: Path
) -> None:
    await handler(store, publisher)(
        batch(received(1, person="p"), received(2, person="p"), received(3, "", person="q"), received(4))
    )
    rebuilt = SqliteStore(tmp_path / "rebuilt.sqlite3", COLLECTIONS)
    await rebuilt.open()
    for event in publisher.published:
        await rebuilt.apply("classify", 1, fold(Delivery(event, 1, AT)))
    changes = [c for e in publisher.published for c in fold(Delivery(e, 1, AT))]
    for change in changes:
        assert isinstance(change, Merge)
        live, again = await store.get(change.collection, change.id), await rebuilt.get(change.collection, change.id)
        assert live is not None
        assert again is not None
        assert live.doc == again.doc
    await rebuilt.close()


async def test_a_very_long_text_does_not_hold_up_the_event_loop(store: DocumentStore, publisher: Publisher) -> None:
    text = "1. Đề nghị bổ sung chỉ tiêu về nước sạch cho các bản vùng cao.\n" * 4000  # about 360 kB
    work = asyncio.create_task(handler(store, publisher)(batch(received(1, text))))
    turns = 0
    while not work.done():
        await asyncio.sleep(0.01)
        turns += 1
    await work
    assert len(publisher.published) == 1
    assert turns > 5  # deciding takes half a second and more; on the loop there would be a turn or two
