"""Which reports are triggered when."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from services.report.calendar.schedule import AHEAD, Trigger, Waiting, adhoc_report_id, due, replaced
from shared.clock import format_instant
from shared.consultation import Window
from tests.support.report_events import definition

C = definition()
CUT_OFFS = [datetime(2025, 6, day, 7, tzinfo=UTC) for day in (11, 18, 25)]
DURING = datetime(2025, 6, 16, tzinfo=UTC)
LONG_AFTER = datetime(2026, 11, 22, tzinfo=UTC)


def numbers(now: datetime, first: datetime | None, published: tuple[str, ...] = (), **waiting: Waiting) -> list[int]:
    known = {int(k[1:]): v for k, v in waiting.items()}
    return [t.period for t in due(C, now=now, first_stored=first, published=published, waiting=known)]


def test_before_the_window_all_coming_reports_are_scheduled() -> None:
    assert numbers(datetime(2025, 6, 1, tzinfo=UTC), None) == [1, 2, 3]


def test_no_more_than_eight_periods_ahead() -> None:
    long = C.model_copy(update={"window": Window(opens=C.window.opens, closes=C.window.opens + timedelta(days=365))})
    found = due(long, now=C.window.opens - timedelta(days=1), first_stored=None, published=(), waiting={})
    assert [t.period for t in found] == list(range(1, AHEAD + 1))


def test_an_old_consultation_loaded_anew_floods_nobody() -> None:
    assert numbers(LONG_AFTER, None) == []
    assert numbers(LONG_AFTER, LONG_AFTER - timedelta(minutes=1)) == []


def test_once_it_is_over_only_the_missed_final_report_is_due() -> None:
    assert numbers(LONG_AFTER, CUT_OFFS[0] - timedelta(hours=1)) == [3]
    assert numbers(LONG_AFTER, CUT_OFFS[0] - timedelta(hours=1), published=("dien-bien-2025:3",)) == []


def test_a_missed_weekly_report_is_caught_up_with_while_the_consultation_runs() -> None:
    assert numbers(DURING, CUT_OFFS[0] - timedelta(hours=1)) == [1, 2, 3]
    assert numbers(DURING, CUT_OFFS[0] + timedelta(hours=1)) == [2, 3]


@pytest.mark.parametrize("fired", [True, False])
def test_what_is_on_its_way_is_left_alone(fired: bool) -> None:
    assert numbers(DURING, None, p2=Waiting(format_instant(CUT_OFFS[1]), fired)) == [3]


def test_a_moved_cut_off_replaces_the_waiting_message() -> None:
    old = Waiting(format_instant(CUT_OFFS[1] - timedelta(hours=1)), False)
    assert numbers(DURING, None, p2=old) == [2, 3]


def test_a_shorter_calendar_takes_waiting_messages_back() -> None:
    waiting = {n: Waiting("", n == 5) for n in (2, 3, 4, 5)}
    assert replaced(C, waiting) == (4,)


def test_a_trigger_says_when_and_where_to_the_server() -> None:
    trigger = Trigger("c", 2, CUT_OFFS[1])
    assert trigger.headers == {
        "Nats-Msg-Id": "report:c:2:2025-06-18T07:00:00.000000Z",
        "Nats-Schedule": "@at 2025-06-18T07:00:00Z",
        "Nats-Schedule-Target": "trigger.report.c.2",
    }
    assert trigger.report_id == "c:2"


def test_an_adhoc_report_is_named_after_its_instant() -> None:
    assert adhoc_report_id("c", CUT_OFFS[0]) == "c:adhoc-20250611T070000.000000Z"


def test_an_instant_names_the_same_adhoc_report_in_every_zone() -> None:
    hanoi = CUT_OFFS[0].astimezone(timezone(timedelta(hours=7)))
    assert adhoc_report_id("c", hanoi) == adhoc_report_id("c", CUT_OFFS[0])
