"""The pages of readers: what waits, and one opinion with the form to answer it. They work without scripts."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, quote

from litestar import Response, get, post
from litestar.response import Redirect

from services.classify.review.answer import Answer
from services.classify.review.desk import Desk, Sheet
from services.classify.review.pick import Filter
from services.classify.review.submit import submit
from services.classify.review.text import sentences_of
from services.classify.review.web.auth import HttpRequest, desk_of, page_guard, reader
from services.classify.review.web.form import FormFaults, answer_of
from services.classify.review.web.render import render
from services.classify.review.web.sheet import SheetView, sheet_view
from shared.consultation import Consultation
from shared.login import check_form_token
from shared.problem import FieldError, Problem, of_status

_FORM_BYTES = 100_000
SAVED = {"luu": "Đã ghi nhận kết quả thẩm định.", "de-sau": "Đã để ý kiến lại sau."}


@get("/tham-dinh", guards=[page_guard])
async def consultations(request: HttpRequest) -> Response[str]:
    """All consultations and how much waits in each."""
    desk = desk_of(request)
    rows = [(found, await desk.sizes(found.id)) for found in desk.bus.consultations.all()]
    return render(request, "consultations.html", rows=rows)


@get("/tham-dinh/{consultation:str}", guards=[page_guard])
async def overview(request: HttpRequest, consultation: str) -> Response[str]:
    """What waits for which reason, and what this reader did today."""
    return await _overview(request, desk_of(request).consultation(consultation))


@get("/tham-dinh/{consultation:str}/tiep", guards=[page_guard])
async def take(request: HttpRequest, consultation: str, nhom: Filter | None = None, xong: str = "") -> Response[Any]:
    """Takes the next item and goes there; back to the overview when nothing is left. `nhom`: only that reason."""
    desk = desk_of(request)
    desk.consultation(consultation)
    sheet = await desk.next(consultation, reader(request), nhom)
    query = "&".join(f"{name}={quote(value)}" for name, value in (("nhom", nhom), ("xong", xong)) if value)
    if sheet is None:
        return Redirect(f"/tham-dinh/{consultation}?het=1{'&' + query if query else ''}", status_code=303)
    return Redirect(f"{_address(sheet)}{'?' + query if query else ''}", status_code=303)


@get("/tham-dinh/{consultation:str}/y-kien/{item:str}", guards=[page_guard])
async def show(
    request: HttpRequest, consultation: str, item: str, nhom: Filter | None = None, xong: str = ""
) -> Response[str]:
    """One opinion in its text, with the form."""
    desk = desk_of(request)
    found = desk.consultation(consultation)
    sheet = await desk.open(consultation, item, reader(request))
    if sheet is None:
        return render(request, "gone.html", 409, consultation=found, nhom=nhom)
    return await _page(request, found, sheet, nhom, notice=SAVED.get(xong, ""))


@post("/tham-dinh/{consultation:str}/y-kien/{item:str}", guards=[page_guard], status_code=303)
async def answer(request: HttpRequest, consultation: str, item: str) -> Response[Any]:
    """Takes the form: confirm what the machine said, put off, or an own answer; then the next item."""
    body = await request.body()
    if len(body) > _FORM_BYTES:
        raise of_status(413)
    form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    check_form_token(request, form.get("_form", [""])[0])
    desk, account = desk_of(request), reader(request)
    found = desk.consultation(consultation)
    action, kind = form.get("action", [""])[0], form.get("nhom", [""])[0]
    next_page = (
        f"/tham-dinh/{consultation}/tiep?nhom={quote(kind)}&xong=" if kind else f"/tham-dinh/{consultation}/tiep?xong="
    )
    if action == "de-sau":
        await desk.put_off(item, account)
        return Redirect(f"{next_page}de-sau", status_code=303)
    sheet = await desk.open(consultation, item, account)
    if sheet is None:
        return render(request, "gone.html", 409, consultation=found, nhom=kind or None)
    try:
        given = _confirmed(sheet, form) if action == "xac-nhan" else _answered(sheet, form)
        await submit(desk, found, given, account)
    except FormFaults as faults:
        return await _page(request, found, sheet, kind or None, form=form, errors=faults.errors)
    except Problem as problem:
        if problem.status == 422:
            return await _page(request, found, sheet, kind or None, form=form, errors=problem.errors)
        if problem.status == 409:
            return render(request, "gone.html", 409, consultation=found, nhom=kind or None)
        raise
    return Redirect(f"{next_page}luu", status_code=303)


def _confirmed(sheet: Sheet, form: dict[str, list[str]]) -> Answer:
    opinion = sheet.work.opinion
    revision = form.get("revision", [""])[0]
    if sheet.blind or not revision.isdecimal():
        raise of_status(400)
    return Answer(
        opinion_id=opinion.opinion_id,
        revision=int(revision),
        topics=opinion.topics,
        stance=opinion.stance,
        confirmed=True,
    )


def _answered(sheet: Sheet, form: dict[str, list[str]]) -> Answer:
    opinion = sheet.work.opinion
    return answer_of(form, opinion.opinion_id, sentences_of(sheet.received.text, opinion.start, opinion.end))


async def _overview(request: HttpRequest, consultation: Consultation) -> Response[str]:
    desk = desk_of(request)
    return render(
        request,
        "overview.html",
        consultation=consultation,
        sizes=await desk.sizes(consultation.id),
        done_today=await desk.done_today(consultation.id, reader(request).id),
        nothing_left=request.query_params.get("het") == "1",
        notice=SAVED.get(request.query_params.get("xong", ""), ""),
    )


async def _page(
    request: HttpRequest,
    consultation: Consultation,
    sheet: Sheet,
    nhom: str | None,
    *,
    notice: str = "",
    form: dict[str, list[str]] | None = None,
    errors: Sequence[FieldError] = (),
) -> Response[str]:
    desk: Desk = desk_of(request)
    seen: SheetView = await sheet_view(desk.bus.consultations, consultation, sheet, form)
    return render(
        request,
        "opinion.html",
        422 if errors else 200,
        consultation=consultation,
        address=_address(sheet),
        sheet=sheet,
        seen=seen,
        nhom=nhom,
        notice=notice,
        errors=errors,
        done_today=await desk.done_today(consultation.id, reader(request).id),
    )


def _address(sheet: Sheet) -> str:
    return f"/tham-dinh/{sheet.work.item.consultation}/y-kien/{quote(sheet.work.item.id)}"
