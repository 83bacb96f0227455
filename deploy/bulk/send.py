"""Sends rows to the API, many at once, each until it is answered for good."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import stamina

from deploy.bulk.rows import Row
from deploy.cli.common import problem_text
from shared.errors import Permanent

TRY_AGAIN = {408, 425, 429, 502, 503, 504}
NOT_THE_ROW = {401, 403, 404, 405}  # said of one row, true of all: the token, the right, the address
HELLO_S = 5.0


@dataclass(frozen=True)
class Answer:
    """What became of a row: accepted, duplicate (the same row was accepted before) or rejected with a reason."""

    row: Row
    verdict: str
    reason: str = ""
    notes: tuple[str, ...] = ()  # what the server noted though it accepted the row (an unknown unit, say)


class StillRefusedError(Exception):
    """The server keeps asking to come back later, or what answers is not Ykien."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"HTTP {response.status_code}")
        self.response = response


class NotAllowedError(Permanent):
    """No row of this file can be accepted as the command was called; the text says why."""


def _patience(error: Exception) -> bool | float:
    """Whether to try again, and when: as the server says, else with growing delay."""
    if isinstance(error, StillRefusedError):
        after = error.response.headers.get("Retry-After", "")
        return float(after) if after.isdigit() else True
    return isinstance(error, httpx.TransportError)


def _is_ours(response: httpx.Response) -> bool:
    """Whether a 202 was said by Ykien. Anything else (a proxy's page, a cut body) is no receipt: with the same key the row
    may be sent again.
    """
    if response.status_code != httpx.codes.ACCEPTED:
        return True
    try:
        return isinstance(response.json(), dict)
    except ValueError:
        return False


def _notes(response: httpx.Response) -> tuple[str, ...]:
    found = response.json().get("notes") or ()
    return tuple(f"{note.get('field', '')}: {note.get('reason', '')}" for note in found if isinstance(note, dict))


async def check_target(client: httpx.AsyncClient, consultation: str, channel: str, *, with_token: bool) -> None:
    """Asks for the definition before anything is sent.

    Raises NotAllowedError for an unknown consultation or channel and for a missing token, httpx.TransportError or
    StillRefusedError when nobody answers.
    """
    definition: dict[str, Any] = {}
    async for attempt in stamina.retry_context(on=_patience, attempts=None, timeout=HELLO_S, wait_initial=0.2):
        with attempt:
            response = await client.get(f"/api/v1/consultations/{quote(consultation, safe='')}")
            if response.status_code in TRY_AGAIN:
                raise StillRefusedError(response)
            if response.is_error:
                raise NotAllowedError(f"consultation {consultation!r}: {problem_text(response)}")
            definition = response.json()
    channels = {str(c["id"]): c for c in definition["channels"] if c.get("enabled", True)}
    if channel not in channels:
        raise NotAllowedError(f"channel {channel!r}: {consultation} takes submissions through {', '.join(channels)}")
    if not channels[channel].get("self_service", False) and not with_token:
        raise NotAllowedError(
            f"channel {channel!r} needs a login: set YKIEN_TOKEN (the embedded run writes one to DATA/operator-token)"
        )


async def send_all(
    client: httpx.AsyncClient,
    rows: Iterator[tuple[Row, str]],
    *,
    consultation: str,
    channel: str,
    parallel: int = 32,
    patience_s: float = 300,
) -> AsyncIterator[Answer]:
    """Answers as they come, in no order.

    Raises httpx.TransportError or StillRefusedError when the gateway stays away longer than `patience_s`, NotAllowedError
    when it refuses the sender, not the row.
    """
    waiting: set[asyncio.Task[Answer]] = set()

    async def one(row: Row, key: str) -> Answer:
        if row.fault is not None:
            return Answer(row, "rejected", row.fault)
        response = await _post(client, row, key, consultation, channel, patience_s)
        if response.status_code == httpx.codes.ACCEPTED:
            replayed = response.headers.get("Idempotency-Replayed") == "true"
            return Answer(row, "duplicate" if replayed else "accepted", notes=_notes(response))
        if response.status_code in NOT_THE_ROW:
            raise NotAllowedError(problem_text(response))
        return Answer(row, "rejected", problem_text(response))

    try:
        for row, key in rows:
            waiting.add(asyncio.create_task(one(row, key)))
            if len(waiting) >= parallel:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    yield task.result()
        for answer in asyncio.as_completed(waiting):
            yield await answer
    finally:
        for task in waiting:
            task.cancel()


async def _post(
    client: httpx.AsyncClient, row: Row, key: str, consultation: str, channel: str, patience_s: float
) -> httpx.Response:
    headers = {"Idempotency-Key": key, "X-Ykien-Channel": channel, "Content-Type": "application/json"}
    # ASCII JSON: even a lone surrogate reaches the server, which answers it with its reason, instead of failing here.
    content = json.dumps(row.body, ensure_ascii=True).encode()
    async for attempt in stamina.retry_context(
        on=_patience, attempts=None, timeout=patience_s, wait_initial=0.2, wait_max=10
    ):
        with attempt:
            response = await client.post(
                f"/api/v1/consultations/{consultation}/submissions", headers=headers, content=content
            )
            if response.status_code in TRY_AGAIN or not _is_ours(response):
                raise StillRefusedError(response)
            return response
    raise AssertionError("retry_context ends by returning or raising")
