"""A rebuild ends in the same documents as the live service, in whatever order and however often the events come."""

import random
from collections.abc import Sequence

import pytest

from services.classify.projection import COLLECTIONS, NAME, fold
from services.classify.restore import restore
from shared.delivery import Delivery
from shared.errors import Permanent
from shared.events import Event, Stance, SubmissionWithdrawn
from tests.support.memory_store import MemoryStore
from tests.unit.services.classify.fakes import Site, review
from tests.unit.services.classify.samples import AT, received, submission_id

TEXT = "Đề nghị bổ sung chỉ tiêu về đường giao thông nông thôn cho các bản vùng cao của tỉnh nhà trong nhiệm kỳ tới."
DOUBTFUL = "Mong có thêm lớp dạy đan lát và thêu thùa cho chị em ở bản, ai thích thì cứ đến học thử xem sao."
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
    await site.receive(received(7, DOUBTFUL), received(8, DOUBTFUL))
    await site.classify(site._delivered([WITHDRAWN.model_copy(update={"submission_id": submission_id(7)})]))
    assert (await site.result(8)).opinions[0].review, "it waits in place of the one that was taken back"
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


async def test_a_decision_that_was_refused_is_refused_after_a_rebuild_too() -> None:
    site = Site()
    await site.receive(received(1, TEXT))
    await site.hear(review(1, start=0, end=44))
    with pytest.raises(Permanent):
        await site.hear(review(1, minutes=5, reviewer="b", topics=(6,), start=30, end=80))
    found = await folded(with_results(site))
    for name in ("corrections", "labels", "results"):
        assert found[name] == documents(site.store)[name], name
    assert found["corrections"]


async def test_a_decision_whose_result_is_still_to_come_does_not_hide_the_one_before_it() -> None:
    """Its consumer had not reached it when the rebuild began."""
    site = Site()
    await site.receive(received(1, TEXT))
    await site.hear(review(1, topics=(3,)))
    stream = with_results(site)
    stream.append(Delivery(review(1, minutes=5, topics=(6,)), 200, AT))
    found = await folded(stream)
    assert found["corrections"] == documents(site.store)["corrections"]
    assert found["labels"]
