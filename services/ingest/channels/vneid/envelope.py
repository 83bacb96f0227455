"""A compact JWS taken apart, strictly and without believing a word of it (RFC 7515 §3.1, §7.1). Pure.

Stricter than the RFC where that costs honest senders nothing: base64url in its one canonical form, every JSON name once.
"""

import base64
import re
from dataclasses import dataclass
from typing import Any

from services.ingest import decode
from services.ingest.channels.vneid.refusal import MalformedToken

MAX_HEADER = 8_000  # characters, encoded
_SHAPE = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Envelope:
    """What the message claims; nothing of it is verified here. An empty signature is for `verify` to refuse."""

    token: bytes
    header: dict[str, Any]
    claims: dict[str, Any]

    @property
    def signature(self) -> bytes:
        """Encoded."""
        return self.token.rpartition(b".")[2]


def read(body: bytes) -> Envelope:
    """Raises MalformedToken."""
    token = body.strip(b" \t\r\n")
    if not _SHAPE.fullmatch(token):
        raise MalformedToken(
            "Phần thân yêu cầu phải là một JWS dạng rút gọn (ba phần base64url cách nhau bằng dấu chấm)."
        )
    header, payload, signature = token.split(b".")
    if len(header) > MAX_HEADER:
        raise MalformedToken("Phần đầu của JWS quá dài.")
    _decoded("chữ ký", signature)
    return Envelope(token, _object("phần đầu", header), _object("phần nội dung", payload))


def _object(part: str, encoded: bytes) -> dict[str, Any]:
    try:
        return decode.json_object(_decoded(part, encoded))
    except decode.Malformed as error:
        reason = error.faults[0].reason.removeprefix("Phần thân yêu cầu ")
        raise MalformedToken(f"{part.capitalize()} của JWS {reason}") from error


def _decoded(part: str, encoded: bytes) -> bytes:
    """Only the canonical form: unused bits of the last letter that are not zero mean that something was changed on the way."""
    padded = encoded + b"=" * (-len(encoded) % 4)
    try:
        data = base64.urlsafe_b64decode(padded)
    except ValueError as error:
        raise MalformedToken(f"{part.capitalize()} của JWS không phải base64url.") from error
    if base64.urlsafe_b64encode(data).rstrip(b"=") != encoded:
        raise MalformedToken(f"{part.capitalize()} của JWS không phải base64url đúng chuẩn.")
    return data
