"""Where an edit belongs, in the citizen's words."""

import pytest

from services.classify.model import build_model
from services.classify.steps.citing.cites import cites
from services.classify.steps.editing.edits import edits
from services.classify.steps.view import view, without_diacritics
from tests.support.small_consultation import small_consultation

MODEL = build_model(small_consultation())


def places(text: str) -> list[str | None]:
    seen = view(text)
    found = edits(seen, 0, len(seen.plain), MODEL.drafts, cites(seen, 0, len(seen.plain), MODEL))
    return [edit.place for edit in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trang 6, dòng 3: câu này dài. Đề nghị thay “A” bằng “B”.", "Trang 6, dòng 3"),
        ("Tại Mục II.2 có viết “A”. Đề nghị sửa “A” thành “B”.", "Mục II.2"),
        ("Mục III.1\nĐề nghị sửa cụm từ “A” thành “B”", "Mục III.1"),
        ("Tại trang 7 viết: “Kinh tế khá”. Tôi thấy từ “khá” không đúng. Đề nghị bỏ từ “khá”.", "trang 7"),
        ("Mục II.2 viết “AB”, còn mục III.1 viết “CD”. Đề nghị sửa “AB” thành “EF” cho thống nhất.", "Mục II.2"),
        ("Câu “A B C” ở trang 5 chưa rõ. Đề nghị thay “A B C” bằng “D”.", "trang 5"),
        ("Mục 3.2 (trang 19) viết chưa gọn. Đề nghị thêm “D” vào đó.", "vào đó"),
        ("Mục 3.2 (trang 19): câu cuối dài.\nĐề nghị bỏ “D”.", "Mục 3.2 (trang 19)"),
        ("Điều 7. Thời gian quá ngắn. Đề nghị sửa “15 ngày” thành “30 ngày”.", "Điều 7"),
    ],
)
def test_a_place_told_in_a_sentence_before_is_the_place(text: str, expected: str) -> None:
    assert places(text) == [expected]
    assert places(without_diacritics(text)) == [without_diacritics(expected)]


def test_a_heading_is_the_place_of_all_the_edits_below_it() -> None:
    assert places("Trang 6: thay “A” bằng “B”; bỏ từ “C”.") == ["Trang 6", "Trang 6"]
    assert places("Trang 4, mục 2:\n- Thay “A” bằng “B”.\n- Bỏ “C”.") == ["Trang 4, mục 2", "Trang 4, mục 2"]


@pytest.mark.parametrize(
    "text",
    [
        "Trang 6 dòng 3 mâu thuẫn với trang 8 dòng 2. Đề nghị thay “A” thành “B”.",
        "1. Mục I: nhất trí.\n2. Đề nghị thay “A” bằng “B”.",
        "Về mục I, tôi nhất trí. Ngoài ra, đề nghị thay “A” bằng “B”.",
        "Mục I rất hay. " + "Tôi đã đọc kỹ dự thảo. " * 30 + "Đề nghị thay “A” bằng “B”.",
    ],
)
def test_a_place_that_is_not_certain_is_none(text: str) -> None:
    assert places(text) == [None]


def test_a_place_in_the_same_sentence_comes_first() -> None:
    assert places("Mục I rất hay. Ở trang 5 đề nghị thay “A” bằng “B”.") == ["trang 5"]
    assert places("Mục I rất hay. Đề nghị bổ sung “A” vào cuối câu.") == ["vào cuối câu"]
