"""From events to notifications: a report goes to every committee recipient, a receipt to the respondent who gave an address."""

import asyncio
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from nacl.exceptions import CryptoError
from pydantic import ValidationError

from services.notify import digest, receipt
from services.notify.sender import Notification, Sender
from shared.blobs import Blobs
from shared.consultation import Consultation
from shared.delivery import Delivery
from shared.errors import Permanent, Transient
from shared.events import Event, ReportPublished, SubmissionReceived
from shared.registry import Consultations
from shared.sealing import open_sealed

PARALLEL = 8  # connections to the mail server at once


@dataclass(frozen=True)
class Handlers:
    """What the handlers act with. `sealing_key` is the private half: nobody else holds it."""

    sender: Sender
    blobs: Blobs
    consultations: Consultations
    sealing_key: str
    public_url: str

    async def digests(self, batch: Sequence[Delivery[Event]]) -> None:
        """One mail per recipient. All are tried; then the first failure is raised, and a retry sends only what is missing."""
        for delivery in batch:
            if isinstance(delivery.event, ReportPublished):
                await self._digest(delivery, delivery.event)

    async def receipts(self, batch: Sequence[Delivery[Event]]) -> None:
        """One mail per submission that came with an address."""
        limit = asyncio.Semaphore(PARALLEL)

        async def one(delivery: Delivery[Event], event: SubmissionReceived) -> None:
            async with limit:
                await self._receipt(delivery, event)

        wanted = [
            (d, d.event) for d in batch if isinstance(d.event, SubmissionReceived) and d.event.respondent.has_email
        ]
        _raise_first(await asyncio.gather(*(one(d, e) for d, e in wanted), return_exceptions=True))

    async def _digest(self, delivery: Delivery[Event], report: ReportPublished) -> None:
        consultation = self._consultation(report.consultation)
        files = {}
        for file in report.files:
            if file.name in digest.ATTACHED:
                try:
                    files[file.name] = await self.blobs.get(file.sha256)
                except KeyError as error:
                    raise Transient(f"{file.name} of {report.report_id} is not in the object store") from error
        results = await asyncio.gather(
            *(
                self.sender.send(
                    Notification(
                        notification_id=digest.notification_id(report.report_id, recipient.id),
                        kind="digest",
                        consultation=report.consultation,
                        recipient=recipient.id,
                        from_name=consultation.issuer.name,
                        compose=partial(digest.compose, report, consultation, recipient, files, self.public_url),
                    ),
                    attempt=delivery.attempt,
                    context=delivery.context,
                )
                for recipient in consultation.recipients
            ),
            return_exceptions=True,
        )
        _raise_first(results)

    async def _receipt(self, delivery: Delivery[Event], event: SubmissionReceived) -> None:
        consultation = self._consultation(event.consultation)
        identity = self._open(event)
        if not identity.email:
            raise Permanent("the sealed identity holds no address, though the event says so")
        await self.sender.send(
            Notification(
                notification_id=receipt.notification_id(event.submission_id),
                kind="receipt",
                consultation=event.consultation,
                recipient=event.submission_id,
                from_name=consultation.issuer.name,
                compose=partial(receipt.compose, event, identity, identity.email, consultation, self.public_url),
            ),
            attempt=delivery.attempt,
            context=delivery.context,
        )

    def _consultation(self, consultation_id: str) -> Consultation:
        consultation = self.consultations.get(consultation_id)
        if consultation is None:
            raise Transient(f"consultation {consultation_id} is not known (yet)")
        return consultation

    def _open(self, event: SubmissionReceived) -> receipt.Identity:
        """The identity, for this one mail. Errors say nothing of what is in it."""
        sealed = event.respondent.sealed_identity
        if sealed is None:
            raise Permanent("the event carries no sealed identity")
        try:
            b64decode(sealed, validate=True)
            return receipt.Identity.model_validate_json(open_sealed(self.sealing_key, sealed))
        except (CryptoError, ValidationError, ValueError):
            raise Permanent("the sealed identity does not open with this key") from None


def _raise_first(results: Sequence[BaseException | None]) -> None:
    """Raises a Transient before a Permanent: what may still succeed must be tried again before anything is given up."""
    failures = [r for r in results if isinstance(r, BaseException)]
    failures.sort(key=lambda failure: isinstance(failure, Permanent))
    if failures:
        raise failures[0]
