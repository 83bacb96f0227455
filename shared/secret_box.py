"""Encryption of what one service keeps for itself alone (libsodium secret box: XSalsa20-Poly1305, a fresh nonce each time)."""

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from shared.errors import Permanent


class SecretBoxError(Permanent):
    """Not encrypted with this key, or damaged. The text says nothing of the content."""


def lock(key: bytes, data: bytes) -> bytes:
    """The data, readable only with the key (32 bytes)."""
    return bytes(SecretBox(key).encrypt(data))


def unlock(key: bytes, locked: bytes) -> bytes:
    """What was locked. Raises SecretBoxError."""
    try:
        return SecretBox(key).decrypt(locked)
    except (CryptoError, ValueError, TypeError):
        raise SecretBoxError("it was not encrypted with this key, or it is damaged") from None
