"""Which parts of a mail are files for the committee. A picture of a letter is one, the logo of a signature is none."""

import mimetypes
from collections.abc import Iterable, Sequence

from services.ingest.mail import tnef
from services.ingest.mail.content import MailFile
from services.ingest.mail.parts import Part

SMALL_PICTURE = 20_000  # bytes; an inline picture up to this is decoration


def of_mail(parts: Iterable[Part], *, shown: frozenset[str], kept: frozenset[str]) -> tuple[MailFile, ...]:
    """In the order of the mail. `shown`: ids of pictures that the HTML shows anywhere, `kept`: in the text that is kept."""
    found: list[MailFile] = []
    for part in sorted(parts, key=lambda one: one.order):
        if part.content_type in tnef.TYPES or part.filename.lower() == "winmail.dat":
            found += _unpacked(part)
        elif not _decoration(part, shown, kept):
            found.append(MailFile(filename=_name(part), content_type=part.content_type, data=part.data))
    return tuple(found)


def _decoration(part: Part, shown: frozenset[str], kept: frozenset[str]) -> bool:
    if not part.content_type.startswith("image/") or not (part.content_id or part.disposition == "inline"):
        return False
    if part.content_id in shown:
        return len(part.data) <= SMALL_PICTURE or part.content_id not in kept
    return part.disposition != "attachment" and len(part.data) <= SMALL_PICTURE


def _unpacked(part: Part) -> Sequence[MailFile]:
    """The files within an Outlook envelope; the envelope itself when it cannot be read."""
    inside = tnef.files(part.data)
    if inside is None:
        return [MailFile(filename=_name(part), content_type=part.content_type, data=part.data)]
    return [MailFile(filename=name, content_type=_guess(name), data=data) for name, data in inside]


def _guess(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _name(part: Part) -> str:
    if part.filename:
        return part.filename[:255]
    if part.content_type == "message/rfc822":
        return "thu-kem-theo.eml"
    return f"tep-dinh-kem{mimetypes.guess_extension(part.content_type) or ''}"
