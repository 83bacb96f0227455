"""Slows down guessing: a few failures per address within a while, then no attempts until the oldest is forgotten."""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta

FAILURES = 5
WHILE = timedelta(minutes=10)
ADDRESSES = 10_000  # remembered; the oldest goes first


class Throttle:
    """In the memory of one process; `shared_throttle.py` lets several count together."""

    def __init__(self, failures: int = FAILURES, while_: timedelta = WHILE) -> None:
        self._most = failures
        self._while = while_
        self._failed: OrderedDict[str, list[datetime]] = OrderedDict()

    def open_in(self, address: str, now: datetime) -> timedelta:
        """How long until the address may try again; zero: now."""
        return self.closed_for(self.failures(address, now), now)

    def failed(self, address: str, now: datetime) -> None:
        """Notes a failed attempt."""
        self.put(address, [*self.failures(address, now), now])

    def succeeded(self, address: str) -> None:
        """Forgets the address."""
        self._failed.pop(address, None)

    def failures(self, address: str, now: datetime) -> list[datetime]:
        """When the address failed, as far as that still counts."""
        return self.counting(self._failed.get(address, ()), now)

    def put(self, address: str, failures: Iterable[datetime]) -> None:
        """What is known of the address from now on."""
        self._failed.pop(address, None)
        self._failed[address] = list(failures)
        while len(self._failed) > ADDRESSES:
            self._failed.popitem(last=False)

    def counting(self, failures: Iterable[datetime], now: datetime) -> list[datetime]:
        """Those of the failures that still count, the oldest first; one that another's clock puts into the future is as one of now."""
        return sorted(min(at, now) for at in failures if at > now - self._while)

    def closed_for(self, failures: list[datetime], now: datetime) -> timedelta:
        """How long the door is closed after these failures, which all count."""
        return failures[-self._most] + self._while - now if len(failures) >= self._most else timedelta()
