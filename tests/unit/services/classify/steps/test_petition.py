"""A complaint of one's own is flagged; talk about handling complaints is not."""

import pytest

from services.classify.steps.petition import petition_suspected
from services.classify.steps.view import view, without_diacritics
from tests.support.growth import LINEAR
from tests.unit.services.classify.steps.linear import growth


@pytest.mark.parametrize(
    "text",
    [
        "Tôi làm đơn khiếu nại việc thu hồi đất của gia đình.",
        "Nay tôi xin tố cáo hành vi sai phạm ở bản.",
        "ĐƠN KHIẾU NẠI về việc cấp sổ đỏ.",
        "ĐƠN TỐ CÁO",
        "Đơn xin kêu cứu",
        "Gia đình tôi bị thu hồi đất nhưng chưa được bồi thường.",
        "Tôi đã gửi đơn nhiều lần nhưng chưa được trả lời.",
        "Chúng tôi khiếu nại quyết định của Ủy ban nhân dân xã.",
        "Đề nghị giải quyết đơn của tôi.",
        "Đề nghị xem xét khiếu nại của gia đình tôi về ranh giới thửa đất.",
        "Tôi tố cáo ông Lò Văn Thử lấn chiếm đất công.",
        "Đề nghị trả lời đơn khiếu nại của chúng tôi.",
        "Ông chủ tịch xã đã nhận hối lộ của nhà thầu.",
        "Chủ tịch xã tôi ăn chặn tiền hỗ trợ lũ lụt.",
        "Trưởng bản đã khai khống hộ nghèo để lấy tiền.",
        "Nhà tôi bị cưỡng chế mà không có quyết định.",
        "Con tôi bị đuổi việc vô cớ.",
        "Em viết đơn này kêu cứu các cấp lãnh đạo.",
        "Vợ chồng tôi bị lấn chiếm lối đi vào nhà.",
        "Gia đình chúng tôi chưa nhận được tiền đền bù từ năm ngoái.",
        "Bố tôi bị oan mà không ai xem xét.",
        "Tôi kêu oan cho con trai tôi.",
        "Chúng tôi đã nhiều lần khiếu nại nhưng xã không trả lời.",
        "Cán bộ địa chính xã đã vòi vĩnh khi gia đình làm sổ đỏ.",
        "Bản thân tôi bị trù dập sau khi góp ý.",
        "toi xin to cao hanh vi sai pham",
    ],
)
def test_a_complaint_of_ones_own_is_flagged(text: str) -> None:
    assert petition_suspected(view(text), 0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "Cần nâng cao chất lượng giải quyết khiếu nại, tố cáo.",
        "Tôi đề nghị đẩy mạnh công tác giải quyết khiếu nại, tố cáo.",
        "Bổ sung chỉ tiêu tiếp công dân.",
        "Tỷ lệ giải quyết đơn khiếu nại đạt 95 %.",
        "Đề nghị sửa Luật Khiếu nại, Luật Tố cáo.",
        "Người dân gửi đơn khiếu nại nhiều nơi gây mất thời gian.",
        "Dự thảo cần bảo đảm quyền khiếu nại của công dân.",
        "Tôi cho rằng tình trạng khiếu kiện kéo dài là do thu hồi đất.",
        "Cần bảo vệ người tố cáo.",
        "Số vụ khiếu nại đông người giảm.",
        "Đề nghị quy định rõ thời hạn giải quyết đơn thư.",
        "Cần xử lý nghiêm cán bộ xã tham ô.",
        "Tôi nhất trí với báo cáo về công tác tiếp công dân, giải quyết khiếu nại.",
        "Phải chống tham ô, lãng phí.",
        "Nhiều hộ chưa được bồi thường, cần đẩy nhanh tiến độ.",
        "Gia đình tôi thuộc hộ nghèo, đề nghị hỗ trợ làm nhà.",
        "Tôi góp ý về phòng, chống tham nhũng.",
        "Một bộ phận cán bộ lợi dụng chức vụ để trục lợi.",
        "Cần có cơ chế để dân không phải khiếu kiện vượt cấp.",
        "Chúng tôi mong dự thảo quan tâm công tác hòa giải, hạn chế khiếu nại.",
        "Đơn vị tôi nhất trí với dự thảo.",
        "Tôi đơn giản chỉ mong có đường đi.",
        "Chúng tôi thấy giá đền bù cần sát giá thị trường.",
        "Bản tôi bị sạt lở, đề nghị làm kè.",
        "Đề nghị nâng mức bồi thường khi thu hồi đất.",
        "Bố tôi là thương binh.",
        "Chính sách thu hồi đất phải bảo đảm quyền khiếu nại của chúng tôi.",
        "Cán bộ xã nào nhận hối lộ phải bị cách chức.",
        "Ông bà ta dạy phải đoàn kết.",
        "Em học sinh bị bạn bè trêu chọc cần được tư vấn tâm lý.",
        "Xử lý nghiêm hành vi bao che, dung túng.",
        "Tổ chức Đảng cần giải quyết tố cáo đúng hạn.",
    ],
)
def test_talk_about_complaints_is_not_flagged(text: str) -> None:
    assert not petition_suspected(view(text), 0, len(text))
    assert not petition_suspected(view(without_diacritics(text)), 0, len(text))


@pytest.mark.parametrize(
    "unit", ["tôi ", "tôi khiếu nại công tác ", "ông a ", "chủ tịch xã ", "đơn ", "đơn của ", "khiếu nại của "]
)
def test_time_grows_with_the_length_only(unit: str) -> None:
    assert growth(petition_suspected, unit) <= LINEAR
