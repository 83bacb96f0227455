"""A mail as a submission. Pure: nothing of it is refused, and the whole mail stays with it."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from services.ingest import submission
from services.ingest.attachments import File
from services.ingest.mail import damage
from services.ingest.mail.content import MailContent
from services.ingest.origin import Origin
from services.ingest.respondent import Person, ReplyTo, normalise_email
from services.ingest.submission import Submission
from shared.events import Reading

CHANNEL = "email"
ORIGINAL = "thu.eml"
_LONGEST_KEY = 100  # leaves room for a fingerprint
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_READINGS = {
    damage.ENCRYPTED: Reading.ENCRYPTED,
    damage.TOO_COMPLEX: Reading.BOMB,
    damage.NO_TEXT_PART: Reading.NO_TEXT,
}


def to_submission(content: MailContent, raw: bytes, *, arrived: datetime | None, now: datetime) -> Submission:
    """`arrived`: when the committee's own mail server took it, where that is known; it decides whether the window was open.

    The mail's own Date does not: it is the sender's clock, and anybody may write in it what they like.
    """
    files = [File(filename=f.filename, content_type=_type(f.content_type), data=f.data) for f in content.files]
    return submission.keep(
        text=content.text,
        person=_person(content),
        kept=[_original(content, raw), *files],
        submitted_at=_sane(arrived, now),
        automatic=content.automatic,
    )


def unread(content: MailContent, raw: bytes, *, arrived: datetime | None, now: datetime) -> Submission:
    """The same mail when reading it fails again and again: the original alone, for people to read."""
    bare = content.model_copy(update={"text": "", "files": (), "damage": content.damage or "unforeseen"})
    return to_submission(bare, raw, arrived=arrived, now=now)


def origin(content: MailContent, raw: bytes) -> Origin:
    """By its Message-ID the same mail is the same submission, by its bytes where it has none.

    The fingerprint tells a second delivery from another mail under the same Message-ID.
    """
    if content.message_id is None:
        of_bytes = hashlib.sha256(raw).hexdigest()
        return Origin(CHANNEL, verified=True, idempotency_key=f"mail:sha256:{of_bytes}", fingerprint=of_bytes)
    key = _key(content.message_id)
    return Origin(CHANNEL, verified=True, idempotency_key=key, fingerprint=content.fingerprint)


def apart(first: Origin) -> Origin:
    """For another mail that bears a Message-ID used before (broken programs do that): both are kept."""
    return replace(first, idempotency_key=f"{first.idempotency_key}#{first.fingerprint}")


def _key(id_: str) -> str:
    if len(id_) <= _LONGEST_KEY and id_.isascii() and id_.isprintable() and " " not in id_:
        return f"mail:id:{id_}"
    return f"mail:id-sha256:{hashlib.sha256(id_.encode()).hexdigest()}"


def _person(content: MailContent) -> Person:
    # A list's Reply-To is shared by all who write there: it would make one person of them.
    address = content.reply_address if content.answerable else content.from_address
    return Person(
        name=content.from_name,
        email=_usable(address) or _usable(content.from_address),
        reply_to=ReplyTo(message_id=content.message_id, references=content.references, subject=content.subject or None),
        answered=content.answerable,
    )


def _usable(address: str | None) -> str | None:
    try:
        return normalise_email(address) if address else None
    except ValueError:
        return None


def _original(content: MailContent, raw: bytes) -> File:
    # Its words are in `text` already; a reading of its own keeps `reading/` from reading it a second time.
    reading = _READINGS.get(content.damage, Reading.MALFORMED) if content.damage else Reading.NO_TEXT
    return File(
        filename=ORIGINAL, content_type="message/rfc822", data=raw, role="original", sealed=True, reading=reading
    )


def _type(declared: str) -> str:
    clean = declared.partition(";")[0].strip().lower()
    fits = 3 <= len(clean) <= 127 and clean.isascii() and clean.isprintable() and "/" in clean
    return clean if fits else "application/octet-stream"


def _sane(arrived: datetime | None, now: datetime) -> datetime | None:
    """A mail server's clock may be wrong: what lies in the future is now, what lies before all mail is unknown."""
    if arrived is None or arrived < _EARLIEST:
        return None
    return min(arrived, now)
