"""What notify is told: where mail goes out, and the key that opens sealed identities."""

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from services.notify.message import AddressError, envelope_address
from shared.settings import ServiceSettings


class NotifySettings(ServiceSettings):
    """Without `smtp_host` nothing is consumed: notifications wait in the stream and go out once a mail server is set."""

    sealing_key_file: Path
    smtp_host: str | None = None
    smtp_port: int = Field(25, ge=1, le=65535)
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    smtp_user: str | None = None
    smtp_password_file: Path | None = None
    smtp_from: str = "ykien@localhost"
    smtp_timeout_s: float = Field(30.0, gt=0, description="how long one answer of the mail server is waited for")
    smtp_max_mb: float = Field(18.0, gt=0, description="attachments of one mail, before encoding adds a third")
    receipts_per_day: int = Field(10, ge=1, description="receipts by mail to one address in a day; more are not sent")
    channels: Path = Field(
        Path("channels"), description="folder of the channels' settings; `zalo-replies.yaml` is read here"
    )
    zalo_token_key_file: Path = Path("secrets/zalo-token.key")
    lease_s: float = Field(
        90.0, gt=0, description="how long a sender that died keeps others waiting; a mail is given up a little earlier"
    )

    @field_validator("smtp_from")
    @classmethod
    def _an_address(cls, value: str) -> str:
        """Only an address, no name. A host without a dot is fine here."""
        if value.rpartition("@")[2] == "localhost" and value.count("@") == 1 and value.isascii() and " " not in value:
            return value
        try:
            return envelope_address(value)
        except AddressError:
            raise ValueError("not an e-mail address such as ykien@example.vn") from None
