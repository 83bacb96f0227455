"""Time as an argument: rules never ask the wall clock, the edges pass `Clock` in."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def format_instant(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds and `Z`: equal length, so text order is time order in every engine.

    Raises ValueError for a naive datetime.
    """
    if at.tzinfo is None:
        raise ValueError("a naive datetime has no instant; give it a zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_instant(text: str) -> datetime:
    """Any RFC 3339 instant as aware UTC. Raises ValueError when it is malformed or names no zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} names no time zone")
    return at.astimezone(UTC)
