"""Several opinions in one paragraph are told apart; statement, reason and request on one matter stay one."""

import pytest

from services.classify.steps.splitting.split import split
from services.classify.steps.view import view, without_diacritics

SEVERAL = (
    ["Tôi hoàn toàn nhất trí với dự thảo.", "Đề nghị bổ sung chỉ tiêu nước sạch."],
    ["Đề nghị làm đường vào bản.", "Kiến nghị xây thêm phòng học.", "Cần thêm bác sĩ cho trạm y tế."],
    ["Tôi nhất trí với chủ đề,", "đồng thời đề nghị bổ sung chỉ tiêu rừng."],
    ["Cần nâng mức hỗ trợ,", "ngoài ra kiến nghị miễn học phí."],
    ["Đề nghị sửa câu đầu;", "đề nghị bỏ câu cuối."],
    ["Bổ sung chỉ tiêu rừng;", "bỏ cụm từ “phấn đấu” ở trang 4."],
    ["Đề nghị làm đường vào bản.", "Trường học thiếu phòng học. Đề nghị xây thêm phòng học cho trường."],
    ["Về y tế, trạm thiếu thuốc.", "Về giáo dục, trường thiếu giáo viên."],
    ["Tôi đồng ý với phương châm.", "Tôi không đồng ý với chỉ tiêu."],
    ["Dự thảo có bố cục chặt chẽ.", "Tuy nhiên, phần hạn chế còn né tránh."],
    ["Đường xấu, đề nghị sửa đường.", "Vì sao không có tên bản tôi trong quy hoạch?"],
    ["Chỉ tiêu rừng thấp.", "Bên cạnh đó, chỉ tiêu nước sạch cũng thấp."],
)
ONE = (
    "Nhất trí với dự thảo, tuy nhiên đề nghị làm rõ nguồn vốn.",
    "Đường vào bản rất xấu. Mùa mưa học sinh phải nghỉ học. Đề nghị tỉnh sớm làm đường.",
    "Đề nghị tăng chỉ tiêu rừng. Lý do: rừng là nguồn nước. Cụ thể, tăng lên 46%.",
    "Trang 6 viết “phát triển nhanh. Đề nghị ghi nhận”. Đề nghị sửa thành “phát triển bền vững”.",
    "Đề nghị thay “làm đường; đề nghị làm cầu” bằng “làm đường và cầu”.",
    "Dự thảo (bản tháng sáu; đề nghị xem lại) còn dài.",
    "Vì sao chỉ tiêu rừng giảm? Đề nghị giải thích rõ.",
    "Tôi không đồng ý với chỉ tiêu 10%. Đề nghị giảm còn 8%.",
    "Đề nghị tỉnh làm đường. Mong tỉnh sớm bố trí vốn.",
    "Trường thiếu phòng học; đề nghị xây thêm phòng học.",
    "Cần phát triển kinh tế đồng thời bảo vệ môi trường.",
    "Đề nghị sửa câu đầu: bỏ từ “cơ bản”; thay từ “nền nếp” bằng “nề nếp”.",
    "Báo cáo nêu hộ nghèo giảm 5%/năm. Con số này chưa đúng với thực tế ở xã tôi. Đề nghị kiểm tra lại.",
    "Phần thứ hai của dự thảo rất dài, phần thứ ba thì ngắn.",
)


def parts(text: str) -> list[str]:
    seen = view(text)
    return [text[slice(*seen.original(*span))] for span in split(seen).opinions]


@pytest.mark.parametrize("opinions", SEVERAL, ids=lambda opinions: opinions[0])
def test_opinions_on_different_matters_are_told_apart(opinions: list[str]) -> None:
    assert parts(" ".join(opinions)) == opinions


@pytest.mark.parametrize("opinions", SEVERAL, ids=lambda opinions: opinions[0])
def test_and_without_diacritics(opinions: list[str]) -> None:
    plain = [without_diacritics(opinion) for opinion in opinions]
    assert parts(" ".join(plain)) == plain


@pytest.mark.parametrize("text", ONE)
def test_one_matter_stays_one_opinion(text: str) -> None:
    assert parts(text) == [text]


def test_a_row_of_ordinals_needs_no_full_stops() -> None:
    assert parts("Tôi có hai ý, một là làm đường, hai là làm cầu") == [
        "Tôi có hai ý, một là làm đường,",
        "hai là làm cầu",
    ]
    assert parts("thu nhat de nghi lam duong thu hai de nghi lam cau") == [
        "thu nhat de nghi lam duong",
        "thu hai de nghi lam cau",
    ]
