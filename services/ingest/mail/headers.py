"""The header of a mail or of a part: the fields as they came, and the reading of each that matters. Total."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from services.ingest.mail import words
from services.ingest.respondent import normalise_email

MAX_SUBJECT = 500
MAX_MESSAGE_ID = 500
MAX_REFERENCES = 2000
MAX_RECIPIENTS = 200
_MAX_ADDRESSES = 10_000  # characters of an address list that are read
_ID = re.compile(r"<[!-;=?-~]{1,498}>")
_BARE_ID = re.compile(r"[!-;=?-~]{1,400}@[!-;=?-~]{1,90}")
_SPACES = re.compile(r"\s+")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,253}")


class Headers:
    """Fields by lower-case name, raw; only the first 2,000 fields are read."""

    def __init__(self, message: Message) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in list(message.raw_items())[:2000]:
            self._fields.setdefault(name.lower(), []).append(str(value)[: words.MAX_HEADER])

    def raw(self, name: str) -> str | None:
        """The first value, unfolded; None when the field is absent."""
        values = self._fields.get(name.lower())
        return words.unfold(values[0]) if values else None

    def all(self, name: str) -> list[str]:
        return [words.unfold(one) for one in self._fields.get(name.lower(), [])]

    def text(self, name: str) -> str:
        """The first value, decoded; empty when absent."""
        return words.decode(self.raw(name) or "")

    def token(self, name: str) -> str:
        """The first value in lower case without parameters and comments: `auto-replied`."""
        return re.split(r"[;(]", (self.raw(name) or "").lower(), maxsplit=1)[0].strip()

    def names(self) -> Iterable[str]:
        return self._fields


def addresses(values: Iterable[str]) -> list[tuple[str, str]]:
    """(name, address) of each usable mailbox, address in lower case."""
    found: list[tuple[str, str]] = []
    for value in values:
        short = value[:_MAX_ADDRESSES]
        try:
            pairs = getaddresses([short])
        except (RecursionError, ValueError, IndexError):  # comments nested a thousand deep
            pairs = []
        usable = [(words.decode(name)[:200], address) for name, raw in pairs if (address := usable_address(raw))]
        found += usable or [("", address) for raw in _ADDRESS.findall(short) if (address := usable_address(raw))][:1]
    return found


def usable_address(raw: str) -> str | None:
    """The address as an answer could go to it, lower case; None when none could. 8-bit letters (SMTPUTF8) are decoded."""
    text = words.decode(raw)
    if len(text) > 254:
        return None
    try:
        return normalise_email(text.strip("<> "))
    except ValueError:
        return None


def message_id(headers: Headers) -> str | None:
    """The mail's own id, without folding; None when it is absent or could not stand in a header of ours."""
    raw = _SPACES.sub("", headers.raw("message-id") or "")
    if found := _ID.search(raw):
        return found[0]
    return f"<{raw}>" if _BARE_ID.fullmatch(raw) else None


def references(headers: Headers, own: str | None) -> str | None:
    """The thread for the answer's References (RFC 5322 §3.6.4): the first id and as many of the last as fit."""
    ids = _ID.findall(headers.raw("references") or "") or _ID.findall(headers.raw("in-reply-to") or "")[:1]
    thread = list(dict.fromkeys([*(one for one in ids if one != own), *([own] if own else [])]))
    if not thread:
        return None
    room = MAX_REFERENCES - len(thread[0])
    last: list[str] = []
    for one in reversed(thread[1:]):
        room -= len(one) + 1
        if room < 0:
            break
        last.insert(0, one)
    return " ".join([thread[0], *last])


def date(headers: Headers) -> datetime | None:
    """When the writer's machine says it was sent; no zone means UTC. None when absent or outside 1990-2100."""
    try:
        found = parsedate_to_datetime((headers.raw("date") or "")[:200])
        at = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return at if 1990 <= at.year < 2100 else None
