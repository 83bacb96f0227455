"""Passages that are to go altogether, named by their place alone."""

import pytest

from services.classify.model import build_model
from services.classify.steps.citing.cites import cites
from services.classify.steps.editing.edits import edits
from services.classify.steps.stances.stance import stance
from services.classify.steps.view import View, view, without_diacritics
from shared.draft_text import parse
from shared.events import Edit, Stance
from tests.support.growth import LINEAR, growth
from tests.support.small_consultation import small_consultation

DRAFT = (
    "[trang 1]\nI. CHỦ ĐỀ\nĐẩy mạnh cải cách, đẩy mạnh đầu tư.\n[trang 2]\nII. KẾT QUẢ\nThu ngân sách tăng khá.\n"
    "Giảm nghèo nhanh và bền vững.\n"
)
MODEL = build_model(small_consultation(), texts={"bao-cao": parse(DRAFT)})


def read(text: str) -> tuple[Edit, ...]:
    seen = view(text)
    return edits(seen, 0, len(seen.plain), MODEL.drafts, cites(seen, 0, len(seen.plain), MODEL))


REMOVED = [
    ("bỏ đoạn cuối trang 4", ["đoạn cuối trang 4"]),
    ("Đề nghị bỏ khoản 3 Điều 5.", ["khoản 3 Điều 5"]),
    ("Đề nghị bỏ gạch đầu dòng thứ hai, mục 3.", ["gạch đầu dòng thứ hai, mục 3"]),
    ("cắt bỏ phụ lục 2", ["phụ lục 2"]),
    ("Tôi đề nghị lược bỏ gạch đầu dòng thứ 3 ở mục 2 phần II, vì đã nêu ở trên.", ["gạch đầu dòng thứ 3 ở mục 2 phần II"]),
    ("Nên bỏ toàn bộ nội dung mục II.3 cho gọn.", ["mục II.3"]),
    ("Đề nghị lược bỏ câu cuối trang 4 vì trùng.", ["câu cuối trang 4"]),
    ("Kiến nghị Ban soạn thảo bỏ chỉ tiêu thứ 7 mục III.2.", ["chỉ tiêu thứ 7 mục III.2"]),
    ("Theo tôi nên bỏ Điều 7 và Điều 8.", ["Điều 7", "Điều 8"]),
    ("Bỏ các khoản 2, 3 và 4 Điều 7.", ["khoản 2, 3 và 4 Điều 7"]),
    ("Trang 4: bỏ đoạn cuối.", ["Trang 4: bỏ đoạn cuối"]),
    ("Trang 12 đoạn 2 từ trên xuống: đề nghị bỏ.", ["Trang 12 đoạn 2 từ trên xuống"]),
    ("Khoản 3 Điều 5 trùng với Điều 4, đề nghị bỏ.", ["Khoản 3 Điều 5"]),
    ("Đoạn 2 trang 5 quá dài dòng. Đề nghị bỏ đoạn này.", ["Đoạn 2 trang 5"]),
    ("Phụ lục 2 không cần thiết, đề nghị lược bỏ khỏi dự thảo.", ["Phụ lục 2"]),
    ("Tôi thấy điểm b khoản 1 Điều 10 thừa, đề nghị bỏ.", ["điểm b khoản 1 Điều 10"]),
    ("Nhất trí với dự thảo nhưng đề nghị bỏ đoạn cuối trang 3.", ["đoạn cuối trang 3"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "places"), REMOVED)
def test_a_passage_that_is_to_go_is_a_removal_without_old_words(text: str, places: list[str]) -> None:
    for written, named in (
        (text, places),
        (without_diacritics(text), [without_diacritics(place) for place in places]),
    ):
        found = read(written)
        assert [(e.op, e.old, e.new, e.place) for e in found] == [("delete", None, None, place) for place in named]
        assert stance(view(written), 0, len(written), found) is Stance.DELETE


def test_a_passage_is_removed_where_its_name_is_another_word_without_diacritics() -> None:
    for text, place in (
        ("Đề nghị bỏ quy định tại khoản 2 Điều 8 vì không khả thi.", "khoản 2 Điều 8"),  # "tai khoan"
        ("Đề nghị đưa đoạn 3 trang 8 ra khỏi dự thảo.", "đoạn 3 trang 8"),  # "doan": also đoàn
    ):
        assert [(e.op, e.place) for e in read(text)] == [("delete", place)]


KEPT = [
    "Không nên bỏ khoản 3 Điều 5.", "Đừng bỏ mục 5 vì rất cần.", "Đề nghị không bỏ khoản 2 mục 3.",
    "Bà con bỏ nhiều công sức, mục 3 nên ghi.", "Đi bỏ phiếu tại điểm 2 rất đông.", "Dự thảo bỏ qua mục 4 về vùng cao.",
    "Biểu 2 còn bỏ trống.", "Bỏ khoản 3 thì không được.", "Nếu bỏ khoản 3 thì dân thiệt.", "Dự thảo lần này đã bỏ khoản 3 Điều 5.",
    "Vì sao bỏ phụ lục 2?", "Có nên bỏ mục 3 hay không, đề nghị cân nhắc.", "Đề nghị cân nhắc việc bỏ mục 3.",
    "Tôi nhất trí bỏ khoản 3 Điều 5 như dự thảo.", "Chúng tôi phản đối việc bỏ khoản 3 Điều 5.",
    "Đề nghị bỏ khoản 3 Điều 5 Luật Đất đai.", "Đề nghị bỏ khoản 3 Điều 12 Nghị định số 76.", "Đề nghị xem lại toàn bộ mục 3.",
    "Đề nghị bộ phận 1 cửa làm việc cả thứ bảy.", "Đề nghị làm rõ lý do bỏ mục 2 phần III.",
    "Đề nghị bỏ khoản 3, thay bằng quy định mới.", "Mục 3 trùng với mục 2.", "Trang 5 dòng 3 thừa chữ và, đề nghị bỏ.",
    "Đề nghị bỏ nội dung về du lịch ở trang 5.", "Đề nghị bỏ đoạn cuối.", "Đề nghị cắt bớt mục 3 cho gọn.",
    "Có ý kiến đề nghị bỏ mục 3 nhưng tôi không đồng ý.", "Bỏ Điều 9 là sai.", "Nội bộ mục 3 chưa rõ.",
    "Đề nghị khôi phục khoản 3 Điều 5 đã bỏ ở lần trước.", "Mục 4 nêu nạn tảo hôn còn nhiều, phải bỏ.",
    "Đề nghị bổ sung khoản 4 vào Điều 5.", "Bổ sung vào cuối mục 2 phần III nội dung về bảo vệ rừng đầu nguồn.",
    "Đề nghị công bố mục 3 sớm.",
]  # fmt: skip


@pytest.mark.parametrize("text", KEPT)
def test_what_nobody_asks_to_remove_is_no_removal(text: str) -> None:
    assert read(text) == ()
    assert read(without_diacritics(text)) == ()


def test_a_removed_passage_is_located_only_where_it_surely_stands() -> None:
    def located(text: str) -> tuple[str, str | None] | None:
        (edit,) = read(text)
        at = edit.located
        return (DRAFT[at.start : at.end], at.section) if at else None

    assert located("Đề nghị bỏ mục II.") == ("II. KẾT QUẢ", "II")
    assert located("Bỏ dòng 3 trang 2.") == ("Giảm nghèo nhanh và bền vững.", "II")
    assert located("Trang 2: bỏ dòng cuối.") == ("Giảm nghèo nhanh và bền vững.", "II")
    assert located("Đề nghị bỏ mục II.4.") is None  # lies in II, and is not II
    assert located("Đề nghị bỏ khoản 3 mục II.") is None
    assert located("Đề nghị bỏ câu cuối mục II.") is None
    assert located("Đề nghị bỏ khoản 3 Điều 5.") is None


def test_a_passage_that_is_to_be_mended_is_not_removed_with_its_neighbour() -> None:
    assert [e.place for e in read("Bỏ khoản 1 và sửa khoản 2 Điều 6.")] == ["khoản 1"]
    assert [e.place for e in read("Trang 7, dòng 12: bỏ.")] == ["Trang 7, dòng 12"]
    places = [e.place for e in read("Đề nghị bỏ điểm b, khoản 3 và toàn bộ khoản 4 của Điều 12.")]
    assert places == ["điểm b, khoản 3", "khoản 4 của Điều 12"]


def test_a_removed_passage_stands_beside_other_edits_in_their_order() -> None:
    found = read("Đề nghị bỏ khoản 3 Điều 5 và sửa “A” thành “B”; thêm “C” vào mục II.")
    assert [(e.op, e.old, e.new) for e in found] == [
        ("delete", None, None),
        ("replace", "A", "B"),
        ("insert", None, "C"),
    ]
    assert [e.old for e in read("Đề nghị bỏ cụm từ “A” ở khoản 3 Điều 5.")] == ["A"]
    assert [e.old for e in read("Trang 4, dòng 3: bỏ từ quyết liệt.")] == ["quyết liệt"]


@pytest.mark.parametrize("piece", ["bỏ khoản 3, ", "mục 3 trùng, nên bỏ. ", "đề nghị bỏ ", "bỏ các ", "khoản 1 và "])
def test_time_grows_with_length_and_no_faster(piece: str) -> None:
    def make(length: int) -> View:
        return view("đề nghị ậ mục 2 " + (piece * (length // len(piece) + 1))[:length])

    def read_all(seen: View) -> None:
        edits(seen, 0, len(seen.plain), MODEL.drafts, cites(seen, 0, len(seen.plain), MODEL))

    assert growth(read_all, make, 5_000, 100_000) <= LINEAR
