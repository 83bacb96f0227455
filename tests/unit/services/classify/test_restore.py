"""A rebuild ends in the same documents as the live service, in whatever order and however often the events come."""

import random
from collections.abc import Sequence

import pytest

from services.classify.projection import COLLECTIONS, NAME, fold
from services.classify.restore import restore
from shared.delivery import Delivery
from shared.events import Event, Stance, SubmissionWithdrawn
from tests.support.memory_store import MemoryStore
from tests.unit.services.classify.fakes import Site, review
from tests.unit.services.classify.samples import AT, received, submission_id

TEXT = "Đề nghị bổ sung chỉ tiêu về đường giao thông nông thôn cho các bản vùng cao của tỉnh nhà trong nhiệm kỳ tới."
NEAR = TEXT.replace("tỉnh nhà", "tỉnh ta")
WITHDRAWN = SubmissionWithdrawn(
    consultation="thu-nghiem", submission_id=submission_id(5), withdrawn_at=AT, legal_basis="theo yêu cầu"
)


async def lived() -> Site:
    site = Site()
    await site.receive(*(received(n, TEXT, person="p" if n in (1, 2) else None) for n in range(1, 4)))
    await site.receive(
        received(4, NEAR), received(5, "Nhất trí với chủ đề Đại hội, đề nghị giữ nguyên."), received(6, "")
    )
    await site.hear(review(1, start=0, end=44), review(4, kind="sample", reviewer="a", minutes=1))
    await site.hear(review(4, kind="sample", reviewer="b", minutes=2, topics=(2,)))
    await site.work()
    await site.hear(review(3, minutes=3, topics=(2,), stance=Stance.SUPPLEMENT))
    await site.work()
    await site.hear(review(5, minutes=4), review(4, minutes=6, kind="settle", reviewer="c", topics=(1,)))
    await site.work()
    await site.classify(site._delivered([WITHDRAWN]))
    return site


async def folded(deliveries: Sequence[Delivery[Event]]) -> dict[str, dict[str, object]]:
    store = MemoryStore()
    for delivery in deliveries:
        await store.apply(NAME, delivery.seq, fold(delivery))
    await restore(store)
    return documents(store)


def documents(store: MemoryStore) -> dict[str, dict[str, object]]:
    return {c.name: {id_: row.doc for id_, row in store._of(c).items()} for c in COLLECTIONS}


def with_results(site: Site) -> list[Delivery[Event]]:
    """The stream: what came in, and every revision behind it."""
    events: list[Delivery[Event]] = list(site.stream)
    events += [Delivery(event, 100 + n, AT) for n, event in enumerate(site.publisher.published)]
    return events


async def test_a_rebuild_equals_what_it_replaces() -> None:
    site = await lived()
    assert await folded(with_results(site)) == documents(site.store)


@pytest.mark.parametrize("seed", range(5))
async def test_the_highest_revision_wins_in_any_order(seed: int) -> None:
    site = await lived()
    stream = with_results(site)
    again = [*stream, *random.Random(seed).sample(stream, len(stream) // 2)]
    random.Random(seed).shuffle(again)
    found, live = await folded(again), documents(site.store)
    for name in ("results", "reviews", "corrections", "labels", "opinions", "sources", "originals", "withdrawn"):
        assert found[name] == live[name], name
