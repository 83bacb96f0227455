"""Closing formulas are no opinions; whatever carries a thing of its own is one."""

import pytest

from services.classify.steps.splitting.split import split
from services.classify.steps.view import view, without_diacritics

OPINION = "Đề nghị bổ sung chỉ tiêu giảm nghèo."

CLOSINGS = (
    "Kính mong các đồng chí quan tâm.",
    "Rất mong các ý kiến trên được nghiên cứu, tiếp thu.",
    "Tôi xin hết ý kiến.",
    "Mong sớm được trả lời.",
    "Trên đây là một số ý kiến của tôi.",
    "Trên đây là ý kiến của tôi, kính mong được xem xét, tiếp thu.",
    "Trên đây là ý kiến của tôi, kính mong được xem xét, tiếp thu. Chúc Đại hội thành công tốt đẹp.",
    "Trên đây là một số ý kiến đóng góp của chi bộ chúng tôi vào dự thảo Báo cáo chính trị.",
    "Xin trên đây là vài ý kiến nhỏ của cá nhân tôi, rất mong được các đồng chí ghi nhận!",
    "Kính mong được tiếp thu.",
    "Rất mong được Ban soạn thảo xem xét, tiếp thu.",
    "Kính mong Tỉnh ủy, các cấp lãnh đạo quan tâm, xem xét.",
    "Tôi rất mong các cấp lắng nghe và tiếp thu.",
    "Bà con rất mong được quan tâm ạ.",
    "Kính đề nghị Ban soạn thảo nghiên cứu, tiếp thu các ý kiến trên.",
    "Đề nghị Tổ Biên tập xem xét, tiếp thu ý kiến góp ý của tôi.",
    "Mong Ban biên tập xem xét những ý kiến này.",
    "Hy vọng những ý kiến trên đây sẽ được ghi nhận.",
    "Trân trọng mong được hồi âm./.",
    "Xin hết.",
    "Xin hết ý kiến!",
    "Em xin hết ý kiến ạ.",
    "Chúc Đại hội thành công tốt đẹp.",
    "Kính chúc các đồng chí mạnh khỏe, hạnh phúc.",
    "Xin chúc Đại hội Đảng bộ tỉnh thành công rực rỡ!",
    "Em cảm ơn ạ.",
    "Chúng tôi xin chân thành cảm ơn.",
    "Rất mong nhận được phản hồi của tỉnh.",
)
OPINIONS = (
    "Kính mong Tỉnh ủy quan tâm làm đường vào bản Na Côm.",
    "Đề nghị xem xét lại chỉ tiêu 2 con số.",
    "Đề nghị xem xét.",
    "Đề nghị các cấp xem xét, giải quyết.",
    "Kính mong các đồng chí quan tâm đến người già neo đơn.",
    "Rất mong tỉnh sớm trả lời về việc thu hồi đất.",
    "Mong trả lời bằng văn bản cho người góp ý.",
    "4. Mong sớm được trả lời.",
    "- Kính mong các đồng chí quan tâm.",
    "Kính mong các đồng chí quan tâm, vì bản chưa có điện.",
    "Rất mong được quan tâm hơn nữa đến giáo dục vùng cao.",
    "Mong các ý kiến của người dân được trả lời công khai.",
    "Rất mong các ý kiến trên được đưa vào chỉ tiêu.",
    "Kính mong Tỉnh ủy quan tâm, sớm làm cầu.",
    "Mong các đồng chí xem xét thực tế ở xã.",
    "Trên đây là sự thật, đề nghị làm rõ.",
    "Trên đây là những bất cập của dự thảo, cần sửa.",
    "Trên đây là ý kiến của tôi, nếu không sửa thì dân không tin.",
    "Chúc Đại hội thành công tốt đẹp, nhớ làm đường cho bản tôi.",
    "Chúc Đại hội chọn được người có đức, có tài.",
    "Tôi không có ý kiến gì thêm.",
    "Tôi hết ý kiến với cách làm này.",
    "Tôi nhất trí, kính mong các đồng chí quan tâm.",
    "Mong làm thật.",
    "Mong tỉnh giải quyết.",
    "Xin cảm ơn tỉnh đã làm đường, mong làm tiếp.",
    "Mong sớm có nước sạch.",
    "Rất mong Đảng và Nhà nước quan tâm hỗ trợ.",
    "Đề nghị nghiên cứu, tiếp thu có chọn lọc kinh nghiệm của tỉnh bạn.",
    "Tại sao các ý kiến trên chưa được trả lời?",
)


def parts(text: str) -> list[str]:
    seen = view(text)
    return [text[slice(*seen.original(*span))] for span in split(seen).opinions]


@pytest.mark.parametrize("closing", CLOSINGS)
@pytest.mark.parametrize("after", ["", "\nXin trân trọng cảm ơn.", "\n\nTrân trọng./.\nNgười góp ý"])
def test_a_closing_formula_is_set_aside_at_the_end_of_a_letter(closing: str, after: str) -> None:
    assert parts(f"{OPINION}\n{closing}{after}") == [OPINION]


@pytest.mark.parametrize("closing", CLOSINGS)
def test_and_without_diacritics(closing: str) -> None:
    plain = without_diacritics(OPINION)
    assert parts(without_diacritics(f"{OPINION}\n{closing}")) == [plain]


@pytest.mark.parametrize("text", OPINIONS)
def test_a_wish_or_request_for_something_stays(text: str) -> None:
    assert "".join(parts(f"{OPINION}\n{text}")).endswith(text)
    assert "".join(parts(f"{OPINION} {text}\nXin cảm ơn.")).endswith(text)


@pytest.mark.parametrize("text", OPINIONS)
def test_and_stays_without_diacritics(text: str) -> None:
    plain = without_diacritics(text)
    assert "".join(parts(f"{without_diacritics(OPINION)}\n{plain}")).endswith(plain)


@pytest.mark.parametrize("closing", CLOSINGS)
def test_a_letter_that_is_a_formula_and_nothing_else_is_kept(closing: str) -> None:
    assert parts(closing) == [closing]


@pytest.mark.parametrize("wish", ["Kính mong các đồng chí quan tâm.", "Mong sớm được trả lời."])
def test_a_bare_wish_stays_with_the_complaint_it_follows(wish: str) -> None:
    text = f"Nhà tôi bị cắt sổ hộ nghèo. {wish}"
    assert parts(text) == [text]


def test_a_bare_wish_in_the_middle_of_a_letter_stays() -> None:
    text = ["Bản tôi chưa có điện.", "Kính mong các đồng chí quan tâm.", "Đường vào bản xấu."]
    assert parts("\n".join(text)) == text
