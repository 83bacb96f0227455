"""`channels/email.yaml`: the mailboxes that are read and the listener that takes mail. No such file: both are off."""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from services.ingest.respondent import normalise_email
from shared.consultation import Code, Strict
from shared.events import ConsultationId

MB = 1_000_000


def _address(text: str) -> str:
    try:
        return normalise_email(text)
    except ValueError as error:
        raise ValueError("is not a mail address") from error


Address = Annotated[str, AfterValidator(_address)]


class Mailbox(Strict):
    """A mailbox read over IMAP (RFC 9051). Paths are relative to the settings file."""

    id: Code
    consultation: ConsultationId
    host: str = Field(min_length=1)
    port: int | None = Field(None, ge=1, le=65535, description="unset: 993 with tls, else 143")
    security: Literal["tls", "starttls", "none"] = "tls"
    ca_file: Path | None = Field(
        None, description="the authority that signed the server's certificate; unset: the system's"
    )
    user: str = Field(min_length=1)
    auth: Literal["password", "oauth2"] = "password"
    secret_file: Path = Field(description="the password, or the OAuth access token; read anew at each login")
    folder: str = Field("INBOX", min_length=1)
    after: Literal["move", "mark"] = "move"
    done_folder: str = Field(
        "Ykien/Da tiep nhan", min_length=1, description="`/` between levels, whatever the server uses"
    )
    idle: bool = Field(True, description="be told of new mail at once, where the server can (RFC 2177)")
    poll_s: float = Field(60, ge=0.2, le=1500, description="look at least this often; servers hang up after 29 minutes")
    max_size: int = Field(100 * MB, ge=MB, description="bytes; a larger mail stays where it is and is reported")

    @property
    def at(self) -> tuple[str, int]:
        """Host and port."""
        return self.host, self.port or (993 if self.security == "tls" else 143)

    @model_validator(mode="after")
    def _elsewhere(self) -> "Mailbox":
        if self.after == "move" and self.done_folder.casefold() == self.folder.casefold():
            raise ValueError("done_folder is the folder that is read; a mail would never leave it")
        return self


class Listener(Strict):
    """Where the office's own mail server hands mail over, by SMTP (RFC 5321) or LMTP (RFC 2033)."""

    listen: str = Field("127.0.0.1:8025", description="address:port; [::1]:8025 for IPv6; port 0: any free one")
    protocol: Literal["smtp", "lmtp"] = "smtp"
    hostname: str = Field("ykien.localhost", pattern=r"^[A-Za-z0-9.-]{1,253}$", description="how it names itself")
    max_size: int = Field(35 * MB, ge=10_000, description="bytes of one mail as it is sent")
    recipients: dict[Address, ConsultationId] | None = Field(
        None, description="address -> consultation; unset: the address of each consultation's `email` channel"
    )
    cert_file: Path | None = Field(None, description="with key_file: STARTTLS is offered")
    key_file: Path | None = None
    max_connections: int = Field(20, ge=1, le=1000)
    timeout_s: float = Field(300, gt=0, description="a client silent for so long is let go (RFC 5321 §4.5.3.2.7)")

    @property
    def at(self) -> tuple[str, int]:
        """Host and port."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        try:
            ipaddress.ip_address(host.strip("[]"))
        except ValueError as error:
            raise ValueError("needs an IP address and a port: 127.0.0.1:8025") from error
        if not (port.isascii() and port.isdigit() and int(port) <= 65535):
            raise ValueError("needs a port from 0 to 65535: 127.0.0.1:8025")
        return value

    @model_validator(mode="after")
    def _both(self) -> "Listener":
        if (self.cert_file is None) != (self.key_file is None):
            raise ValueError("cert_file and key_file go together")
        return self


class EmailSettings(Strict):
    """The whole file."""

    mailboxes: tuple[Mailbox, ...] = ()
    listener: Listener | None = None
    takeover_s: float = Field(15, ge=0.5, le=600, description="after the death of a replica another reads its mailbox")

    @model_validator(mode="after")
    def _something(self) -> "EmailSettings":
        if not self.mailboxes and self.listener is None:
            raise ValueError("names neither a mailbox nor a listener; remove the file to have the channel off")
        seen: set[str] = set()
        for box in self.mailboxes:
            if box.id in seen:
                raise ValueError(f"mailboxes: {box.id}: this id stands twice")
            seen.add(box.id)
        return self
