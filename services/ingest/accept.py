"""The one commit point: whatever the channel, a submission is ours when the stream has acknowledged it, not before.

Order: check -> read the files -> reserve the key -> store them -> seal the identity -> publish -> PubAck -> receipt. Every step may be
repeated after a crash: reservations, blobs and `Nats-Msg-Id` make the second time harmless.
"""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import structlog

from services.ingest import idempotency, respondent
from services.ingest.attachments import File
from services.ingest.faults import Fault, Faults
from services.ingest.idempotency import Reservation
from services.ingest.origin import Origin, check_channel
from services.ingest.reading.assemble import Assembled, assemble
from services.ingest.reading.reader import Reader
from services.ingest.receipt import Receipt, Signer
from services.ingest.settings import Secrets
from services.ingest.status import StatusReader
from services.ingest.submission import MAX_TEXT, Submission
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
    """The answer to the sender. `replayed`: an earlier request came with the same key; `repeated`: and the stream had it already."""

    receipt: Receipt
    replayed: bool
    repeated: bool = False


class Acceptor:
    """Accepts submissions of every channel."""

    def __init__(
        self,
        *,
        publisher: Publisher,
        blobs: Blobs,
        store: DocumentStore,
        reader: Reader,
        status: StatusReader,
        signer: Signer,
        secrets: Secrets,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._publisher = publisher
        self._blobs = blobs
        self._store = store
        self._reader = reader
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
        whole = assemble(submission.text, await self._reader.read(submission.files, origin.channel), limit=MAX_TEXT)
        facts = self._facts(consultation, submission, whole.text, origin)
        key = origin.idempotency_key
        id_ = idempotency.submission_id(consultation.id, origin.channel, key) if key else self._new_id()
        code = tracking_code.make(self._secrets.tracking, id_)
        replayed = False
        if key:
            facts, new = await idempotency.reserve(self._store, code, facts)
            replayed = not new
        repeated = replayed and await self._status.committed(code)
        if not repeated:
            event = await self._event(id_, code, submission, whole, facts, origin)
            repeated = (await self._publisher.publish(event)).duplicate
            if (
                not repeated
            ):  # what the stream holds now; a first try, which got no further, may have read its files differently
                facts = replace(facts, text_sha256=event.text_sha256)
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
        return Accepted(receipt, replayed, repeated and replayed)

    def _facts(self, consultation: Consultation, submission: Submission, text: str, origin: Origin) -> Reservation:
        now = self._clock()
        declared = submission.submitted_at if origin.verified else None
        if declared and declared > now + _CLOCK_SKEW:
            raise Faults([Fault("submitted_at", "Thời điểm gửi không thể ở tương lai.")])
        return Reservation(
            consultation=consultation.id,
            channel=origin.channel,
            received_at=now,
            window=consultation.window.mark(declared or now),
            text_sha256=hashlib.sha256(text.encode()).hexdigest(),
            body_mac=idempotency.body_mac(self._secrets.pepper, submission, origin.fingerprint),
        )

    async def _event(
        self, id_: str, code: str, submission: Submission, whole: Assembled, facts: Reservation, origin: Origin
    ) -> SubmissionReceived:
        # Blobs first: an event must never name bytes that are not there. Bytes without an event harm nobody.
        files = zip(whole.files, whole.spans, strict=True)
        stored = tuple(await asyncio.gather(*(self._store_file(file, span) for file, span in files)))
        return SubmissionReceived(
            consultation=facts.consultation,
            submission_id=id_,
            channel=facts.channel,
            received_at=facts.received_at,
            submitted_at=submission.submitted_at,
            window=facts.window,
            channel_verified=origin.verified,
            text=whole.text,
            text_sha256=hashlib.sha256(whole.text.encode()).hexdigest(),
            draft_id=submission.draft_id,
            section_ref=submission.section_ref,
            stance=submission.stance,
            automatic=submission.automatic,
            respondent=respondent.for_event(
                submission.person,
                code,
                tuple(file.filename for file in whole.files),  # those found in a zip too
                pepper=self._secrets.pepper,
                seal=partial(sealing.seal, self._secrets.sealing_public),
            ),
            attachments=stored,
        )

    async def _store_file(self, file: File, span: tuple[int, int] | None) -> Attachment:
        data = sealing.seal(self._secrets.sealing_public, file.data).encode() if file.sealed else file.data
        return Attachment(
            sha256=await self._blobs.put(data),
            content_type=file.content_type,
            size=len(file.data),
            role=file.role,
            sealed=file.sealed,
            reading=file.reading,
            span=span,
        )
