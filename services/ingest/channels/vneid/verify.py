"""Whether a signed message comes from an issuer we trust, for us, now. Pure but for asking the issuer's keys.

RFC 7515 §5.2, RFC 7519 §4.1 and the advice of RFC 8725: the algorithm is fixed by our settings and by the key, never by the
message; keys that the message brings along (`jwk`, `jku`, `x5u`, `x5c`) are not even looked at.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from services.ingest.channels.vneid.envelope import Envelope
from services.ingest.channels.vneid.key_source import KeySource
from services.ingest.channels.vneid.keys import Key
from services.ingest.channels.vneid.refusal import Check, Untrusted
from services.ingest.channels.vneid.settings import Issuer, VneidSettings

REGISTERED = frozenset(
    {"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "acr", "amr", "azp", "auth_time", "nonce", "sid"}
)
MAX_JTI = 128
MAX_SUB = 255
_EMBEDDED = ("jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256")


class _Registry(JWSRegistry):
    """The library's limits are for small tokens; the size of ours is limited by the route."""

    max_header_length = 8_000
    max_payload_length = 8_000_000
    max_signature_length = 4_000


@dataclass(frozen=True)
class Trusted:
    """Who sent it, and what it says."""

    issuer: Issuer
    jti: str
    sub: str | None  # pairwise: another one in every other place, so it names nobody outside
    claims: Mapping[str, Any]


async def verify(
    envelope: Envelope, settings: VneidSettings, sources: Mapping[str, KeySource], now: datetime
) -> Trusted:
    """Raises Untrusted naming the first check that failed, KeysAway when the issuer's keys cannot be had."""
    alg, kid = header(envelope)
    issuer = settings.issuer(envelope.claims.get("iss"))
    if issuer is None:
        raise Untrusted(Check.ISSUER, "iss", "Bên phát hành (iss) không có trong cấu hình của hệ thống.")
    if alg not in issuer.algorithms:
        raise _algorithm()
    signature(envelope, await sources[issuer.id].find(kid, alg), alg)
    return claims(envelope, issuer, now)


def header(envelope: Envelope) -> tuple[str, str]:
    """(alg, kid). Raises Untrusted."""
    found = envelope.header
    if found.get("alg") not in ("ES256", "RS256"):
        raise _algorithm()
    if "crit" in found or found.get("b64", True) is not True:
        raise Untrusted(Check.HEADER, "crit", "Hệ thống không hỗ trợ phần mở rộng bắt buộc (crit, b64) của JWS.")
    kid = found.get("kid")
    if not isinstance(kid, str) or not kid:
        raise Untrusted(Check.HEADER, "kid", "Phần đầu của JWS phải nêu mã khóa (kid).")
    return str(found["alg"]), kid


def signature(envelope: Envelope, key: Key, alg: str) -> None:
    """Raises Untrusted when the key did not make the signature."""
    registry = _Registry(algorithms=[alg], strict_check_header=False)
    for name in _EMBEDDED:  # ignored, so their form is nobody's business either
        registry.header_registry.pop(name, None)
    try:
        if envelope.signature:
            jws.deserialize_compact(envelope.token, key, algorithms=[alg], registry=registry)
            return
    except (JoseError, ValueError, TypeError) as error:
        raise _signature() from error
    raise _signature()


def claims(envelope: Envelope, issuer: Issuer, now: datetime) -> Trusted:
    """Raises Untrusted. Times are compared as numbers: a date beyond the calendar is only another number."""
    said = envelope.claims
    jti, sub = said.get("jti"), said.get("sub")
    if not isinstance(jti, str) or not 1 <= len(jti) <= MAX_JTI or not jti.isprintable():
        raise _claim("jti", f"Mã bản tin (jti) phải là chuỗi từ 1 đến {MAX_JTI} ký tự.")
    if sub is not None and (not isinstance(sub, str) or not 1 <= len(sub) <= MAX_SUB or not sub.isprintable()):
        raise _claim("sub", f"Mã người dùng (sub) phải là chuỗi từ 1 đến {MAX_SUB} ký tự.")
    audience = said.get("aud")
    if audience is None:
        raise _claim("aud", "Bản tin ký phải nêu bên nhận (aud).")
    if issuer.audience not in (audience if isinstance(audience, list) else [audience]):
        raise Untrusted(Check.AUDIENCE, "aud", "Bên nhận (aud) của bản tin ký không phải là hệ thống này.")
    _times(said, issuer, now.timestamp())
    return Trusted(issuer, jti, sub, said)


def _times(said: Mapping[str, Any], issuer: Issuer, now: float) -> None:
    issued, expires = _instant(said, "iat"), _instant(said, "exp")
    begins = _instant(said, "nbf") if said.get("nbf") is not None else issued
    if not 0 < expires - issued <= issuer.max_age_s:
        reason = f"Thời hạn từ lúc phát hành (iat) đến lúc hết hạn (exp) phải dài hơn 0 và không quá {issuer.max_age_s} giây."
        raise Untrusted(Check.LIFETIME, "exp", reason)
    skew = issuer.clock_skew_s
    if max(issued, begins) > now + skew:
        reason = "Bản tin ký chưa có hiệu lực theo đồng hồ của hệ thống; xin kiểm tra đồng hồ máy gửi."
        raise Untrusted(Check.NOT_YET_VALID, "nbf" if begins > issued else "iat", reason)
    if expires <= now - skew:
        raise Untrusted(Check.EXPIRED, "exp", "Bản tin ký đã hết hạn; xin ký lại với cùng mã bản tin (jti) rồi gửi.")


def _instant(said: Mapping[str, Any], name: str) -> float:
    """A NumericDate (RFC 7519 §2)."""
    value = said.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15 or math.isnan(value):
        raise _claim(name, f"Thời điểm {name} phải có và là số giây kể từ 01/01/1970 (UTC).")
    return float(value)


def _claim(name: str, reason: str) -> Untrusted:
    return Untrusted(Check.CLAIM, name, reason)


def _algorithm() -> Untrusted:
    return Untrusted(
        Check.ALGORITHM, "alg", "Chỉ chấp nhận thuật toán ký ES256 hoặc RS256 đã đăng ký cho bên phát hành."
    )


def _signature() -> Untrusted:
    return Untrusted(
        Check.SIGNATURE, "(body)", "Chữ ký số không khớp với nội dung và khóa công khai của bên phát hành."
    )
