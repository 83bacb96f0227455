"""How far the fold is against the stream: asked of the server itself, an independent source."""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nats.aio.client import Client
from nats.errors import Error as NatsError

from shared.clock import parse_instant
from shared.errors import Transient
from shared.events import SubmissionReceived
from shared.topology import EVENTS, REPORT

TIMEOUT_S = 5.0


@dataclass(frozen=True)
class StreamState:
    """The events stream at one moment, by the server's own clock (the one that stamps `stored_at`)."""

    at: datetime
    last_seq: int
    received: int  # messages of `submission.received.v1.<consultation>`, repeated ones included
    removed: tuple[int, int] = (0, 0)  # first sequence and gaps: changes when a message was erased


async def stream_state(nc: Client, consultation: str) -> StreamState:
    """Raises Transient when the bus is away."""
    subject = f"{SubmissionReceived.TYPE}.{consultation}"
    info = await _ask(nc, f"$JS.API.STREAM.INFO.{EVENTS.name}", {"subjects_filter": subject})
    state = info["state"]
    return StreamState(
        at=parse_instant(info["ts"][:26].rstrip("Z") + "Z"),
        last_seq=state["last_seq"],
        received=(state.get("subjects") or {}).get(subject, 0),
        removed=(state["first_seq"], state.get("num_deleted", 0)),
    )


async def waiting_messages(nc: Client, stream: str, consumer: str) -> int:
    """How many messages a consumer still has before it, delivered and not acknowledged ones included."""
    info = await _ask(nc, f"$JS.API.CONSUMER.INFO.{stream}.{consumer}", {})
    return int(info["num_pending"]) + int(info["num_ack_pending"])


async def stored_messages(nc: Client, stream: str) -> int:
    """How many messages a stream holds."""
    info = await _ask(nc, f"$JS.API.STREAM.INFO.{stream}", {})
    return int(info["state"]["messages"])


async def wait_until_folded(nc: Client, seq: int, *, patience_s: float = 60.0, pause_s: float = 0.05) -> None:
    """Returns when every event up to `seq` is folded and acknowledged. Raises Transient when that takes too long."""
    loop = asyncio.get_running_loop()
    end = loop.time() + patience_s
    while True:
        info = await _fold(nc)
        if _past(info, seq):
            return
        floor = info["ack_floor"]["stream_seq"]
        if loop.time() >= end:
            raise Transient(f"events up to {seq} are not folded yet, the fold stands at {floor}")
        await asyncio.sleep(pause_s)


async def is_folded(nc: Client, seq: int) -> bool:
    """Whether every event up to `seq` is folded (or given up) and acknowledged. Raises Transient like check_whole."""
    return _past(await _fold(nc), seq)


async def check_whole(nc: Client) -> None:
    """Raises Transient while the projection is being rebuilt: what was read may be half of it."""
    await _fold(nc)


def _past(info: dict[str, Any], seq: int) -> bool:
    return int(info["ack_floor"]["stream_seq"]) >= seq or not (info["num_pending"] or info["num_ack_pending"])


async def _fold(nc: Client) -> dict[str, Any]:
    info = await _ask(nc, f"$JS.API.CONSUMER.INFO.{EVENTS.name}.{REPORT.name}", {})
    if info.get("paused"):  # `ykien rebuild` pauses the consumer before it empties the projection
        raise Transient("the projection is being rebuilt")
    return info


async def _ask(nc: Client, subject: str, body: dict[str, str]) -> dict[str, Any]:
    try:
        reply = await nc.request(subject, json.dumps(body).encode(), timeout=TIMEOUT_S)
    except (NatsError, TimeoutError) as error:
        raise Transient(f"{subject}: {error!r}") from error
    answer: dict[str, Any] = json.loads(reply.data)
    if "error" in answer:
        raise Transient(f"{subject}: {answer['error'].get('description')}")
    return answer
