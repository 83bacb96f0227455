"""How much of a limit is used, counted by all replicas together through one NATS key-value bucket.

A replica reports what it admitted in chunks, afterwards: somebody who sends a few times costs the bus nothing. So the replicas together
admit at most `limit + (replicas - 1) * chunk(limit)` per window. While the bus is away each replica counts for itself: a submission is
then refused by the missing PubAck anyway, and a limit shall never be an error of its own.
"""

import asyncio
import hashlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import nats.errors
import structlog
from nats.js.errors import Error as JetStreamError
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError
from nats.js.kv import KeyValue

from services.ingest.abuse.tally import Tally, chunk, newer, report, seconds_left, window_at
from shared import topology
from shared.bus import Bus
from shared.provision import provision_bucket

BUS_TIMEOUT_S = 0.5
AWAY_S = 2.0  # how long the bus is left alone after it did not answer
MAX_TRIES = 20  # against other replicas; each lost try means another one has won
MAX_KEYS = 50_000  # remembered by this process; what is forgotten is read from the bus again
_AWAY = (nats.errors.Error, JetStreamError, OSError, TimeoutError)
_log = structlog.get_logger("limits")


@dataclass(frozen=True)
class Refusal:
    """The limit is used up; `retry_after_s` (at least 1): seconds until there is room again."""

    retry_after_s: int


@dataclass
class _Use:
    """One key as this replica sees it: `shared` with `revision` as the bus last said, `pending` admitted here and not yet reported."""

    window: int
    shared: int = 0
    pending: int = 0
    revision: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def fits(self, amount: int, limit: int) -> bool:
        """Whether there is room, as far as this replica knows; what the others did since can only make it less."""
        return self.shared + self.pending + amount <= limit


class SharedLimits:
    """`service.part(SharedLimits)`: always there; with YKIEN_RATE_LIMIT=off it refuses nothing."""

    def __init__(self, bus: Bus | None, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self._bus = bus
        self._secret = secret
        self._clock = clock
        self._kv: KeyValue | None = None
        self._uses: dict[str, _Use] = {}
        self._away_until = -math.inf

    async def take(self, scope: str, key: str, amount: int, limit: int, period_s: int) -> Refusal | None:
        """Takes `amount` of `limit` per `period_s`: fixed windows, days begin at midnight in Việt Nam. None: taken; a Refusal: nothing was.

        `scope` names the limit (`network`, `partner`); `key` is whose it is and is kept only as a keyed hash. Never raises.
        """
        if self._bus is None:
            return None
        name, use = self._use(scope, key, period_s)
        if not use.fits(amount, limit):
            return Refusal(seconds_left(self._clock(), period_s))
        if use.pending + amount <= chunk(limit):
            use.pending += amount
            return None
        async with use.lock:
            self._turn(use, period_s)
            if not use.fits(amount, limit):
                taken = False
            elif use.pending + amount <= chunk(limit):  # whoever held the lock before has reported
                use.pending += amount
                taken = True
            else:
                taken = await self._report(name, use, amount, limit)
        return None if taken else Refusal(seconds_left(self._clock(), period_s))

    def pressed(self, scope: str, key: str, limit: int, period_s: int) -> Refusal | None:
        """What `take` would answer to one more, as far as this replica knows; asks nobody and takes nothing."""
        if self._bus is None:
            return None
        use = self._uses.get(self._name(scope, key, period_s))
        now = self._clock()
        full = use is not None and use.window >= window_at(now, period_s) and not use.fits(1, limit)
        return Refusal(seconds_left(now, period_s)) if full else None

    def _use(self, scope: str, key: str, period_s: int) -> tuple[str, _Use]:
        name = self._name(scope, key, period_s)
        use = self._uses.get(name)
        if use is None:
            if len(self._uses) >= MAX_KEYS:  # the oldest tenth; most of it belongs to windows that are over
                for old in list(self._uses)[: MAX_KEYS // 10]:
                    del self._uses[old]
            use = self._uses[name] = _Use(window_at(self._clock(), period_s))
        self._turn(use, period_s)
        return name, use

    def _turn(self, use: _Use, period_s: int) -> None:
        window = window_at(self._clock(), period_s)
        if use.window < window:
            use.window, use.shared, use.pending = window, 0, 0

    def _name(self, scope: str, key: str, period_s: int) -> str:
        what = f"{scope}\n{period_s}\n{key}"
        mac = hashlib.blake2b(what.encode(), key=self._secret, digest_size=16)  # keyed; a tenth of the time of an HMAC
        return f"{scope}.{mac.hexdigest()}"

    async def _report(self, name: str, use: _Use, amount: int, limit: int) -> bool:
        """Writes the pending and the asked amount into the bucket; what others wrote meanwhile is added to, never overwritten."""
        bus = self._bus
        now = time.monotonic()
        if bus is None or now < self._away_until or not bus.nc.is_connected:
            return self._alone(use, amount)
        try:
            async with asyncio.timeout(BUS_TIMEOUT_S):
                return await self._compare_and_set(await self._bucket(bus), name, use, amount, limit)
        except _AWAY as error:
            self._away_until = now + AWAY_S
            self._kv = None
            _log.warning("limits.alone", error=type(error).__name__)
            return self._alone(use, amount)

    def _alone(self, use: _Use, amount: int) -> bool:
        use.pending += amount
        return True

    async def _compare_and_set(self, kv: KeyValue, name: str, use: _Use, amount: int, limit: int) -> bool:
        held: Tally | None = Tally(use.window, use.shared)
        revision, pending = use.revision, use.pending
        for _ in range(MAX_TRIES):
            tally, taken = report(held, use.window, pending, amount, limit)
            try:
                revision = await kv.update(name, f"{tally.window} {tally.used}".encode(), last=revision)
            except KeyWrongLastSequenceError:
                held, revision = await _read(kv, name)
                held = newer(held, Tally(use.window, use.shared))  # a bucket made anew has forgotten what we know
                continue
            use.revision = revision
            if tally.window >= use.window:  # else the next window began meanwhile, and what was pending is forgotten
                use.window, use.shared, use.pending = tally.window, tally.used, use.pending - pending
            return taken
        raise TimeoutError

    async def _bucket(self, bus: Bus) -> KeyValue:
        if self._kv is None:
            replicas = (await bus.js.stream_info(topology.EVENTS.name)).config.num_replicas or 1
            self._kv = await provision_bucket(bus.js, topology.LIMITS, replicas)
        return self._kv


async def _read(kv: KeyValue, name: str) -> tuple[Tally | None, int]:
    try:
        entry = await kv.get(name)
    except KeyNotFoundError:
        return None, 0
    window, _, used = (entry.value or b"").decode().partition(" ")
    return Tally(int(window), int(used)), entry.revision or 0
