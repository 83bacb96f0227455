"""One number for one mail, by whatever way and how often it is delivered."""

import hashlib
from collections.abc import Iterable


def of(fields: Iterable[str], parts: Iterable[tuple[str, bytes]]) -> str:
    """Hex SHA-256 over what its writer sent: given header fields, and (content type, decoded content) of each part in order."""
    digest = hashlib.sha256(b"ykien mail 1")
    for value in fields:
        _add(digest, value.encode("utf-8", "replace"))
    for content_type, data in parts:
        _add(digest, content_type.encode("utf-8", "replace"))
        _add(digest, data)
    return digest.hexdigest()


def _add(digest: "hashlib._Hash", data: bytes) -> None:
    """With its length, so that what ends one field never begins another."""
    digest.update(len(data).to_bytes(8, "big"))
    digest.update(data)


def text(data: str) -> bytes:
    """Text as it is compared: ends of lines and blanks before them differ by way of transport."""
    return "\n".join(line.rstrip() for line in data.splitlines()).strip().encode("utf-8", "replace")
