"""The dashboard of a consultation and the list of consultations."""

import asyncio
from datetime import timedelta
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from services.report.figures.labels import STANCES
from services.report.model import Day
from services.report.pages.render import render
from services.report.pages.view import count_rows, period_now, stance_totals, states, topic_rows
from services.report.web.ask import ask_for_report
from services.report.web.auth import page_guard
from services.report.web.listing import file_response, reports_of
from services.report.web.service import HttpRequest, service_of
from services.report.web.snapshot import dashboard as look
from services.report.web.snapshot import standing
from shared.consultation import Consultation
from shared.login import Form, check_form_token

# The drawing carries its own styles; the page's policy does not reach into an image.
CHART_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
_drawing = asyncio.Lock()  # the drawing library has global settings
_drawn: dict[tuple[Day, ...], str] = {}


@get("/bao-cao", guards=[page_guard])
async def consultations(request: HttpRequest) -> Response[str]:
    """All consultations with their line."""
    service = service_of(request)
    known = service.bus.consultations.all()
    rows = [(consultation, await standing(service, consultation)) for consultation in known]
    return render(request, "list.html", rows=rows, now=service.clock())


@get("/bao-cao/{consultation:str}", guards=[page_guard])
async def dashboard(request: HttpRequest, consultation: str) -> Response[str]:
    """Counts of this moment, the backlog, the calendar and the reports.

    `?theo-doi=1` loads itself anew; only on demand, for a page that moves by itself disturbs those who read it aloud (WCAG 2.2.1).
    """
    service = service_of(request)
    found = service.consultation(consultation)
    labels, figures, standing, backlog = await look(service, found)
    now = service.clock()
    period = period_now(found, now)
    return render(
        request,
        "dashboard.html",
        consultation=found,
        now=now,
        following=request.query_params.get("theo-doi") == "1",
        figures=figures,
        backlog=backlog,
        states=states(figures.line),
        standing=standing,
        stances=stance_totals(figures),
        stance_labels=tuple(STANCES.values()),
        topics=topic_rows(figures.topics, labels),
        tables=(
            ("Kênh tiếp nhận", count_rows(figures.channels, labels.channels)),
            ("Đơn vị", count_rows(figures.units, labels.units)),
            ("Địa bàn", count_rows(figures.localities, labels.localities)),
        ),
        period=period,
        due=period.end + _due_after(found) if period.end else None,
        window=found.window.mark(now).value,
        reports=await reports_of(service, consultation),
    )


def _draw(days: tuple[Day, ...]) -> str:
    """In a thread; matplotlib, which takes a second to load, is loaded by the first drawing and not by the service's start."""
    from services.report.documents.chart import trend_svg

    return trend_svg(days, font=FONT)


@get("/bao-cao/{consultation:str}/dien-bien.svg", guards=[page_guard])
async def trend(request: HttpRequest, consultation: str) -> Response[str]:
    """The trend chart as an image."""
    service = service_of(request)
    _, figures, _, _ = await look(service, service.consultation(consultation))
    async with _drawing:
        if figures.days not in _drawn:
            _drawn.clear()
            _drawn[figures.days] = await asyncio.to_thread(_draw, figures.days)
    svg = _drawn[figures.days]
    return Response(svg, media_type="image/svg+xml", headers={"content-security-policy": CHART_POLICY})


@get("/bao-cao/{consultation:str}/tai-lieu/{report_id:str}/{file:str}", guards=[page_guard])
async def download(request: HttpRequest, consultation: str, report_id: str, file: str) -> Response[bytes]:
    """A file of a report."""
    return await file_response(request, consultation, report_id, file)


@post("/bao-cao/{consultation:str}/lap-bao-cao", guards=[page_guard], status_code=303)
async def make(request: HttpRequest, consultation: str, data: Form) -> Response[Any]:
    """Makes a report as of now, for reading: the committee is not told."""
    check_form_token(request, data.get("_form", ""))
    service = service_of(request)
    await ask_for_report(service, service.consultation(consultation), None)
    return Redirect(f"/bao-cao/{consultation}#bao-cao", status_code=303)


def _due_after(consultation: Consultation) -> timedelta:
    calendar = consultation.report
    return timedelta(
        minutes=(calendar.due.hour - calendar.cut_off.hour) * 60 + calendar.due.minute - calendar.cut_off.minute
    )
