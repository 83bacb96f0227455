"""The access token of each OA, refreshed by one replica at a time.

A refresh token can be used once (formats.md §2). So the row is locked by compare-and-set before the call and the new pair saved in
one write after it. What no order of steps can exclude: a crash between Zalo's answer and the save. Then the old token is tried once
more after the lock has run out, Zalo calls it reused, and an administrator must put a fresh one into the file.
"""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from services.notify.zalo.api import AuthorisationLostError, Tokens
from shared import secret_box
from shared.clock import Clock, format_instant, parse_instant
from shared.errors import Transient
from shared.store.port import Collection, Document, DocumentStore, Stored

log = structlog.get_logger()
TOKENS = Collection("zalo_tokens")  # id: OA id; not a projection: a rebuild must not lose the only valid pair
LOCK = timedelta(seconds=60)  # longer than one call may take
EARLY = timedelta(minutes=10)
WAIT_S, POLL_S = 30.0, 0.25
STOPPING_S = 20.0  # how long a service that is asked to stop waits for an exchange under way

Refresh = Callable[[str], Awaitable[Tokens]]


class RefreshingError(Transient):
    """Another replica is refreshing the token right now."""


@dataclass(frozen=True)
class Pair:
    """What is stored, readable."""

    access: str
    refresh: str
    expires_at: datetime
    source: str  # hash of the administrator's token this chain of tokens began with


class TokenKeeper:
    """Of one OA. `first` reads the administrator's token anew each time it is asked, so that a new one needs no restart."""

    def __init__(
        self, store: DocumentStore, key: bytes, oa_id: str, *, first: Callable[[], str], refresh: Refresh, clock: Clock
    ) -> None:
        self._store, self._key, self._oa = store, key, oa_id
        self._first, self._refresh, self._clock = first, refresh, clock

    async def access(self, *, refused: str | None = None) -> str:
        """A token that is good now; `refused`: Zalo did not take this one. Raises Transient."""
        deadline = asyncio.get_running_loop().time() + WAIT_S
        while True:
            held = await self._store.get(TOKENS, self._oa)
            pair = self._pair(held)
            first = self._first()
            fresh = pair is not None and pair.source == _hash(first)
            if pair is not None and fresh and pair.access != refused and self._clock() < pair.expires_at - EARLY:
                return pair.access
            if held is None or not self._locked(held.doc):
                token = pair.refresh if pair is not None and fresh else first
                return (await _to_its_end(self._rotate(held, token, _hash(first)))).access
            if asyncio.get_running_loop().time() >= deadline:
                raise RefreshingError("another replica has been refreshing the token for too long")
            await asyncio.sleep(POLL_S)

    async def _rotate(self, held: Stored | None, token: str, source: str) -> Pair:
        version = held.version if held else 0
        before = dict(held.doc) if held else {}
        if before.get("spent") == _hash(token):
            raise AuthorisationLostError("the refresh token is spent: put a new one into refresh_token_file")
        locked: Document = before | {"locked_until": format_instant(self._clock() + LOCK)}
        if not await self._store.replace_if(TOKENS, self._oa, version, locked):
            raise RefreshingError("another replica just began to refresh the token")
        try:
            tokens = await self._refresh(token)
        except AuthorisationLostError:
            await self._store.replace_if(TOKENS, self._oa, version + 1, before | {"spent": _hash(token)})
            log.error("zalo.authorisation_lost", oa=self._oa)  # noqa: TRY400 - raised again
            raise
        except Transient:
            await self._store.replace_if(TOKENS, self._oa, version + 1, before)
            raise
        pair = Pair(
            tokens.access_token, tokens.refresh_token, self._clock() + timedelta(seconds=tokens.expires_in), source
        )
        await self._save(pair, version + 1, before.get("pair"))
        log.info("zalo.token_refreshed", oa=self._oa, expires_at=format_instant(pair.expires_at))
        return pair

    async def _save(self, pair: Pair, version: int, replaced: object) -> None:
        """Again and again while the database is away: this pair is the only one that works. `replaced`: the sealed one before it."""
        doc: Document = {
            "pair": secret_box.lock(self._key, json.dumps([pair.access, pair.refresh]).encode()).hex(),
            "expires_at": format_instant(pair.expires_at),
            "source": pair.source,
        }
        for pause in (0.2, 1.0, 3.0, 6.0, 12.0, None):
            try:
                if await self._store.replace_if(TOKENS, self._oa, version, doc):
                    return
                held = await self._store.get(TOKENS, self._oa)
            except Transient:
                if pause is None:
                    raise
                await asyncio.sleep(pause)
                continue
            # The lock ran out while Zalo or the database was slow, and another replica wrote. A pair that it got since then is the
            # good one; its lock, or its note that the old token is spent, must not cost us ours.
            log.error("zalo.token_overwritten", oa=self._oa)
            if held is not None and held.doc.get("pair") not in (None, replaced):
                return
            version = held.version if held else 0
        raise RefreshingError("another replica keeps writing the token")

    def _pair(self, held: Stored | None) -> Pair | None:
        if held is None or "pair" not in held.doc:
            return None
        access, refresh = json.loads(secret_box.unlock(self._key, bytes.fromhex(str(held.doc["pair"]))))
        return Pair(access, refresh, parse_instant(str(held.doc["expires_at"])), str(held.doc["source"]))

    def _locked(self, doc: Document) -> bool:
        until = doc.get("locked_until")
        return isinstance(until, str) and parse_instant(until) > self._clock()


async def _to_its_end(exchange: Coroutine[Any, Any, Pair]) -> Pair:
    """Whoever wants the token may be cancelled (the service is asked to stop), the exchange is not: the old token is spent by then."""
    task = asyncio.ensure_future(exchange)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=STOPPING_S)
        if task.done() and not task.cancelled():
            task.exception()  # told in the log already, and nobody is left to hear it
        raise


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
