"""What an opinion does with the draft."""

import pytest

from services.classify.steps.stance import stance
from services.classify.steps.view import view, without_diacritics
from shared.events import Stance

CASES = [
    ("Tôi hoàn toàn nhất trí với dự thảo.", Stance.AGREE),
    ("Nhất trí bổ sung Chương X.", Stance.AGREE),
    ("Dự thảo công phu, bố cục chặt chẽ.", Stance.AGREE),
    ("Nhất trí với chủ đề, tuy nhiên đề nghị bổ sung từ “xanh”.", Stance.SUPPLEMENT),
    ("Đề nghị bổ sung chỉ tiêu giảm nghèo.", Stance.SUPPLEMENT),
    ("Đề nghị sửa câu cuối trang 5.", Stance.AMEND),
    ("Đề nghị làm rõ nguồn vốn.", Stance.AMEND),
    ("Đề nghị lược bỏ đoạn cuối.", Stance.DELETE),
    ("Tôi không đồng ý với nhận định này.", Stance.DISAGREE),
    ("Chỉ tiêu này thiếu khả thi.", Stance.DISAGREE),
    ("Đồng ý một phần với mục II.", Stance.PARTLY_AGREE),
    ("Vì sao chỉ tiêu thấp hơn nhiệm kỳ trước?", Stance.QUESTION),
    ("Xin hỏi bao giờ làm đường.", Stance.QUESTION),
    ("Bản tôi có 40 hộ.", Stance.NONE),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_the_stance_is_read(text: str, expected: Stance) -> None:
    assert stance(view(text), 0, len(text)) is expected


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_the_stance_is_read_without_diacritics(text: str, expected: Stance) -> None:
    assert stance(view(without_diacritics(text)), 0, len(text)) is expected


@pytest.mark.parametrize(
    "text", ["Một bộ phận cán bộ chưa gương mẫu.", "Bộ Y tế cần hỗ trợ thêm.", "Đề nghị bổ sung bộ phận một cửa."]
)
def test_bo_is_not_always_a_removal(text: str) -> None:
    assert stance(view(text), 0, len(text)) is not Stance.DELETE
    assert stance(view(without_diacritics(text)), 0, len(text)) is not Stance.DELETE
