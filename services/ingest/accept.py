"""The one commit point: whatever the channel, a submission is ours when the stream has acknowledged it, not before.

Order: check -> reserve the key -> store attachments -> seal the identity -> publish -> PubAck -> receipt. Every step may be
repeated after a crash: reservations, blobs and `Nats-Msg-Id` make the second time harmless.
"""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog

from services.ingest import idempotency, respondent
from services.ingest.attachments import File
from services.ingest.faults import Fault, Faults
from services.ingest.idempotency import Reservation
from services.ingest.origin import Origin, check_channel
from services.ingest.receipt import Receipt, Signer
from services.ingest.settings import Secrets
from services.ingest.status import StatusReader
from services.ingest.submission import Submission
from shared import metrics, sealing, tracking_code
from shared.blobs import Blobs
from shared.clock import Clock
from shared.consultation import Consultation
from shared.events import Attachment, SubmissionReceived
from shared.publisher import Publisher
from shared.store.port import DocumentStore

_log = structlog.get_logger("ingest")
_CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True)
class Accepted:
    """The answer to the sender. `replayed`: an earlier request with the same key had already brought it."""

    receipt: Receipt
    replayed: bool


class Acceptor:
    """Accepts submissions of every channel."""

    def __init__(
        self,
        *,
        publisher: Publisher,
        blobs: Blobs,
        store: DocumentStore,
        status: StatusReader,
        signer: Signer,
        secrets: Secrets,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._publisher = publisher
        self._blobs = blobs
        self._store = store
        self._status = status
        self._signer = signer
        self._secrets = secrets
        self._clock = clock
        self._new_id = new_id

    async def accept(self, consultation: Consultation, submission: Submission, origin: Origin) -> Accepted:
        """Publishes and answers with the receipt.

        Raises Faults, NotAllowed, KeyReused when the sender must change something, Transient when bus or database is away;
        in every one of these cases nothing has been accepted.
        """
        check_channel(consultation, origin)
        facts = self._facts(consultation, submission, origin)
        key = origin.idempotency_key
        id_ = idempotency.submission_id(consultation.id, origin.channel, key) if key else self._new_id()
        code = tracking_code.make(self._secrets.tracking, id_)
        replayed = False
        if key:
            facts, new = await idempotency.reserve(self._store, code, facts)
            replayed = not new
        if not (replayed and await self._status.committed(code)):
            event = await self._event(id_, code, submission, facts, origin)
            await self._publisher.publish(event)
        metrics.ACCEPTED.labels(origin.channel).inc(0 if replayed else 1)
        _log.info(
            "submission.accepted",
            submission_id=id_,
            consultation=consultation.id,
            channel=origin.channel,
            replayed=replayed,
        )
        receipt = self._signer.make(
            consultation=consultation.id,
            tracking_code=code,
            received_at=facts.received_at,
            text_sha256=facts.text_sha256,
            window=facts.window,
        )
        return Accepted(receipt, replayed)

    def _facts(self, consultation: Consultation, submission: Submission, origin: Origin) -> Reservation:
        now = self._clock()
        declared = submission.submitted_at if origin.verified else None
        if declared and declared > now + _CLOCK_SKEW:
            raise Faults([Fault("submitted_at", "Thời điểm gửi không thể ở tương lai.")])
        return Reservation(
            consultation=consultation.id,
            channel=origin.channel,
            received_at=now,
            window=consultation.window.mark(declared or now),
            text_sha256=hashlib.sha256(submission.text.encode()).hexdigest(),
            body_mac=idempotency.body_mac(self._secrets.pepper, submission),
        )

    async def _event(
        self, id_: str, code: str, submission: Submission, facts: Reservation, origin: Origin
    ) -> SubmissionReceived:
        # Blobs first: an event must never name bytes that are not there. Bytes without an event harm nobody.
        stored = tuple(await asyncio.gather(*(self._store_file(file) for file in submission.files)))
        return SubmissionReceived(
            consultation=facts.consultation,
            submission_id=id_,
            channel=facts.channel,
            received_at=facts.received_at,
            submitted_at=submission.submitted_at,
            window=facts.window,
            channel_verified=origin.verified,
            text=submission.text,
            text_sha256=facts.text_sha256,
            section_ref=submission.section_ref,
            stance=submission.stance,
            respondent=respondent.for_event(
                submission.person,
                code,
                tuple(file.filename for file in submission.files),
                pepper=self._secrets.pepper,
                seal=partial(sealing.seal, self._secrets.sealing_public),
            ),
            attachments=stored,
        )

    async def _store_file(self, file: File) -> Attachment:
        return Attachment(sha256=await self._blobs.put(file.data), content_type=file.content_type, size=len(file.data))
