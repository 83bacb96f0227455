"""A mail as a file (.eml): its text, and its files as files of their own."""

from services.ingest.mail.parse import parse
from services.ingest.reading import found
from services.ingest.reading.found import Found, Member
from services.ingest.reading.runs import clean

_DAMAGES = {found.ENCRYPTED, found.MALFORMED, found.BOMB, found.UNSUPPORTED}


def read(data: bytes) -> Found:
    """Never raises for what the mail holds."""
    mail = parse(data)
    members = tuple(Member(file.filename, file.content_type, file.data) for file in mail.files)
    text = clean(mail.text)
    if any(c.isalnum() for c in text):
        return Found(found.TEXT, text, members)
    reading = mail.damage if mail.damage in _DAMAGES else found.NO_TEXT
    return Found(reading or found.NO_TEXT, members=members)
