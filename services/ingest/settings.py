"""What ingest is told by its environment. Secrets are files made at first start (`deploy/secrets.py`); their content never stands here."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from shared.settings import ServiceSettings, SettingsError, read_secret


class IngestSettings(ServiceSettings):
    """Settings of the intake service; sizes in bytes, waits in seconds."""

    sealing_pub_file: Path = Path("secrets/sealing.pub")
    receipt_signing_key_file: Path = Path("secrets/receipt-signing.key")
    tracking_key_file: Path = Path("secrets/tracking.key")
    pepper_key_file: Path = Path("secrets/pepper.key")
    operator_token_sha256_file: Path = Path("secrets/operator-token.sha256")
    spool_key_file: Path = Path("secrets/spool.key")
    partner_key_file: Path = Path("secrets/partner.key")
    challenge_key_file: Path = Path("secrets/challenge.key")
    channels: Path = Field(
        Path("channels"), description="folder of the channels' own settings, one YAML file each; no file: channel off"
    )
    spool: Path | None = Field(None, description="where webhook events wait while the bus is away; unset: `data`/spool")
    rate_limit: Literal["on", "off"] = "on"
    posts_per_minute: int = Field(
        60, ge=1, description="per network of citizens (IPv4 address, IPv6 /64); offices share one, so be generous"
    )
    server_posts_per_minute: int = Field(6_000, ge=1, description="per network of a partner's or VNeID's servers")
    channel_posts_per_minute: int = Field(12_000, ge=1, description="per channel, all networks together")
    posts_at_once: int = Field(32, ge=1, description="worked on at a time, per channel and process; more wait")
    max_held: int = Field(150_000_000, ge=1, description="bytes of bodies in work, per channel and process")
    max_body: int = Field(25_000_000, ge=1)
    status_wait_s: float = Field(3.0, ge=0, description="how long a look-up waits for the projection to catch up")


@dataclass(frozen=True)
class Secrets:
    """The service's keys, read once. `repr` shows none of them."""

    sealing_public: str
    receipt_seed: str
    tracking: bytes
    pepper: bytes
    operator_token_sha256: str
    spool: bytes
    partner: bytes
    challenge: bytes

    def __repr__(self) -> str:
        return "Secrets(...)"


def read_secrets(settings: IngestSettings) -> Secrets:
    """Reads every key. Raises SettingsError naming the file that is missing, empty or not hexadecimal."""
    return Secrets(
        sealing_public=_hex(settings.sealing_pub_file),
        receipt_seed=_hex(settings.receipt_signing_key_file),
        tracking=bytes.fromhex(_hex(settings.tracking_key_file)),
        pepper=bytes.fromhex(_hex(settings.pepper_key_file)),
        operator_token_sha256=_hex(settings.operator_token_sha256_file),
        spool=bytes.fromhex(_hex(settings.spool_key_file)),
        partner=bytes.fromhex(_hex(settings.partner_key_file)),
        challenge=bytes.fromhex(_hex(settings.challenge_key_file)),
    )


def _hex(path: Path) -> str:
    secret = read_secret(path).strip()
    try:
        return bytes.fromhex(secret.decode("ascii")).hex()
    except (UnicodeDecodeError, ValueError) as error:
        raise SettingsError(f"secret file {path} is not hexadecimal text") from error
