"""Sends rows to the API, many at once, each until it is answered for good."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import httpx
import stamina

from deploy.bulk.rows import Row
from deploy.cli.common import problem_text

TRY_AGAIN = {408, 425, 429, 502, 503, 504}


@dataclass(frozen=True)
class Answer:
    """What became of a row: accepted, duplicate (the same row was accepted before) or rejected with a reason."""

    row: Row
    verdict: str
    reason: str = ""


class StillRefusedError(Exception):
    """The server keeps asking to come back later."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"HTTP {response.status_code}")
        self.response = response


def _patience(error: Exception) -> bool | float:
    """Whether to try again, and when: as the server says, else with growing delay."""
    if isinstance(error, StillRefusedError):
        after = error.response.headers.get("Retry-After", "")
        return float(after) if after.isdigit() else True
    return isinstance(error, httpx.TransportError)


async def send_all(
    client: httpx.AsyncClient,
    rows: Iterator[tuple[Row, str]],
    *,
    consultation: str,
    channel: str,
    parallel: int = 32,
    patience_s: float = 300,
) -> AsyncIterator[Answer]:
    """Answers as they come, in no order. Raises httpx.TransportError or StillRefusedError when the gateway stays
    away longer than `patience_s`."""
    waiting: set[asyncio.Task[Answer]] = set()

    async def one(row: Row, key: str) -> Answer:
        if row.fault is not None:
            return Answer(row, "rejected", row.fault)
        response = await _post(client, row, key, consultation, channel, patience_s)
        if response.status_code == httpx.codes.ACCEPTED:
            replayed = response.headers.get("Idempotency-Replayed") == "true"
            return Answer(row, "duplicate" if replayed else "accepted")
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
            if response.status_code in TRY_AGAIN:
                raise StillRefusedError(response)
            return response
    raise AssertionError("retry_context ends by returning or raising")
