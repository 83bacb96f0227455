"""Sealed identities: whoever holds the public half can write one, only the private half (notify) can read it."""

import base64
import binascii

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from shared.errors import Permanent


class SealingError(Permanent):
    """A key or a sealed blob is not usable."""


def generate() -> tuple[str, str]:
    """A new key pair as (private, public), both 64 hex digits."""
    private = PrivateKey.generate()
    return bytes(private).hex(), bytes(private.public_key).hex()


def seal(public_hex: str, data: bytes) -> str:
    """Base64 of a libsodium sealed box. Raises SealingError for a malformed key."""
    try:
        box = SealedBox(PublicKey(bytes.fromhex(public_hex)))
    except (ValueError, CryptoError) as error:
        raise SealingError("the sealing public key is not 64 hex digits") from error
    return base64.b64encode(box.encrypt(data)).decode()


def open_sealed(private_hex: str, sealed: str) -> bytes:
    """What was sealed. Raises SealingError for a malformed key, another key's box, or an altered one."""
    try:
        key = PrivateKey(bytes.fromhex(private_hex))
    except (ValueError, CryptoError) as error:
        raise SealingError("the sealing private key is not 64 hex digits") from error
    try:
        return SealedBox(key).decrypt(base64.b64decode(sealed, validate=True))
    except (binascii.Error, CryptoError, ValueError) as error:
        raise SealingError("the sealed box does not open with this key") from error
