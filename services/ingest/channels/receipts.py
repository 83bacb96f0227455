"""The receipt as a page and as a signed file, made again from the same facts at every call."""

from typing import Any

from litestar import Response, get

from services.ingest.channels.lookup import canonical
from services.ingest.context import HttpRequest, Ingest, ingest
from services.ingest.pages import qr, render
from services.ingest.status import Status
from shared import tracking_code
from shared.consultation import Consultation
from shared.http import page as html_page
from shared.problem import Problem


@get("/c/{consultation_id:str}/giay-tiep-nhan/{code:str}")
async def page(request: HttpRequest, consultation_id: str, code: str) -> Response[str]:
    """The receipt as a page to print or photograph; made again from the same facts at every call."""
    service = ingest(request)
    found = service.consultation(consultation_id)
    status = await _status(service, found, code)
    shown = tracking_code.display(status.tracking_code)
    url = f"{service.settings.public_url.rstrip('/')}/tra-cuu/{shown}"
    html = render(
        "receipt.html",
        consultation=found,
        status=status,
        code=shown,
        url=url,
        qr=qr(url),
        support_phone=found.support_phone,
    )
    return html_page(html)


@get("/c/{consultation_id:str}/giay-tiep-nhan/{code:str}/giay-tiep-nhan.json")
async def file(request: HttpRequest, consultation_id: str, code: str) -> Response[dict[str, Any]]:
    """The signed receipt as a file."""
    service = ingest(request)
    status = await _status(service, service.consultation(consultation_id), code)
    signed = service.signer.make(
        consultation=status.consultation,
        tracking_code=status.tracking_code,
        received_at=status.received_at,
        text_sha256=status.text_sha256,
        window=status.window,
    )
    disposition = f'attachment; filename="giay-tiep-nhan-{status.tracking_code}.json"'
    return Response(signed.model_dump(mode="json"), headers={"Content-Disposition": disposition})


async def _status(service: Ingest, found: Consultation, code: str) -> Status:
    status = await service.status.find(canonical(code))
    if status is None or status.consultation != found.id:
        detail = "Không có giấy tiếp nhận nào mang mã này. Nếu vừa gửi ý kiến, xin tải lại trang sau ít giây."
        raise Problem(404, "unknown-tracking-code", "Không tìm thấy giấy tiếp nhận", detail)
    return status
