"""A partner's quota: per minute and per day, a batch counted line by line."""

from services.ingest.abuse.shared_limits import Refusal
from services.ingest.channels.partner.quota import grant
from shared.partners import Partner


class Counters:
    """Fixed windows without time."""

    def __init__(self) -> None:
        self.used: dict[str, int] = {}

    async def take(self, scope: str, key: str, amount: int, limit: int, period_s: int) -> Refusal | None:
        if self.used.get(scope, 0) + amount > limit:
            return Refusal(period_s)
        self.used[scope] = self.used.get(scope, 0) + amount
        return None


def partner(per_minute: int, per_day: int) -> Partner:
    return Partner(id="p", name="P", consultations=("c",), per_minute=per_minute, per_day=per_day)


async def test_as_many_as_fit_are_granted_and_not_one_more() -> None:
    for limit in (1, 2, 3, 7, 100, 999, 1000):
        counters = Counters()
        granted, wait_s = await grant(counters, partner(limit, 10_000), 1000)
        assert granted == limit == counters.used["partner-minute"]
        assert wait_s == (60 if limit < 1000 else 0)
        if limit < 1000:
            assert await grant(counters, partner(limit, 10_000), 1) == (0, 60)


async def test_the_day_holds_when_the_minute_does_not() -> None:
    counters = Counters()
    assert await grant(counters, partner(1000, 5), 8) == (5, 86_400)


async def test_without_limits_everything_is_granted() -> None:
    assert await grant(None, partner(1, 1), 1000) == (1000, 0)
