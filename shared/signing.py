"""Signed receipts: Ed25519 over canonical JSON, so that anybody can check what we once confirmed."""

import base64
import binascii
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from shared.errors import Permanent


class SigningError(Permanent):
    """The signing key is not usable."""


def generate() -> tuple[str, str]:
    """A new key pair as (seed, public), both 64 hex digits."""
    key = SigningKey.generate()
    return bytes(key).hex(), bytes(key.verify_key).hex()


def public_key(seed_hex: str) -> str:
    """The public half of a seed, as hex. Raises SigningError for a malformed seed."""
    return bytes(_key(seed_hex).verify_key).hex()


def canonical_json(payload: Mapping[str, Any]) -> bytes:
    """The one byte form of a payload: sorted keys, no spaces, UTF-8. Raises ValueError for NaN and lone surrogates."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def sign(seed_hex: str, payload: Mapping[str, Any]) -> str:
    """The signature as base64. Raises SigningError for a malformed seed."""
    return base64.b64encode(_key(seed_hex).sign(canonical_json(payload)).signature).decode()


def verify(public_hex: str, payload: Mapping[str, Any], signature: str) -> bool:
    """Whether the holder of the seed signed exactly this payload; a malformed key or signature is simply False."""
    try:
        key = VerifyKey(bytes.fromhex(public_hex))
        key.verify(canonical_json(payload), base64.b64decode(signature, validate=True))
    except (CryptoError, binascii.Error, ValueError):
        return False
    return True


@lru_cache(maxsize=4)  # expanding a seed costs as much as signing with it
def _key(seed_hex: str) -> SigningKey:
    try:
        return SigningKey(bytes.fromhex(seed_hex))
    except (ValueError, CryptoError) as error:
        raise SigningError("the signing seed is not 64 hex digits") from error
