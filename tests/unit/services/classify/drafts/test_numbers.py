"""Numbers as citations write them."""

import pytest

from services.classify.drafts.numbers import LAST, number, roman, span


@pytest.mark.parametrize(
    ("text", "value"),
    [("IV", 4), ("xiii", 13), ("XC", 90), ("iiii", None), ("VX", None), ("", None), ("mục", None)],
)
def test_only_well_formed_roman_numerals_have_a_value(text: str, value: int | None) -> None:
    assert roman(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("nhất", 1), ("HAI", 2), ("tư", 4), ("cuối cùng", LAST), ("đầu tiên", 1), ("II", 2), ("a", None)],
)
def test_a_value_means_a_number_however_it_is_written(text: str, value: int | None) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "ends"),
    [("5", (5, 5)), ("5-7", (5, 7)), ("5 – 7", (5, 7)), ("5 đến 7", (5, 7)), ("7-5", None), ("a", None)],
)
def test_a_range_has_two_ends_in_order(text: str, ends: tuple[int, int] | None) -> None:
    assert span(text) == ends
