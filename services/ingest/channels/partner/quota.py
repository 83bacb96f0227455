"""How many submissions a partner may send, counted by all replicas together."""

from typing import Protocol

from services.ingest.abuse.shared_limits import Refusal
from shared.partners import Partner
from shared.problem import Problem

MINUTE_S, DAY_S = 60, 86_400


class Limits(Protocol):
    """The part of SharedLimits used here."""

    async def take(self, scope: str, key: str, amount: int, limit: int, period_s: int) -> Refusal | None: ...


async def grant(limits: Limits | None, partner: Partner, wanted: int) -> tuple[int, int]:
    """How many of `wanted` fit into the minute and the day, and after how many seconds there is room for the rest.

    No limits (YKIEN_RATE_LIMIT=off): all. What the day refuses stays taken from the minute: the day is the longer wait.
    """
    if limits is None:
        return wanted, 0
    granted, wait_s = wanted, 0
    for scope, limit, period_s in (
        ("partner-minute", partner.per_minute, MINUTE_S),
        ("partner-day", partner.per_day, DAY_S),
    ):
        granted, again_s = await _part(limits, (scope, partner.id, limit, period_s), granted)
        wait_s = max(wait_s, again_s)
    return granted, wait_s


async def _part(limits: Limits, what: tuple[str, str, int, int], wanted: int) -> tuple[int, int]:
    """As many as fit, found by halving: a batch is not refused whole because half of it is too much."""
    scope, key, limit, period_s = what
    granted, wait_s, step = 0, 0, wanted
    while step > 0 and granted < wanted:
        step = min(step, wanted - granted)
        refusal = await limits.take(scope, key, step, limit, period_s)
        if refusal is None:
            granted += step
        else:
            wait_s = max(wait_s, refusal.retry_after_s)
            step //= 2
    return granted, wait_s


def over(wait_s: int) -> Problem:
    """The answer to a partner that has used up its quota."""
    wait = max(1, wait_s)
    detail = f"Chưa có nội dung nào được tiếp nhận. Đối tác đã dùng hết hạn mức; xin gửi lại sau {wait} giây."
    return Problem(429, "partner-quota", "Đã dùng hết hạn mức gửi", detail, headers={"Retry-After": str(wait)})
