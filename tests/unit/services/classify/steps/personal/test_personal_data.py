"""Personal data is found; figures that are none are left alone. All numbers are invented."""

import pytest

from services.classify.steps.personal.personal_data import MAX_SPANS, personal_data
from services.classify.steps.view import view


def read(text: str) -> list[tuple[str, str]]:
    return [(p.kind, text[p.start : p.end]) for p in personal_data(view(text), 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gọi tôi số 0912345678 nhé", [("phone", "0912345678")]),
        ("ĐT: 0912.345.678.", [("phone", "0912.345.678")]),
        ("+84 912 345 678", [("phone", "+84 912 345 678")]),
        ("máy bàn 0215 3825 409", [("phone", "0215 3825 409")]),
        ("thư a.b-c@vi-du.com.vn, cảm ơn", [("email", "a.b-c@vi-du.com.vn")]),
        ("CCCD 011203004005", [("id_number", "011203004005")]),
        ("Số CMND: 123456789", [("id_number", "123456789")]),
        ("so tai khoan: 1234 5678 90 Agribank", [("bank_account", "1234 5678 90")]),
        ("STK 19001234567890", [("bank_account", "19001234567890")]),
    ],
)
def test_personal_data_is_found_exactly(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "năm 2025-2030",
        "280.226.909 lượt",
        "15/2/2025",
        "800.000 đến 1 triệu người",
        "10.000.000.000 đồng",
        "trang 12, 13, 14",
        "24/24",
    ],
)
def test_figures_are_no_personal_data(text: str) -> None:
    assert read(text) == []


def test_a_flood_of_numbers_is_masked_whole() -> None:
    found = read("0912345678 " * (2 * MAX_SPANS))
    assert len(found) == MAX_SPANS
    assert found[-1][1].count("0912345678") == MAX_SPANS + 1
