"""What is set aside carries nothing else, and is named for what it is; a complaint is never taken for a courtesy."""

import pytest

from services.classify.steps.splitting.split import split
from services.classify.steps.view import view


def read(text: str) -> tuple[list[str], list[tuple[str, str]]]:
    seen = view(text)
    found = split(seen)
    return (
        [text[slice(*seen.original(*span))] for span in found.opinions],
        [(kind, text[slice(*seen.original(start, end))]) for kind, start, end in found.set_aside],
    )


def test_a_letter_s_courtesies_are_named() -> None:
    text = (
        "Kính gửi: - Ban Thường vụ Tỉnh ủy;\n- Tiểu ban Văn kiện.\nTôi tên là Lò Văn Mẫu, đảng viên.\n"
        "Sau khi nghiên cứu dự thảo, tôi xin có một số ý kiến như sau:\n1. Bổ sung số liệu.\n2. Bỏ câu cuối.\n"
        "Trên đây là ý kiến của tôi. Xin cảm ơn!\nBản Mẫu, ngày 3 tháng 6 năm 2025\nLò Văn Mẫu, bản Mẫu\nSĐT: 0900 000 000"
    )
    opinions, aside = read(text)
    assert opinions == ["1. Bổ sung số liệu.", "2. Bỏ câu cuối."]
    assert [kind for kind, _ in aside] == ["salutation", "heading", "closing", "signature"]


@pytest.mark.parametrize(
    ("last", "kind"),
    [
        ("Như tiêu đề ạ.", "pointer"),
        ("Tôi xin gửi kèm ảnh chụp.", "pointer"),
        ("Đã gửi từ iPhone của tôi", "signature"),
        ("Vào 10:21, 3 thg 6, 2025 Ban Biên tập đã viết:\n> Kính mời góp ý.\n> Trân trọng.", "quote"),
        ("Lò Thị Mẫu", "signature"),
        ("Một đảng viên", "signature"),
        ("T/M CHI BỘ\nBÍ THƯ\nLò Văn Mẫu", "signature"),
        ("Kính chúc các đồng chí mạnh khỏe, chúc Đại hội thành công tốt đẹp.", "closing"),
        ("Kính chúc Ban soạn thảo sức khỏe và hoàn thành tốt nhiệm vụ được\ngiao.", "closing"),
        ("Xin cảm ơn Ban Tổ chức đã lắng nghe.", "closing"),
    ],
)
def test_what_stands_below_an_opinion_is_no_second_one(last: str, kind: str) -> None:
    assert read(f"Đề nghị làm rõ nguồn vốn.\n{last}") == (["Đề nghị làm rõ nguồn vốn."], [(kind, last)])


@pytest.mark.parametrize(
    "complaint",
    [
        "Tôi là Lò Văn Mẫu, trưởng bản tham ô tiền của dân.",
        "Một số ý kiến cho là bí thư xã độc đoán.",
        "Tôi xin góp ý về chuyện cán bộ say rượu.",
        "Thưa các đồng chí, cán bộ chỉ giỏi nói suông.",
        "Nhân dân bức xúc một số vấn đề như sau:",
        "Cán bộ xã vòi vĩnh dân mấy việc sau:",
        "Viết lại câu cuối như sau:",
        "Bằng chứng là đường lún từ 1 - 5 điểm.",
        "Xin cảm ơn cán bộ xã đã lấy tiền của dân.",
        "Trưởng bản nhận quà của dân",
        "Lò Văn Mẫu, cán bộ xã nhận quà",
        "vì đường trơn",
        "Đã gửi đơn lên xã ba lần",
    ],
)
@pytest.mark.parametrize(
    "frame", ["{}\nBổ sung số liệu.", "Bổ sung số liệu.\n{}", "Bổ sung số liệu.\nXin cảm ơn!\n{}\nLò Văn Mẫu"]
)
def test_a_complaint_is_never_taken_for_a_courtesy(complaint: str, frame: str) -> None:
    assert any(complaint in opinion for opinion in read(frame.format(complaint))[0])


def test_thanks_before_criticism_are_set_aside_and_the_criticism_is_not() -> None:
    assert read("Xin cảm ơn Ban Tổ chức đã gửi tài liệu. Tài liệu đến quá muộn.") == (
        ["Tài liệu đến quá muộn."],
        [("closing", "Xin cảm ơn Ban Tổ chức đã gửi tài liệu.")],
    )
