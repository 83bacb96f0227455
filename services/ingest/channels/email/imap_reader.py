"""Reads one mailbox for ever: whatever breaks, it comes back; a mail is finished only after the PubAck.

Several replicas run this for the same mailbox; the one that holds the lease reads. A mail read twice all the same (a crash
between PubAck and move, a lease lost unnoticed) is the same submission, for its Message-ID is its key.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog

from services.ingest.channels.email.imap_errors import CommandRefused, LoginRefused, MailboxAway
from services.ingest.channels.email.imap_session import Mail, Session
from services.ingest.channels.email.intake import Intake
from services.ingest.channels.email.settings import Mailbox
from services.ingest.faults import Refused
from shared import metrics
from shared.clock import Clock, utc_now
from shared.errors import Permanent, Transient
from shared.leases import Lease

T = TypeVar("T")
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0  # between tries while a server or the bus is away
REFUSED_PAUSE_S = 60.0  # after a refused login: servers lock accounts that are tried too often
SOON_S = 5.0  # until a mail that failed by itself is tried again
VIA = "imap"
AT_ONCE = 16  # mails accepted together, so that they share a commit of the bus
AT_ONCE_BYTES = 20_000_000
_log = structlog.get_logger("ingest")


class MailboxReader:
    """`run` never ends by itself."""

    def __init__(self, box: Mailbox, base: Path, intake: Intake, lease: Lease, clock: Clock = utc_now) -> None:
        self._box = box
        self._base = base
        self._intake = intake
        self._lease = lease
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"imap-{box.id}")
        self._session: Session | None = None
        self._kept: set[tuple[str, str]] = set()  # (UIDVALIDITY, UID) accepted, though not yet moved or marked
        self._large: set[tuple[str, str]] = set()
        self._put_offs: Counter[tuple[str, str]] = Counter()  # how often a mail could not be taken

    async def run(self) -> None:
        """Waits for the lease, reads while it is held, and again."""
        try:
            while True:
                try:
                    await self._turn()
                except Exception:  # noqa: BLE001 - of the lease, or of saying goodbye; a task that ends silently would strand the mailbox
                    _log.exception("mailbox.unforeseen", mailbox=self._box.id)
                    session, self._session = self._session, None
                    if session is not None:
                        session.abort()
                    await asyncio.sleep(LONGEST_PAUSE_S)
        finally:
            if self._session is not None:
                self._session.abort()  # wakes the thread
            self._thread.shutdown(wait=False, cancel_futures=True)

    async def _turn(self) -> None:
        pause = FIRST_PAUSE_S
        async with self._lease.held():
            while self._lease.valid:
                try:
                    await self._read()
                    pause = FIRST_PAUSE_S
                except (Transient, Permanent) as error:
                    pause = await self._put_off(error, pause)
                except Exception:  # noqa: BLE001 - told, and tried again; the mails are where they were
                    _log.exception("mailbox.unforeseen", mailbox=self._box.id)
                    await self._leave()
                    await asyncio.sleep(LONGEST_PAUSE_S)
        await self._leave()

    async def _put_off(self, error: Exception, pause: float) -> float:
        """Sleeps; returns how long to sleep when it happens again."""
        lasting = isinstance(error, LoginRefused | Permanent)  # until somebody does something
        if isinstance(error, LoginRefused):
            metrics.MAILBOX_REFUSED.labels(self._box.id).inc()
        pause = max(pause, REFUSED_PAUSE_S) if lasting else pause
        say = _log.error if lasting else _log.warning
        say("mailbox.not_read", mailbox=self._box.id, reason=str(error), again_s=pause)
        if isinstance(error, MailboxAway):
            await self._leave()
        await asyncio.sleep(pause)
        return min(pause * 2, REFUSED_PAUSE_S * 5 if lasting else LONGEST_PAUSE_S)

    async def _read(self) -> None:
        """One look through the mailbox, then the wait for new mail."""
        self._intake.consultation(self._box.consultation)  # not one mail is fetched that nobody can take
        session = self._session or await self._enter()
        waiting = await self._blocking(session.waiting)
        metrics.MAILBOX_WAITING.labels(self._box.id).set(len(waiting))
        left = 0
        # What could not be taken before comes last: whatever is wrong with a mail, those behind it have their turn.
        order = sorted(waiting, key=lambda uid: self._put_offs.get((session.validity, uid), 0))
        for uids in batches({uid: waiting[uid] for uid in order if self._fits(session, uid, waiting[uid])}):
            if not self._lease.valid:
                return
            left += await self._together(session, uids)
        metrics.MAILBOX_WAITING.labels(self._box.id).set(left)
        metrics.MAILBOX_READ.labels(self._box.id).set(self._clock().timestamp())
        wait_s = min(self._box.poll_s, SOON_S) if left else self._box.poll_s
        if session.idles:
            await self._blocking(lambda: session.wait(wait_s))
        else:
            await asyncio.sleep(wait_s)

    def _fits(self, session: Session, uid: str, size: int) -> bool:
        mail = (session.validity, uid)
        if size > self._box.max_size and mail not in self._large:
            self._large.add(mail)
            metrics.MAILS.labels(VIA, "refused").inc()
            _log.error("mailbox.mail_too_large", mailbox=self._box.id, uid=uid, bytes=size, limit=self._box.max_size)
        done_for_good = mail in self._kept and self._box.after == "mark" and not session.keeps_keywords
        return size <= self._box.max_size and not done_for_good

    async def _together(self, session: Session, uids: list[str]) -> int:
        """Fetches some mails, accepts them, finishes those that were accepted. Returns how many must be tried again.

        Raises Transient or Refused after all of them had their turn: one mail never stands in the way of the others.
        """
        kept = [uid for uid in uids if (session.validity, uid) in self._kept]
        there = {uid: mail for uid in uids if uid not in kept and (mail := await self._fetch(session, uid))}
        left = len(uids) - len(kept) - len(there)
        answers = await asyncio.gather(*(self._take(mail) for mail in there.values()), return_exceptions=True)
        unsettled: list[BaseException] = []
        for uid, answer in zip(there, answers, strict=True):
            if answer is None:
                self._kept.add((session.validity, uid))
                self._put_offs.pop((session.validity, uid), None)
                kept.append(uid)
            else:
                self._put_offs[session.validity, uid] += 1
                unsettled.append(answer)
        finished = [await self._finish(session, uid) for uid in kept]
        for error in unsettled:
            if isinstance(error, Transient | Refused) or not isinstance(error, Exception):
                raise error
            _log.error("mailbox.mail_failed", mailbox=self._box.id, exc_info=error)
        return left + len(unsettled) + finished.count(False)

    async def _fetch(self, session: Session, uid: str) -> Mail | None:
        """None when the mail is gone, or when the server cannot give this one (its own copy may be broken)."""
        try:
            return await self._blocking(partial(session.fetch, uid))
        except CommandRefused as error:
            self._put_offs[session.validity, uid] += 1
            metrics.MAILS.labels(VIA, "put_off").inc()
            _log.error("mailbox.not_fetched", mailbox=self._box.id, uid=uid, error=str(error))
            return None

    async def _take(self, mail: Mail) -> None:
        await self._intake.take(self._box.consultation, mail.raw, via=VIA, arrived=mail.arrived)
        if mail.arrived is not None:
            metrics.MAILBOX_LAG.labels(self._box.id).set(max(0.0, (self._clock() - mail.arrived).total_seconds()))

    async def _finish(self, session: Session, uid: str) -> bool:
        """Whether the mail has been moved or marked. It is accepted either way."""
        try:
            await self._blocking(partial(session.finish, uid))
        except CommandRefused as error:
            _log.error("mailbox.not_finished", mailbox=self._box.id, uid=uid, error=str(error))
            return False
        if self._box.after == "move" or session.keeps_keywords:
            self._kept.discard((session.validity, uid))
        return True

    async def _enter(self) -> Session:
        self._session = session = await self._blocking(partial(Session, self._box, self._base))
        _log.info("mailbox.open", mailbox=self._box.id, idle=session.idles)
        if self._box.after == "mark" and not session.keeps_keywords:
            _log.error("mailbox.keeps_no_keywords", mailbox=self._box.id, remedy="after: move")
        return session

    async def _leave(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await self._blocking(session.close)

    async def _blocking(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)


def batches(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """The mails in their order, few enough at once for the memory."""
    batch: list[str] = []
    held = 0
    for uid, size in sizes.items():
        if batch and (len(batch) == AT_ONCE or held + size > AT_ONCE_BYTES):
            yield batch
            batch, held = [], 0
        batch.append(uid)
        held += size
    if batch:
        yield batch
