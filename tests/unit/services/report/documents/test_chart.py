"""The trend: the same picture every time, readable without seeing it."""

from datetime import date
from typing import Any

from lxml import etree

from services.report.documents.chart import ACCENT, trend_png, trend_svg
from services.report.model import Day
from tests.support.sample_report import sample_report

DAYS = sample_report().days


def test_the_same_days_give_the_same_picture() -> None:
    assert trend_svg(DAYS) == trend_svg(DAYS)
    assert trend_png(DAYS) == trend_png(DAYS)


def test_it_is_one_svg_with_title_description_and_real_text() -> None:
    svg = trend_svg(DAYS, title="Theo ngày <1>", description="Mô tả & số liệu")
    root: Any = etree.fromstring(svg)
    assert [child.text for child in root[:2]] == ["Theo ngày <1>", "Mô tả & số liệu"]
    assert root.get("role") == "img"
    assert "Lượt góp ý" in svg
    assert ACCENT in svg
    assert "<!DOCTYPE" not in svg


def test_days_on_which_nothing_came_are_on_the_axis() -> None:
    svg = trend_svg([Day(day=date(2025, 6, 11), submissions=3, opinions=5), Day(day=date(2025, 6, 14), submissions=1)])
    assert ">12/6<" in svg.replace(" ", "").replace("\n", "")


def test_no_day_one_day_and_a_year_can_be_drawn() -> None:
    assert "Chưa có số liệu theo ngày" in trend_svg([])
    assert trend_svg([Day(day=date(2025, 6, 11))]).startswith("<svg")
    year = [Day(day=date.fromordinal(date(2025, 1, 1).toordinal() + n), submissions=n) for n in range(365)]
    assert trend_png(year).startswith(b"\x89PNG")
