"""Slows down guessing: a few failures per address within a while, then no attempts until the oldest is forgotten."""

from collections import OrderedDict
from datetime import datetime, timedelta

FAILURES = 5
WHILE = timedelta(minutes=10)
ADDRESSES = 10_000  # remembered; the oldest goes first


class Throttle:
    """In the memory of one replica: enough, for a guess costs an argon2 hash anyway."""

    def __init__(self, failures: int = FAILURES, while_: timedelta = WHILE) -> None:
        self._most = failures
        self._while = while_
        self._failed: OrderedDict[str, list[datetime]] = OrderedDict()

    def open_in(self, address: str, now: datetime) -> timedelta:
        """How long until the address may try again; zero: now."""
        recent = [at for at in self._failed.get(address, ()) if at > now - self._while]
        if len(recent) < self._most:
            return timedelta()
        return recent[-self._most] + self._while - now

    def failed(self, address: str, now: datetime) -> None:
        """Notes a failed attempt."""
        recent = [at for at in self._failed.pop(address, []) if at > now - self._while]
        self._failed[address] = [*recent, now]
        while len(self._failed) > ADDRESSES:
            self._failed.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Forgets the address."""
        self._failed.pop(address, None)
