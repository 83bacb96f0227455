"""What a mail becomes: the writer's own words, the files, and whether anybody may be answered."""

from datetime import datetime

from shared.events import Automatic, Frozen


class MailFile(Frozen):
    """A file as it came in the mail; name and type still as declared."""

    filename: str
    content_type: str
    data: bytes


class MailContent(Frozen):
    """A mail, read. Every text is NFC without lone surrogates; lengths in characters."""

    message_id: str | None  # with its angle brackets, printable ASCII, <= 500; None when absent or unusable
    references: str | None  # for the answer's References header: the thread, then this mail; ASCII, <= 2000
    subject: str  # decoded, one line, <= 500
    from_name: str | None
    from_address: str | None  # of the first From; None when unusable
    reply_address: str | None  # Reply-To when it is one usable address, else `from_address`
    recipients: tuple[str, ...]  # To, Cc, Delivered-To, X-Original-To; lower case
    date: datetime | None  # aware, UTC; None when absent or nonsense
    text: str  # the new text, `\n`; the subject in front when it carries the opinion
    files: tuple[MailFile, ...]  # in order; nested mails as message/rfc822
    automatic: Automatic | None  # a machine wrote it
    answerable: bool  # False: list, bulk, noreply, null return path, automatic, our own address
    damage: str | None  # code of what could not be read (see `damage.py`); the original is kept anyway
    fingerprint: str  # hex sha256 of what a second delivery of the same mail shares
