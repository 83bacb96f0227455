"""`POST /channels/partner/{partner}` and its batch (contracts.md): programs of bodies we know send what citizens gave them."""

import hashlib
from typing import Any

from litestar import Response, post

from services.ingest import decode, idempotency, refusals
from services.ingest.abuse.shared_limits import SharedLimits
from services.ingest.channels import api
from services.ingest.channels.partner import batch as batches
from services.ingest.channels.partner import proof, quota
from services.ingest.channels.partner.intake import take_in
from services.ingest.channels.partner.proof import Sent, Signed
from services.ingest.channels.partner.registry import Partners
from services.ingest.channels.partner.request import PartnerRequest, read
from services.ingest.context import HttpRequest, Ingest, ingest
from services.ingest.faults import Refused
from shared import metrics
from shared.clock import utc_now
from shared.errors import Transient
from shared.partners import Partner
from shared.problem import FieldError, Problem, of_status

NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines")


@post("/channels/partner/{partner:str}", status_code=202)
async def submit(request: HttpRequest, partner: str) -> Response[dict[str, Any]]:
    """Accepts one submission: 202 with the receipt, only after the stream has it."""
    service = ingest(request)
    try:
        shown, known = await _authenticate(request, service, partner)
        kind, key = _key(request, shown)
        granted, wait_s = await quota.grant(service.part(SharedLimits), known, 1)
        if not granted:
            raise quota.over(wait_s)
        body = read(decode.json_object(await request.body()), PartnerRequest)
        accepted, notes = await take_in(service, known, body, kind, key)
    except Refused as error:
        raise refusals.problem(error) from error
    except Transient as error:
        raise refusals.unavailable(error) from error
    return api.answer(accepted, notes)


@post("/channels/partner/{partner:str}/batch", status_code=200)
async def batch(request: HttpRequest, partner: str) -> Response[dict[str, Any]]:
    """Accepts up to 1,000 submissions, each line for itself; 503 for the whole only when none was accepted."""
    service = ingest(request)
    _check_type(request)
    try:
        _, known = await _authenticate(request, service, partner)
        lines = batches.split(await request.body())
        if not lines:
            reason = "Chưa có dòng nào; mỗi dòng là một đối tượng JSON."
            raise Problem(422, "empty-batch", "Lô gửi trống", reason, [FieldError("(body)", reason)])
        granted, wait_s = await quota.grant(service.part(SharedLimits), known, len(lines))
        if not granted:
            raise quota.over(wait_s)
        results = await batches.run(service, known, lines, granted)
    except Refused as error:
        raise refusals.problem(error) from error
    except Transient as error:
        raise refusals.unavailable(error) from error
    statuses = [result["status"] for result in results]
    if 503 in statuses and 202 not in statuses:
        raise refusals.unavailable(Transient("no line could be accepted"))
    headers = {"Cache-Control": "no-store"}
    if wait_s and len(lines) > granted:
        headers["Retry-After"] = str(wait_s)
    accepted = statuses.count(202)
    return Response({"results": results, "accepted": accepted, "refused": len(results) - accepted}, headers=headers)


async def _authenticate(request: HttpRequest, service: Ingest, id_: str) -> tuple[proof.ApiKey | Signed, Partner]:
    """Who sends. The body is read only for whoever shows credentials of the right form. Raises Problem 401, Transient."""
    partners = service.part(Partners)
    if partners is None:
        raise of_status(404)
    now = utc_now()
    try:
        shown = proof.credentials(request.headers, now)
        found = await partners.find(id_, shown.key_id)
        body = await request.body() if isinstance(shown, Signed) else b""
        sent = Sent(request.method, request.scope["path"], body, request.headers.get("Idempotency-Key"))
        return shown, proof.prove(shown, found, id_, sent, now, service.secrets.partner)
    except Problem as problem:
        metrics.REFUSED.labels(problem.type.rsplit("/", 1)[-1]).inc()
        raise


def _key(request: HttpRequest, shown: proof.ApiKey | Signed) -> tuple[str, str | None]:
    """The sender's own key; for a signed request without one the signature: the same request again is the same submission."""
    given = request.headers.get("Idempotency-Key")
    if given is not None:
        return "key", idempotency.check_key(given)
    if isinstance(shown, Signed):
        return "signature", hashlib.sha256(shown.signature.encode()).hexdigest()
    return "key", None


def _check_type(request: HttpRequest) -> None:
    declared = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if declared and declared not in NDJSON:
        reason = "Lô gửi phải là NDJSON (Content-Type: application/x-ndjson), mỗi dòng một đối tượng JSON."
        raise Problem(415, "not-ndjson", "Định dạng chưa được hỗ trợ", reason, [FieldError("Content-Type", reason)])
