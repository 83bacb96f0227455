"""A full stop does not always end a sentence, and nothing is cut inside quotation marks or brackets."""

import pytest

from services.classify.steps.splitting.sentences import sentences, shield
from services.classify.steps.view import view


def read(text: str) -> list[str]:
    seen = view(text)
    return [text[start:end] for start, end in sentences(seen, 0, len(text), shield(seen.plain))]


@pytest.mark.parametrize(
    "text",
    [
        "Họp tại TP. Điện Biên Phủ với PGS.TS. Mẫu về điện, đường, v.v. ở xã",
        "Tăng 2.5 triệu, xem https://vidu.example/a.b?c=1 và thư a.b@vidu.example",
        "Trang 6 viết “Nhanh. Mạnh. Vững chắc.” là đúng",
        "Dự thảo (trang 6. Mục hai) dài",
        "1. Đề nghị bổ sung",
        "Cần điện... và nước",
    ],
)
def test_one_sentence_stays_whole(text: str) -> None:
    assert read(text) == [text]


@pytest.mark.parametrize(
    "found",
    [
        ["Đường xấu.", "Đề nghị sửa."],
        ["duong xau.", "de nghi sua."],
        ["Bao giờ làm?", "Ai làm?"],
        ["Hết trang 6.", "Đề nghị sửa."],
        ["Thay “a.”", "Bỏ “b”."],
    ],
)
def test_two_sentences_are_two(found: list[str]) -> None:
    assert read(" ".join(found)) == found


def test_a_sentence_glued_to_the_next_is_its_own() -> None:
    assert read("Đường rất xấu.Đề nghị sửa") == ["Đường rất xấu.", "Đề nghị sửa"]


def test_a_quotation_mark_without_its_partner_shields_nothing() -> None:
    assert read("Câu “dài quá. Đề nghị sửa.") == ["Câu “dài quá.", "Đề nghị sửa."]
