"""The JSON API (contracts.md): portals, partner programs and the bulk command send through it."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post

from services.ingest import decode, idempotency, operator_token, refusals, submission
from services.ingest.accept import Accepted
from services.ingest.context import HttpRequest, Ingest, ingest
from services.ingest.faults import Fault, Refused
from services.ingest.origin import Origin
from services.ingest.status import Status
from services.ingest.windows import state
from shared import tracking_code
from shared.clock import format_instant, utc_now
from shared.consultation import Consultation
from shared.errors import Transient
from shared.problem import FieldError, Problem

DEFAULT_CHANNEL = "api"


@post("/api/v1/consultations/{consultation_id:str}/submissions", status_code=202)
async def submit(request: HttpRequest, consultation_id: str) -> Response[dict[str, Any]]:
    """Accepts one submission: 202 with the receipt, only after the stream has it."""
    service = ingest(request)
    consultation = service.consultation(consultation_id)
    verified = operator_token.presented(request)
    body = await request.body()
    key = request.headers.get("Idempotency-Key")
    try:
        origin = Origin(
            channel=request.headers.get("X-Ykien-Channel", DEFAULT_CHANNEL),
            verified=verified,
            idempotency_key=idempotency.check_key(key) if key is not None else None,
        )
        checked = submission.check(submission.read(decode.json_object(body)), consultation)
        accepted = await service.acceptor.accept(consultation, checked, origin)
    except Refused as error:
        raise refusals.problem(error) from error
    except Transient as error:
        raise refusals.unavailable(error) from error
    return answer(accepted, checked.notes)


def answer(accepted: Accepted, notes: Sequence[Fault]) -> Response[dict[str, Any]]:
    """The 202 to a program: tracking code, time, receipt."""
    receipt = accepted.receipt
    headers = {"Location": f"/api/v1/submissions/{receipt.tracking_code}", "Cache-Control": "no-store"}
    if accepted.replayed:
        headers["Idempotency-Replayed"] = "true"
    content: dict[str, Any] = {
        "tracking_code": receipt.tracking_code,
        "received_at": receipt.received_at,
        "receipt": receipt.model_dump(mode="json"),
    }
    if notes:
        content["notes"] = [{"field": note.field, "reason": note.reason} for note in notes]
    return Response(content, status_code=202, headers=headers)


@get("/api/v1/submissions/{code:str}")
async def status(request: HttpRequest, code: str) -> Response[dict[str, Any]]:
    """What has become of a submission. 404 for a code nobody was given, 422 for what is no code."""
    try:
        canonical = tracking_code.parse(code)
    except ValueError as error:
        raise Problem(
            422, "wrong-tracking-code", "Mã tra cứu chưa đúng", str(error), [FieldError("tracking_code", str(error))]
        ) from error
    found = await ingest(request).status.find(canonical)
    if found is None:
        reason = "Không tìm thấy lượt góp ý nào có mã này; ý kiến vừa gửi có thể cần thêm ít giây."
        raise Problem(
            404, "unknown-tracking-code", "Không tìm thấy lượt góp ý", reason, [FieldError("tracking_code", reason)]
        )
    return Response(_status(found), headers={"Cache-Control": "no-store"})


def _status(found: Status) -> dict[str, Any]:
    answer = found.model_dump(
        mode="json",
        include={
            "tracking_code",
            "status",
            "channel",
            "opinions",
            "consultation",
            "window",
            "outcome",
            "unread_files",
        },
    )
    return answer | {"received_at": format_instant(found.received_at)}


@get("/api/v1/consultations")
async def consultations(request: HttpRequest) -> dict[str, Any]:
    """Every consultation there is, with its window and whether it is open now."""
    return {"consultations": [_brief(c) for c in ingest(request).consultations.all()]}


@get("/api/v1/consultations/{consultation_id:str}")
async def consultation(request: HttpRequest, consultation_id: str) -> dict[str, Any]:
    """The public definition: everything but the committee's recipients."""
    found = ingest(request).consultation(consultation_id)
    return found.model_dump(mode="json", exclude={"recipients"}) | {"state": state(found, utc_now())}


@get("/api/v1/receipt-key")
async def receipt_key(request: HttpRequest) -> dict[str, str]:
    """The public key that receipts are checked with."""
    service: Ingest = ingest(request)
    return {"key_id": service.signer.key_id, "algorithm": "Ed25519", "public_key": service.signer.public_key}


def _brief(one: Consultation) -> dict[str, Any]:
    fields = {"id", "title", "short_title", "window"}
    return one.model_dump(mode="json", include=fields) | {"state": state(one, utc_now())}
