"""Asked-for wording changes, verbatim."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classify.model import build_model
from services.classify.steps.citing.cites import cites
from services.classify.steps.editing.edits import edits
from services.classify.steps.view import View, view, without_diacritics
from shared.draft_text import parse
from tests.support.growth import LINEAR, growth
from tests.support.small_consultation import small_consultation


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


MORE = [
    ('bỏ các cụm từ "A", "B" và "C"', [("delete", w, None, None) for w in "ABC"]),
    ('thay "A" bằng "B", "C" bằng "D"', [("replace", "A", "B", None), ("replace", "C", "D", None)]),
    ("thay “A” và “B” bằng “C” và “D”", [("replace", "A", "C", None), ("replace", "B", "D", None)]),
    ("Thay cụm từ đẩy mạnh bằng thúc đẩy cho gọn.", [("replace", "đẩy mạnh", "thúc đẩy", None)]),
    ("Đề nghị sửa 70% thành 75%.", [("replace", "70%", "75%", None)]),
    ("Đề nghị nâng chỉ tiêu từ 8% lên 9%.", [("replace", "8%", "9%", None)]),
    ("Tốc độ tăng GRDP đề nghị nâng từ 10,5% lên 11%.", [("replace", "10,5%", "11%", None)]),
    ("Đề nghị bỏ từ cơ bản.", [("delete", "cơ bản", None, None)]),
    ("thay từ “đẩy mạnh bằng từ “thúc đẩy”", [("replace", "đẩy mạnh", "thúc đẩy", None)]),
    ("Viết lại mục III thành: “Ba khâu đột phá”", [("replace", None, "Ba khâu đột phá", None)]),
    ("Cụm từ “A” lặp lại nhiều, đề nghị bỏ.", [("delete", "A", None, None)]),
    (
        "đề nghị dùng cụm từ Ủy ban hành chính thay cho Hội đồng nhân dân, Ủy ban nhân dân.",
        [("replace", "Hội đồng nhân dân, Ủy ban nhân dân", "Ủy ban hành chính", None)],
    ),
    ("Đề nghị bỏ “A”, thay bằng “B”.", [("replace", "A", "B", None)]),
    ("Thay cụm từ\n“A”\nbằng cụm từ\n“B”.", [("replace", "A", "B", None)]),
    ("Đề nghị đưa cụm từ “A” ra khỏi dự thảo.", [("delete", "A", None)]),
]


@pytest.mark.parametrize(("text", "expected"), MORE)
def test_edits_are_read_from_lists_figures_and_unquoted_words(
    text: str, expected: list[tuple[str | None, ...]]
) -> None:
    assert [edit[: len(one)][:3] for edit, one in zip(read(text), expected, strict=True)] == [
        one[:3] for one in expected
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Không nên bỏ cụm từ “A”.",
        "Tôi không đồng ý với ý kiến thay “A” bằng “B”.",
        "Nhất trí với việc bỏ cụm từ “A”.",
        "Dự thảo đã thay “A” bằng “B” là đúng.",
        "Đề nghị giữ nguyên cụm từ “A”, không thay bằng “B”.",
        "Vì sao bỏ cụm từ “A”?",
        "Nếu bỏ cụm từ “A” thì câu mất nghĩa.",
        "Đề nghị bổ sung giải pháp về giao thông.",
        "Đề nghị bổ sung giải pháp thực hiện phong trào “Toàn dân đoàn kết”.",
        "Tỷ lệ hộ nghèo giảm từ 37% xuống 21%.",
        "Cán bộ cần chuyển từ “xin - cho” sang “phục vụ”.",
        "Đề nghị bổ sung từ 2 đến 3 giáo viên.",
        "Bỏ phiếu tín nhiệm “cao”.",
        "Đề nghị trong báo cáo bỏ các cụm từ hô khẩu hiệu.",
        "Tỷ lệ nghèo phải giảm từ 30% xuống 10%.",
        "Tốc độ tăng trưởng đã nâng từ 7% lên 8%.",
    ],
)
def test_what_is_refused_reported_asked_or_without_wording_is_no_edit(text: str) -> None:
    assert read(text) == []


DRAFT = "[trang 1]\nI. CHỦ ĐỀ\nĐẩy mạnh cải cách, đẩy mạnh đầu tư.\n[trang 2]\nII. KẾT QUẢ\nTiếp tục đẩy mạnh giảm nghèo bền vững.\n"


def located(text: str) -> list[tuple[str, str] | None]:
    model = build_model(small_consultation(), texts={"bao-cao": parse(DRAFT)})
    seen = view(text)
    named = cites(seen, 0, len(seen.plain), model)
    found = edits(seen, 0, len(seen.plain), model.drafts, named)
    places = [edit.located for edit in found]
    return [(DRAFT[at.start : at.end], at.section or "") if at else None for at in places]


def test_the_wording_is_located_in_the_draft_by_its_words_and_the_cited_place() -> None:
    assert located("Thay “giảm nghèo” bằng “xóa nghèo”") == [("giảm nghèo", "II")]
    assert located("Bỏ từ “đẩy mạnh”") == [None]
    assert located("Trang 2, dòng 2: bỏ từ “đẩy mạnh”") == [("đẩy mạnh", "II")]
    assert located("Thêm “nhanh” sau cụm từ “giảm nghèo”") == [("giảm nghèo", "II")]
    assert located("Trong câu “Tiếp tục đẩy mạnh giảm nghèo bền vững” nên bỏ từ “đẩy mạnh”") == [("đẩy mạnh", "II")]
    assert located("Thêm “nhanh” vào mục II") == [None]


def test_the_citation_beside_an_edit_is_its_place() -> None:
    model = build_model(small_consultation())
    for text, place in (
        ("Trang 5, dòng 3: thêm “B”", "Trang 5, dòng 3"),
        ("Bỏ từ “A” ở trang 5", "ở trang 5"),
        ("Bổ sung vào mục III cụm từ “A”", "vào mục III"),
    ):
        seen = view(text)
        (edit,) = edits(seen, 0, len(seen.plain), model.drafts, cites(seen, 0, len(seen.plain), model))
        assert edit.place == place


def test_a_section_that_ends_where_the_published_text_ends_early_is_still_near() -> None:
    model = build_model(small_consultation(), texts={"bao-cao": parse(DRAFT)})  # without the next section's page
    seen = view("mục II bỏ “đẩy mạnh”")
    (edit,) = edits(seen, 0, len(seen.plain), model.drafts, cites(seen, 0, len(seen.plain), model))
    assert edit.located is not None
    assert edit.located.section == "II"


PIECES = st.sampled_from(
    (
        "thay ", "bỏ ", "bổ sung ", "sau ", "từ ", "cụm từ ", "bằng ", "thành ", "“", "”", '"', "'", "A",
        "đẩy mạnh ", "8%", " lên ", "không ", "đề nghị ", ", ", ". ", ": ", "\n", "và ", "e\u0301", "trang 5 ",
        "mục II ", "dùng ", "thay cho ", "nâng chỉ tiêu ", "→", "«", "»", "KHOẢN 2 ", "dòng 3 từ dưới lên ",
    )
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_whatever_is_read_is_an_exact_piece_of_the_text(text: str) -> None:
    model = build_model(small_consultation(), texts={"bao-cao": parse(DRAFT)})
    seen = view(text)
    named = cites(seen, 0, len(seen.plain), model)
    for cite in named:
        assert 0 <= cite.start < cite.end <= len(text)
        assert all(value in text for unit, value in cite.units.items() if unit != "section" and value is not None)
    for edit in edits(seen, 0, len(seen.plain), model.drafts, named):
        assert 0 <= edit.start < edit.end <= len(text)
        assert edit.place is None or edit.place in text
        for words, at in ((edit.old, edit.old_at), (edit.new, edit.new_at)):
            assert (words is None) == (at is None)
            assert words is None or at is None or text[at : at + len(words)] == words
        assert edit.located is None or edit.located.end <= len(DRAFT)


@pytest.mark.parametrize(
    "piece", ["thay “", 'thay "a" ', "“a” ", "bỏ “a”, ", "trang ", "mục I, ", "thay cụm từ a bằng ", "từ 8% lên ", "thêm:", "'", "sửa 7% "]
)  # fmt: skip
def test_time_grows_with_length_and_no_faster(piece: str) -> None:
    model = build_model(small_consultation())

    def make(length: int) -> View:
        return view("đề nghị ậ " + (piece * (length // len(piece) + 1))[:length])

    def read(seen: View) -> None:
        named = cites(seen, 0, len(seen.plain), model)
        edits(seen, 0, len(seen.plain), model.drafts, named)

    assert growth(read, make, 5_000, 100_000) <= LINEAR
