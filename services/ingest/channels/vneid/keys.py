"""A JWK set (RFC 7517) as the keys that may verify, by key id and algorithm. Pure."""

import base64
from collections.abc import Mapping
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from services.ingest import decode
from shared.errors import Permanent

MIN_RSA_BITS = 2048
MAX_RSA_BITS = 8192  # longer ones only cost time
MAX_KEYS = 100
Key = ECKey | RSAKey
Keys = Mapping[tuple[str, str], Key]  # (kid, alg)
_PUBLIC = {"RSA": ("kty", "n", "e"), "EC": ("kty", "crv", "x", "y")}


class UnusableKeys(Permanent):
    """It is no JWK set, or holds no key that may be used."""


def read(data: bytes) -> Keys:
    """The usable keys of the set; others are passed over (RFC 7517 §5). Raises UnusableKeys when none is left."""
    try:
        listed = decode.json_object(data).get("keys")
    except decode.Malformed as error:
        raise UnusableKeys("is not JSON in the form that is taken") from error
    if not isinstance(listed, list) or len(listed) > MAX_KEYS:
        raise UnusableKeys(f"has no list `keys` of at most {MAX_KEYS}")
    found: dict[tuple[str, str], Key] = {}
    twice: set[tuple[str, str]] = set()
    for jwk in listed:
        if isinstance(jwk, dict) and (alg := _algorithm(jwk)) is not None and (key := _key(jwk)) is not None:
            name = (str(jwk["kid"]), alg)
            if name in found and found[name].as_dict(private=False) != key.as_dict(private=False):
                twice.add(name)  # which one is meant nobody can tell
            found[name] = key
    usable = {name: key for name, key in found.items() if name not in twice}
    if not usable:
        raise UnusableKeys("holds no usable key (ES256 on P-256, or RS256 with 2048 bits, with `kid`, for signatures)")
    return usable


def _algorithm(jwk: Mapping[str, Any]) -> str | None:
    """The one algorithm the key may verify; None when it may not."""
    kid, operations = jwk.get("kid"), jwk.get("key_ops", ["verify"])
    if not isinstance(kid, str) or not kid or jwk.get("use", "sig") != "sig":
        return None
    if not isinstance(operations, list) or "verify" not in operations:
        return None
    if any(name in jwk for name in ("d", "p", "q", "k")):
        return None  # a private key that is published proves nothing any more
    suits = {"EC": "ES256", "RSA": "RS256"}.get(str(jwk.get("kty")))
    return suits if jwk.get("alg", suits) == suits else None


def _key(jwk: Mapping[str, Any]) -> Key | None:
    public = {name: jwk.get(name) for name in _PUBLIC[jwk["kty"]]}
    if not all(isinstance(value, str) for value in public.values()):
        return None
    try:
        if jwk["kty"] == "EC":
            if jwk["crv"] != "P-256":
                return None
            key: Key = ECKey.import_key(public)  # type: ignore[arg-type]  # just checked
        else:
            if not MIN_RSA_BITS <= _bits(jwk["n"]) <= MAX_RSA_BITS:
                return None
            key = RSAKey.import_key(public)  # type: ignore[arg-type]
        _ = key.raw_value  # the numbers are looked at only now: a point off the curve is refused here
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key


def _bits(number: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(number + "=" * (-len(number) % 4)), "big").bit_length()
