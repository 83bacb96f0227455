"""Where a submission's words are: in the stream, nowhere else. And how many others a decision will reach."""

import nats.errors
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from services.classify.corrections.apply import words_of
from services.classify.projection import OPINIONS, SOURCES, WITHDRAWN
from shared import topology
from shared.errors import Permanent, Transient
from shared.events import Opinion, SubmissionReceived
from shared.raw_message import from_stream, to_delivery
from shared.store.port import DocumentStore


async def received_of(store: DocumentStore, js: JetStreamContext, submission_id: str) -> SubmissionReceived | None:
    """The submission as it was received; None: nobody knows it here, it was taken back, or its message was erased.

    Raises Transient when the bus or the database is away.
    """
    if await store.get(WITHDRAWN, submission_id) is not None:
        return None
    source = await store.get(SOURCES, submission_id)
    if source is None:
        return None
    return await received_at(js, int(str(source.doc["seq"])), submission_id)


async def received_at(js: JetStreamContext, seq: int, submission_id: str) -> SubmissionReceived | None:
    """The submission that stands at that place in the stream; None when its message was erased. Raises Transient, Permanent."""
    try:
        raw = await from_stream(js, topology.EVENTS.name, seq)
    except NotFoundError:
        return None
    except (nats.errors.Error, TimeoutError, OSError) as error:
        raise Transient(f"the stream does not answer ({type(error).__name__})") from error
    event = to_delivery(raw).event
    if not isinstance(event, SubmissionReceived) or event.submission_id != submission_id:
        raise Permanent(f"submission {submission_id}: another message stands at its place in the stream")
    return event


async def followers(store: DocumentStore, consultation: str, opinion: Opinion) -> int:
    """How many other opinions will follow a decision on this one: those with its words, and those of its cluster."""
    key = words_of(opinion)
    with_its_words = await _pairs(store, consultation, key) if key else 0
    of_its_cluster = await _pairs(store, consultation, opinion.opinion_id)  # those of the same words among them
    return max(with_its_words - 1, of_its_cluster, 0)


async def _pairs(store: DocumentStore, consultation: str, key: str) -> int:
    return (await store.count_by(OPINIONS, "by_key", where=(consultation, key)))[()]
