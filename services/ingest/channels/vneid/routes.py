"""`POST /channels/vneid` and `/channels/vneid/aggregates`.

A replay is refused (409), yet its answer carries what the first one did: a sender whose line broke after the stream had the
message must not be left without the receipt, and gives nothing away to a stranger, who could not have signed the message.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar import Response, post

from services.ingest.channels.vneid import counts, http, payload
from services.ingest.channels.vneid.batches import Revision, Scope, hold, published
from services.ingest.channels.vneid.key_source import KeySource
from services.ingest.channels.vneid.refusal import NotPermitted
from services.ingest.channels.vneid.settings import VneidSettings
from services.ingest.channels.vneid.verify import Trusted, verify
from services.ingest.context import HttpRequest, Ingest, ingest
from services.ingest.faults import Fault, Refused
from services.ingest.origin import Origin
from shared import metrics
from shared.clock import Clock, format_instant, utc_now
from shared.consultation import Consultation
from shared.errors import Transient
from shared.events import AggregateReceived
from shared.problem import Problem

_REPLAYED = (
    "Bản tin này đã được tiếp nhận trước đó và không được tính thêm lần nào; thông tin tiếp nhận lần đầu kèm theo đây."
)


@dataclass(frozen=True)
class Vneid:
    """The channel as it runs here."""

    settings: VneidSettings
    sources: Mapping[str, KeySource]  # by the issuer's id
    clock: Clock = field(default=utc_now)


@post("/channels/vneid", status_code=202, request_max_body_size=http.MAX_BODY)
async def submit(request: HttpRequest) -> Response[dict[str, Any]]:
    """One signed submission: 202 with the receipt, only after the stream has it."""
    service = ingest(request)
    here = _part(service)
    try:
        trusted = await verify(await http.envelope(request), here.settings, here.sources, here.clock())
        content = payload.mapped(trusted, payload.Said.model_fields)
        said = payload.read(content.fields, trusted.issuer)
        consultation = _consultation(service, trusted, said.consultation_id)
        checked = payload.submit(said, trusted, consultation)
        origin = Origin(
            channel=trusted.issuer.channel,
            verified=True,
            idempotency_key=idempotency_key(trusted),
            fingerprint=content.fingerprint,
        )
        accepted = await service.acceptor.accept(consultation, checked, origin)
    except (Refused, Transient, Problem) as error:
        raise http.problem(error) from error
    receipt = accepted.receipt
    body: dict[str, Any] = {
        "tracking_code": receipt.tracking_code,
        "received_at": receipt.received_at,
        "receipt": receipt.model_dump(mode="json"),
    }
    headers = {"Location": f"/api/v1/submissions/{receipt.tracking_code}"}
    return _answer(body, checked.notes, headers, replayed=accepted.repeated)


@post("/channels/vneid/aggregates", status_code=202, request_max_body_size=http.MAX_BODY)
async def aggregate(request: HttpRequest) -> Response[dict[str, Any]]:
    """Counts made by the issuer: 202 only after the stream has them, the signed message itself kept as evidence."""
    service = ingest(request)
    here = _part(service)
    try:
        envelope = await http.envelope(request)
        trusted = await verify(envelope, here.settings, here.sources, here.clock())
        issuer = trusted.issuer
        content = payload.mapped(trusted, counts.Batch.model_fields)
        batch = counts.read(content.fields, issuer)
        consultation = _consultation(service, trusted, batch.consultation_id)
        channel = counts.channel_of(issuer, consultation)
        now = here.clock()
        rows, notes = counts.rows(batch, consultation, issuer, now)
        drafts = {row.draft_id for row in rows}
        scope = Scope(issuer.id, consultation.id, channel.id)
        wanted = Revision(
            batch_id=batch.batch_id,
            revision=batch.revision,
            period_start=batch.period_start,
            period_end=batch.period_end,
            drafts=None if None in drafts else tuple(sorted(filter(None, drafts))),
            fingerprint=payload.fingerprint(content.fields),
            evidence_sha256=await service.bus.blobs.put(envelope.token),
            received_at=now,
        )
        held = await hold(service.store, scope, wanted)
        repeated = held.published
        if not repeated:
            event = AggregateReceived(
                consultation=consultation.id,
                issuer=issuer.id,
                batch_id=held.batch_id,
                revision=held.revision,
                channel=channel.id,
                counted_by=channel.counted_by or "",
                period_start=held.period_start,
                period_end=held.period_end,
                received_at=held.received_at,
                counts=rows,
                evidence_sha256=held.evidence_sha256,
            )
            repeated = (await service.bus.publisher.publish(event)).duplicate
            await published(service.store, scope, held)
    except (Refused, Transient, Problem) as error:
        raise http.problem(error) from error
    body: dict[str, Any] = {
        "consultation": consultation.id,
        "channel": channel.id,
        "batch_id": held.batch_id,
        "revision": held.revision,
        "received_at": format_instant(held.received_at),
        "submissions": sum(row.submissions for row in rows),
        "evidence_sha256": held.evidence_sha256,
    }
    return _answer(body, notes, {}, replayed=repeated)


def idempotency_key(trusted: Trusted) -> str:
    """Of one message of one issuer; hashed, for `jti` may hold signs that a key may not."""
    return hashlib.sha256(json.dumps([trusted.issuer.issuer, trusted.jti]).encode()).hexdigest()


def _part(service: Ingest) -> Vneid:
    here = service.part(Vneid)
    if here is None:
        raise Problem(
            404, "channel-off", "Kênh này chưa mở", "Hệ thống này chưa cấu hình kênh tiếp nhận bản tin ký số."
        )
    return here


def _consultation(service: Ingest, trusted: Trusted, id_: str) -> Consultation:
    """Raises NotPermitted, Problem 404."""
    allowed = trusted.issuer.consultations
    if allowed is not None and id_ not in allowed:
        name = trusted.issuer.theirs("consultation_id")
        raise NotPermitted(name, "Bên phát hành không được gửi ý kiến cho đợt lấy ý kiến này.")
    return service.consultation(id_)


def _answer(
    body: dict[str, Any], notes: tuple[Fault, ...], headers: dict[str, str], *, replayed: bool
) -> Response[dict[str, Any]]:
    headers = headers | {"Cache-Control": "no-store"}
    if notes:
        body["notes"] = [{"field": note.field, "reason": note.reason} for note in notes]
    if not replayed:
        return Response(body, status_code=202, headers=headers)
    metrics.REFUSED.labels("replayed").inc()
    problem = Problem(409, "replayed", "Bản tin ký đã được tiếp nhận trước đó", _REPLAYED)
    return Response(
        problem.as_json() | body,
        status_code=409,
        media_type="application/problem+json",
        headers=headers | {"Idempotency-Replayed": "true"},
    )
