"""A stream message with what JetStream knows of it, before anybody reads its body."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from nats.aio.msg import Msg
from nats.js import JetStreamContext
from opentelemetry.context import Context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.delivery import Delivery
from shared.envelope import decode
from shared.events import Event

_TRACE = TraceContextTextMapPropagator()
_NANOS = 1_000_000_000


@dataclass(frozen=True)
class RawMessage:
    """`seq` and `stored_at` are those of the stream that holds the message; `attempt` counts from 1."""

    subject: str
    headers: Mapping[str, str]
    body: bytes
    seq: int
    stored_at: datetime
    attempt: int = 1
    context: Context = field(default_factory=Context)


def instant(nanoseconds: int) -> datetime:
    """Nanoseconds since 1970 as UTC, cut (not rounded) to microseconds, so that every reader gets the same value."""
    return datetime.fromtimestamp(nanoseconds // _NANOS, UTC).replace(microsecond=nanoseconds % _NANOS // 1000)


def from_delivery(msg: Msg) -> RawMessage:
    """A message as a consumer got it. Raises nats.errors.NotJSMessageError for a plain NATS message."""
    meta = msg.metadata
    tokens = msg.reply.split(".")
    stamp = tokens[7] if len(tokens) == 9 else tokens[9]  # short and long (with domain) form of the ack subject
    headers = msg.headers or {}
    return RawMessage(
        msg.subject,
        headers,
        msg.data,
        meta.sequence.stream,
        instant(int(stamp)),
        meta.num_delivered,
        _TRACE.extract(headers),
    )


async def from_stream(js: JetStreamContext, stream: str, seq: int) -> RawMessage:
    """The stored message itself, equal to what its first delivery brought. Raises nats.js.errors.NotFoundError."""
    stored = await js.get_msg(stream, seq)
    headers = stored.headers or {}
    if stored.time is None or stored.subject is None:
        raise ValueError(f"{stream} {seq}: the server told neither time nor subject")
    return RawMessage(stored.subject, headers, stored.data or b"", seq, stored.time, context=_TRACE.extract(headers))


def to_delivery(raw: RawMessage) -> Delivery[Event]:
    """Reads the event. Raises BadEnvelope (a Permanent)."""
    return Delivery(decode(raw.subject, raw.headers, raw.body), raw.seq, raw.stored_at, raw.attempt, raw.context)


def with_context(raw: RawMessage, context: Context) -> RawMessage:
    """The same message under another trace context."""
    return replace(raw, context=context)
