"""A web page saved as a file, Word's "web page" .doc among them: as the mails' HTML is read, nothing fetched."""

from services.ingest.mail import html_text
from services.ingest.reading import found, limits
from services.ingest.reading.formats.plain import decode
from services.ingest.reading.found import Found, Unread, of_text
from services.ingest.reading.runs import clean


def read(data: bytes) -> Found:
    """Raises Unread."""
    page = decode(data)
    if page is None:
        raise Unread(found.MALFORMED, "binary")
    lines = html_text.read(page)
    if lines is None:
        lines = html_text.bare(page, limits.MAX_TEXT)
    return of_text(clean("\n".join(line.text for line in lines)))
