"""Pictures written into the HTML itself (RFC 2397): a photographed letter that was pasted, not attached."""

import base64
import binascii
import re

from services.ingest.mail.content import MailFile

_PICTURE = re.compile(
    r"data:(image/(?:png|jpe?g|gif|webp|tiff|bmp|heic));base64,([A-Za-z0-9+/=\s]{20000,})", re.IGNORECASE
)
_MOST = 20


def pictures(html: str, *, over: int) -> list[MailFile]:
    """Those larger than `over` bytes, in order; smaller ones are decoration."""
    found: list[MailFile] = []
    for match in _PICTURE.finditer(html):
        try:
            data = base64.b64decode(match[2], validate=False)
        except binascii.Error:
            data = b""  # cut off: kept in the original only
        if len(data) > over and len(found) < _MOST:
            kind = match[1].lower()
            found.append(MailFile(filename=f"anh-trong-thu-{len(found) + 1}.{kind[6:]}", content_type=kind, data=data))
    return found
