"""Numbers, dates and labels as Vietnamese official documents write them."""

from datetime import UTC, date, datetime

import pytest

from services.report.documents import typography
from shared.events import Outcome, Stance, WindowMark


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (999, "999"), (1234, "1.234"), (2131376, "2.131.376"), (-1500, "-1.500")]
)
def test_thousands_are_parted_by_dots(value: int, text: str) -> None:
    assert typography.number(value) == text


@pytest.mark.parametrize(("share", "text"), [(0.123, "12,3%"), (1.0, "100,0%"), (0.0, "0,0%"), (0.9975, "99,8%")])
def test_percent_has_a_comma(share: float, text: str) -> None:
    assert typography.percent(share) == text


def test_a_share_of_nothing_is_no_number() -> None:
    assert typography.share(0, 0) is None
    assert typography.share(1, 4) == 0.25


def test_days_below_ten_and_the_first_two_months_take_a_zero() -> None:
    assert typography.long_date(date(2026, 2, 5)) == "ngày 05 tháng 02 năm 2026"
    assert typography.short_date(date(2025, 6, 11)) == "11/6/2025"


def test_an_instant_is_shown_on_the_clocks_of_its_zone() -> None:
    at = datetime(2025, 6, 18, 7, 0, tzinfo=UTC)
    assert typography.instant(at, "Asia/Ho_Chi_Minh") == "14 giờ 00 phút ngày 18/6/2025"


def test_every_stance_outcome_and_window_has_a_vietnamese_name() -> None:
    assert set(typography.STANCES) == set(Stance)
    assert set(typography.OUTCOMES) == set(Outcome)
    assert set(typography.WINDOWS) == set(WindowMark)
    assert typography.STANCES[Stance.PARTLY_AGREE] == "đồng ý một phần"
