"""Of a submission taken back the decision stays and the words go, whichever event comes first."""

import itertools
from collections.abc import Sequence

import pytest
from opentelemetry.context import Context

from services.classify import withdrawal
from services.classify.handlers import ClassifyHandler
from services.classify.projection import NAME, RESULTS, fold
from shared.delivery import Delivery
from shared.events import Event, SubmissionClassified, SubmissionWithdrawn
from tests.support.memory_store import MemoryStore
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.samples import AT, received, submission_id

WORDS = "Đề nghị sửa “đoàn kết” thành “đại đoàn kết” ở trang 6"
RECEIVED = received(1, WORDS)
OTHER = received(2, "Nhất trí với chủ đề Đại hội.")
WITHDRAWN = SubmissionWithdrawn(
    consultation=RECEIVED.consultation, submission_id=submission_id(1), withdrawn_at=AT, legal_basis="theo yêu cầu"
)


class Bus:
    """Keeps what is published, knows one consultation."""

    def __init__(self) -> None:
        self.published: list[SubmissionClassified] = []

    async def publish(self, event: Event, *, context: Context | None = None) -> None:
        assert isinstance(event, SubmissionClassified)
        self.published.append(event)

    def get(self, _id: str) -> object:
        return small_consultation()


def deliveries(events: Sequence[Event]) -> list[Delivery[Event]]:
    return [Delivery(event, seq, AT) for seq, event in enumerate(events, start=1)]


async def kept(store: MemoryStore) -> dict[str, str]:
    return {id_: str(row.doc) for id_, row in store._of(RESULTS).items()}


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("order", list(itertools.permutations([RECEIVED, OTHER, WITHDRAWN])))
async def test_the_words_are_gone_in_any_order(order: Sequence[Event], together: bool) -> None:
    store, bus = MemoryStore(), Bus()
    handle = ClassifyHandler(store, bus, bus, b"key")  # type: ignore[arg-type]
    for batch in [order] if together else [[event] for event in order]:
        await handle(deliveries(batch))
    found = await kept(store)
    assert "đoàn kết" not in found[submission_id(1)]
    assert "Nhất trí với chủ đề" in found[submission_id(2)]
    await handle(deliveries([RECEIVED]))
    again = bus.published[-1]
    assert [o.text for o in again.opinions] == [""]
    assert (again.opinions[0].edits, again.opinions[0].cites) == ((), ())
    first = next(e for e in bus.published if e.submission_id == submission_id(1))
    assert (again.event_id, again.opinions[0].topics) == (first.event_id, first.opinions[0].topics)


async def test_a_rebuild_erases_again() -> None:
    store, bus = MemoryStore(), Bus()
    await ClassifyHandler(store, bus, bus, b"key")(deliveries([RECEIVED]))  # type: ignore[arg-type]
    fresh = MemoryStore()
    for delivery in deliveries([RECEIVED, *bus.published, WITHDRAWN]):
        await fresh.apply(NAME, delivery.seq, fold(delivery))
    await withdrawal.erase_all(fresh)
    assert "đoàn kết" not in (await kept(fresh))[submission_id(1)]
