"""From the bytes of a mail to the PubAck: what the mailbox reader and the listener share."""

import asyncio
import hashlib
from collections import OrderedDict
from datetime import datetime

import structlog

from services.ingest.accept import Accepted
from services.ingest.channels.email import to_submission as rules
from services.ingest.channels.email.parse_apart import ParseApart, unknown
from services.ingest.channels.email.settings import EmailSettings
from services.ingest.context import Ingest
from services.ingest.faults import KeyReused, Refused
from services.ingest.mail.content import MailContent
from services.ingest.mail.parse import parse
from services.ingest.origin import Origin, check_channel
from services.ingest.respondent import normalise_email
from shared import metrics
from shared.clock import Clock, utc_now
from shared.consultation import Consultation
from shared.errors import Transient
from shared.store.port import Collection

BEGUN = Collection("mails_begun")  # by the hash of the mail
TRIES = 3  # before a mail that breaks the reading is kept unread
PARSED_AT_ONCE = 2  # a mail being read takes many times its size; more at once would not be faster
_REMEMBERED = 1000
_log = structlog.get_logger("ingest")


class ReaderKilledError(Exception):
    """The process that read a mail died over it."""


class Intake:
    """Accepts mails. One per process."""

    def __init__(self, service: Ingest, settings: EmailSettings, clock: Clock = utc_now) -> None:
        self._service = service
        self._settings = settings
        self._clock = clock
        self._apart = ParseApart()
        self._parsing = asyncio.Semaphore(PARSED_AT_ONCE)
        self._failures: OrderedDict[str, int] = OrderedDict()  # by the hash of the mail: unforeseen failures so far

    def consultation(self, id_: str) -> Consultation:
        """The definition. Raises Transient when it is not known here (yet), Refused when it takes no mail."""
        found = self._service.consultations.get(id_)
        if found is None:
            raise Transient(f"consultation {id_} is not known here")
        check_channel(found, Origin(rules.CHANNEL, verified=True))
        return found

    def addresses(self) -> dict[str, str]:
        """Address -> consultation, for mail that comes to the listener."""
        listener = self._settings.listener
        if listener is not None and listener.recipients is not None:
            return dict(listener.recipients)
        return self._published()

    async def take(
        self,
        consultation: str,
        raw: bytes,
        *,
        via: str,
        arrived: datetime | None = None,
        return_path: str | None = None,
    ) -> Accepted:
        """Returns after the PubAck. `return_path`: the envelope's sender, "" for the null sender, None when unknown.

        Raises Transient when bus or database is away and Refused when the consultation takes no mail; anything else is
        unforeseen, and raised until it has happened TRIES times for the same mail, which is then accepted unread.
        """
        found = self.consultation(consultation)
        mark = hashlib.sha256(raw).hexdigest()
        try:
            accepted = await self._accept(found, raw, arrived, return_path, bare=self._failures.get(mark, 0) >= TRIES)
        except (Transient, Refused) as error:
            metrics.MAILS.labels(via, "refused" if isinstance(error, Refused) else "put_off").inc()
            raise
        except Exception:
            self._remember(mark)
            metrics.MAILS.labels(via, "failed").inc()
            raise
        self._failures.pop(mark, None)
        metrics.MAILS.labels(via, "repeated" if accepted.replayed else "accepted").inc()
        return accepted

    async def _accept(
        self, found: Consultation, raw: bytes, arrived: datetime | None, return_path: str | None, *, bare: bool
    ) -> Accepted:
        content = await self._read(raw, return_path) or (unknown(raw) if bare else None)
        if content is None:
            raise ReaderKilledError
        build = rules.unread if bare else rules.to_submission
        submission = build(content, raw, arrived=arrived, now=self._clock())
        origin = rules.origin(content, raw)
        try:
            return await self._service.acceptor.accept(found, submission, origin)
        except KeyReused:
            _log.warning("mail.message_id_reused", consultation=found.id)
            return await self._service.acceptor.accept(found, submission, rules.apart(origin))

    async def _read(self, raw: bytes, return_path: str | None) -> MailContent | None:
        own, mark = frozenset(self._own()), hashlib.sha256(raw).hexdigest()
        # Written down first: a mail that took the whole process with it is not read here a second time.
        if not await self._service.store.insert_once(BEGUN, mark, {}):
            return await self._apart.read(raw, own, return_path)
        async with self._parsing:
            content = await asyncio.to_thread(parse, raw, own_addresses=own, return_path=return_path)
        await self._service.store.delete(BEGUN, mark)
        return content

    def close(self) -> None:
        """Ends the process in which mails are read a second time."""
        self._apart.close()

    def _own(self) -> set[str]:
        """Our own addresses: mail from them is our own come back."""
        return {
            *self._published(),
            *self.addresses(),
            *(box.user.lower() for box in self._settings.mailboxes if "@" in box.user),
        }

    def _published(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for consultation in self._service.consultations.all():
            channel = consultation.channel(rules.CHANNEL)
            if channel and channel.enabled and channel.address and "@" in channel.address:
                found.setdefault(_plain(channel.address), consultation.id)
        return found

    def _remember(self, mark: str) -> None:
        self._failures[mark] = self._failures.get(mark, 0) + 1
        self._failures.move_to_end(mark)
        while len(self._failures) > _REMEMBERED:
            self._failures.popitem(last=False)


def _plain(address: str) -> str:
    try:
        return normalise_email(address.strip())
    except ValueError:
        return address.strip().lower()
