"""A bus whose only bucket lives in memory, for the unit tests of limits: compare-and-set as JetStream does it."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from nats.errors import NoRespondersError
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError

from shared.bus import Bus


@dataclass
class MemoryBucket:
    """`calls` counts round trips; `away` makes every one of them fail."""

    values: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    calls: int = 0
    away: bool = False
    revision: int = 0

    async def get(self, key: str) -> Any:
        """The entry, with its revision."""
        await self._travel()
        if key not in self.values:
            raise KeyNotFoundError
        revision, value = self.values[key]
        return SimpleNamespace(value=value, revision=revision)

    async def update(self, key: str, value: bytes, last: int) -> int:
        """Only when `last` is the revision held now (0: none)."""
        await self._travel()
        if self.values.get(key, (0, b""))[0] != last:
            raise KeyWrongLastSequenceError
        self.revision += 1
        self.values[key] = (self.revision, value)
        return self.revision

    async def put(self, key: str, value: bytes) -> int:
        """Whatever is held now."""
        await self._travel()
        self.revision += 1
        self.values[key] = (self.revision, value)
        return self.revision

    async def _travel(self) -> None:
        await asyncio.sleep(0)
        self.calls += 1
        if self.away:
            raise NoRespondersError


def bus_with(bucket: MemoryBucket) -> Bus:
    """As much of a bus as limits need."""

    async def stream_info(_name: str) -> Any:
        await bucket._travel()
        return SimpleNamespace(config=SimpleNamespace(num_replicas=1))

    async def key_value(_name: str) -> MemoryBucket:
        return bucket

    js = SimpleNamespace(stream_info=stream_info, key_value=key_value)
    return cast("Bus", SimpleNamespace(js=js, nc=SimpleNamespace(is_connected=True)))
