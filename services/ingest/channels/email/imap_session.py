"""One connection to a mailbox. Every method blocks: call all of them from one thread; only `abort` may come from another.

Nothing here marks a mail as read before `finish`, and nothing is ever expunged but the one mail that was copied away.
"""

import imaplib
import re
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailboxLoginError, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import UnexpectedCommandStatusError
from imap_tools.utils import check_command_status, encode_folder

from services.ingest.channels.email.imap_errors import CommandRefused, LoginRefused, MailboxAway, told_apart
from services.ingest.channels.email.settings import Mailbox
from shared.settings import read_secret

TIMEOUT_S = 30.0  # of any one answer of the server
KEYWORD = "$YkienReceived"
_SLICE_S = 0.5  # how soon a waiting thread notices that it shall stop
_INTERNALDATE = re.compile(rb'INTERNALDATE "([^"]{1,40})"')
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_AT_ONCE = 500  # mails asked about in one command


@dataclass(frozen=True)
class Mail:
    """A mail as the server gave it; `arrived`: when the server took it (INTERNALDATE)."""

    raw: bytes
    arrived: datetime | None


class Session:
    """Open from `__init__` to `close`. Raises MailboxAway, LoginRefused, CommandRefused."""

    def __init__(self, box: Mailbox, base: Path) -> None:
        self._box = box
        self._stop = threading.Event()
        with told_apart():
            self._mailbox = _connect(box, base)
        try:
            _login(self._mailbox, box, base)
            with told_apart():
                self._prepare()
        except BaseException:
            self.abort()
            raise

    def _prepare(self) -> None:
        client = self._mailbox.client
        # Servers say more of themselves after the login; imaplib asks before it only.
        self._can = set(client.capability()[1][0].decode("ascii", "replace").upper().split())
        self._done = self._make_done_folder() if self._box.after == "move" else ""
        self._mailbox.folder.set(self._box.folder)
        self.validity = _untagged(client, "UIDVALIDITY")
        flags = _untagged(client, "PERMANENTFLAGS")
        self.keeps_keywords = r"\*" in flags or KEYWORD.lower() in flags.lower()

    @property
    def idles(self) -> bool:
        """Whether `wait` is told of new mail."""
        return self._box.idle and "IDLE" in self._can

    def waiting(self) -> dict[str, int]:
        """UID -> bytes of the mails that nobody has finished, oldest first. Whether a clerk has opened them plays no part."""
        criteria = "UNDELETED" if self._box.after == "move" else f"UNDELETED UNKEYWORD {KEYWORD}"
        with told_apart():
            uids = sorted(self._mailbox.uids(criteria, charset=None), key=int)
            sizes: dict[str, int] = {}
            for at in range(0, len(uids), _AT_ONCE):
                for part in self._fetch(",".join(uids[at : at + _AT_ONCE]), "(RFC822.SIZE)"):
                    if isinstance(part, bytes) and (uid := _UID.search(part)) and (size := _SIZE.search(part)):
                        sizes[uid[1].decode()] = int(size[1])
        return {uid: sizes.get(uid, 0) for uid in uids}

    def fetch(self, uid: str) -> Mail | None:
        """The mail, left unread; None when it is gone."""
        with told_apart():
            answer = self._fetch(uid, "(INTERNALDATE BODY.PEEK[])")
        parts = [part for part in answer if isinstance(part, tuple)]
        if not parts:
            return Mail(b"", _instant(_flat(answer))) if b'BODY[] ""' in _flat(answer) else None
        return Mail(raw=bytes(parts[0][1]), arrived=_instant(_flat(answer)))

    def finish(self, uid: str) -> None:
        """Moves or marks the mail. Repeating it for a mail that is gone is harmless."""
        with told_apart():
            if self._box.after == "mark":
                self._command("STORE", uid, "+FLAGS.SILENT", rf"({KEYWORD} \Seen)")
            elif "MOVE" in self._can:
                self._command("MOVE", uid, encode_folder(self._done))
            else:
                self._command("COPY", uid, encode_folder(self._done))
                self._command("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
                if "UIDPLUS" in self._can:  # a plain EXPUNGE would take what clerks have marked, too
                    self._command("EXPUNGE", uid)

    def wait(self, seconds: float) -> None:
        """Returns when something happened in the mailbox, after `seconds`, or when `abort` was called."""
        until = time.monotonic() + seconds
        with told_apart():
            client = self._mailbox.client
            client.untagged_responses.pop("EXISTS", None)
            self._mailbox.idle.start()  # type: ignore[no-untyped-call]
            # New mail may have been told before the server began to idle.
            while "EXISTS" not in client.untagged_responses and not self._stop.is_set() and time.monotonic() < until:
                if self._mailbox.idle.poll(timeout=min(_SLICE_S, max(0.0, until - time.monotonic()))):
                    break
            self._mailbox.idle.stop()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Says goodbye, if the server still listens."""
        try:
            with told_apart():
                self._mailbox.logout()
        except (CommandRefused, MailboxAway):
            self.abort()

    def abort(self) -> None:
        """Ends the connection under whatever is waiting on it."""
        self._stop.set()
        try:
            self._mailbox.client.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it is closed already

    def _fetch(self, uid: str, what: str) -> list[Any]:
        result = self._mailbox.client.uid("FETCH", uid, what)
        check_command_status(result, UnexpectedCommandStatusError)
        return [part for part in result[1] if part is not None]

    def _command(self, name: str, *args: Any) -> None:
        check_command_status(self._mailbox.client.uid(name, *args), UnexpectedCommandStatusError)

    def _make_done_folder(self) -> str:
        """The folder's name as this server spells it; created when it is not there."""
        mailbox = self._mailbox
        listed = mailbox.folder.list("", "")
        delimiter = listed[0].delim if listed and listed[0].delim != "NIL" else ""
        name = self._box.done_folder.replace("/", delimiter or "-")
        prefix = self._prefix()
        if prefix and not name.startswith(prefix):
            name = prefix + name
        if not mailbox.folder.exists(name):
            try:
                mailbox.folder.create(name)
            except UnexpectedCommandStatusError:
                if not mailbox.folder.exists(name):  # another replica may have been quicker
                    raise
            with suppress(UnexpectedCommandStatusError):  # mail programs show it; no matter if the server cannot
                mailbox.folder.subscribe(name, value=True)
        return name

    def _prefix(self) -> str:
        """Where personal folders live (RFC 2342): `INBOX.` with some servers, nothing with most."""
        if "NAMESPACE" not in self._can:
            return ""
        found = re.match(rb'\(\("([^"]*)"', _flat(self._mailbox.client.namespace()[1]))
        return found[1].decode("ascii", "replace") if found else ""


def _connect(box: Mailbox, base: Path) -> BaseMailBox:
    host, port = box.at
    if box.security == "none":
        return MailBoxUnencrypted(host, port, timeout=TIMEOUT_S)
    context = ssl.create_default_context(cafile=str(base / box.ca_file) if box.ca_file else None)
    if box.security == "starttls":
        return MailBoxStartTls(host, port, timeout=TIMEOUT_S, ssl_context=context)
    return MailBox(host, port, timeout=TIMEOUT_S, ssl_context=context)


def _login(mailbox: BaseMailBox, box: Mailbox, base: Path) -> None:
    secret = read_secret(base / box.secret_file).decode("utf-8", "replace")
    try:
        if box.auth == "oauth2":
            mailbox.xoauth2(box.user, secret.strip(), initial_folder=None)
        elif box.user.isascii() and secret.isascii():
            mailbox.login(box.user, secret, initial_folder=None)
        else:
            mailbox.login_utf8(box.user, secret, initial_folder=None)
    except imaplib.IMAP4.abort:
        with told_apart():
            raise
    except (MailboxLoginError, imaplib.IMAP4.error):
        raise LoginRefused(f"mailbox {box.id}: the server refused the login") from None
    except OSError:
        with told_apart():
            raise


def _untagged(client: imaplib.IMAP4, name: str) -> str:
    return _flat(client.response(name)[1]).decode("ascii", "replace")


def _flat(answer: list[Any]) -> bytes:
    """The answer without the literals' own bytes, in one line."""
    return b" ".join(part[0] if isinstance(part, tuple) else part for part in answer if part)


def _instant(line: bytes) -> datetime | None:
    found = _INTERNALDATE.search(line)
    if found is None:
        return None
    try:
        return parsedate_to_datetime(found[1].decode("ascii").strip().replace("-", " ", 2)).astimezone(UTC)
    except (ValueError, OverflowError, UnicodeDecodeError):
        return None
