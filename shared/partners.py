"""Partners (a province's app, another portal) as the KV bucket holds them: what each may do and by which keys it is known.

The record holds no usable secret: of an API key only its SHA-256, of a signing secret only what `partner.key` opens.
"""

import re
from typing import Annotated

import nats.errors
from nats.js import JetStreamContext
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError, NoKeysError
from nats.js.kv import KeyValue
from pydantic import AwareDatetime, Field, ValidationError

from shared import topology
from shared.errors import Permanent, Transient
from shared.events import ConsultationId, Frozen

_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
PartnerId = Annotated[str, Field(pattern=_ID, max_length=40)]
KeyId = Annotated[str, Field(pattern=r"^[a-z0-9]{8,32}$")]
Code = Annotated[str, Field(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", max_length=64)]


class PartnerKey(Frozen):
    """One key: an API key and a signing secret, made and ended together. `expires_at`: when it stops working; None: not yet set."""

    id: KeyId
    secret_sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the API key's secret part, 256 random bits")
    sealed_signing_secret: str = Field(
        description="hex; XChaCha20-Poly1305 under partner.key, bound to partner and key id"
    )
    created_at: AwareDatetime
    expires_at: AwareDatetime | None = None
    revoked: bool = False


class Partner(Frozen):
    """One partner. Quotas count submissions: lines of a batch one by one."""

    id: PartnerId
    name: str = Field(min_length=1, max_length=200)
    consultations: tuple[ConsultationId, ...] = Field(min_length=1)
    channel: Code = "partner"
    per_minute: int = Field(600, ge=1)
    per_day: int = Field(100_000, ge=1)
    keys: tuple[PartnerKey, ...] = ()


class PartnerError(Permanent):
    """The record is missing, there already, or of no known form."""


async def read(js: JetStreamContext, id_: str) -> tuple[Partner, int] | None:
    """The record and its revision; None when there is none. Raises PartnerError, Transient."""
    if not re.fullmatch(_ID, id_):  # also what no key of a bucket may be
        return None
    try:
        entry = await (await _bucket(js)).get(id_)
    except KeyNotFoundError:
        return None
    except (nats.errors.Error, TimeoutError, OSError) as error:
        raise _away(error) from error
    return decode(entry.value or b""), entry.revision or 0


async def read_all(js: JetStreamContext) -> list[Partner]:
    """Every record, by id. Raises PartnerError, Transient."""
    try:
        ids = await (await _bucket(js)).keys()
    except NoKeysError:
        return []
    except (nats.errors.Error, TimeoutError, OSError) as error:
        raise _away(error) from error
    found = [await read(js, id_) for id_ in sorted(ids)]
    return [one[0] for one in found if one is not None]


async def write(js: JetStreamContext, partner: Partner, revision: int | None) -> None:
    """Writes over that revision, or anew with None. Raises PartnerError when another was faster, Transient."""
    bucket = await _bucket(js)
    body = partner.model_dump_json().encode()
    try:
        if revision is None:
            await bucket.create(partner.id, body)
        else:
            await bucket.update(partner.id, body, last=revision)
    except KeyWrongLastSequenceError as error:
        raise PartnerError(f"partner {partner.id} was changed by somebody else just now; look at it again") from error
    except (nats.errors.Error, TimeoutError, OSError) as error:
        raise _away(error) from error


def decode(value: bytes) -> Partner:
    """The record as it stands in the bucket. Raises PartnerError."""
    try:
        return Partner.model_validate_json(value)
    except ValidationError as error:
        raise PartnerError(f"a partner's record is of no known form ({error.error_count()} faults)") from error


async def _bucket(js: JetStreamContext) -> KeyValue:
    try:
        return await js.key_value(topology.PARTNERS_BUCKET)
    except (nats.errors.Error, TimeoutError, OSError) as error:
        raise _away(error) from error


def _away(error: Exception) -> Transient:
    return Transient(f"the partners' bucket does not answer ({type(error).__name__})")
