"""Who a partner's request comes from: an API key, or a signature with a time. Pure.

Every failure is a 401 with a type of its own. What does not exist is answered like what does not match, after the same work:
neither partners nor keys can be tried out. That a key has ended is told only to whoever proves to have it.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.partner_keys import hash_of, issue, signature, signing_secret, split
from shared.partners import Partner, PartnerKey
from shared.problem import FieldError, Problem

WINDOW_S = 300  # how far a signed request's time may be off, either way
_TITLE = "Chưa xác thực được đối tác"
_REASONS = {
    "missing-credentials": (
        "Authorization",
        "Yêu cầu chưa kèm khóa truy cập (Authorization: Bearer ykp_...) hoặc chữ ký (X-Ykien-Key, X-Ykien-Timestamp, X-Ykien-Signature).",
    ),
    "several-credentials": ("Authorization", "Xin chỉ dùng một cách xác thực: khóa truy cập hoặc chữ ký."),
    "wrong-key": ("Authorization", "Khóa truy cập không đúng với đối tác này."),
    "wrong-timestamp": ("X-Ykien-Timestamp", "Thời điểm ký phải là số giây Unix (chỉ gồm chữ số)."),
    "timestamp-outside-window": (
        "X-Ykien-Timestamp",
        f"Thời điểm ký lệch quá {WINDOW_S} giây so với đồng hồ của hệ thống; xin chỉnh đồng hồ rồi ký lại.",
    ),
    "wrong-signature": (
        "X-Ykien-Signature",
        "Chữ ký không khớp với nội dung yêu cầu, hoặc mã đối tác, mã khóa, khóa ký chưa đúng.",
    ),
    "expired-key": ("Authorization", "Khóa này đã hết hạn sau khi được thay; xin dùng khóa mới."),
    "revoked-key": ("Authorization", "Khóa này đã bị thu hồi; xin liên hệ đơn vị vận hành để được cấp khóa mới."),
}
TYPES = tuple(_REASONS)


@dataclass(frozen=True)
class ApiKey:
    """`Authorization: Bearer ykp_<key id>_<secret>` or `X-Api-Key`."""

    key_id: str
    secret: str


@dataclass(frozen=True)
class Signed:
    """The three headers of a signed request."""

    key_id: str
    timestamp: str
    signature: str


@dataclass(frozen=True)
class Sent:
    """What the signature covers besides the time."""

    method: str
    path: str
    body: bytes
    idempotency_key: str | None


def credentials(headers: Mapping[str, str], now: datetime) -> ApiKey | Signed:
    """What the request carries, before its body is read. Raises Problem 401."""
    bearer, header = headers.get("authorization"), headers.get("x-api-key")
    parts = [headers.get(name) for name in ("x-ykien-key", "x-ykien-timestamp", "x-ykien-signature")]
    signed = any(part is not None for part in parts)
    if (bearer is not None) + (header is not None) + signed > 1:
        raise refused("several-credentials")
    if signed:
        key_id, timestamp, mac = parts
        if key_id is None or timestamp is None or mac is None:
            raise refused("missing-credentials")
        _check_time(timestamp, now)
        return Signed(key_id, timestamp, mac)
    if bearer is not None:
        scheme, _, header = bearer.partition(" ")
        if scheme.lower() != "bearer":
            raise refused("missing-credentials")
    if header is None:
        raise refused("missing-credentials")
    found = split(header.strip())
    if found is None:
        raise refused("wrong-key")
    return ApiKey(*found)


def prove(
    shown: ApiKey | Signed, partner: Partner | None, partner_id: str, sent: Sent, now: datetime, partner_key: bytes
) -> Partner:
    """The partner that proved itself. Raises Problem 401, WrongPartnerKey when the record cannot be read with this `partner.key`."""
    known = next((key for key in partner.keys if key.id == shown.key_id), None) if partner else None
    nobody = _nobody(partner_id, partner_key, now)
    key = known or nobody
    if isinstance(shown, ApiKey):
        proved = hmac.compare_digest(hash_of(shown.secret), key.secret_sha256)
        wrong = "wrong-key"
    else:
        expected = signature(
            signing_secret(partner_key, partner_id, key),
            timestamp=shown.timestamp,
            method=sent.method,
            path=sent.path,
            body=sent.body,
            idempotency_key=sent.idempotency_key,
        )
        proved = hmac.compare_digest(expected.encode(), shown.signature.encode("utf-8", "surrogateescape"))
        wrong = "wrong-signature"
    if not proved or known is None or partner is None:
        raise refused(wrong)
    if key.revoked:
        raise refused("revoked-key")
    if key.expires_at is not None and key.expires_at <= now:
        raise refused("expired-key")
    return partner


def refused(type_: str) -> Problem:
    """The 401 of that type."""
    field, reason = _REASONS[type_]
    headers = {"WWW-Authenticate": 'Bearer realm="ykien-partner"'}
    return Problem(401, type_, _TITLE, reason, [FieldError(field, reason)], headers)


def _check_time(timestamp: str, now: datetime) -> None:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise refused("wrong-timestamp")
    if abs(now.timestamp() - int(timestamp)) > WINDOW_S:
        raise refused("timestamp-outside-window")


def _nobody(partner_id: str, partner_key: bytes, now: datetime) -> PartnerKey:
    """A key nobody has: comparing with it takes as long as with a real one."""
    return issue(partner_id, "nobody00", ("", ""), now, partner_key).key
