"""A mail as data and as MIME; its Message-ID is made from what it is about, so a mail sent again is recognisably the same."""

import hashlib
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from email_validator import EmailNotValidError, validate_email

from shared.errors import Permanent
from shared.events import Frozen

NAME_LENGTH = 200  # characters; a longer name is cut, for headers have an end


EOL = "\r\n"


class _Policy(EmailPolicy):
    """CPython folds long headers so that spaces between encoded words get lost (seen with 3.11); `Header` does not."""

    def fold(self, name: str, value: Any) -> str:
        if name == "Subject":
            return f"{name}: {_encoded(name, str(value))}{EOL}"
        if name in ("From", "To"):
            (box,) = value.addresses
            shown = f"{_encoded(name, box.display_name)}{EOL} " if box.display_name else ""
            return f"{name}: {shown}<{box.addr_spec}>{EOL}"
        folded: str = super().fold(name, value)
        return folded

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode()  # beyond ASCII only for an address that needs SMTPUTF8


def _encoded(name: str, text: str) -> str:
    return Header(text, "utf-8", header_name=name).encode(linesep=EOL)


POLICY = _Policy(linesep=EOL)


class AddressError(Permanent):
    """Not an address that mail can be sent to. The text does not repeat it."""


class File(Frozen):
    """An attachment."""

    name: str
    media_type: str
    content: bytes


class Mail(Frozen):
    """What is to be sent. `notification_id` names the message and its recipient, for good."""

    notification_id: str
    from_name: str
    to_name: str
    to_address: str
    subject: str
    text: str
    files: tuple[File, ...] = ()
    in_reply_to: str | None = None  # Message-ID of the mail it answers
    references: str | None = None

    @property
    def answers(self) -> bool:
        """Whether it answers somebody's mail: then no error about it may come back (RFC 3834 §3.3: null envelope sender)."""
        return self.in_reply_to is not None


def one_line(text: str, limit: int = NAME_LENGTH) -> str:
    """The text fit for a header or a line of a letter: no line break, no control, direction or surrogate character."""
    printable = "".join(ch if ch.isprintable() else " " for ch in text)
    return " ".join(printable.split())[:limit].rstrip()


def envelope_address(address: str) -> str:
    """The address as SMTP wants it: the domain in its ASCII form, the local part as it is. Raises AddressError.

    A local part beyond ASCII stays so, and needs a mail server with SMTPUTF8.
    """
    try:
        found = validate_email(
            address,
            check_deliverability=False,
            globally_deliverable=False,
            allow_quoted_local=True,
            test_environment=True,
        )
    except (EmailNotValidError, UnicodeError):
        raise AddressError("the address is not one that mail can be sent to") from None
    return found.ascii_email or f"{found.local_part}@{found.ascii_domain}"


def to_mime(mail: Mail, *, from_address: str, at: datetime) -> bytes:
    """The mail as MIME, ASCII but for an address that needs SMTPUTF8. Raises AddressError.

    `Auto-Submitted` (RFC 3834) and `X-Auto-Response-Suppress` (Exchange) keep other robots from answering.
    """
    message = EmailMessage(policy=POLICY)
    message["From"] = _mailbox(mail.from_name, from_address)
    message["To"] = _mailbox(mail.to_name, envelope_address(mail.to_address))
    message["Subject"] = one_line(mail.subject, 500)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id(mail.notification_id, from_address)
    message["Auto-Submitted"] = "auto-replied" if mail.answers else "auto-generated"
    message["X-Ykien"] = mail.notification_id.partition(":")[0]  # so that we know our own mail should it come back
    if mail.in_reply_to:
        message["In-Reply-To"] = mail.in_reply_to
        message["References"] = mail.references or mail.in_reply_to
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    message["Content-Language"] = "vi"
    message.set_content(mail.text, cte="base64")
    for file in mail.files:
        maintype, _, subtype = file.media_type.partition("/")
        message.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=file.name)
    return message.as_bytes()


def message_id(notification_id: str, from_address: str) -> str:
    """A Message-ID that tells nothing and is the same at every attempt."""
    digest = hashlib.sha256(notification_id.encode()).hexdigest()[:40]
    return f"<{digest}@{from_address.rpartition('@')[2] or 'ykien.invalid'}>"


def _mailbox(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(one_line(name), username=local, domain=domain)
