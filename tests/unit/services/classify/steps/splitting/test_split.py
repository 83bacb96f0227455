"""Letters are split where their writers split them; nothing of substance is left out."""

import pytest

from services.classify.steps.splitting.split import MAX_OPINIONS, split
from services.classify.steps.view import view


def parts(text: str) -> list[str]:
    seen = view(text)
    return [text[slice(*seen.original(*span))] for span in split(seen).opinions]


def test_a_plain_opinion_stays_whole() -> None:
    text = "  Nguồn vốn cho đường giao thông chưa rõ. Đề nghị làm rõ nguồn vốn cho đường giao thông.  "
    assert parts(text) == [text.strip()]


def test_a_letter_is_split_into_its_numbered_opinions_without_its_courtesies() -> None:
    text = (
        "Kính gửi: Ban Tuyên giáo và Dân vận Tỉnh ủy\n"
        "Sau khi nghiên cứu dự thảo, tôi xin góp ý như sau:\n\n"
        "1. Đề nghị bổ sung chỉ tiêu giảm nghèo.\n"
        "2. Mục tiêu 1.5 tỷ đồng là thấp,\ncần nâng lên.\n"
        "3) Cần thêm giáo viên.\n\n"
        "Xin trân trọng cảm ơn!\nNgười góp ý\nMột đảng viên"
    )
    assert parts(text) == [
        "1. Đề nghị bổ sung chỉ tiêu giảm nghèo.",
        "2. Mục tiêu 1.5 tỷ đồng là thấp,\ncần nâng lên.",
        "3) Cần thêm giáo viên.",
    ]


@pytest.mark.parametrize("mark", ["- ", "+ ", "• ", "– "])
def test_dashed_lists_are_split(mark: str) -> None:
    assert parts(f"{mark}Bổ sung đường.\n{mark}Sửa câu cuối.") == [f"{mark}Bổ sung đường.", f"{mark}Sửa câu cuối."]


def test_ordinals_inside_a_paragraph_begin_new_opinions() -> None:
    text = "Thứ nhất, đề nghị bổ sung chỉ tiêu. Thứ hai, cần làm rõ nguồn lực. Thứ ba là sửa lỗi chính tả."
    assert parts(text) == [
        "Thứ nhất, đề nghị bổ sung chỉ tiêu.",
        "Thứ hai, cần làm rõ nguồn lực.",
        "Thứ ba là sửa lỗi chính tả.",
    ]


def test_letters_without_diacritics_are_split_alike() -> None:
    assert parts("Kinh gui ban bien tap\n1. De nghi bo sung duong\n2. Can them giao vien\nXin cam on") == [
        "1. De nghi bo sung duong",
        "2. Can them giao vien",
    ]


def test_a_heading_stays_with_what_it_announces() -> None:
    assert parts("1. Về phần II:\n- Bổ sung số liệu.\n- Sửa câu đầu.") == [
        "1. Về phần II:\n- Bổ sung số liệu.",
        "- Sửa câu đầu.",
    ]


def test_a_printed_form_is_read_with_its_headings() -> None:
    text = (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nĐiện Biên, ngày 12 tháng 6 năm 2025\n\n"
        "PHIẾU GÓP Ý\nHọ và tên: Ví Dụ\nI. VỀ CHỦ ĐỀ\nTôi nhất trí.\nII. VỀ KẾT QUẢ\n1. Bổ sung số liệu.\n2. Sửa câu cuối.\n\n"
        "Trân trọng./.\nĐiện Biên, ngày 12 tháng 6 năm 2025\nNgười góp ý\nVí Dụ"
    )
    assert parts(text) == [
        "I. VỀ CHỦ ĐỀ\nTôi nhất trí.",
        "II. VỀ KẾT QUẢ\n1. Bổ sung số liệu.",
        "2. Sửa câu cuối.",
    ]


def test_a_writer_of_capitals_keeps_separate_opinions() -> None:
    assert parts("1. BỔ SUNG ĐƯỜNG\n2. SỬA CÂU CUỐI") == ["1. BỔ SUNG ĐƯỜNG", "2. SỬA CÂU CUỐI"]


def test_lines_broken_by_a_mail_program_stay_together() -> None:
    wrapped = (
        "Đề nghị tỉnh quan tâm đầu tư tuyến đường từ trung tâm xã đến các\nbản vùng cao vì mùa mưa đi lại rất khó khăn."
    )
    assert parts(wrapped) == [wrapped]


def test_empty_lines_part_paragraphs() -> None:
    assert parts("Tôi nhất trí với chủ đề\n\nĐề nghị xây trường học") == [
        "Tôi nhất trí với chủ đề",
        "Đề nghị xây trường học",
    ]


def test_courtesies_in_the_same_line_are_set_aside() -> None:
    assert parts("Kính chào ban soạn thảo. Đề nghị sửa câu đầu. Xin chân thành cảm ơn!") == ["Đề nghị sửa câu đầu."]


def test_thanks_with_a_request_are_an_opinion() -> None:
    text = "Đường đã tốt hơn. Cảm ơn tỉnh đã quan tâm, đề nghị làm tiếp đoạn còn lại."
    assert parts(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Tôi là người dân bản vùng cao, bản tôi thiếu nước sạch.",
        "Kính thưa các đồng chí, đường vào bản xấu.",
        "Rất mong tỉnh sớm làm đường.",
        "Cảm ơn Đảng và Nhà nước đã mở đường vào bản.",
        "Trân trọng những kết quả của nhiệm kỳ qua.",
        "Đơn vị sự nghiệp gồm nhiều đầu mối.",
        "Chào mừng thành tích, song còn hộ nghèo.",
        "Ý kiến góp ý: đường trơn",
    ],
)
def test_what_only_begins_like_a_courtesy_is_not_lost(text: str) -> None:
    assert parts(f"{text}\nĐề nghị bổ sung chỉ tiêu.\n\n{text}")[0].startswith(text)
    assert parts(f"Đề nghị bổ sung chỉ tiêu.\n{text}")[-1].endswith(text)


def test_a_letter_of_courtesies_alone_is_one_opinion() -> None:
    assert parts(" Kính gửi Ban Tuyên giáo.\nXin cảm ơn! ") == ["Kính gửi Ban Tuyên giáo.\nXin cảm ơn!"]


@pytest.mark.parametrize("text", ["", " ", "\n\t \u3000\n"])
def test_white_space_holds_no_opinion(text: str) -> None:
    assert parts(text) == []


def test_endless_lists_stay_bounded_and_whole() -> None:
    text = "- thêm đường\n" * 2000
    found = parts(text)
    assert len(found) == MAX_OPINIONS
    assert found[-1].endswith("thêm đường")


def test_numbered_points_in_one_paragraph_are_split() -> None:
    assert parts("Chi bộ họp: (1) đồng ý với dự thảo; (2) bổ sung chỉ tiêu về nước sạch.") == [
        "Chi bộ họp: (1) đồng ý với dự thảo;",
        "(2) bổ sung chỉ tiêu về nước sạch.",
    ]
    assert parts("1/ Nhất trí với dự thảo. 2/ Bổ sung nhà trẻ.") == ["1/ Nhất trí với dự thảo.", "2/ Bổ sung nhà trẻ."]


def test_the_numbered_words_of_one_request_stay_together() -> None:
    text = "Nên tách hai ý: (1) thiếu vốn; (2) giải phóng mặt bằng chậm."
    assert parts(text) == [text]


def test_a_numbered_target_of_the_draft_begins_nothing() -> None:
    text = "Chỉ tiêu (7) quá cao, chỉ tiêu (8) thì thấp; chỉ tiêu (9) hợp lý."
    assert parts(text) == [text]


def test_a_sentence_broken_at_a_comma_or_a_quotation_stays_whole() -> None:
    for text in (
        "Tôi đọc câu “bảo tồn di tích”,\n\ntôi mừng, nhưng cũng lo.",
        "Đề nghị thay cụm từ “nền nếp”\nbằng cụm từ “nề nếp”.",
    ):
        assert parts(text) == [text]


def test_what_only_announces_a_list_joins_its_first_point() -> None:
    assert parts("Tôi xin góp ý vào phần xây dựng Đảng.\n- Nhất trí chỉ tiêu.\n- Cần chi bộ trực tuyến.") == [
        "Tôi xin góp ý vào phần xây dựng Đảng.\n- Nhất trí chỉ tiêu.",
        "- Cần chi bộ trực tuyến.",
    ]


def test_an_opinion_before_a_list_does_not_join_it() -> None:
    assert parts("Đề nghị sửa mục I, xin góp ý về mục II.\n- Nhất trí chỉ tiêu.")[0].endswith("mục II.")


def test_a_pointer_to_the_subject_is_no_second_opinion() -> None:
    assert parts("Đề nghị làm rõ lộ trình nhà ở cho giáo viên\n\nNhư tiêu đề ạ.") == [
        "Đề nghị làm rõ lộ trình nhà ở cho giáo viên"
    ]
    assert parts("Như trên") == ["Như trên"]  # nothing else was written: it is kept
    assert len(parts("Đề nghị bổ sung cầu bản Nà.\n\nNhư tiêu đề đã nêu, cầu cũ đã sập.")) == 2
