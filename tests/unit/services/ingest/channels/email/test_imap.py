"""What is read from a server's answers, and how mails share the memory."""

import asyncio
import imaplib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imap_tools import MailboxFetchError

from services.ingest.channels.email import imap_reader
from services.ingest.channels.email.imap_errors import CommandRefused, MailboxAway, told_apart
from services.ingest.channels.email.imap_reader import AT_ONCE, AT_ONCE_BYTES, batches
from services.ingest.channels.email.imap_session import _instant
from services.ingest.channels.email.settings import Mailbox
from shared.leases import Lease


@given(st.lists(st.integers(0, 2 * AT_ONCE_BYTES), max_size=60))
def test_batches_keep_the_order_and_every_mail(sizes: list[int]) -> None:
    waiting = {str(uid): size for uid, size in enumerate(sizes)}
    found = list(batches(waiting))
    assert [uid for batch in found for uid in batch] == list(waiting)
    for batch in found:
        assert 1 <= len(batch) <= AT_ONCE
        assert len(batch) == 1 or sum(waiting[uid] for uid in batch) <= AT_ONCE_BYTES


@pytest.mark.parametrize(
    ("line", "at"),
    [
        (b'1 (INTERNALDATE "12-Jun-2025 09:00:00 +0700" UID 4)', datetime(2025, 6, 12, 2, tzinfo=UTC)),
        (b'1 (INTERNALDATE " 2-Jun-2025 09:00:00 +0000")', datetime(2025, 6, 2, 9, tzinfo=UTC)),
        (b'1 (INTERNALDATE "32-Jun-2025 09:00:00 +0000")', None),
        (b'1 (INTERNALDATE "hom qua")', None),
        (b"1 (UID 4)", None),
    ],
)
def test_the_servers_date(line: bytes, at: datetime | None) -> None:
    assert _instant(line) == at


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (imaplib.IMAP4.abort("gopy@example.vn"), MailboxAway),
        (ConnectionResetError(104, "reset"), MailboxAway),
        (TimeoutError(), MailboxAway),
        (imaplib.IMAP4.error("gopy@example.vn"), CommandRefused),
        (MailboxFetchError(("NO", [b"gopy@example.vn"]), "OK"), CommandRefused),
    ],
)
def test_errors_are_told_apart_and_name_nobody(raised: Exception, kind: type[Exception]) -> None:
    with pytest.raises(kind) as found, told_apart():
        raise raised
    assert "gopy" not in str(found.value)


async def test_an_unforeseen_fault_of_the_lease_does_not_end_the_reading_of_the_mailbox(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(imap_reader, "LONGEST_PAUSE_S", 0.01)
    turns = 0
    third = asyncio.Event()

    class BrokenLease:
        valid = False

        @asynccontextmanager
        async def held(self) -> AsyncIterator[None]:
            nonlocal turns
            turns += 1
            if turns == 1:
                raise AttributeError("of the bus's client, say")
            if turns == 3:
                third.set()
            yield
            await asyncio.sleep(0)

    box = Mailbox.model_validate(
        {"id": "a", "consultation": "dien-bien-2025", "host": "x", "user": "a", "secret_file": "b"}
    )
    reader = imap_reader.MailboxReader(box, Path(), Mock(), cast("Lease", BrokenLease()))
    running = asyncio.create_task(reader.run())
    async with asyncio.timeout(5):
        await third.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
