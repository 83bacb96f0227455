"""What an opinion does with the draft."""

import pytest

from services.classify.steps.stances.stance import stance
from services.classify.steps.view import view, without_diacritics
from shared.events import Stance
from tests.support.growth import LINEAR
from tests.unit.services.classify.steps.linear import growth

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
    ("Đề nghị bỏ cụm từ “quyết liệt” ở trang 5.", Stance.DELETE),
    ("Nên bỏ chỉ tiêu số 7 vì trùng với chỉ tiêu số 3.", Stance.DELETE),
    ("Đoạn này thừa, đề nghị lược bỏ.", Stance.DELETE),
    ("Đề nghị xóa câu cuối của mục II.", Stance.DELETE),
    ("Nên bỏ hẳn mục 4.", Stance.DELETE),
    ("Đề nghị không đưa nội dung này vào dự thảo.", Stance.DELETE),
    ("Đề nghị cắt bớt đoạn mở đầu.", Stance.DELETE),
    ("Quy định này không còn cần thiết, đề nghị bãi bỏ.", Stance.DELETE),
    ("Theo tôi phải bỏ quy định về hộ khẩu.", Stance.DELETE),
    ("Xin bỏ từ “cơ bản” trong câu đầu.", Stance.DELETE),
    ("Nhất trí với dự thảo nhưng đề nghị bỏ đoạn cuối trang 3.", Stance.DELETE),
    ("Không nên bỏ quy định này.", Stance.DISAGREE),
    ("Tôi không đồng ý bỏ Điều 9.", Stance.DISAGREE),
    ("Nhất trí bỏ cấp huyện.", Stance.AGREE),
    ("Bà con đi bỏ phiếu rất đông.", Stance.NONE),
    ("Tôi không đồng ý với dự thảo.", Stance.DISAGREE),
    ("Chúng tôi chưa nhất trí với nội dung mục III.", Stance.DISAGREE),
    ("Tôi chưa thật sự nhất trí với chỉ tiêu này.", Stance.DISAGREE),
    ("Tôi hoàn toàn không đồng ý.", Stance.DISAGREE),
    ("Tôi phản đối chủ trương thu phí này.", Stance.DISAGREE),
    ("Không ai đồng ý với mức thu này.", Stance.DISAGREE),
    ("Chỉ tiêu tăng trưởng không khả thi.", Stance.DISAGREE),
    ("Mục tiêu này còn xa vời, chưa sát thực tế.", Stance.DISAGREE),
    ("Dự thảo còn chung chung, dài dòng.", Stance.DISAGREE),
    ("Báo cáo chưa nêu rõ nguyên nhân của hạn chế.", Stance.DISAGREE),
    ("Dự thảo chưa đề cập đến vùng biên giới.", Stance.DISAGREE),
    ("Phần đánh giá tô hồng thành tích, không đúng sự thật.", Stance.DISAGREE),
    ("Quy định như vậy là bất công với người nghèo.", Stance.DISAGREE),
    ("Giải pháp thiếu thuyết phục, kém hiệu quả.", Stance.DISAGREE),
    ("Số liệu trong báo cáo chưa chính xác.", Stance.DISAGREE),
    ("Văn phong khó hiểu, lủng củng.", Stance.DISAGREE),
    ("Tôi khó mà đồng tình với nhận định này.", Stance.DISAGREE),
    ("ko đồng ý với mục 2", Stance.DISAGREE),
    ("Chẳng có gì mới, chỉ là hô hào.", Stance.DISAGREE),
    ("Dự thảo không có gì mới.", Stance.DISAGREE),
    ("Bố cục chưa hợp lý, nội dung thiếu chặt chẽ.", Stance.DISAGREE),
    ("Không nên đặt chỉ tiêu cao như vậy.", Stance.DISAGREE),
    ("Dự thảo tưởng là đầy đủ mà chưa thể hiện được nguyện vọng của dân.", Stance.DISAGREE),
    ("Nói là toàn diện nhưng nội dung rất sơ sài.", Stance.DISAGREE),
    ("Tôi đồng ý một phần với dự thảo.", Stance.PARTLY_AGREE),
    ("Tôi nhất trí phần nào với nhận định trên.", Stance.PARTLY_AGREE),
    ("Tôi chỉ đồng ý với mục 1, còn mục 2 thì không.", Stance.PARTLY_AGREE),
    ("Chưa hoàn toàn nhất trí với mục tiêu đề ra.", Stance.PARTLY_AGREE),
    ("Tôi không hoàn toàn đồng ý.", Stance.PARTLY_AGREE),
    ("Tôi nhất trí với mục tiêu nhưng chỉ tiêu giảm nghèo chưa khả thi.", Stance.PARTLY_AGREE),
    ("Đồng ý với chủ trương, tuy nhiên mức thu còn chung chung.", Stance.PARTLY_AGREE),
    ("Tôi không phải là không đồng ý với dự thảo.", Stance.PARTLY_AGREE),
    ("Tán thành chủ trương sáp nhập, song lộ trình quá nhanh, dân chưa kịp làm quen.", Stance.PARTLY_AGREE),
    ("Không thể không đồng ý với nhận định này.", Stance.AGREE),
    ("Không ai không đồng ý với chủ trương ấy.", Stance.AGREE),
    ("Nhất trí bổ sung Chương X vào dự thảo.", Stance.AGREE),
    ("Đồng ý sửa đổi Điều 9 như dự thảo.", Stance.AGREE),
    ("Tôi không phản đối nội dung này.", Stance.AGREE),
    ("Nhất trí với dự thảo, không có ý kiến gì thêm.", Stance.AGREE),
    ("Dự thảo đã đầy đủ, không cần bổ sung gì.", Stance.AGREE),
    ("Đề nghị giữ nguyên như dự thảo.", Stance.AGREE),
    ("Dự thảo ngắn gọn nhưng đầy đủ.", Stance.AGREE),
    ("Tôi nhất trí cần phải đẩy mạnh chuyển đổi số.", Stance.AGREE),
    ("Dự thảo đã bổ sung nội dung về nước sạch là rất đúng.", Stance.AGREE),
    ("Tích hợp như vậy tránh được chồng chéo, rất hợp lý.", Stance.AGREE),
    ("Tại sao chỉ tiêu thấp hơn nhiệm kỳ trước", Stance.QUESTION),
    ("Cho tôi hỏi khi nào thì làm cầu qua suối.", Stance.QUESTION),
    ("Kinh phí thực hiện lấy ở đâu?", Stance.QUESTION),
    ("Tôi muốn hỏi căn cứ của con số 15 %.", Stance.QUESTION),
    ("Phải chăng chúng ta bỏ quên vùng cao", Stance.QUESTION),
    ("Xin cho biết lộ trình thực hiện.", Stance.QUESTION),
    ("Tôi không hiểu vì sao bản tôi không có trong danh sách.", Stance.QUESTION),
    ("Đồng ý nhưng đề nghị bổ sung chỉ tiêu nước sạch.", Stance.SUPPLEMENT),
    ("Nhất trí cao, song cần làm rõ nguồn lực.", Stance.AMEND),
    ("Tôi đồng ý, đề nghị sửa câu đầu cho gọn.", Stance.AMEND),
    ("Dự thảo chưa nêu rõ nguồn vốn, đề nghị bổ sung.", Stance.SUPPLEMENT),
    ("Cơ bản nhất trí, đề nghị tỉnh quan tâm làm đường vào bản.", Stance.SUPPLEMENT),
    ("Đề nghị tỉnh ủng hộ kinh phí làm nhà văn hóa.", Stance.SUPPLEMENT),
    ("Chỉ tiêu quá cao, đề nghị xem xét lại.", Stance.AMEND),
    ("Nhất trí với dự thảo. Bổ sung chỉ tiêu nước sạch.", Stance.SUPPLEMENT),
    ("Cần khắc phục bệnh hình thức trong sinh hoạt chi bộ.", Stance.SUPPLEMENT),
    ("Bản tôi có 40 hộ, chủ yếu là người Mông.", Stance.NONE),
    ("Tôi là giáo viên trường tiểu học.", Stance.NONE),
    ("Thay mặt chi bộ, tôi xin gửi lời chào.", Stance.NONE),
    ("Không có ý kiến.", Stance.NONE),
    ("Tôi không có ý kiến gì.", Stance.NONE),
    ("Năm ngoái mưa lớn làm sạt lở đường.", Stance.NONE),
    ("Dự thảo đã bổ sung nội dung này ở bản trước.", Stance.NONE),
    ("Các hình thức lấy ý kiến gồm hội nghị và phiếu.", Stance.NONE),
    ("Bản tôi chưa có đường bê tông.", Stance.NONE),
    ("Nhân dân phản ánh giá điện tăng.", Stance.NONE),
    ("Nhất trí với điểm a, không nhất trí với điểm b.", Stance.PARTLY_AGREE),
    ("Đề nghị không bỏ phụ cấp cho trưởng bản.", Stance.DISAGREE),
    ("Đề nghị thay đổi cách tính hộ nghèo.", Stance.AMEND),
    ("Xin rút nội dung này ra khỏi dự thảo.", Stance.DELETE),
    ("Tôi tán thành, chỉ băn khoăn về kinh phí.", Stance.PARTLY_AGREE),
    ("Mức phạt như vậy liệu có nặng quá không ạ", Stance.QUESTION),
    ("Tôi không có gì phải phàn nàn, dự thảo rất tốt.", Stance.AGREE),
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


@pytest.mark.parametrize(
    "text",
    [
        "Đừng bỏ mục nói về đồng bào vùng cao.",
        "Không thể bỏ nội dung về bảo vệ rừng.",
        "Nhiều em phải bỏ học giữa chừng.",
        "Cán bộ không được bỏ sót ý kiến nào.",
        "Bà con bỏ nhiều công sức làm đường.",
    ],
)
def test_what_is_not_to_be_removed_is_no_removal(text: str) -> None:
    assert stance(view(text), 0, len(text)) is not Stance.DELETE
    assert stance(view(without_diacritics(text)), 0, len(text)) is not Stance.DELETE


def test_bo_is_a_removal_only_with_its_mark() -> None:
    text = "Đừng bỏ mục nói về đồng bào vùng cao."
    assert stance(view(text), 0, len(text)) is Stance.DISAGREE


CRITICAL = [
    "chưa hợp lý", "không phù hợp", "thiếu khả thi", "chung chung", "sơ sài", "dài dòng", "chưa sát thực tế", "mâu thuẫn với thực tế",
    "không đúng sự thật", "còn mang tính hình thức", "quá cao", "chưa rõ ràng", "thiếu toàn diện", "chưa thuyết phục", "xa rời cuộc sống",
    "viển vông", "chưa đầy đủ", "kém khoa học", "lủng củng", "bất hợp lý", "chưa nêu được nguyên nhân", "không có cơ sở", "chưa bao quát",
    "khó thực hiện", "trùng lặp",
]  # fmt: skip


@pytest.mark.parametrize("fault", CRITICAL)
@pytest.mark.parametrize(
    "sentence",
    [
        "Nội dung dự thảo {}.",
        "Dự thảo công phu, bố cục khoa học nhưng giải pháp {}.",
        "Tôi nhất trí với chủ đề nhưng chỉ tiêu {}.",
        "Chỉ tiêu {}, dù được chuẩn bị công phu, chặt chẽ.",
        "Dự thảo được đánh giá là toàn diện, sâu sắc, tôi thấy còn {}.",
    ],
)
def test_a_criticism_never_becomes_agreement_whatever_praise_stands_beside_it(sentence: str, fault: str) -> None:
    for text in (sentence.format(fault), without_diacritics(sentence.format(fault))):
        assert stance(view(text), 0, len(text)) in {Stance.DISAGREE, Stance.PARTLY_AGREE, Stance.NONE}


@pytest.mark.parametrize(
    "text", ["Đề nghị sửa “nhất trí bổ sung” cho gọn.", "Sửa cụm từ “không đồng ý” trong câu đầu."]
)
def test_the_words_of_the_draft_are_not_the_writers(text: str) -> None:
    assert stance(view(text), 0, len(text)) is Stance.AMEND


def test_an_opinion_all_in_quotes_is_the_writers() -> None:
    text = "“Tôi không đồng ý với dự thảo.”"
    assert stance(view(text), 0, len(text)) is Stance.DISAGREE


@pytest.mark.parametrize("unit", ["không ", "“", '"', "nhất trí ", "bỏ ", ", ", "nhưng ", "không phải là không ", "a"])
def test_time_grows_with_the_length_only(unit: str) -> None:
    assert growth(stance, unit) <= LINEAR


IRONY = [
    "Nếu nói dự thảo khoa học thì tôi không dám.",
    "Nếu bảo là dự thảo ngắn gọn thì tôi không nghĩ vậy.",
    "Nói dự thảo toàn diện thì e là hơi quá.",
    "Tưởng là hay nhưng đọc xong chẳng hiểu gì.",
    "Tưởng dự thảo toàn diện, hóa ra chỉ nói chuyện cũ.",
    "Nghe thì hay nhưng làm thì chẳng ai làm.",
    "Thoạt nghe rất hợp lý nhưng chưa thấy nguồn vốn.",
    "Dự thảo mà gọi là sâu sắc thì tôi chịu.",
    "Khó có thể gọi là súc tích.",
    "Không thể coi dự thảo là đầy đủ.",
    "Khen thì cũng được nhưng dự thảo chung chung quá.",
]


@pytest.mark.parametrize("text", IRONY)
def test_praise_that_is_only_supposed_or_taken_back_is_no_agreement(text: str) -> None:
    assert stance(view(text), 0, len(text)) is Stance.DISAGREE
    assert stance(view(without_diacritics(text)), 0, len(text)) in {Stance.DISAGREE, Stance.NONE}


@pytest.mark.parametrize(
    "text",
    [
        "Nếu nói điểm mới của dự thảo thì đó là chuyển đổi số, rất đúng.",
        "Đối tượng là hộ nghèo, quy định như vậy rất phù hợp.",
        "Nghe cán bộ đọc dự thảo, tôi thấy rất hợp lý.",
        "Mới đọc dự thảo tôi đã thấy rất hay, hợp lòng dân.",
        "Có thể gọi là một văn kiện công phu.",
        "Tôi nói dự thảo rất tốt vì sát thực tế.",
        "Đánh giá như vậy là đúng.",
        "Phải nói là dự thảo rất công phu.",
        "Tôi tin tưởng và nhất trí cao với dự thảo.",
        "Phù hợp với điều kiện của tỉnh, tôi nhất trí.",
        "Nhất trí với điều kiện, tiêu chuẩn nêu tại Điều 5.",
        "Giá điện như quy định là phù hợp, tôi đồng ý.",
    ],
)
def test_praise_that_is_meant_is_agreement(text: str) -> None:
    assert stance(view(text), 0, len(text)) is Stance.AGREE
    assert stance(view(without_diacritics(text)), 0, len(text)) is Stance.AGREE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Giá như dự thảo ngắn gọn hơn.", Stance.AMEND),
        ("Giá mà dự thảo rõ ràng, dễ hiểu hơn thì tốt.", Stance.AMEND),
        ("Ước gì dự thảo viết ngắn gọn, dễ hiểu.", Stance.AMEND),
        ("Giá như dự thảo có thêm một mục về người khuyết tật.", Stance.SUPPLEMENT),
        ("Nếu được bổ sung chỉ tiêu nước sạch thì dự thảo sẽ đầy đủ hơn.", Stance.SUPPLEMENT),
        ("Sẽ hợp lý hơn nếu có lộ trình cụ thể.", Stance.SUPPLEMENT),
        ("Tôi đồng ý nếu có lộ trình phù hợp.", Stance.PARTLY_AGREE),
        ("Tôi nhất trí với điều kiện là có kinh phí.", Stance.PARTLY_AGREE),
    ],
)
def test_a_wish_or_a_condition_is_no_agreement(text: str, expected: Stance) -> None:
    assert stance(view(text), 0, len(text)) is expected
    assert stance(view(without_diacritics(text)), 0, len(text)) is expected


@pytest.mark.parametrize(
    "text",
    [
        "Bản tôi còn thiếu phòng học, thiếu giáo viên.",
        "Trường xã tôi còn thiếu phòng học, thiếu giáo viên mầm non.",
        "Hiện nay bà con vùng cao còn thiếu nước sạch, thiếu đất sản xuất.",
        "Trạm y tế còn thiếu thuốc, thiếu bác sĩ.",
        "Cán bộ xã sau sáp nhập còn thiếu và yếu.",
        "Thanh niên còn thiếu việc làm, đi làm ăn xa.",
        "Còn thiếu phòng học, thiếu giáo viên.",
        "Xã tôi chưa được bổ sung giáo viên.",
        "Cầu treo bản tôi hỏng hai năm chưa ai sửa.",
    ],
)
def test_a_lack_in_life_is_no_disagreement_with_the_draft(text: str) -> None:
    assert stance(view(text), 0, len(text)) in {Stance.NONE, Stance.SUPPLEMENT}
    assert stance(view(without_diacritics(text)), 0, len(text)) in {Stance.NONE, Stance.SUPPLEMENT}


@pytest.mark.parametrize(
    "text",
    [
        "Dự thảo còn thiếu chỉ tiêu về nước sạch.",
        "Báo cáo còn thiếu đánh giá về vùng biên giới.",
        "Phần nhiệm vụ còn thiếu giải pháp cho thanh niên.",
        "Mục III còn thiếu số liệu.",
        "Nội dung về y tế còn thiếu và yếu.",
        "Chính sách cho giáo viên vùng cao còn thiếu.",
        "Dự thảo không nhắc đến di tích Mường Phăng.",
        "Chưa thấy giải pháp nào cho lao động trở về quê.",
        "Nội dung cho vùng cao chưa được làm rõ.",
    ],
)
def test_a_lack_in_the_draft_is_criticism(text: str) -> None:
    assert stance(view(text), 0, len(text)) is Stance.DISAGREE
    assert stance(view(without_diacritics(text)), 0, len(text)) is Stance.DISAGREE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nếu bỏ khoản 3 thì dân thiệt.", Stance.NONE),
        ("Bỏ khoản 3 thì không được.", Stance.DISAGREE),
        ("Bỏ Điều 9 là sai.", Stance.DISAGREE),
        ("Bỏ quy định này sẽ gây khó khăn cho bà con.", Stance.DISAGREE),
        ("Có ý kiến đề nghị bỏ mục 3 nhưng tôi không đồng ý.", Stance.DISAGREE),
        ("Có nên bỏ mục 3 hay không.", Stance.QUESTION),
        ("Không hiểu sao lại bỏ khoản 3.", Stance.QUESTION),
        ("Dự thảo 2 bỏ Điều 8 của dự thảo 1, tôi thấy buồn.", Stance.NONE),
        ("Tỉnh đã quyết định bỏ điểm trường 2, bà con rất buồn.", Stance.NONE),
        ("Ban soạn thảo nên bỏ mục 3.", Stance.DELETE),
        ("Nhiều người đề nghị bỏ khoản thu này.", Stance.DELETE),
        ("Đề nghị bỏ quy định này vì sẽ gây khó khăn cho bà con.", Stance.DELETE),
        ("Nếu thấy trùng thì đề nghị bỏ mục 3.", Stance.DELETE),
        ("Bỏ đoạn này cho gọn, câu trên là đủ.", Stance.DELETE),
    ],
)
def test_a_removal_that_is_weighed_or_condemned_is_not_asked_for(text: str, expected: Stance) -> None:
    assert stance(view(text), 0, len(text)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dự thảo chưa sát với vùng cao nhưng tôi vẫn đồng ý.", Stance.PARTLY_AGREE),
        ("Nội dung còn chung chung, tôi đồng ý.", Stance.DISAGREE),
        ("Không cần thiết phải có Điều 11.", Stance.DISAGREE),
        ("Chẳng khác gì nhiệm kỳ trước.", Stance.DISAGREE),
        ("Không có gì để chê.", Stance.AGREE),
        ("Dự thảo tiến bộ hơn hẳn lần trước.", Stance.AGREE),
        ("Tốt.", Stance.AGREE),
        ("Đề nghị tách mục văn hóa thành hai mục.", Stance.AMEND),
        ("Số liệu cũ, đề nghị cập nhật.", Stance.AMEND),
    ],
)
def test_short_remarks_and_mixed_ones_are_read(text: str, expected: Stance) -> None:
    assert stance(view(text), 0, len(text)) is expected
    assert stance(view(without_diacritics(text)), 0, len(text)) is expected
