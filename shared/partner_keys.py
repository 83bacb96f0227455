"""The secrets of a partner: how they are made, kept, and proved. Pure.

Two secrets per key, because they are kept in two ways. The API key is sent with every request, so a hash is enough to know it
again; its 256 random bits need no slow hash. The signing secret is never sent, so the server must be able to read it: it is
encrypted under `partner.key`, which lies outside the bus.
"""

import hashlib
import hmac
from binascii import unhexlify
from dataclasses import dataclass
from datetime import datetime

from nacl.exceptions import CryptoError
from nacl.secret import Aead

from shared.errors import Permanent
from shared.partners import PartnerKey

API_PREFIX = "ykp_"
SIGNING_PREFIX = "yks_"
SCHEME = "v1"


class WrongPartnerKey(Permanent):
    """`partner.key` is not the one the record was written with."""


@dataclass(frozen=True)
class Issued:
    """A new key: the record to keep, and the two secrets that are shown once."""

    key: PartnerKey
    api_key: str
    signing_secret: str

    def __repr__(self) -> str:
        return f"Issued({self.key.id})"


def issue(partner: str, key_id: str, randomness: tuple[str, str], now: datetime, partner_key: bytes) -> Issued:
    """A key out of two strings of at least 256 random bits each, URL-safe."""
    secret, signing = randomness[0], SIGNING_PREFIX + randomness[1]
    key = PartnerKey(
        id=key_id,
        secret_sha256=hash_of(secret),
        sealed_signing_secret=_seal(partner_key, partner, key_id, signing),
        created_at=now,
    )
    return Issued(key, f"{API_PREFIX}{key_id}_{secret}", signing)


def split(api_key: str) -> tuple[str, str] | None:
    """Key id and secret of `ykp_<key id>_<secret>`; None for anything else."""
    key_id, _, secret = api_key.removeprefix(API_PREFIX).partition("_")
    return (key_id, secret) if api_key.startswith(API_PREFIX) and key_id and secret else None


def hash_of(secret: str) -> str:
    """What is kept of an API key's secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def signing_secret(partner_key: bytes, partner: str, key: PartnerKey) -> str:
    """The signing secret in clear. Raises WrongPartnerKey for another `partner.key`, and for a box moved from another record."""
    try:
        box = Aead(partner_key)
        return box.decrypt(unhexlify(key.sealed_signing_secret), _bound(partner, key.id)).decode()
    except (CryptoError, ValueError) as error:
        raise WrongPartnerKey(f"partner.key does not open the signing secret of key {key.id} of {partner}") from error


def signature(secret: str, *, timestamp: str, method: str, path: str, body: bytes, idempotency_key: str | None) -> str:
    """`v1=<hex HMAC-SHA256>` over scheme, time, method, path and body hash, one per line.

    An `Idempotency-Key` is a sixth line: were it not signed, whoever saw one request could have it counted again under another key.
    """
    lines = [SCHEME, timestamp, method, path, hashlib.sha256(body).hexdigest()]
    if idempotency_key is not None:
        lines.append(idempotency_key)
    mac = hmac.new(secret.encode(), "\n".join(lines).encode("utf-8", "surrogateescape"), hashlib.sha256)
    return f"{SCHEME}={mac.hexdigest()}"


def _seal(partner_key: bytes, partner: str, key_id: str, secret: str) -> str:
    return bytes(Aead(partner_key).encrypt(secret.encode(), _bound(partner, key_id))).hex()


def _bound(partner: str, key_id: str) -> bytes:
    return f"ykien-partner\n{partner}\n{key_id}".encode()
