"""Partners (a province's app, another portal) as the KV bucket holds them: what each may do and by which keys it is known.

The record holds no usable secret: of an API key only its SHA-256, of a signing secret only what `partner.key` opens.
"""

from typing import Annotated

from pydantic import AwareDatetime, Field

from shared import topology
from shared.bucket_records import Record, Records
from shared.errors import Permanent
from shared.events import ConsultationId, Frozen

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


class Partner(Record):
    """One partner. Quotas count submissions: lines of a batch one by one."""

    name: str = Field(min_length=1, max_length=200)
    consultations: tuple[ConsultationId, ...] = Field(min_length=1)
    channel: Code = "partner"
    per_minute: int = Field(600, ge=1)
    per_day: int = Field(100_000, ge=1)
    keys: tuple[PartnerKey, ...] = ()


class PartnerError(Permanent):
    """The record is missing, there already, or of no known form."""


_RECORDS = Records(topology.PARTNERS_BUCKET, Partner, "partner", PartnerError)
read, read_all, write, decode = _RECORDS.read, _RECORDS.read_all, _RECORDS.write, _RECORDS.decode
