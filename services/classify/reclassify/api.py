"""Reclassifying over HTTP: ask for a preview, look at it, have exactly that applied."""

from typing import Any
from uuid import uuid4

import structlog
from litestar import Response, get, post

from services.classify.reclassify.job import JOBS, OUTDATED, Job, document, job_of, shown
from services.classify.relabel.order import Reclassify
from services.classify.service import HttpRequest, Service, operator_guard, service_of
from shared.problem import Problem
from shared.store.port import Stored

log = structlog.get_logger()

BASE = "/api/v1/consultations/{consultation:str}/reclassifications"


@post(BASE, guards=[operator_guard], status_code=202)
async def ask(request: HttpRequest, consultation: str) -> dict[str, Any]:
    """Begins a preview with the present model."""
    service = service_of(request)
    definition = service.consultation(consultation)
    model = await service.models.of(definition)
    job = Job(id=uuid4().hex, consultation=consultation, classifier=model.version, created_at=service.clock())
    await service.store.insert_once(JOBS, job.id, document(job))
    await service.work.order(Reclassify(consultation=consultation, job=job.id))
    log.info("reclassification.started", job=job.id, consultation=consultation, classifier=job.classifier)
    return shown(job)


@get(f"{BASE}/{{job:str}}", guards=[operator_guard])
async def look(request: HttpRequest, consultation: str, job: str) -> dict[str, Any]:
    """How far a job is, and what it found. A preview that cannot be applied any more is shown as `outdated`."""
    service = service_of(request)
    found = job_of((await _held(service, consultation, job)).doc)
    if found.state == "ready" and await _model(service, consultation) != found.classifier:
        found = found.model_copy(update={"state": "outdated"})  # only shown: another replica may know the model already
    return shown(found)


@post(f"{BASE}/{{job:str}}/apply", guards=[operator_guard], status_code=202)
async def apply(request: HttpRequest, consultation: str, job: str) -> Response[dict[str, Any]]:
    """Applies what the preview showed. 409 while it is not complete, and when the model has changed since.

    Asking again is harmless: it goes on where it is; 200 and `applied_at` when it was applied before.
    """
    service = service_of(request)
    held = await _held(service, consultation, job)
    found = job_of(held.doc)
    if found.state == "previewing":
        raise Problem(
            409, "not-ready", "Bản xem trước chưa hoàn thành", "Xin chờ bản xem trước hoàn thành rồi áp dụng."
        )
    if found.state == "outdated":
        raise _outdated()
    if found.state == "applied":
        return Response(shown(found), status_code=200)
    if found.state == "ready":
        if await _model(service, consultation) != found.classifier:
            log.warning(
                "reclassification.outdated", job=found.id, consultation=consultation, classifier=found.classifier
            )
            raise _outdated()
        found = found.model_copy(update={"state": "applying"})
        if not await service.store.replace_if(JOBS, found.id, held.version, document(found)):
            raise Problem(409, "conflict", "Yêu cầu mâu thuẫn", "Tác vụ vừa được cập nhật. Xin gửi lại yêu cầu.")
    await service.work.order(Reclassify(consultation=consultation, job=found.id, step="apply", page=found.page))
    return Response(shown(found), status_code=202)


def _outdated() -> Problem:
    return Problem(
        409,
        "model-changed",
        "Mô hình phân loại đã thay đổi",
        OUTDATED,
    )


async def _model(service: Service, consultation: str) -> str:
    """The version of the model this replica uses now."""
    return (await service.models.of(service.consultation(consultation))).version


async def _held(service: Service, consultation: str, job: str) -> Stored:
    held = await service.store.get(JOBS, job)
    if held is None or held.doc["consultation"] != consultation:
        raise Problem(404, "unknown-job", "Không có tác vụ này", "Mã tác vụ không đúng. Xin kiểm tra lại.")
    return held


ROUTES = [ask, look, apply]
