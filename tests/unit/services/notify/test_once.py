"""Claims: one at a time, released, leased, marked for good."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notify import projection
from services.notify.once import BusyError, Claim, Done, Once, Refused
from shared.delivery import Delivery
from shared.events import NotificationDelivered
from tests.support.memory_store import MemoryStore
from tests.support.report_events import received

NOW = datetime(2025, 6, 18, 9, 0, tzinfo=UTC)
LEASE = timedelta(seconds=90)
EVENT = NotificationDelivered(
    consultation="dien-bien-2025",
    notification_id="digest:r:1",
    kind="digest",
    recipient="1",
    delivered_at=NOW,
    attempts=2,
)


async def claimed(once: Once, at: datetime = NOW) -> Claim:
    claim = await once.claim("digest:r:1", at)
    assert isinstance(claim, Claim)
    return claim


async def test_nobody_else_claims_what_is_being_sent_until_the_lease_ends() -> None:
    once = Once(MemoryStore(), LEASE)
    assert (await claimed(once)).attempt == 1
    with pytest.raises(BusyError):
        await once.claim("digest:r:1", NOW + LEASE - timedelta(seconds=1))
    assert (await claimed(once, NOW + LEASE)).attempt == 2


async def test_a_released_claim_is_free_at_once_and_counts() -> None:
    once = Once(MemoryStore(), LEASE)
    await once.release(await claimed(once))
    assert (await claimed(once)).attempt == 2


async def test_what_is_delivered_stays_so() -> None:
    once = Once(MemoryStore(), LEASE)
    await once.delivered(await claimed(once), EVENT)
    assert await once.claim("digest:r:1", NOW + LEASE * 100) == Done(EVENT)


async def test_a_slow_sender_marks_though_another_claimed_it_since_and_the_others_failure_changes_nothing() -> None:
    once = Once(MemoryStore(), LEASE)
    slow = await claimed(once)
    other = await claimed(once, NOW + LEASE)
    await once.delivered(slow, EVENT)
    await once.release(other, "refused")
    assert isinstance(await once.claim("digest:r:1", NOW + LEASE * 3), Done)


async def test_what_was_refused_is_tried_again_only_when_asked_for_anew() -> None:
    once = Once(MemoryStore(), LEASE)
    await once.release(await claimed(once), "refused (550)")
    assert await once.claim("digest:r:1", NOW, anew=False) == Refused("refused (550)")
    assert isinstance(await once.claim("digest:r:1", NOW, anew=True), Claim)


async def test_the_fold_leaves_the_same_document_as_the_live_mark() -> None:
    live, rebuilt = MemoryStore(), MemoryStore()
    once = Once(live, LEASE)
    await once.delivered(await claimed(once), EVENT)
    for _ in range(2):
        await rebuilt.apply(projection.NAME, 7, projection.fold(Delivery(EVENT, 7, NOW)))
    documents = [await store.get(projection.DELIVERIES, EVENT.notification_id) for store in (live, rebuilt)]
    assert documents[0] is not None
    assert documents[1] is not None
    assert documents[0].doc == documents[1].doc


def test_other_events_change_nothing() -> None:
    assert projection.fold(Delivery(received(1), 1, NOW)) == ()
