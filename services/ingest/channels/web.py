"""The e-form (phiếu góp ý): list of consultations, consultation page and form.

Server-rendered; no script, but for the proof of work that a crowded network is asked for.
"""

import secrets
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import ClientException
from litestar.response import Redirect

from services.ingest import draft_view, idempotency, refusals, submission
from services.ingest.abuse import proof, words
from services.ingest.abuse.gate import Gate
from services.ingest.abuse.middleware import gate_of
from services.ingest.attachments import BY_EXTENSION
from services.ingest.channels import form as forms
from services.ingest.channels.form import Filled
from services.ingest.context import HttpRequest, Ingest, ingest
from services.ingest.faults import Fault, Faults, KeyReused, Refused
from services.ingest.idempotency import RESERVATIONS
from services.ingest.origin import Origin
from services.ingest.pages import render
from services.ingest.windows import open_first, state
from shared import tracking_code
from shared.clock import utc_now
from shared.consultation import Consultation, Unit
from shared.edge import security_headers
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
    empty = Filled({"section_ref": request.query_params.get("muc", ""), "token": _token()})
    return await _form(service, found, empty, gate=gate_of(request))


@post("/c/{consultation_id:str}", status_code=303)
async def submit(request: HttpRequest, consultation_id: str) -> Response[Any]:
    """Accepts the form and leads to the receipt; a wrong form is shown again with everything that was typed."""
    service = ingest(request)
    found = service.consultation(consultation_id)
    filled = Filled({"token": _token()})
    gate = gate_of(request)
    try:
        filled = await _read(request)
        if gate and (held_back := await _held_back(service, found, filled, gate)):
            return held_back
        extra = [*forms.consent_faults(filled), *forms.decoy_faults(filled)]
        checked = submission.check(forms.to_request(filled), found, filled.files, extra)
        accepted = await service.acceptor.accept(found, checked, Origin(CHANNEL, idempotency_key=filled.get("token")))
    except KeyReused:
        # The same sheet with other words: what came first stays, a fresh token lets the new words be sent as a submission of their own.
        reason = await _reused(service, found, filled.get("token"))
        again = Filled({**filled.values, "token": _token()})
        return await _form(service, found, again, [Fault("gui", reason)], 409, gate)
    except Refused as error:
        return await _form(service, found, filled, forms.for_page(error.faults), refusals.problem(error).status, gate)
    except Transient as error:
        refused = refusals.unavailable(error)
        reason = (
            "Hệ thống tạm thời gián đoạn, ý kiến chưa được xác nhận tiếp nhận. Nội dung đã viết còn nguyên; "
            "xin bấm gửi lại sau ít giây. Gửi lại không làm ý kiến bị tính hai lần."
        )
        return await _form(service, found, filled, [Fault("gui", reason)], refused.status, gate)
    return Redirect(
        f"/c/{found.id}/giay-tiep-nhan/{tracking_code.display(accepted.receipt.tracking_code)}", status_code=303
    )


async def _held_back(service: Ingest, found: Consultation, filled: Filled, gate: Gate) -> Response[str] | None:
    """The page for a post that may not come in now; None when it may. A second click gets the first one's receipt all the same."""
    pressure = await gate.prove(service.secrets.challenge, filled.get(forms.PROOF), filled.get("token"))
    if pressure is None or await service.store.get(RESERVATIONS, _code(service, found, filled.get("token"))):
        return None  # this sheet came in before: sent again it changes nothing, and "not accepted" might be untrue
    words.count(pressure)
    reason = words.told_on_page(pressure, provable=gate.crowded is not None)
    return await _form(service, found, filled, [Fault("gui", reason)], pressure.status, gate)


async def _reused(service: Ingest, found: Consultation, token: str) -> str:
    """What is true of the earlier words of this sheet: that they are ours, or that nobody knows yet."""
    try:
        ours = await service.status.committed(_code(service, found, token))
    except Transient:
        ours = False
    if ours:
        return (
            "Phiếu này đã được tiếp nhận một lần với nội dung khác; nội dung đó vẫn được giữ nguyên. "
            "Nếu muốn gửi thêm nội dung dưới đây như một ý kiến mới, xin bấm gửi lần nữa."
        )
    return (
        "Nội dung dưới đây chưa được tiếp nhận. Một lần gửi trước từ phiếu này có nội dung khác và hệ thống chưa xác nhận "
        "đã tiếp nhận lần gửi đó. Xin bấm gửi lần nữa để gửi nội dung dưới đây như một ý kiến mới."
    )


def _code(service: Ingest, found: Consultation, token: str) -> str:
    return tracking_code.make(service.secrets.tracking, idempotency.submission_id(found.id, CHANNEL, token))


async def _read(request: HttpRequest) -> Filled:
    try:
        return await forms.read(await request.form())
    except (UnicodeDecodeError, ClientException) as error:
        if isinstance(error, ClientException) and error.status_code == 413:
            raise
        raise Faults([Fault("text", "Biểu mẫu gửi lên không đọc được; xin mở lại trang và gửi lại.")]) from error


async def _form(
    service: Ingest,
    found: Consultation,
    filled: Filled,
    errors: list[Fault] | None = None,
    status: int = 200,
    gate: Gate | None = None,
) -> Response[str]:
    errors = [*errors, *forms.choose_again(filled, errors)] if errors else []
    # A form that comes back with errors does without the drafts: shorter, and it needs no bus.
    drafts = (
        []
        if errors
        else [draft_view.view(draft, await service.consultations.draft_text(draft.current)) for draft in found.drafts]
    )
    channel = found.channel(CHANNEL)
    now = utc_now()
    filled = filled if filled.get("token") else Filled({**filled.values, "token": _token()})
    pressure, crowded = (gate.pressure, gate.crowded) if gate else (None, None)
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
        decoy=forms.DECOY,
        open_here=bool(channel and channel.enabled and channel.self_service),
        filled=filled,
        challenge=proof.challenge(service.secrets.challenge, filled.get("token"), now.timestamp()) if crowded else None,
        pause=words.wait(crowded.retry_after_s) if crowded else "",
        errors=errors,
        support_phone=found.support_phone,
    )
    headers = {}
    if status in {429, 503}:
        headers["Retry-After"] = str(pressure.retry_after_s if pressure else RETRY_AFTER_S)
    if crowded:  # the one page with a script, and only while it has something to compute
        headers["Content-Security-Policy"] = security_headers(scripts=True)["content-security-policy"]
    return page(html, status, headers)


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
