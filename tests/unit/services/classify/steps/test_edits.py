"""Asked-for wording changes, verbatim."""

import pytest

from services.classify.steps.edits import edits
from services.classify.steps.view import view, without_diacritics


def read(text: str) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(e.op, e.old, e.new, e.place) for e in edits(view(text), 0, len(text))]


CASES = [
    ("Đề nghị thay cụm từ “Một Hai” bằng “Ba”", [("replace", "Một Hai", "Ba", None)]),
    ("đề nghị sửa từ 'cơ bản' thành 'toàn diện'", [("replace", "cơ bản", "toàn diện", None)]),
    ('bổ sung cụm từ "bền vững" sau từ "phát triển"', [("insert", None, "bền vững", 'sau từ "phát triển"')]),
    ("sau cụm từ “ổn định” đề nghị bổ sung “vững chắc”", [("insert", None, "vững chắc", "sau cụm từ “ổn định”")]),
    ("đề nghị bỏ cụm từ «rất lớn»", [("delete", "rất lớn", None, None)]),
    ("dùng cụm từ “A” thay cho “B”", [("replace", "B", "A", None)]),
    ("Đề nghị bổ sung cụm từ “và nhân dân”.", [("insert", None, "và nhân dân", None)]),
    ("bỏ “a”; thay “b” bằng “c”", [("delete", "a", None, None), ("replace", "b", "c", None)]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_an_edit_is_read_verbatim(text: str, expected: list[tuple[str, str | None, str | None, str | None]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_an_edit_is_read_without_diacritics(
    text: str, expected: list[tuple[str, str | None, str | None, str | None]]
) -> None:
    assert [op for op, *_ in read(without_diacritics(text))] == [op for op, *_ in expected]


@pytest.mark.parametrize(
    "text",
    ["Tôi nhất trí với chủ đề “Đoàn kết”", "Bộ Y tế cần xem “A”", "Bổ sung nội dung về đường. Câu “A” rất hay", "“”"],
)
def test_a_quotation_alone_is_no_edit(text: str) -> None:
    assert read(text) == []


def test_the_span_runs_from_the_verb_to_the_last_quotation_mark() -> None:
    text = "Trang 5: thay “A” bằng “B” cho gọn"
    (edit,) = edits(view(text), 0, len(text))
    assert text[edit.start : edit.end] == "thay “A” bằng “B”"
