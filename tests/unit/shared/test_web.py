"""Numbers and dates in the Vietnamese way, and pages that escape what they show."""

from datetime import UTC, date, datetime

import jinja2
import pytest

from shared import web


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1234567, "1.234.567"), (-1234, "-1.234"), (1234.5, "1.234,5"), (2.0, "2")],
)
def test_thousands_are_grouped_by_points(number: float, text: str) -> None:
    assert web.so(number) == text


def test_a_share_is_a_percentage_with_a_comma() -> None:
    assert web.phan_tram(0.1234) == "12,3\u00a0%"
    assert web.phan_tram(1, 0) == "100\u00a0%"


def test_instants_are_shown_as_vietnam_sees_them() -> None:
    late = datetime(2025, 6, 10, 17, 5, tzinfo=UTC)
    assert web.ngay(late) == "11/06/2025"
    assert web.ngay_gio(late) == web.ngay_gio("2025-06-10T17:05:00Z") == "00:05 ngày 11/06/2025"
    assert web.ngay(date(2025, 6, 1)) == web.ngay("2025-06-01") == "01/06/2025"


def test_a_naive_instant_has_no_day() -> None:
    with pytest.raises(ValueError, match="zone"):
        web.ngay(datetime(2025, 6, 1))  # noqa: DTZ001


def test_a_page_escapes_what_citizens_wrote_and_a_missing_variable_is_an_error() -> None:
    environment = web.shared_templates()
    template = environment.from_string('{% extends "base.html" %}{% block main %}{{ text }}{% endblock %}')
    assert "&lt;script&gt;" in template.render(text="<script>")
    assert f"style.css?v={web.style_version()}" in template.render(text="")
    with pytest.raises(jinja2.UndefinedError):
        template.render()


def test_the_support_phone_is_shown_and_can_be_dialled() -> None:
    html = web.shared_templates().get_template("base.html").render(support_phone="0215 3000 000")
    assert '<a href="tel:02153000000">0215 3000 000</a>' in html


def test_the_stacked_bar_uses_no_inline_style_and_survives_an_empty_total() -> None:
    macros = web.shared_templates().get_template("macros.html").module
    bar = str(macros.stacked_bar([("Tán thành", 3), ("Bổ sung", 1)], "Theo quan điểm"))  # type: ignore[attr-defined]
    assert 'width="750.0"' in bar
    assert "style=" not in bar
    assert "0,0" in str(macros.stacked_bar([("Tán thành", 0)], "Chưa có"))  # type: ignore[attr-defined]
