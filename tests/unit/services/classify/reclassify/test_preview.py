"""What was previewed is applied, and nothing that was taken back meanwhile comes to life again."""

from typing import Any

import pytest
from opentelemetry.context import Context
from structlog.testing import capture_logs

from services.classify import withdrawal
from services.classify.model import build_model
from services.classify.reclassify import preview
from services.classify.reclassify.job import JOBS, Job, document, job_of, shown
from services.classify.reclassify.preview import Reclassifier
from services.classify.reclassify.reread import Rules
from services.classify.relabel.order import Reclassify
from shared.errors import Permanent, Transient
from shared.events import SubmissionReceived, SubmissionWithdrawn
from shared.settlement import DEFAULT
from tests.support.memory_store import MemoryStore
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.fakes import Site
from tests.unit.services.classify.samples import AT, received, submission_id


async def test_words_that_are_erased_while_they_are_read_anew_stay_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site()
    letter = received(1, "Đề nghị làm đường giao thông đến bản.")
    await site.receive(letter)
    gone = SubmissionWithdrawn(
        consultation="thu-nghiem", submission_id=submission_id(1), withdrawn_at=AT, legal_basis="theo yêu cầu"
    )

    async def just_before(*_: Any) -> SubmissionReceived:
        await withdrawal.mark(site.store, [gone])
        return letter

    monkeypatch.setattr(preview, "received_of", just_before)
    model: Any = build_model(
        small_consultation(
            topic_groups=[
                {"code": 6, "title": "Đường", "description": "Đường giao thông", "hints": ["đường giao thông"]}
            ]
        )
    )
    nothing: Any = None
    reclassifier = Reclassifier(site.store, nothing, nothing, nothing, nothing, nothing, b"key")
    await reclassifier._changed(submission_id(1), 1, Rules(model, small_consultation().review, b"key"))
    assert (await site.result(1)).opinions[0].text == ""


async def test_a_job_whose_work_went_to_the_dead_letters_says_so_and_goes_on_when_it_is_delivered_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = MemoryStore()
    nothing: Any = None
    reclassifier = Reclassifier(store, nothing, nothing, nothing, nothing, nothing, b"key", lambda: AT)
    job = Job(id="j", consultation="thu-nghiem", classifier="m", created_at=AT)
    await store.insert_once(JOBS, job.id, document(job))
    order = Reclassify(consultation="thu-nghiem", job="j")

    async def away(_job: Job) -> Rules | None:
        raise Transient("the consultation is not known (yet)")

    async def stored() -> Job:
        held = await store.get(JOBS, "j")
        assert held is not None
        return job_of(held.doc)

    monkeypatch.setattr(reclassifier, "_rules", away)
    with pytest.raises(Transient):
        await reclassifier(order, Context(), DEFAULT.attempts - 1)
    assert (await stored()).stopped is None
    with capture_logs() as logs, pytest.raises(Transient):
        await reclassifier(order, Context(), DEFAULT.attempts)
    assert [(line["event"], line["job"]) for line in logs] == [("reclassification.failed", "j")]
    stopped = await stored()
    assert stopped.stopped == "Transient: the consultation is not known (yet)"
    assert shown(stopped)["state"] == "previewing"

    async def back(_job: Job) -> Rules | None:
        return Rules(nothing, nothing, b"key")

    async def previewed(found: Job, *_: Any) -> Job:
        return found.model_copy(update={"state": "ready"})

    monkeypatch.setattr(reclassifier, "_rules", back)
    monkeypatch.setattr(reclassifier, "_previewed", previewed)
    with capture_logs() as logs:
        await reclassifier(order, Context(), 1)
    assert [line["event"] for line in logs] == ["reclassification.preview_ready"]
    assert (await stored()).stopped is None


async def test_work_for_a_job_that_is_gone_is_refused_for_good() -> None:
    nothing: Any = None
    reclassifier = Reclassifier(MemoryStore(), nothing, nothing, nothing, nothing, nothing, b"key")
    with pytest.raises(Permanent):
        await reclassifier(Reclassify(consultation="thu-nghiem", job="j"), Context(), 1)


def test_a_job_that_is_outdated_or_applied_says_what_that_means() -> None:
    job = Job(id="j", consultation="thu-nghiem", classifier="m", created_at=AT)
    assert "detail" not in shown(job)
    half = str(shown(job.model_copy(update={"state": "outdated", "applied": 7}))["detail"])
    assert "Xin tạo bản xem trước mới" in half
    assert "(7)" in half
    assert "không làm thay đổi gì" in str(shown(job.model_copy(update={"state": "applied"}))["detail"])
