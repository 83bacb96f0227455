"""The e-form (phiếu góp ý): list of consultations, consultation page and form. Server-rendered, no script at all."""

import secrets
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import ClientException
from litestar.response import Redirect

from services.ingest import draft_view, refusals, submission
from services.ingest.attachments import BY_EXTENSION
from services.ingest.channels import form as forms
from services.ingest.channels.form import Filled
from services.ingest.context import HttpRequest, Ingest, ingest
from services.ingest.faults import Fault, Faults, KeyReused, Refused
from services.ingest.origin import Origin
from services.ingest.pages import render
from services.ingest.windows import open_first, state
from shared import tracking_code
from shared.clock import utc_now
from shared.consultation import Consultation, Unit
from shared.errors import Transient
from shared.events import Stance
from shared.http import page
from shared.problem import RETRY_AFTER_S

CHANNEL = "web"
STANCES = (
    (Stance.AGREE.value, "Tán thành"),
    (Stance.PARTLY_AGREE.value, "Đồng ý một phần"),
    (Stance.DISAGREE.value, "Không tán thành"),
    ("", "Góp ý cụ thể, không chọn mức độ tán thành"),
)


@get("/")
async def index(request: HttpRequest) -> Response[str]:
    """All consultations, open ones first."""
    now = utc_now()
    rows = [(c, state(c, now)) for c in open_first(ingest(request).consultations.all(), now)]
    return page(render("list.html", rows=rows))


@get("/c/{consultation_id:str}")
async def consultation(request: HttpRequest, consultation_id: str) -> Response[str]:
    """Introduction, draft, guide and the empty form; `?muc=VII.3` has that section chosen."""
    service = ingest(request)
    found = service.consultation(consultation_id)
    return await _form(service, found, Filled({"section_ref": request.query_params.get("muc", ""), "token": _token()}))


@post("/c/{consultation_id:str}", status_code=303)
async def submit(request: HttpRequest, consultation_id: str) -> Response[Any]:
    """Accepts the form and leads to the receipt; a wrong form is shown again with everything that was typed."""
    service = ingest(request)
    found = service.consultation(consultation_id)
    filled = Filled({"token": _token()})
    try:
        filled = await _read(request)
        checked = submission.check(forms.to_request(filled), found, filled.files, forms.consent_faults(filled))
        accepted = await service.acceptor.accept(found, checked, Origin(CHANNEL, idempotency_key=filled.get("token")))
    except KeyReused:
        # The same sheet with other words: what came first stays, a fresh token lets the new words be sent as a submission of their own.
        reason = (
            "Phiếu này đã được gửi một lần với nội dung khác. Nếu muốn gửi thêm nội dung dưới đây, xin bấm gửi lần nữa."
        )
        again = Filled({**filled.values, "token": _token()})
        return await _form(service, found, again, [Fault("text", reason)], status=409)
    except Refused as error:
        return await _form(service, found, filled, forms.for_page(error.faults), status=refusals.problem(error).status)
    except Transient as error:
        refused = refusals.unavailable(error)
        reason = "Hệ thống tạm thời gián đoạn, ý kiến chưa được tiếp nhận. Nội dung đã viết còn nguyên; xin bấm gửi lại sau ít giây."
        return await _form(service, found, filled, [Fault("gui", reason)], status=refused.status)
    return Redirect(
        f"/c/{found.id}/giay-tiep-nhan/{tracking_code.display(accepted.receipt.tracking_code)}", status_code=303
    )


async def _read(request: HttpRequest) -> Filled:
    try:
        return await forms.read(await request.form())
    except (UnicodeDecodeError, ClientException) as error:
        if isinstance(error, ClientException) and error.status_code == 413:
            raise
        raise Faults([Fault("text", "Biểu mẫu gửi lên không đọc được; xin mở lại trang và gửi lại.")]) from error


async def _form(
    service: Ingest, found: Consultation, filled: Filled, errors: list[Fault] | None = None, status: int = 200
) -> Response[str]:
    # A form that comes back with errors does without the drafts: shorter, and it needs no bus.
    drafts = (
        []
        if errors
        else [draft_view.view(draft, await service.consultations.draft_text(draft.current)) for draft in found.drafts]
    )
    channel = found.channel(CHANNEL)
    now = utc_now()
    html = render(
        "consultation.html",
        consultation=found,
        state=state(found, now),
        drafts=drafts,
        sections=_sections(found),
        groups=[(one.code, one.name) for one in found.respondent_groups],
        localities=[(one.code, one.name) for one in found.localities],
        unit_options=[(unit.id, unit.name) for unit in found.units if _current(unit, now.date())],
        accept=",".join(BY_EXTENSION),
        stances=STANCES,
        open_here=bool(channel and channel.enabled and channel.self_service),
        filled=filled if filled.get("token") else Filled({**filled.values, "token": _token()}),
        errors=errors or [],
        support_phone=found.support_phone,
    )
    return page(html, status, {"Retry-After": str(RETRY_AFTER_S)} if status == 503 else {})


def _sections(found: Consultation) -> list[tuple[str, str]]:
    """Every section as (value, text); named with its draft where there are several."""
    several = len(found.drafts) > 1
    return [
        (
            f"{draft.id}:{section.ref}" if several else section.ref,
            f"{section.shown}. {section.title}" + (f" ({draft.title})" if several else ""),
        )
        for draft in found.drafts
        for section in draft.current.sections
    ]


def _current(unit: Unit, day: Any) -> bool:
    return (unit.valid_from is None or unit.valid_from <= day) and (unit.valid_to is None or day <= unit.valid_to)


def _token() -> str:
    return secrets.token_hex(16)
