"""Dead letters: what could not be handled, why, and how to have it delivered again to that one consumer.

A dead letter holds no copy of the message, only where it stands: the stream keeps every event, and an erased submission
must not survive here. A stream that forgets what is settled (long work: ids, no citizen's words) is the exception, or nothing
would be left to replay. Replaying puts a request on `replay.<consumer>`; the consumer's second durable then brings the
original (its sequence and time unchanged), and nothing new enters the events stream.
"""

from base64 import b64decode, b64encode
from datetime import datetime

import nats.errors
from nats.js import JetStreamContext
from nats.js.errors import APIError, NotFoundError
from pydantic import AwareDatetime, Field

from shared import topology
from shared.envelope import MSG_ID
from shared.errors import Permanent, Transient
from shared.events import Frozen
from shared.metrics import DEAD_LETTERED
from shared.raw_message import RawMessage, from_stream

_STREAM = topology.DEAD_LETTERS.name
_NO_MESSAGE = 10057  # the message to delete is not there (any more); seen from nats-server 2.15.1
ORIGIN_STREAM = "Ykien-Stream"
ORIGIN_SEQ = "Ykien-Seq"
ORIGIN_SUBJECT = "Ykien-Subject"  # only of a request that carries its original
LETTER = "Ykien-Dead-Letter"
_FORGETFUL = frozenset(stream.name for stream in topology.STREAMS if stream.work_queue)


class DeadLetter(Frozen):
    """One message that one consumer gave up. `seq` and `subject` are the original's, in `stream`."""

    consumer: str
    stream: str
    seq: int = Field(ge=1)
    subject: str
    reason: str = Field(description="error class and message; no citizen's words")
    attempts: int = Field(ge=0)
    at: AwareDatetime
    copy_base64: str | None = Field(
        None, description="the message itself, only of a stream that forgets what is settled"
    )

    @property
    def id(self) -> str:
        """`<stream>-<consumer>-<seq>`."""
        return f"{self.stream}-{self.consumer}-{self.seq}"

    @property
    def service(self) -> str:
        """The service that owns the consumer: its name up to the first hyphen."""
        return self.consumer.partition("-")[0]


class NoSuchDeadLetter(Permanent):
    """No dead letter has that id (any more)."""


async def put(js: JetStreamContext, letter: DeadLetter) -> None:
    """Files the dead letter in place of an older one of the same id. Raises nats errors when the bus did not take it."""
    await js.publish(_subject(letter.stream, letter.consumer, letter.seq), letter.model_dump_json().encode(), timeout=5)
    DEAD_LETTERED.labels(letter.consumer).inc()


async def list_(js: JetStreamContext) -> list[DeadLetter]:
    """All dead letters, oldest first. Raises Transient when the bus is away."""
    found: list[DeadLetter] = []
    seq = 1
    try:
        while True:
            stored = await js.get_msg(_STREAM, seq=seq, subject="dlq.>", next=True)
            found.append(DeadLetter.model_validate_json(stored.data or b""))
            seq = (stored.seq or 0) + 1
    except NotFoundError:
        return found
    except nats.errors.Error as error:
        raise Transient(f"the bus is away ({type(error).__name__})") from error


async def show(js: JetStreamContext, id_: str) -> DeadLetter:
    """One dead letter. Raises NoSuchDeadLetter, or Transient when the bus is away."""
    return (await _find(js, id_))[0]


async def original(js: JetStreamContext, letter: DeadLetter) -> RawMessage | None:
    """The message the letter speaks of, as the stream holds it; None when it was erased meanwhile."""
    if letter.copy_base64 is not None:
        return RawMessage(letter.subject, {}, b64decode(letter.copy_base64), letter.seq, letter.at)
    try:
        return await from_stream(js, letter.stream, letter.seq)
    except NotFoundError:
        return None
    except nats.errors.Error as error:
        raise Transient(f"the bus is away ({type(error).__name__})") from error


async def replay(js: JetStreamContext, id_: str) -> DeadLetter:
    """Has the original delivered to its consumer again and takes the letter off the list; failing again brings it back.

    Raises NoSuchDeadLetter, or Transient when the bus is away (then repeat it: the request is stored once).
    """
    letter, seq = await _find(js, id_)
    headers = {
        ORIGIN_STREAM: letter.stream,
        ORIGIN_SEQ: str(letter.seq),
        LETTER: letter.id,
        MSG_ID: f"replay:{letter.id}:{seq}",
    }
    body = b""
    if letter.copy_base64 is not None:
        headers[ORIGIN_SUBJECT], body = letter.subject, b64decode(letter.copy_base64)
    try:
        await js.publish(f"replay.{letter.consumer}", body, headers=headers, timeout=5)
        await js.delete_msg(_STREAM, seq)
    except NotFoundError:
        pass
    except APIError as error:
        if error.err_code != _NO_MESSAGE:  # it has failed again already, and its new letter took the place of this one
            raise Transient(f"the bus is away ({type(error).__name__})") from error
    except nats.errors.Error as error:
        raise Transient(f"the bus is away ({type(error).__name__})") from error
    return letter


async def asked_for(js: JetStreamContext, request: RawMessage) -> tuple[str, RawMessage]:
    """What a replay request asks to have delivered: the name of its stream and the original.

    Raises NotFoundError when it was erased, KeyError or ValueError when this is no such request, nats errors.
    """
    stream, seq = request.headers[ORIGIN_STREAM], int(request.headers[ORIGIN_SEQ])
    subject = request.headers.get(ORIGIN_SUBJECT)
    if subject is None:
        return stream, await from_stream(js, stream, seq)
    return stream, RawMessage(subject, {}, request.body, seq, request.stored_at, context=request.context)


async def _find(js: JetStreamContext, id_: str) -> tuple[DeadLetter, int]:
    stream, _, rest = id_.partition("-")
    consumer, _, seq = rest.rpartition("-")
    if not (stream and consumer and seq.isdecimal()):
        raise NoSuchDeadLetter(f"{id_!r} is no dead letter id (<stream>-<consumer>-<sequence>)")
    try:
        stored = await js.get_last_msg(_STREAM, _subject(stream, consumer, int(seq)))
    except NotFoundError:
        raise NoSuchDeadLetter(f"no dead letter {id_!r}") from None
    except (nats.errors.Error, ValueError) as error:
        raise Transient(f"the bus is away ({type(error).__name__})") from error
    return DeadLetter.model_validate_json(stored.data or b""), stored.seq or 0


def _subject(stream: str, consumer: str, seq: int) -> str:
    return f"dlq.{consumer}.{stream}.{seq}"


def letter_of(raw: RawMessage, *, stream: str, consumer: str, reason: str, attempts: int, at: datetime) -> DeadLetter:
    """The dead letter of a message."""
    return DeadLetter(
        consumer=consumer,
        stream=stream,
        seq=raw.seq,
        subject=raw.subject,
        reason=reason,
        attempts=attempts,
        at=at,
        copy_base64=b64encode(raw.body).decode() if stream in _FORGETFUL else None,
    )
