"""Texts that only point to what was sent along, in citizens' words; and those that merely look like it, which stay opinions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classify.pointer import is_pointer
from tests.support.growth import timed


@pytest.mark.parametrize(
    "text",
    [
        "Ý kiến ở ảnh đính kèm",
        "y kien o anh dinh kem",
        "Như file đính kèm ạ.",
        "nhu file dinh kem",
        "Xem ảnh",
        "xem anh nhe",
        "Kính gửi Ban Tuyên giáo! Tôi xin gửi ý kiến góp ý ở file đính kèm. Trân trọng cảm ơn!\nNguyễn Văn A",
        "Kính gửi: Ban Tổ chức Tỉnh ủy\nEm gửi phiếu góp ý (ảnh chụp) ạ. Em cảm ơn.",
        "Kính gửi Ban Tuyên giáo ý kiến góp ý tại tệp đính kèm.",
        "Chi tiết xem file đính kèm.",
        "Nội dung góp ý được ghi trong 3 ảnh kèm theo",
        "Đề nghị quý ban xem file đính kèm.",
        "Rất mong ban soạn thảo xem giúp tôi tấm ảnh gửi kèm",
        "Em gửi ạ",
        "Ảnh",
        "Phiếu góp ý (scan)",
        "Ý kiến của chi bộ 5 trong bản scan",
        "Góp ý dự thảo\nXem file pdf",
        "toi gui y kien trong file word dinh kem, xin cam on",
        "Please see attached file",
        "Tôi tên là Lò Văn Panh, ở xã Nà Tấu. Ý kiến của tôi viết tay, tôi chụp ảnh gửi kèm. Xin cảm ơn.",
        "Dạ em gởi hình ạ",
        "Gửi kèm",
        "Thưa các bác, cháu gửi file góp ý, cháu cảm ơn",
        "Có file đính kèm",
    ],
)
def test_a_text_that_only_points_to_the_files_is_a_pointer(text: str) -> None:
    assert is_pointer(text)
    assert is_pointer(f"  {text}\n\n")
    assert is_pointer(text.upper()) or "\n" in text or "Lò" in text  # a signature is known by its small letters


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Tôi nhất trí, xem ảnh",
        "Ảnh mờ quá",
        "Không mở được file đính kèm",
        "Hình ảnh kém",
        "hinh anh kem",
        "van ban kem",
        "Đề nghị bổ sung ảnh minh họa",
        "Đề nghị kèm theo ảnh",
        "Thêm ảnh",
        "bo anh",
        "Bỏ file phụ lục",
        "File được",
        "Đường vào bản hỏng như trong ảnh",
        "Trường học xuống cấp (ảnh kèm theo)",
        "Góp ý dự thảo báo cáo chính trị",
        "Nhất trí.",
        "Xem ảnh. Không đồng ý.",
        "Xem ảnh\nVô lý",
        "Kính gửi Ban Tuyên giáo, đề nghị xem lại hình thức văn bản",
        "Tôi là Nguyễn Văn A, hình thức văn bản lủng củng",
        "Trân trọng",
        "Chi tiết ở file đính kèm, riêng mục 3 cần sửa",
        "Như ảnh thì đường quá xấu",
        "ok",
        "Đồng ý, có file đính kèm",
        "dong y xem anh",
        "Dự thảo chi tiết, cụ thể. Em gửi ảnh.",
        "Một phần. Xem ảnh.",
        "Có. Em gửi ảnh.",
        "Kiến nghị giữ nguyên như file",
    ],
)
def test_whatever_says_more_stays_an_opinion(text: str) -> None:
    assert not is_pointer(text)


@given(st.text("đính kèm file ảnh xem . , - không\n", max_size=400) | st.text(max_size=500))
def test_any_text_has_an_answer(text: str) -> None:
    assert is_pointer(text) in {True, False}


def test_repetitions_take_no_time() -> None:
    def read() -> None:
        for piece in ("đính kèm ", "xem ảnh, ", "a - ", "- ", "đề nghị quý ban ", "x,"):
            is_pointer((piece * 400)[:400])

    assert timed(read, most=1)[0] <= 1  # of longer texts none is a pointer: there is no growth to measure


@pytest.mark.parametrize("word", ["không", "chưa", "đồng ý", "sửa", "sai", "kém", "bỏ", "nhất trí", "thay", "khó"])
def test_one_word_of_substance_anywhere_makes_it_an_opinion(word: str) -> None:
    for text in (
        f"{word} xem file đính kèm",
        f"Xem file {word} đính kèm",
        f"Kính gửi Ban.\nXem file đính kèm.\n{word}",
    ):
        assert not is_pointer(text)
