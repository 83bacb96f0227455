"""What can go wrong between us and a mailbox."""

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager

from imap_tools import ImapToolsError

from shared.errors import Transient


class MailboxAway(Transient):
    """The server cannot be reached, or the connection broke: connect anew."""


class LoginRefused(Transient):
    """The server does not take user and secret. An operator must look, or a job that renews the token."""


class CommandRefused(Transient):
    """The server answered NO to one command; the connection is sound."""


@contextmanager
def told_apart() -> Iterator[None]:
    """Turns the libraries' errors into ours. Their texts may quote the mailbox's user: only the kind is kept."""
    try:
        yield
    except imaplib.IMAP4.abort as error:
        raise MailboxAway(type(error).__name__) from None
    except (ImapToolsError, imaplib.IMAP4.error) as error:
        raise CommandRefused(type(error).__name__) from None
    except (OSError, EOFError) as error:  # TLS and timeouts too
        raise MailboxAway(f"{type(error).__name__}: {getattr(error, 'strerror', None) or 'no reason given'}") from None
