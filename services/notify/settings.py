"""What notify is told: where mail goes out, and the key that opens sealed identities."""

from pathlib import Path
from typing import Literal

from pydantic import Field

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
    smtp_timeout_s: float = Field(30.0, gt=0)
    lease_s: float = Field(90.0, gt=0, description="how long a sender that died keeps others waiting")
