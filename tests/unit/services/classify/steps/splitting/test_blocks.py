"""Lines: lists, titles, wrapped mail, tables; what belongs to one item stays with it."""

import pytest

from services.classify.steps.splitting.split import split
from services.classify.steps.view import view


def parts(text: str) -> list[str]:
    seen = view(text)
    return [text[slice(*seen.original(*span))] for span in split(seen).opinions]


def test_words_of_a_list_stay_with_the_request_over_them() -> None:
    text = "- Đề nghị ưu tiên các công trình:\n+ cầu treo\n+ nhà văn hóa"
    assert parts(f"{text}\n- Đề nghị công khai tiến độ.") == [text, "- Đề nghị công khai tiến độ."]


def test_items_that_are_requests_of_their_own_are_one_each() -> None:
    assert parts("Đề nghị sửa các nội dung sau:\n- Trang 6: bỏ từ “cơ bản”.\n- Trang 9: thêm số liệu.") == [
        "Đề nghị sửa các nội dung sau:\n- Trang 6: bỏ từ “cơ bản”.",
        "- Trang 9: thêm số liệu.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Thu nhập hiện chỉ khoảng\n2.5 triệu đồng một tháng là thấp.",
        "Không đồng ý với thời hạn, đề nghị lùi đến hết tháng\n7. Như vậy mọi người mới kịp đọc.",
        "Nhiệt độ xuống tới\n-2 độ, trâu bò chết nhiều.",
        "Đề nghị viết lại câu cuối trang 10 như sau:\n“Đến năm 2030, không còn nhà tạm.\nMọi người có nhà.”",
        "1. Đề nghị sửa trang 5.\nLý do: số liệu đã cũ.",
        "Dự thảo viết: “phát triển nhanh”.\nĐề nghị thêm “bền vững”.",
    ],
)
def test_what_only_looks_like_a_new_item_is_none(text: str) -> None:
    assert parts(text) == [text]


def test_lines_of_a_chat_without_full_stops_are_one_each() -> None:
    lines = [
        "đường vào bản em vẫn là đường đất mưa không đi học được",
        "đề nghị tăng tiền ăn cho học sinh",
        "lương thấp quá",
    ]
    assert parts("\n".join(lines)) == lines


def test_rows_of_a_table_are_one_each_and_its_head_none() -> None:
    assert parts("STT\tTrang\tÝ kiến\n1\t6\tSửa câu đầu\n2\t7\tBỏ câu cuối") == [
        "1\t6\tSửa câu đầu",
        "2\t7\tBỏ câu cuối",
    ]


def test_titles_stay_with_the_first_opinion_under_them() -> None:
    assert parts("1. Xây dựng Đảng\n1.1. Bổ sung số liệu.\n1.2. Bỏ câu cuối.\n2. Về y tế\nTrạm thiếu thuốc.") == [
        "1. Xây dựng Đảng\n1.1. Bổ sung số liệu.",
        "1.2. Bỏ câu cuối.",
        "2. Về y tế\nTrạm thiếu thuốc.",
    ]


def test_pasted_numbers_without_blanks_are_marks() -> None:
    assert parts("1.Nhất trí với dự thảo.2.Đề nghị bổ sung chỉ tiêu.3.Bỏ mục IV") == [
        "1.Nhất trí với dự thảo.",
        "2.Đề nghị bổ sung chỉ tiêu.",
        "3.Bỏ mục IV",
    ]
