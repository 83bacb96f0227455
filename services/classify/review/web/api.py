"""The API of readers: the next item, a review, how much waits."""

from typing import Any

from litestar import Response, get, post

from services.classify.review.answer import Answer
from services.classify.review.pick import Filter
from services.classify.review.submit import submit as take_review
from services.classify.review.web.auth import HttpRequest, api_guard, desk_of, reader, reader_of, size_guard
from services.classify.review.web.describe import described, sizes
from shared.login import form_token

BASE = "/api/v1/consultations/{consultation:str}/reviews"


@get(f"{BASE}/next", guards=[api_guard])
async def next_item(request: HttpRequest, consultation: str, kind: Filter | None = None) -> Response[dict[str, Any]]:
    """Takes the next item for 15 minutes. `item` is null when nothing is left; the header carries the token for answering."""
    desk = desk_of(request)
    desk.consultation(consultation)
    sheet = await desk.next(consultation, reader(request), kind)
    body = {"item": described(sheet) if sheet is not None else None}
    return Response(body, headers={"X-CSRF-Token": form_token(request)})


@post(BASE, guards=[api_guard], status_code=201)
async def submit(request: HttpRequest, consultation: str, data: Answer) -> dict[str, Any]:
    """Takes a review; 201 only when the stream has it. The same review again is the same answer."""
    desk = desk_of(request)
    event = await take_review(desk, desk.consultation(consultation), data, reader(request))
    return {"review_id": event.review_id, "opinion_id": event.opinion_id, "kind": event.kind}


@get(f"{BASE}/summary", guards=[size_guard])
async def summary(request: HttpRequest, consultation: str) -> dict[str, Any]:
    """How much waits for which reason; for a reader also what that reader did today."""
    desk = desk_of(request)
    found = desk.consultation(consultation)
    account = reader_of(request)
    done = await desk.done_today(consultation, account.id) if account is not None else None
    return sizes(found, await desk.sizes(consultation), done)
