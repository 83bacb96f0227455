"""A webhook event as it waits on the bus: when we had it and the bytes as they came, encrypted. Pure."""

from datetime import datetime

from pydantic import AwareDatetime, ValidationError

from services.ingest.channels.zalo.admission import Admitted
from services.ingest.spool import Spooled
from shared import secret_box, topology
from shared.errors import Permanent
from shared.events import Frozen

SUBJECT = "zalo.event."


class _Head(Frozen):
    oa: str
    received_at: AwareDatetime


def to_message(event: Admitted, *, received_at: datetime, key: bytes) -> Spooled:
    """What is published, or spooled while the bus is away."""
    oa = event.account.settings.oa_id
    head = _Head(oa=oa, received_at=received_at).model_dump_json().encode()
    return Spooled(
        stream=topology.ZALO.name,
        subject=f"{SUBJECT}{oa}",
        message_id=event.message_id,
        body_hex=secret_box.lock(key, head + b"\n" + event.body).hex(),
    )


def from_message(body: bytes, *, key: bytes) -> tuple[str, datetime, bytes]:
    """Account, when we had it, the bytes. Raises Permanent: of another key, or no such message."""
    head, newline, event = secret_box.unlock(key, body).partition(b"\n")
    try:
        found = _Head.model_validate_json(head)
    except ValidationError as error:
        raise Permanent("not an event of the Zalo webhook") from error
    if not newline:
        raise Permanent("not an event of the Zalo webhook")
    return found.oa, found.received_at, event
