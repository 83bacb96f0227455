"""Announcing a model, and which artifacts of former ones stay stored: a few, and none that may hold words which were taken back.

The announcement itself lists them, written by compare-and-set: whatever is stored is named there, and a crash between deleting
an artifact and crossing it off only deletes it again.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog
from nats.js import JetStreamContext
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError
from nats.js.kv import KeyValue
from pydantic import ValidationError

from services.classify.retrain.announced import Announced, Former
from shared import topology
from shared.blobs import Blobs
from shared.events import ConsultationId

log = structlog.get_logger()

KEPT = 5  # artifacts of a consultation, the one in use among them
GRACE = timedelta(hours=1)  # a replica that is slow or cut off may still be loading what was in use before


async def announce(js: JetStreamContext, announced: Announced, *, again: bool = False) -> bool:
    """Announces a model; False when the same decisions were announced already, or another was quicker.

    `again`: announces it also when it was: its artifact had to be stored anew.
    """
    kv = await js.key_value(topology.MODELS_BUCKET)
    held, last = await _held(kv, announced.consultation)
    if not again and held is not None and held.state == announced.state:
        return False
    return await _written(kv, succeeding(held, announced), last)


def succeeding(held: Announced | None, announced: Announced) -> Announced:
    """The announcement with what was in use before it among the former ones. Pure."""
    former = held.former if held is not None else ()
    if held is not None and held.sha256 is not None:
        former = (Former(sha256=held.sha256, gone=held.gone, since=announced.trained_at), *former)
    first = {one.sha256: one for one in reversed(former) if one.sha256 != announced.sha256}
    return announced.model_copy(update={"former": tuple(one for one in former if first.get(one.sha256) is one)})


def due(announced: Announced, gone: int, now: datetime) -> tuple[Former, ...]:
    """Which former artifacts are to be deleted when `gone` submissions were taken back by now. Pure.

    Any that is older than the last withdrawal: which words a model has learned cannot be told from it.
    """
    kept = announced.former[: KEPT - (announced.sha256 is not None)]
    return tuple(one for one in announced.former if now >= one.since + GRACE and (one.gone < gone or one not in kept))


async def tidy(
    js: JetStreamContext,
    blobs: Blobs,
    consultation: ConsultationId,
    *,
    gone: int,
    now: datetime,
    in_use: Collection[str],
) -> int:
    """Deletes what is due, but nothing `in_use`; returns how many. Raises Transient or nats errors; repeating it is harmless."""
    kv = await js.key_value(topology.MODELS_BUCKET)
    held, last = await _held(kv, consultation)
    if held is None or not (ended := due(held, gone, now)):
        return 0
    for one in ended:
        if one.sha256 not in in_use:
            await blobs.delete(one.sha256)
            log.info("former model deleted", consultation=consultation, artifact=one.sha256, withdrawn=one.gone < gone)
    rest = tuple(one for one in held.former if one not in ended)
    await _written(kv, held.model_copy(update={"former": rest}), last)  # else the next look does it again
    return len(ended)


async def _held(kv: KeyValue, consultation: str) -> tuple[Announced | None, int]:
    """What is announced now and its revision; None too for what is no announcement: the next one replaces it."""
    try:
        entry = await kv.get(consultation)
    except KeyNotFoundError:
        return None, 0
    try:
        return Announced.model_validate_json(entry.value or b""), entry.revision or 0
    except ValidationError:
        return None, entry.revision or 0


async def _written(kv: KeyValue, announced: Announced, last: int) -> bool:
    try:
        await kv.update(announced.consultation, announced.model_dump_json().encode(), last=last)
    except KeyWrongLastSequenceError:
        return False
    return True
