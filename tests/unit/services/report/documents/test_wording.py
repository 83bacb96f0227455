"""How a wording that is asked for reads in the report."""

import pytest

from services.report.documents.wording import wish
from services.report.model import Proposal


@pytest.mark.parametrize(
    ("op", "old", "new", "place", "expected"),
    [
        ("replace", "A", "B", None, "“A” thành “B”"),
        ("delete", "A", None, "trang 5", "“A”"),
        ("delete", None, None, "khoản 3 Điều 5", "khoản 3 Điều 5"),
        ("insert", None, "B", "cuối mục II", "“B” (cuối mục II)"),
    ],
)
def test_a_wish_is_in_the_citizens_words(
    op: str, old: str | None, new: str | None, place: str | None, expected: str
) -> None:
    asked = {
        "op": op,
        "old": old,
        "new": new,
        "place": place,
        "opinions": 1,
        "first_opinion_id": "a-1",
        "submission_id": "a",
    }
    assert wish(Proposal.model_validate(asked)) == expected
