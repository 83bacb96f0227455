"""Is it from Zalo? `X-ZEvent-Signature: mac=<hex>`, SHA-256 over app id, raw body, timestamp and OA secret key, in this order.

Plain SHA-256, no HMAC (Zalo's documentation). Where the timestamp comes from is told differently (the body's field, or the header
`X-ZEvent-Timestamp`), so both are tried. Only digits pass as a timestamp: else bytes could move from the body into the header
under the same signature. Pure.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable

_MAC = re.compile(r"(?:mac=)?([0-9a-fA-F]{64})")
_DIGITS = re.compile(r"[0-9]{1,20}")


def mac(app_id: str, body: bytes, timestamp: str, secret: bytes) -> str:
    """The signature as hex."""
    return hashlib.sha256(app_id.encode() + body + timestamp.encode() + secret).hexdigest()


def is_signed(header: str | None, body: bytes, timestamps: Iterable[str | None], *, app_id: str, secret: bytes) -> bool:
    """Whether the header signs exactly this body with one of the timestamps; compared in constant time."""
    given = _MAC.fullmatch((header or "").strip())
    if given is None:
        return False
    found = False
    for timestamp in timestamps:
        if timestamp is not None and _DIGITS.fullmatch(timestamp):
            found |= hmac.compare_digest(mac(app_id, body, timestamp, secret), given[1].lower())
    return found
