"""Topic groups from the consultation's own words."""

import pytest

from services.classify.model import build_model
from services.classify.steps.topics import OUTSIDE, topics
from services.classify.steps.view import without_diacritics
from tests.support.small_consultation import small_consultation

MODEL = build_model(small_consultation())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Nhất trí với chủ đề Đại hội.", 1),
        ("Cần phân tích nguyên nhân của những hạn chế.", 3),
        ("Bản tôi thiếu giáo viên và trạm y tế.", 6),
    ],
)
def test_hints_lead_to_their_group_with_or_without_diacritics(text: str, code: int) -> None:
    with_marks = topics(text, MODEL)
    assert with_marks.codes[0] == code
    assert topics(without_diacritics(text), MODEL) == with_marks


def test_a_text_that_speaks_of_no_group_is_outside() -> None:
    assert topics("Hôm nay trời đẹp quá.", MODEL).codes == (OUTSIDE,)


def test_a_cited_section_is_evidence() -> None:
    assert topics("Đề nghị viết lại.", MODEL, ["IV.1"]).codes == (6,)


def test_confidence_grows_with_the_evidence() -> None:
    weak, strong = topics("giáo viên", MODEL), topics("giáo viên, trạm y tế, đường giao thông", MODEL)
    assert 0 < weak.confidence < strong.confidence <= 1
