"""Failed logins counted by all replicas together, through the bus's key-value bucket of limits.

An address is kept as a keyed hash. While the bucket does not answer, a replica counts for itself, on top of what it last knew; it
tells the others afterwards. So an outage neither locks everybody out nor lets everybody guess.
"""

import asyncio
import hashlib
import json
import math
import time
from datetime import UTC, datetime, timedelta
from weakref import WeakValueDictionary

import nats.errors
import structlog
from nats.js.errors import Error as JetStreamError
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError
from nats.js.kv import KeyValue

from shared import topology
from shared.bus import Bus
from shared.provision import provision_bucket
from shared.throttle import FAILURES, WHILE, Throttle

BUS_TIMEOUT_S = 0.5
AWAY_S = 2.0  # how long the bus is left alone after it did not answer
MAX_TRIES = 20  # against other attempts from the same address; each lost try means another one was counted
_AWAY = (nats.errors.Error, JetStreamError, OSError, TimeoutError)
_log = structlog.get_logger()


class SharedThrottle:
    """One login page's: `name` tells it from the others', `secret` is the same in all its replicas."""

    def __init__(
        self, bus: Bus, name: str, secret: bytes, *, failures: int = FAILURES, while_: timedelta = WHILE
    ) -> None:
        self._bus = bus
        self._name = name
        self._secret = secret
        self._most = failures
        self._known = Throttle(failures, while_)  # what the bucket last said
        self._alone = Throttle(failures, while_)  # what only this replica knows
        self._turns: WeakValueDictionary[str, asyncio.Lock] = (
            WeakValueDictionary()
        )  # of an address's attempts made here
        self._kv: KeyValue | None = None
        self._away_until = -math.inf

    async def attempt(self, address: str, now: datetime) -> timedelta:
        """Zero: the attempt may be made; it counts as a failure until `succeeded`. Else how long the door stays closed. Never raises.

        Counted before the password is looked at: else many guesses sent at once would all pass the door.
        """
        async with self._turns.setdefault(address, asyncio.Lock()):
            if (kv := await self._bucket()) is not None:
                try:
                    async with asyncio.timeout(BUS_TIMEOUT_S):
                        return await self._counted(kv, address, now)
                except _AWAY as error:
                    self._left_alone(error)
            return self._counted_alone(address, now)

    async def succeeded(self, address: str) -> None:
        """Forgets the address. Never raises: where the bucket is away, the slips before it go on counting there."""
        self._known.succeeded(address)
        self._alone.succeeded(address)
        if (kv := await self._bucket()) is not None:
            try:
                async with asyncio.timeout(BUS_TIMEOUT_S):
                    await kv.put(self._key(address), b"[]")
            except _AWAY as error:
                self._left_alone(error)

    def _counted_alone(self, address: str, now: datetime) -> timedelta:
        failures = self._known.counting([*self._known.failures(address, now), *self._alone.failures(address, now)], now)
        if not (closed := self._known.closed_for(failures, now)):
            self._alone.failed(address, now)
        return closed

    async def _counted(self, kv: KeyValue, address: str, now: datetime) -> timedelta:
        key = self._key(address)
        for _ in range(MAX_TRIES):
            held, revision = await _read(kv, key)
            failures = self._known.counting([*held, *self._alone.failures(address, now)], now)
            closed = self._known.closed_for(failures, now)
            after = failures if closed else [*failures, now]
            if after != held:
                try:
                    await kv.update(key, _body(after[-self._most :]), last=revision)
                except KeyWrongLastSequenceError:
                    continue
            self._known.put(address, after)
            self._alone.succeeded(address)  # everybody knows now
            return closed
        raise TimeoutError

    async def _bucket(self) -> KeyValue | None:
        """None while it is better left alone."""
        if time.monotonic() < self._away_until or not self._bus.nc.is_connected:
            return None
        if self._kv is None:
            try:
                async with asyncio.timeout(BUS_TIMEOUT_S):
                    replicas = (await self._bus.js.stream_info(topology.EVENTS.name)).config.num_replicas or 1
                    self._kv = await provision_bucket(self._bus.js, topology.LIMITS, replicas)
            except _AWAY as error:
                self._left_alone(error)
        return self._kv

    def _left_alone(self, error: BaseException) -> None:
        self._away_until = time.monotonic() + AWAY_S
        self._kv = None
        _log.warning("login.counted_alone", login=self._name, error=type(error).__name__)

    def _key(self, address: str) -> str:
        mac = hashlib.blake2b(f"{self._name}\n{address}".encode(), key=self._secret[:64], digest_size=16)
        return f"login.{self._name}.{mac.hexdigest()}"


async def _read(kv: KeyValue, key: str) -> tuple[list[datetime], int]:
    """Failures and revision; what cannot be read counts as none, and is written over."""
    try:
        entry = await kv.get(key)
    except KeyNotFoundError:
        return [], 0
    try:
        found = [datetime.fromtimestamp(int(at) / 1000, UTC) for at in json.loads(entry.value or b"[]")]
    except (ValueError, TypeError, OverflowError, OSError):
        found = []
    return found, entry.revision or 0


def _body(failures: list[datetime]) -> bytes:
    return json.dumps([int(at.timestamp() * 1000) for at in failures]).encode()
