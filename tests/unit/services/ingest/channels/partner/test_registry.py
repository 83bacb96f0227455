"""Partners as one replica sees them: what it asks the bucket, and what it does not."""

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from services.ingest.channels.partner.registry import ASKS_PER_S, Partners
from shared import partners
from shared.errors import Transient
from shared.partner_keys import issue
from shared.partners import Partner

KEY = issue("smart", "khoa0001", ("a", "b"), datetime(2025, 6, 12, tzinfo=UTC), bytes(32)).key
SMART = Partner(id="smart", name="Smart", consultations=("c",), keys=(KEY,))


class Bucket:
    """Counts who asks; answers what it is told."""

    def __init__(self) -> None:
        self.asked = 0
        self.answer: tuple[Partner, int] | Transient | None = None

    async def read(self, _js: Any, _id: str) -> tuple[Partner, int] | None:
        self.asked += 1
        if isinstance(self.answer, Transient):
            raise self.answer
        return self.answer


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Bucket:
    made = Bucket()
    monkeypatch.setattr(partners, "read", made.read)
    return made


def replica(now: list[float], *, loaded: bool = True) -> Partners:
    made = Partners(cast("Any", None), clock=lambda: now[0])
    if loaded:
        made._watch.loaded.set()
    return made


async def test_before_the_first_load_nobody_is_called_unknown(bucket: Bucket) -> None:
    with pytest.raises(Transient):
        await replica([0.0], loaded=False).find("smart", "khoa0001")


async def test_a_key_just_written_is_found_though_the_watch_is_late(bucket: Bucket) -> None:
    here = replica([0.0])
    assert await here.find("smart", "khoa0001") is None
    bucket.answer = (SMART, 5)
    assert await here.find("smart", "khoa0001") == SMART
    asked = bucket.asked
    assert await here.find("smart", "khoa0001") == SMART
    assert bucket.asked == asked, "a known key asks nobody"


async def test_a_copy_of_the_bucket_that_is_behind_changes_nothing(bucket: Bucket) -> None:
    here = replica([0.0])
    bucket.answer = (SMART, 5)
    await here.find("smart", "khoa0001")
    bucket.answer = (SMART.model_copy(update={"keys": ()}), 4)
    assert await here.find("smart", "khoa0009") == SMART


async def test_invented_keys_ask_the_bucket_a_few_times_a_second_at_most(bucket: Bucket) -> None:
    now = [0.0]
    here = replica(now)
    for _ in range(1000):
        await here.find("smart", "khong-co")
    assert bucket.asked == ASKS_PER_S
    now[0] = 1.0
    await here.find("smart", "khong-co")
    assert bucket.asked == ASKS_PER_S + 1


async def test_while_the_bus_is_away_what_is_known_stays(bucket: Bucket) -> None:
    here = replica([0.0])
    bucket.answer = (SMART, 5)
    await here.find("smart", "khoa0001")
    bucket.answer = Transient("away")
    assert await here.find("smart", "khoa0009") == SMART
