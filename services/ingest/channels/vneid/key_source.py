"""Where an issuer's keys come from: its server, asked seldom, or a file. What was good last stays while the source is away."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import httpx
import structlog

from services.ingest.channels.vneid import keys as jwk_sets
from services.ingest.channels.vneid.keys import Key, Keys, UnusableKeys
from services.ingest.channels.vneid.refusal import Check, KeysAway, Untrusted

log = structlog.get_logger("ingest")

MAX_BYTES = 256_000
TIMEOUT_S = 5.0
REFRESH_EVERY_S = 10.0  # for key ids nobody knows, which any stranger may invent ...
BURST = 3  # ... after so many at once
RETRY_S = 30.0  # between tries of the keeper while the server is away


class KeySource(Protocol):
    """The keys of one issuer."""

    async def find(self, kid: str, alg: str) -> Key:
        """Raises Untrusted when the issuer has no such key, KeysAway when that cannot be told now."""


def unknown() -> Untrusted:
    """No such key among those of the issuer."""
    return Untrusted(
        Check.KEY, "kid", "Bên phát hành không công bố khóa công khai nào có mã khóa (kid) và thuật toán này."
    )


class FileKeys:
    """Keys from a file, read again whenever it has changed; a damaged one is told in the log, the former keys stay."""

    def __init__(self, issuer_id: str, path: Path) -> None:
        """Raises UnusableKeys for a file that cannot be used."""
        self._issuer_id = issuer_id
        self._path = path
        self._seen = self._mark()
        self._keys = self._read()

    async def find(self, kid: str, alg: str) -> Key:
        """See KeySource."""
        mark = self._mark()
        if mark != self._seen:
            try:
                self._keys = self._read()
            except UnusableKeys as error:
                log.warning("vneid.keys_unusable", issuer=self._issuer_id, reason=str(error))
            self._seen = mark
        key = self._keys.get((kid, alg))
        if key is None:
            raise unknown()
        return key

    def _mark(self) -> tuple[int, int, int] | None:
        try:
            stat = self._path.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino

    def _read(self) -> Keys:
        try:
            data = self._path.read_bytes()
        except OSError as error:
            raise UnusableKeys(f"{self._path}: {os.strerror(error.errno or 0)}") from error
        try:
            return jwk_sets.read(data)
        except UnusableKeys as error:
            raise UnusableKeys(f"{self._path}: {error}") from error


class HttpKeys:
    """Keys from the issuer's server. `keep` renews them every `cache_s`; a key id nobody knows asks at once, but rarely."""

    def __init__(
        self,
        issuer_id: str,
        url: str,
        http: httpx.AsyncClient,
        *,
        cache_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer_id = issuer_id
        self._url = url
        self._http = http
        self._cache_s = cache_s
        self._clock = clock
        self._keys: Keys = {}
        self._asking = asyncio.Lock()
        self._last = (float("-inf"), False)  # when the server was last asked, and whether it answered
        self._allowance = float(BURST)
        self._allowed_at = clock()

    async def keep(self) -> None:
        """Renews the keys until cancelled."""
        while True:
            async with self._asking:
                good = await self._ask()
            await asyncio.sleep(self._cache_s if good else min(RETRY_S, self._cache_s))

    async def find(self, kid: str, alg: str) -> Key:
        """See KeySource."""
        wanted = self._clock()
        if (key := self._keys.get((kid, alg))) is not None:
            return key
        async with self._asking:
            if (key := self._keys.get((kid, alg))) is not None:
                return key
            asked, good = self._last
            if asked < wanted:  # else another request has just asked for us
                wait_s = self._wait()
                if wait_s > 0:
                    raise KeysAway(self._issuer_id, wait_s)
                good = await self._ask()
        if (key := self._keys.get((kid, alg))) is not None:
            return key
        # A server that is away may hold the very key; one that answered does not.
        raise unknown() if good else KeysAway(self._issuer_id, REFRESH_EVERY_S)

    def _wait(self) -> float:
        """Seconds until the server may be asked again; 0: now, and that is one less."""
        now = self._clock()
        self._allowance = min(BURST, self._allowance + (now - self._allowed_at) / REFRESH_EVERY_S)
        self._allowed_at = now
        if self._allowance < 1:
            return (1 - self._allowance) * REFRESH_EVERY_S
        self._allowance -= 1
        return 0.0

    async def _ask(self) -> bool:
        started = self._clock()
        try:
            self._keys = jwk_sets.read(await self._fetch())
            good = True
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError, UnusableKeys) as error:
            log.warning("vneid.keys_away", issuer=self._issuer_id, error=type(error).__name__)
            good = False
        self._last = (started, good)
        return good

    async def _fetch(self) -> bytes:
        async with asyncio.timeout(TIMEOUT_S), self._http.stream("GET", self._url) as answer:
            if answer.status_code != httpx.codes.OK:
                raise UnusableKeys(f"the server answered {answer.status_code}")
            data = b""
            async for chunk in answer.aiter_bytes():
                data += chunk
                if len(data) > MAX_BYTES:
                    raise UnusableKeys("the set is too large")
            return data
