"""The dashboard counts the revision that stands, however the revisions came, and reads no replaced opinion for it."""

import random
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from services.report import superseded
from services.report.counts import live
from services.report.figures.labels import labels_of
from services.report.handlers import finish, folder
from services.report.projection import NAME, OPINIONS, fold
from shared.delivery import Delivery
from shared.events import Event, Outcome
from shared.store.port import Collection, Stored
from tests.support.memory_store import MemoryStore
from tests.support.report_events import ID, classified, definition, deliver, opinion, received

EVENTS: list[Delivery[Event]] = [
    deliver(received(1), 1),
    deliver(classified(1, opinion(1, topic=1)), 2),
    deliver(received(2), 3),
    deliver(classified(2, opinion(2, topic=2)), 4),
    deliver(classified(1, opinion(1, topic=3), revision=2), 5),
    deliver(classified(1, opinion(1, topic=4), opinion(1, 1, topic=5), revision=3), 6),
    deliver(classified(3, outcome=Outcome.UNREADABLE, reason="noise"), 7),
    deliver(received(3), 8),
]


async def topics(store: MemoryStore) -> dict[object, int]:
    found = await live.figures(store, ID, labels_of(definition()), ZoneInfo("Asia/Ho_Chi_Minh"))
    assert found.channels[1].total() == found.opinions
    assert sum(day.opinions for day in found.days) == found.opinions
    return {topic: n for (topic, _), n in found.topics.items()}


@given(st.randoms(), st.integers(1, 4), st.lists(st.sampled_from(EVENTS), max_size=3))
async def test_only_the_highest_revision_counts_in_whatever_order_and_batches_they_come(
    dice: random.Random, batch: int, repeats: list[Delivery[Event]]
) -> None:
    mixed = EVENTS + repeats
    dice.shuffle(mixed)
    store = MemoryStore()
    fold_batch = folder(store)
    for start in range(0, len(mixed), batch):
        await fold_batch(mixed[start : start + batch])
    assert await topics(store) == {2: 1, 4: 1, 5: 1}


async def test_a_rebuild_takes_them_off_too() -> None:
    store = MemoryStore()
    await store.apply(NAME, 8, [change for delivery in EVENTS for change in fold(delivery)])
    assert await topics(store) == {1: 1, 2: 1, 3: 1, 4: 1, 5: 1}
    await finish(store)
    assert await topics(store) == {2: 1, 4: 1, 5: 1}


async def test_the_dashboard_reads_no_opinion_one_by_one() -> None:
    """Fifty thousand corrections would be read again every two seconds."""

    class Watching(MemoryStore):
        async def get_many(self, collection: Collection, ids: Sequence[str]) -> dict[str, Stored]:
            assert collection is not OPINIONS
            return await super().get_many(collection, ids)

    store = Watching()
    await folder(store)(EVENTS)
    assert sum((await topics(store)).values()) == 3


async def test_what_was_taken_off_is_not_written_again_at_every_later_revision() -> None:
    store = MemoryStore()
    await folder(store)(EVENTS)
    key = f"{EVENTS[1].event.submission_id}:1:{EVENTS[1].event.opinions[0].opinion_id}"  # type: ignore[attr-defined]
    before = (await store.get_many(OPINIONS, [key]))[key].version
    await superseded.take_off(store, EVENTS)
    assert (await store.get_many(OPINIONS, [key]))[key].version == before
