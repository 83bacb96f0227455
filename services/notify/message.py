"""A mail as data and as MIME; its Message-ID is made from what it is about, so a mail sent again is recognisably the same."""

import hashlib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from shared.events import Frozen


class File(Frozen):
    """An attachment."""

    name: str
    media_type: str
    content: bytes


class Mail(Frozen):
    """What is to be sent. `notification_id` names the message and its recipient, for good."""

    notification_id: str
    to_name: str
    to_address: str
    subject: str
    text: str
    files: tuple[File, ...] = ()


def to_mime(mail: Mail, *, from_name: str, from_address: str, at: datetime) -> EmailMessage:
    """The mail as MIME. `Auto-Submitted` keeps other robots from answering (RFC 3834)."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(from_name, addr_spec=from_address)
    message["To"] = Address(mail.to_name, addr_spec=mail.to_address)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id(mail.notification_id, from_address)
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "vi"
    message.set_content(mail.text, cte="base64")
    for file in mail.files:
        maintype, _, subtype = file.media_type.partition("/")
        message.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=file.name)
    return message


def message_id(notification_id: str, from_address: str) -> str:
    """A Message-ID that tells nothing and is the same at every attempt."""
    digest = hashlib.sha256(notification_id.encode()).hexdigest()[:40]
    return f"<{digest}@{from_address.rpartition('@')[2] or 'ykien.invalid'}>"
