"""The same key is the same submission, however often it is sent, through whichever replica.

A reservation fixes the facts a retry must repeat (`received_at`) before anything is published. Whether the stream has the
submission is read from the projection, which is the stream's own evidence: there is no second mark that a crash could leave wrong.
"""

import hashlib
import hmac
import json
import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from services.ingest.faults import Fault, Faults, KeyReused
from services.ingest.submission import Submission
from shared.clock import format_instant, parse_instant
from shared.events import WindowMark
from shared.store.port import Collection, Document, DocumentStore

RESERVATIONS = Collection("reservations")  # by tracking code; not a projection: a rebuild must not empty it
_NAMESPACE = uuid.UUID("5b0f4d0e-6f0a-5f53-9e0b-3c7e3a6f2d41")
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True)
class Reservation:
    """What the first request with a key fixed for all later ones."""

    consultation: str
    channel: str
    received_at: datetime
    window: WindowMark
    text_sha256: str
    body_mac: str

    def as_document(self) -> Document:
        """For the store."""
        return {
            "consultation": self.consultation,
            "channel": self.channel,
            "received_at": format_instant(self.received_at),
            "window": self.window.value,
            "text_sha256": self.text_sha256,
            "body_mac": self.body_mac,
        }

    @classmethod
    def from_document(cls, doc: Document) -> "Reservation":
        """From the store."""
        return cls(
            consultation=str(doc["consultation"]),
            channel=str(doc["channel"]),
            received_at=parse_instant(str(doc["received_at"])),
            window=WindowMark(str(doc["window"])),
            text_sha256=str(doc["text_sha256"]),
            body_mac=str(doc["body_mac"]),
        )


def check_key(key: str) -> str:
    """The key, when it is one: 1 to 200 visible ASCII characters. Raises Faults."""
    if not _KEY.fullmatch(key):
        raise Faults(
            [Fault("Idempotency-Key", "Khóa phải có 1 đến 200 ký tự ASCII nhìn thấy được, không có dấu cách.")]
        )
    return key


def submission_id(consultation: str, channel: str, key: str) -> str:
    """32 hex digits, the same for the same key of the same channel."""
    return uuid.uuid5(_NAMESPACE, f"{consultation}\n{channel}\n{key}").hex


def body_mac(pepper: bytes, submission: Submission, fingerprint: str | None = None) -> str:
    """A keyed hash of everything that was sent. Keyed, for a plain hash of a phone number could be searched for.

    `fingerprint` stands for all fields where a channel gives one.
    The fields are named one by one: a field that a later version adds to the model must not make every repeated request of an
    older one look like another content.
    """
    if fingerprint is not None:  # of the source: how well it was read may differ from one try to the next
        return hmac.new(pepper, fingerprint.encode(), hashlib.sha256).hexdigest()
    person = submission.person
    sent = {
        "text": submission.text,
        "section_ref": submission.section_ref,
        "stance": submission.stance,
        "submitted_at": format_instant(submission.submitted_at) if submission.submitted_at else None,
        "person": [person.name, person.phone, person.email, person.address],
        "counted_by": [person.group, person.unit, person.locality, *map(list, person.unknown)],
        "files": [[f.filename, f.content_type, hashlib.sha256(f.data).hexdigest()] for f in submission.files],
    }
    if submission.draft_id is not None:
        sent["draft_id"] = submission.draft_id
    return hmac.new(pepper, json.dumps(sent, sort_keys=True).encode(), hashlib.sha256).hexdigest()


async def reserve(store: DocumentStore, tracking_code: str, wanted: Reservation) -> tuple[Reservation, bool]:
    """The reservation that holds, and whether it is ours. Raises KeyReused when the key carried another content before."""
    if await store.insert_once(RESERVATIONS, tracking_code, wanted.as_document()):
        return wanted, True
    held = await store.get(RESERVATIONS, tracking_code)
    if held is None:
        raise RuntimeError("a reservation vanished; nothing deletes reservations")
    found = Reservation.from_document(held.doc)
    if not hmac.compare_digest(found.body_mac, wanted.body_mac):
        reason = "Khóa này đã dùng cho một nội dung khác; xin dùng khóa mới cho nội dung mới."
        raise KeyReused([Fault("Idempotency-Key", reason)])
    return found, False
