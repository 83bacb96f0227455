"""Crash poison: a message whose every delivery killed its process is given up by the server, which only tells an advisory.

The mover turns the advisory into a dead letter. It runs in every service; the durable shares the work. The original
stays in its stream, which is the truth; it is acknowledged for that consumer, so that the ack floor can go on.
"""

import asyncio

import nats.errors
import structlog
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError
from pydantic import BaseModel, ValidationError

from shared import dead_letters, topology
from shared.clock import utc_now
from shared.raw_message import from_stream

log = structlog.get_logger()

PULL_S = 5.0
PAUSE_S = 1.0
REASON = "ProcessDied: every delivery ended without an answer (the process died, or hung)"


class MaxDeliveries(BaseModel):
    """The part of the server's advisory that we need."""

    stream: str
    consumer: str
    stream_seq: int
    deliveries: int


async def run(js: JetStreamContext) -> None:
    """Moves without end; pauses while the bus is away."""
    me = topology.DEAD_LETTER_MOVER
    pull = await js.pull_subscribe_bind(durable=me.name, stream=me.stream)
    while True:
        try:
            messages = await pull.fetch(1, timeout=PULL_S)
        except nats.errors.TimeoutError:
            continue
        except nats.errors.Error:
            await asyncio.sleep(PAUSE_S)
            continue
        for msg in messages:
            try:
                await move(js, MaxDeliveries.model_validate_json(msg.data))
                await msg.ack()
            except ValidationError:
                log.exception("advisory not understood")
                await msg.term()
            except nats.errors.Error as error:
                log.warning("dead letter not moved", error=type(error).__name__)


async def move(js: JetStreamContext, advisory: MaxDeliveries) -> None:
    """Files one dead letter; repeating it changes nothing. Raises nats errors when the bus is away."""
    stream, consumer, seq = advisory.stream, advisory.consumer, advisory.stream_seq
    try:
        raw = await from_stream(js, stream, seq)
        if stream == topology.REPLAY.name:  # the original died again under its replay
            consumer = consumer.removesuffix("-replay")
            stream, raw = await dead_letters.asked_for(js, raw)
            seq = raw.seq
    except NotFoundError:
        log.warning("given-up message is gone", stream=stream, consumer=consumer, seq=seq)
        return
    letter = dead_letters.letter_of(
        raw, stream=stream, consumer=consumer, reason=REASON, attempts=advisory.deliveries, at=utc_now()
    )
    await dead_letters.put(js, letter)
    log.error("message dead-lettered", consumer=consumer, seq=seq, dead_letter=letter.id, reason=REASON)
    if advisory.stream == topology.REPLAY.name:
        await js.delete_msg(advisory.stream, advisory.stream_seq)
    else:
        await _release(js, advisory)


async def _release(js: JetStreamContext, advisory: MaxDeliveries) -> None:
    """Acknowledges for the dead process, by the ack subject of its last delivery."""
    ack = f"$JS.ACK.{advisory.stream}.{advisory.consumer}.{advisory.deliveries}.{advisory.stream_seq}.0.0.0"
    await js._nc.publish(ack, b"+ACK")  # noqa: SLF001 - the context offers no plain publish
