"""From events to notifications: a report goes to every committee recipient, a receipt to the respondent who gave an address."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from services.notify import digest, receipt
from services.notify.cap import ReceiptCap, mailbox_of
from services.notify.identity import open_identity
from services.notify.message import Mail
from services.notify.sender import Notification, Sender
from shared.blobs import Blobs
from shared.consultation import Consultation, Recipient
from shared.delivery import Delivery
from shared.errors import Permanent, Transient
from shared.events import Event, ReportPublished, SubmissionReceived
from shared.registry import Consultations

Outcome = BaseException | None


@dataclass(frozen=True)
class Handlers:
    """What the handlers act with. `sealing_key` is the private half: nobody else holds it."""

    sender: Sender[Mail]
    cap: ReceiptCap
    blobs: Blobs
    consultations: Consultations
    sealing_key: str
    public_url: str
    attachments_bytes: int
    _found: dict[int, tuple[Delivery[Event], Outcome]] = field(default_factory=dict)

    async def digests(self, batch: Sequence[Delivery[Event]]) -> None:
        """One mail to each who is a recipient now. All are tried; then the first failure is raised, and a retry sends only
        what is missing (to the recipients of then: who was taken off the list gets nothing, who was added gets it).
        """
        for delivery in batch:
            if isinstance(delivery.event, ReportPublished):
                await self._digest(delivery, delivery.event)

    async def receipts(self, batch: Sequence[Delivery[Event]]) -> None:
        """One mail per submission that came with an address."""
        if len(batch) == 1 and (found := self._found.pop(id(batch[0]), None)) is not None:
            raise_first([found[1]])
            return
        results = await asyncio.gather(*(self._receipt(d, d.event) for d in batch), return_exceptions=True)
        if len(batch) > 1:
            # After a failure settlement asks for each one alone; the answers are known, so no server is asked twice.
            self._found.clear()
            if any(results):
                self._found.update({id(d): (d, result) for d, result in zip(batch, results, strict=True)})
        raise_first(results)

    async def _digest(self, delivery: Delivery[Event], report: ReportPublished) -> None:
        consultation = self._consultation(report.consultation)
        files = _once(lambda: self._files(report))

        def composer(recipient: Recipient) -> Callable[[], Awaitable[Mail]]:
            async def compose() -> Mail:
                return digest.compose(report, consultation, recipient, await files(), self.public_url)

            return compose

        results = await asyncio.gather(
            *(
                self.sender.send(
                    Notification(
                        notification_id=digest.notification_id(report.report_id, recipient.id),
                        kind="digest",
                        consultation=report.consultation,
                        recipient=recipient.id,
                        compose=composer(recipient),
                    ),
                    attempt=delivery.attempt,
                    context=delivery.context,
                )
                for recipient in consultation.recipients
            ),
            return_exceptions=True,
        )
        raise_first(results)

    async def _files(self, report: ReportPublished) -> dict[str, bytes]:
        files = {}
        for file in digest.attached(report, self.attachments_bytes):
            try:
                files[file.name] = await self.blobs.get(file.sha256)
            except KeyError as error:
                raise Transient(f"{file.name} of {report.report_id} is not in the object store") from error
        return files

    async def _receipt(self, delivery: Delivery[Event], event: Event) -> None:
        if not isinstance(event, SubmissionReceived) or not event.respondent.has_email:
            return
        if not await self.cap.admits(self._mailbox(event), receipt.notification_id(event.submission_id)):
            return

        async def compose() -> Mail:
            consultation = self._consultation(event.consultation)
            identity = open_identity(self.sealing_key, event)
            if not identity.email:
                raise Permanent("the sealed identity holds no address, though the event says so")
            return receipt.compose(event, identity, identity.email, consultation, self.public_url)

        await self.sender.send(
            Notification(
                notification_id=receipt.notification_id(event.submission_id),
                kind="receipt",
                consultation=event.consultation,
                recipient=event.submission_id,
                compose=compose,
            ),
            attempt=delivery.attempt,
            context=delivery.context,
        )

    def _mailbox(self, event: SubmissionReceived) -> str | None:
        try:
            address = open_identity(self.sealing_key, event).email
        except Permanent:  # told as a failure when it is to be composed
            address = None
        return mailbox_of(address, self.sealing_key) if address else event.respondent.person_hash

    def _consultation(self, consultation_id: str) -> Consultation:
        consultation = self.consultations.get(consultation_id)
        if consultation is None:
            raise Transient(f"consultation {consultation_id} is not known (yet)")
        return consultation


def _once(load: Callable[[], Awaitable[dict[str, bytes]]]) -> Callable[[], Awaitable[dict[str, bytes]]]:
    """Loads at the first call (never, when all mails are out); a failure is tried again by the next caller."""
    lock, loaded = asyncio.Lock(), list[dict[str, bytes]]()

    async def get() -> dict[str, bytes]:
        async with lock:
            if not loaded:
                loaded.append(await load())
            return loaded[0]

    return get


def raise_first(results: Sequence[Outcome]) -> None:
    """Raises a Transient before a Permanent: what may still succeed must be tried again before anything is given up."""
    failures = [r for r in results if isinstance(r, BaseException)]
    failures.sort(key=lambda failure: isinstance(failure, Permanent))
    if failures:
        raise failures[0]
