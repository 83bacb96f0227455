"""Vietnamese, with and without diacritics, is told from the rest, and the rest by code."""

import pytest

from services.classify.steps.language import language
from services.classify.steps.view import view, without_diacritics
from tests.support.growth import LINEAR
from tests.unit.services.classify.steps.linear import growth


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đề nghị bổ sung đường giao thông", "vi"),
        ("De nghi tinh bo sung duong giao thong cho ban", "vi"),
        ("toi dong y voi du thao", "vi"),
        ("ok", "vi"),
        ("Nhat tri", "vi"),
        ("dong y", "vi"),
        ("đồng ý", "vi"),
        ("ko dong y", "vi"),
        ("Rat tot", "vi"),
        ("Tôi nhất trí.", "vi"),
        ("k đc ý kiến j hết", "vi"),
        ("ns thật là mk thấy bt", "vi"),
        ("duong xau qua", "vi"),
        ("Thieu giao vien", "vi"),
        ("can lam cau qua suoi nam rom", "vi"),
        ("Bản Nà Tấu cần nước sạch", "vi"),
        ("ban na tau can nuoc sach", "vi"),
        ("Đường đi Mường Nhé hỏng", "vi"),
        ("mong tinh quan tam ho tro ba con", "vi"),
        ("gop y: nen lam ro chi tieu so 3", "vi"),
        ("cho hoi bao gio lam duong", "vi"),
        ("hok hiểu lun á", "vi"),
        ("tui thay hop ly", "vi"),
        ("Tỉnh nên học app ID của Hà Nội", "vi"),
        ("Làm website cho dễ dùng", "vi"),
        ("wifi yếu quá", "vi"),
        ("Đề nghị sửa Smart City thành đô thị thông minh", "vi"),
        ("nhat tri cao voi cac noi dung trong du thao bao cao chinh tri", "vi"),
        ("thu tuc hanh chinh ruom ra", "vi"),
        ("bo quy dinh nay di", "vi"),
        ("The draft report should mention public transport and schools", "en"),
        ("Please build a better road to Điện Biên city", "en"),
        ("I agree with the draft.", "en"),
        ("More teachers are needed in our village", "en"),
        ("We need clean water", "en"),
        ("Le projet doit être plus précis sur les écoles", "fr"),
        ("Il faut construire une route pour notre village", "fr"),
        ("Nous sommes d'accord avec le projet", "fr"),
        ("请修建学校", "zh"),
        ("我同意草案", "zh"),
        ("建议增加教师", "zh"),
        ("ຂ້ອຍເຫັນດີກັບຮ່າງ", "lo"),
        ("ຕ້ອງການໂຮງຮຽນ", "lo"),
        ("ฉันเห็นด้วยกับร่าง", "th"),
        ("ต้องการถนน", "th"),
        ("យើងត្រូវការសាលារៀន", "km"),
        ("ꪼꪕ ꪹꪮꪙ ꪭꪱ", "blt"),
        ("ꪁꪫꪱꪣ ꪼꪕ ꪎꪴ ꪹꪣꪉ", "blt"),
        ("bấu mí nặm kin dú hươn nị", "blt"),
        ("pi noọng bấu đảy kin nặm lằng", "blt"),
        ("ải noọng táy xo hảư păn nặm", "blt"),
        ("Peb hmoob nyob zoo", "hmn"),
        ("Peb xav tau tsev kawm ntawv", "hmn"),
        ("kuv pom zoo nrog tsab ntawv no", "hmn"),
        ("Thov pab peb ua kev mus rau lub zos", "hmn"),
        ("Nyob zoo, peb yog neeg Hmoob", "hmn"),
        ("Cov menyuam tsis muaj xibfwb", "hmn"),
        ("Pêz Hmôngz nhoz lul cxangz tsês", "hmn"),
        ("cur nhiaz cxưx tsiv đax zos kangz", "hmn"),
        ("12345", "other"),
        ("!!!", "other"),
        ("Привет, как дела", "other"),
        ("مرحبا بالعالم", "other"),
        ("Proszę zbudować drogę do szkoły", "other"),
    ],
)
def test_the_language_is_told(text: str, expected: str) -> None:
    assert language(view(text), 0, len(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Slide bài giảng chất lượng kém",
        "Nên làm app và website cho dân dễ góp ý",
        "Đầu tư wifi, camera ở nhà văn hóa",
        "Xây homestay, tour du lịch cộng đồng",
        "Bản Huổi Lếch chưa có điện",
        "Giá xăng tăng",
        "Thiếu thuốc",
        "Chả hiểu gì",
        "Đẹp",
    ],
)
def test_short_texts_names_and_loan_words_stay_vietnamese(text: str) -> None:
    assert language(view(text), 0, len(text)) == "vi"
    assert language(view(without_diacritics(text)), 0, len(text)) == "vi"


def test_each_opinion_is_told_by_its_own_words() -> None:
    text = "Đề nghị bổ sung đường giao thông. Peb hmoob xav tau tsev kawm ntawv."
    assert language(view(text), 0, 33) == "vi"
    assert language(view(text), 34, len(text)) == "hmn"


@pytest.mark.parametrize("unit", ["a", "ư", "ng ", "peb ", "ꪀ", "z "])
def test_time_grows_with_the_length_only(unit: str) -> None:
    assert growth(language, unit) <= LINEAR
