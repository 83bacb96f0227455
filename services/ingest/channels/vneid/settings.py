"""channels/vneid.yaml: whose signed messages are believed, for what, and what they call things.

No public specification of the VNeID export exists (formats.md §3), so nothing of theirs is written into the code: names of
claims, words for the stances and the addresses of keys are settings.
"""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from shared.consultation import Code, Strict
from shared.events import ConsultationId, Stance
from shared.text import fold

FILE = "vneid.yaml"
MAX_AGE_S = 300  # of the contract: exp - iat
Algorithm = Literal["ES256", "RS256"]
OurClaim = Literal[
    "consultation_id",
    "draft_id",
    "section_ref",
    "stance",
    "text",
    "respondent_group",
    "locality_code",
    "submitted_at",
    "batch_id",
    "revision",
    "period_start",
    "period_end",
    "counts",
]
ClaimName = Annotated[str, Field(min_length=1, max_length=100)]


class Aggregates(Strict):
    """The issuer may send counts it made itself, for this channel of a consultation."""

    channel: Code
    counted_by: str | None = Field(
        None, max_length=200, description="when given, only where the consultation names the same body for the channel"
    )


class Issuer(Strict):
    """One sender of signed messages. Times in seconds."""

    id: Code
    issuer: str = Field(min_length=1, max_length=200, description="the claim `iss`, exactly")
    audience: str = Field(min_length=1, max_length=200, description="what the claim `aud` must hold: us")
    channel: Code = "vneid"
    algorithms: tuple[Algorithm, ...] = Field(("ES256", "RS256"), min_length=1)
    jwks_url: str | None = Field(None, description="https; http only for an address of this very machine")
    jwks_file: Path | None = Field(None, description="relative to the settings file; read again when it changes")
    jwks_cache_s: float = Field(600, ge=1, le=86_400)
    proxy: str | None = Field(None, description="HTTP proxy for jwks_url; unset: none, whatever the environment says")
    max_age_s: int = Field(MAX_AGE_S, ge=1, le=MAX_AGE_S)
    clock_skew_s: int = Field(60, ge=0, le=300)
    consultations: tuple[ConsultationId, ...] | None = Field(None, description="unset: all")
    claims: dict[OurClaim, ClaimName] = Field({}, description="our name -> theirs, where they differ")
    ignored: tuple[ClaimName, ...] = Field((), description="further claims of theirs that we do not need")
    stances: dict[str, Stance] = Field({}, description="further words of theirs for the stances")
    aggregates: Aggregates | None = Field(None, description="unset: the issuer may send no counts")

    def theirs(self, ours: str) -> str:
        """What the issuer calls the claim."""
        return next((theirs for name, theirs in self.claims.items() if name == ours), ours)

    def stance_words(self) -> dict[str, Stance]:
        """Their own words, folded."""
        return {fold(word): stance for word, stance in self.stances.items()}

    @field_validator("jwks_url")
    @classmethod
    def _safe(cls, url: str | None) -> str | None:
        if url is not None and not _trustworthy(url):
            raise ValueError("must be an https address: keys that anybody on the way can exchange prove nothing")
        return url

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.jwks_url is None) == (self.jwks_file is None):
            raise ValueError("exactly one of jwks_url and jwks_file is needed")
        names = [*self.claims.values(), *self.ignored]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"claims: used twice: {', '.join(twice)}")
        return self


class VneidSettings(Strict):
    """The whole file."""

    issuers: tuple[Issuer, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _unique(self) -> Self:
        for field in ("id", "issuer"):
            values = [getattr(issuer, field) for issuer in self.issuers]
            if len(set(values)) != len(values):
                raise ValueError(f"issuers: two have the same {field}")
        return self

    def issuer(self, iss: object) -> Issuer | None:
        """Who signs with that `iss`; None when nobody is known by it."""
        return next((issuer for issuer in self.issuers if issuer.issuer == iss), None)


def _trustworthy(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and _loopback(parts.hostname or "")


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
