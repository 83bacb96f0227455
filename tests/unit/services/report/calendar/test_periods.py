"""The calendar of reporting periods."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.report.calendar.periods import WEEKDAYS, current, numbered, periods
from shared.consultation import Consultation, ReportCalendar, Window
from tests.support.report_events import definition

BASE = definition()
ZONES = ("Asia/Ho_Chi_Minh", "UTC", "Europe/Berlin")
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def consultations(draw: st.DrawFn) -> Consultation:
    opens = draw(INSTANTS)
    closes = opens + draw(st.timedeltas(timedelta(seconds=1), timedelta(days=90)))
    cut_off = draw(st.times(time(0), time(22)))
    calendar = ReportCalendar(
        weekday=draw(st.sampled_from(WEEKDAYS)),  # type: ignore[arg-type]
        cut_off=cut_off,
        due=time(23),
        zone=draw(st.sampled_from(ZONES)),
    )
    return BASE.model_copy(update={"window": Window(opens=opens, closes=closes), "report": calendar})


def test_the_periods_of_dien_bien() -> None:
    found = list(periods(BASE))
    local = [(p.number, p.end and p.end.strftime("%d/%m %H:%MZ"), p.final) for p in found]
    assert local == [
        (1, "11/06 07:00Z", False),
        (2, "18/06 07:00Z", False),
        (3, "25/06 07:00Z", True),
        (4, None, False),
    ]


@settings(deadline=None)
@given(consultations(), INSTANTS)
def test_every_instant_is_in_exactly_one_period(consultation: Consultation, at: datetime) -> None:
    assert [p.number for p in periods(consultation) if at in p] == [current(consultation, at).number]


@settings(deadline=None)
@given(consultations())
def test_periods_follow_one_another_without_gap_and_one_is_final(consultation: Consultation) -> None:
    found = list(periods(consultation))
    assert found[0].start is None
    assert found[-1].end is None
    assert all(a.end == b.start for a, b in pairwise(found))
    assert [p.number for p in found] == list(range(1, len(found) + 1))
    (final,) = [p for p in found if p.final]
    assert final.end is not None
    assert consultation.window.closes <= final.end
    assert all(p.end < consultation.window.closes for p in found if p.end is not None and not p.final)


@settings(deadline=None)
@given(consultations())
def test_cut_offs_keep_the_local_hour_and_weekday(consultation: Consultation) -> None:
    from zoneinfo import ZoneInfo

    for p in periods(consultation):
        if p.end is not None:
            assert p.end > consultation.window.opens
            local = p.end.astimezone(ZoneInfo(consultation.report.zone))
            assert WEEKDAYS[local.weekday()] == consultation.report.weekday


def test_a_cut_off_belongs_to_the_next_period() -> None:
    cut_off = datetime(2025, 6, 18, 7, tzinfo=UTC)
    assert current(BASE, cut_off).number == 3
    assert current(BASE, cut_off - timedelta(microseconds=1)).number == 2


@pytest.mark.parametrize("number", [0, 4, 99])
def test_only_periods_with_a_cut_off_have_a_report(number: int) -> None:
    assert numbered(BASE, number) is None


def test_the_first_period_is_shown_from_the_windows_opening() -> None:
    first = current(BASE, datetime(2020, 1, 1, tzinfo=UTC))
    assert first.shown_start(BASE.window.opens, BASE.window.closes) == BASE.window.opens
