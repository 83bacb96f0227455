"""A general remark speaks of the draft as a whole and asks for nothing definite; in doubt an opinion is substantive."""

import pytest

from services.classify.model import build_model
from services.classify.pipeline import classify_text
from services.classify.steps.stances.general import is_general
from services.classify.steps.stances.stance import stance
from services.classify.steps.view import View, view
from shared.events import Stance
from tests.support.growth import LINEAR
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.steps.linear import growth

MODEL = build_model(small_consultation())


def general(text: str, given: Stance | None = None) -> bool:
    return classify_text(text, MODEL, id_prefix="x", given=given).opinions[0].general


@pytest.mark.parametrize(
    "text",
    [
        "Cơ bản nhất trí với dự thảo.",
        "Tôi hoàn toàn nhất trí với nội dung các dự thảo văn kiện.",
        "Dự thảo được chuẩn bị công phu, bố cục chặt chẽ.",
        "Bố cục hợp lý, văn phong trong sáng, dễ hiểu.",
        "Tôi nhất trí.",
        "Đồng ý.",
        "Hoàn toàn đồng ý.",
        "Nhất trí cao!",
        "Văn phong còn dài dòng, khó hiểu.",
        "Dự thảo còn chung chung.",
        "Báo cáo chính trị được xây dựng nghiêm túc, khoa học.",
        "Chất lượng dự thảo tốt hơn nhiệm kỳ trước.",
        "Công tác chuẩn bị văn kiện chu đáo, bài bản.",
        "Nhìn chung dự thảo đầy đủ, toàn diện, khách quan.",
        "Tôi đồng ý một phần với dự thảo.",
        "Chúng tôi không nhất trí với dự thảo.",
        "Dự thảo ngắn gọn, súc tích.",
        "Các dự thảo bố cục chặt chẽ, khoa học, tính tổng kết và khái quát cao.",
        "Tôi đánh giá cao chất lượng các văn kiện.",
        "Dự thảo thể hiện trí tuệ, tâm huyết của Ban soạn thảo.",
        "Qua nghiên cứu, tôi thấy dự thảo rất công phu.",
        "Toàn bộ nội dung dự thảo đã rõ ràng.",
        "Không đồng ý với toàn bộ dự thảo.",
        "Báo cáo bố cục hợp lý, hành văn mạch lạc.",
        "Toi nhat tri.",
        "Hoan toan dong y.",
        "Du thao bo cuc chat che, de hieu.",
    ],
)
def test_a_remark_on_the_whole_draft_is_general(text: str) -> None:
    assert general(text)


@pytest.mark.parametrize(
    "text",
    [
        "Tôi nhất trí với mục tiêu giảm nghèo trong dự thảo.",
        "Nhất trí với chủ đề Đại hội và ba đột phá.",
        "Đề nghị rút gọn dự thảo.",
        "Dự thảo cần ngắn gọn hơn.",
        "Nhất trí với dự thảo nhưng đề nghị làm rõ nguồn vốn.",
        "Bản tôi chưa có điện.",
        "Đề nghị bổ sung chỉ tiêu nước sạch.",
        "Dự thảo chưa nói đến giáo dục mầm non vùng cao.",
        "Dự thảo quan tâm đến du lịch cộng đồng.",
        "Tôi đồng ý thu phí rác 30.000 đồng.",
        "Nhất trí sáp nhập các xã.",
        "Dự thảo có 12 chỉ tiêu là hợp lý.",
        "Câu “phấn đấu thoát nghèo” trong dự thảo hay.",
        "Vì sao dự thảo dài?",
        "Nên bỏ dự thảo.",
        "Tôi đánh giá cao kết quả phòng, chống dịch bệnh.",
        "Cần sửa văn phong.",
        "Dự thảo thiếu phần bảo vệ rừng.",
        "Không có ý kiến.",
        "Thiếu giáo viên.",
        "Đường xấu.",
        "Dự thảo đánh giá đúng tình hình biên giới, cửa khẩu.",
        "Văn kiện xác định kinh tế tư nhân là động lực.",
        "Chất lượng giáo dục còn thấp.",
        "Công tác cán bộ còn hình thức.",
        "Mong dự thảo sớm được thông qua.",
        "Ban toi chua co dien.",
        "Du thao quan tam den du lich cong dong.",
        "De nghi rut gon du thao.",
    ],
)
def test_anything_definite_makes_an_opinion_substantive(text: str) -> None:
    assert not general(text)


@pytest.mark.parametrize(
    "text", ["Dự thảo cần ngắn gọn hơn.", "Đề nghị bổ sung chỉ tiêu nước sạch.", "Nên bỏ mục này."]
)
def test_a_chosen_agreement_does_not_hide_a_request(text: str) -> None:
    assert not general(text, Stance.AGREE)


def test_what_names_a_place_or_a_wording_is_substantive() -> None:
    assert not general("Nhất trí với Điều 9 của dự thảo.")
    text = "Tôi nhất trí với dự thảo."
    assert is_general(view(text), 0, len(text), (), (), Stance.AGREE)
    assert not is_general(view(text), 0, len(text), (), (), Stance.AMEND)


@pytest.mark.parametrize("unit", ["dự thảo ", "“", "nhất trí "])
def test_time_grows_with_the_length_only(unit: str) -> None:
    def step(seen: View, start: int, end: int) -> object:
        return is_general(seen, start, end, (), (), Stance.AGREE), stance(seen, start, min(end, 10))

    assert growth(step, unit) <= LINEAR
