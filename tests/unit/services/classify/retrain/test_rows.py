"""What corrections teach: masked texts, a state that changes with every decision, nothing of who took their words back."""

import pytest

from services.classify.retrain.lesson import Lesson
from services.classify.retrain.rows import rows_of, state_of
from shared.draft_text import parse
from shared.events import Stance, SubmissionWithdrawn
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.fakes import Site, review
from tests.unit.services.classify.samples import AT, received, submission_id

TEXT = "Đề nghị sửa đường giao thông ở bản, xin gọi 0912345678 để trao đổi thêm."


@pytest.fixture
async def site() -> Site:
    one = Site()
    await one.receive(received(1, TEXT), received(2, "Nhất trí với chủ đề Đại hội."))
    await one.hear(review(1), review(2, topics=(1,)))
    return one


async def test_rows_hold_the_label_and_no_personal_data(site: Site) -> None:
    rows = await rows_of(site.store, "thu-nghiem")
    assert sorted(row.topics for row in rows) == [(1,), (3,)]
    assert not any("0912345678" in row.text for row in rows)


async def test_the_state_changes_with_decisions_and_models_only(site: Site) -> None:
    first = await state_of(site.store, "thu-nghiem", "day0-1")
    assert first.rows == 2
    await site.hear(review(1))
    assert await state_of(site.store, "thu-nghiem", "day0-1") == first
    assert await state_of(site.store, "thu-nghiem", "day0-2") != first
    await site.hear(review(1, minutes=5, stance=Stance.QUESTION))
    assert await state_of(site.store, "thu-nghiem", "day0-1") != first
    assert (await state_of(site.store, "khac", "day0-1")).rows == 0


async def test_nothing_is_learned_from_what_was_taken_back(site: Site) -> None:
    gone = SubmissionWithdrawn(
        consultation="thu-nghiem", submission_id=submission_id(1), withdrawn_at=AT, legal_basis="theo yêu cầu"
    )
    await site.classify(site._delivered([gone]))
    assert [row.topics for row in await rows_of(site.store, "thu-nghiem")] == [(1,)]
    assert (await state_of(site.store, "thu-nghiem", "d")).rows == 1


async def test_a_lesson_comes_back_as_it_was(site: Site) -> None:
    rows = await rows_of(site.store, "thu-nghiem")
    texts = {"bao-cao": parse("[trang 1]\nI. Chủ đề\n\nĐoàn kết\n")}
    lesson = Lesson.model_validate_json(Lesson.of(small_consultation(), texts, rows).model_dump_json())
    assert lesson.labelled() == rows
    assert lesson.draft_texts() == texts
    assert lesson.consultation == small_consultation()
