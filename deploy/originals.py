"""What a citizen sent, as it came: found in the stream, read from the object store, unsealed with notify's key.

For the people who must read what no program could (a scan, a password-protected file, a mail of unknown form).
"""

import json
from dataclasses import dataclass
from pathlib import PurePosixPath

from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from shared import topology
from shared.blobs import Blobs
from shared.envelope import decode
from shared.errors import Permanent
from shared.events import SubmissionReceived
from shared.sealing import SealingError, open_sealed

_BATCH = 500


class NotFoundError(Permanent):
    """No such submission, or nothing was attached to it."""


@dataclass(frozen=True)
class Original:
    """One stored file, readable."""

    name: str
    content_type: str
    data: bytes


async def find(js: JetStreamContext, submission_id: str) -> SubmissionReceived:
    """The submission's event. Reads headers only until it is found. Raises NotFoundError."""
    config = ConsumerConfig(
        ack_policy=AckPolicy.NONE, deliver_policy=DeliverPolicy.ALL, headers_only=True, mem_storage=True
    )
    subject = f"{SubmissionReceived.TYPE}.>"
    subscription = await js.pull_subscribe(subject, stream=topology.EVENTS.name, config=config)
    try:
        left = (await subscription.consumer_info()).num_pending
        while left:
            for msg in await subscription.fetch(min(_BATCH, left), timeout=5):
                left -= 1
                if (msg.headers or {}).get("ce-subject") == submission_id:
                    whole = await js.get_msg(topology.EVENTS.name, msg.metadata.sequence.stream)
                    event = decode(whole.subject or "", whole.headers or {}, whole.data or b"")
                    if isinstance(event, SubmissionReceived):
                        return event
    finally:
        await subscription.unsubscribe()
    raise NotFoundError(f"no submission {submission_id} stands in the stream")


async def read(blobs: Blobs, event: SubmissionReceived, sealing_key: str) -> list[Original]:
    """Every file of it, numbered in order. Raises Permanent when the key does not open it, KeyError for a missing blob."""
    if not event.attachments:
        raise NotFoundError("nothing is attached to this submission")
    names = _names(event, sealing_key)
    found = []
    for number, attachment in enumerate(event.attachments, 1):
        data = await blobs.get(attachment.sha256)
        if attachment.sealed:
            data = _open(sealing_key, data.decode())
        given = PurePosixPath(names[number - 1]).name if number <= len(names) else ""
        found.append(Original(f"{number:02d}-{given or 'tep-dinh-kem'}", attachment.content_type, data))
    return found


def _names(event: SubmissionReceived, sealing_key: str) -> list[str]:
    sealed = event.respondent.sealed_identity
    return list(json.loads(_open(sealing_key, sealed)).get("filenames", ())) if sealed else []


def _open(sealing_key: str, sealed: str) -> bytes:
    try:
        return open_sealed(sealing_key, sealed)
    except SealingError:
        raise Permanent("the sealing key does not open what was sealed for this system") from None
