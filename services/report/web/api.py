"""The API of reports and the public reconciliation (contracts.md)."""

from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import Response, get, post
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

from services.report.web.ask import ask_for_report
from services.report.web.auth import api_guard
from services.report.web.listing import file_response, reports_of
from services.report.web.service import HttpRequest, service_of
from services.report.web.snapshot import standing
from shared.clock import format_instant
from shared.events import Reconciliation, ReportPublished

BASE = "/api/v1/consultations/{consultation:str}"


def _in_utc(at: datetime) -> datetime:
    """One instant, one report, in whichever zone it was written."""
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("Thời điểm nằm ngoài lịch.") from error


class ReportRequest(BaseModel):
    """`as_of` absent: now. `publish` tells the committee."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: Annotated[AwareDatetime, AfterValidator(_in_utc)] | None = None
    publish: bool = False


@get(f"{BASE}/reconciliation")
async def reconciliation(request: HttpRequest, consultation: str) -> dict[str, Any]:
    """Public: the line, whether it balances, and the stream's own count: all messages of received submissions, and the repeated."""
    service = service_of(request)
    now = await standing(service, service.consultation(consultation))
    return _line(now.line) | {
        "consultation": consultation,
        "stream_received": now.stream_received,
        "repeated": now.repeated,
        "lag": now.lag,
    }


@post(f"{BASE}/reports", guards=[api_guard], status_code=201)
async def make_report(request: HttpRequest, consultation: str, data: ReportRequest | None = None) -> dict[str, Any]:
    """Makes the files of a report; the same `as_of` is the same report. 409 while the figures do not reconcile."""
    service = service_of(request)
    wanted = data or ReportRequest()
    found = service.consultation(consultation)
    event = await ask_for_report(service, found, wanted.as_of)
    if wanted.publish:
        await service.builder.publish(event)
    return described(event)


@get(f"{BASE}/reports", guards=[api_guard])
async def list_reports(request: HttpRequest, consultation: str) -> list[dict[str, Any]]:
    """All reports, newest first."""
    service = service_of(request)
    service.consultation(consultation)
    return [described(x.report) | {"published": x.published} for x in await reports_of(service, consultation)]


@get(f"{BASE}/reports/{{report_id:str}}/{{file:str}}", guards=[api_guard])
async def download(request: HttpRequest, consultation: str, report_id: str, file: str) -> Response[bytes]:
    """A file of a report."""
    return await file_response(request, consultation, report_id, file)


def described(event: ReportPublished) -> dict[str, Any]:
    """A report as the API shows it."""
    base = f"/api/v1/consultations/{event.consultation}/reports/{event.report_id}"
    return {
        "report_id": event.report_id,
        "kind": event.kind,
        "period": event.period,
        "period_start": format_instant(event.period_start),
        "as_of": format_instant(event.as_of),
        "reconciliation": _line(event.reconciliation),
        "files": [file.model_dump() | {"url": f"{base}/{file.name}"} for file in event.files],
    }


def _line(line: Reconciliation) -> dict[str, Any]:
    return line.model_dump() | {"balanced": line.balanced, "line": line.line()}
