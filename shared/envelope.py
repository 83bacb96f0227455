"""CloudEvents 1.0 in NATS binary mode: the attributes travel in `ce-*` headers, the event itself is the JSON body."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import ValidationError

from shared.clock import format_instant
from shared.errors import Permanent
from shared.events import EVENT_TYPES, Event

MSG_ID = "Nats-Msg-Id"


class BadEnvelope(Permanent):
    """A message that is no event of ours; the text names each wrong field and the reason, never a value."""


def encode(event: Event, *, source: str, time: datetime) -> tuple[str, dict[str, str], bytes]:
    """Subject, headers and body of an event; `source` is the service that states the fact, `time` when it did.

    `Nats-Msg-Id` is the event id, so the stream stores a repeated publish once. Raises Permanent when the event
    cannot be written as UTF-8 JSON (lone surrogates).
    """
    try:
        body = event.model_dump_json().encode()
    except ValueError as error:  # pydantic's and the codec's own, both ValueError; their texts quote the input
        raise Permanent(f"{event.event_id}: the event is not expressible as UTF-8 JSON") from error
    headers = {
        MSG_ID: event.event_id,
        "ce-specversion": "1.0",
        "ce-id": event.event_id,
        "ce-type": event.TYPE,
        "ce-source": source,
        "ce-time": format_instant(time),
        "ce-subject": event.event_id.partition(":")[2],
        "content-type": "application/json",
    }
    return event.subject, headers, body


def decode(subject: str, headers: Mapping[str, str], body: bytes) -> Event:
    """The event a message carries. Raises BadEnvelope (a Permanent) that names field and reason."""
    name = headers.get("ce-type")
    if name is None:
        raise BadEnvelope("ce-type: header is missing")
    model = EVENT_TYPES.get(name)
    if model is None:
        raise BadEnvelope(f"ce-type: {name!r} is not a known type and version")
    try:
        event = model.model_validate_json(body)
    except ValidationError as error:
        raise BadEnvelope(f"{name}: {validation_faults(error)}") from None  # the cause would quote the input
    if event.subject != subject:
        raise BadEnvelope(f"subject: {subject!r} does not match the event, which belongs on {event.subject!r}")
    return event


def validation_faults(error: ValidationError) -> str:
    """`field: kind` for each fault, without any input value: they may be a citizen's words."""
    return "; ".join(
        f"{'.'.join(str(part) for part in e['loc']) or 'body'}: {e['type']}" for e in error.errors(include_input=False)
    )
