"""What the dashboard shows."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from services.report.figures.labels import NOT_DECLARED, OUTSIDE, labels_of
from services.report.pages.render import closing, size
from services.report.pages.view import CountRow, count_rows, duration, topic_rows
from services.report.web.auth import DOOR
from tests.support.report_events import definition

LABELS = labels_of(definition())


def test_every_topic_group_has_a_row_and_unknown_codes_too() -> None:
    rows = topic_rows(Counter({(4, "amend"): 2, (0, "none"): 1, (55, "agree"): 3}), LABELS)
    assert [r.code for r in rows] == [1, 2, 3, 4, 5, 6, 7, 55, 0]
    assert [r.total for r in rows] == [0, 0, 0, 2, 0, 0, 0, 3, 1]
    assert rows[-1].title == OUTSIDE


def test_rows_stand_in_the_order_of_the_definition_undeclared_last() -> None:
    counts = (Counter({("b",): 1, (None,): 2, ("zz",): 3}), Counter({("a",): 4}))
    rows = count_rows(counts, {"a": "A", "b": "B", "c": "C"})
    assert rows == (CountRow("A", 0, 4), CountRow("B", 1, 0), CountRow("zz", 3, 0), CountRow(NOT_DECLARED, 2, 0))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3, "dưới 1 phút"), (130, "2 phút"), (3600, "1 giờ"), (7500, "2 giờ 5 phút"), (400_000, "4 ngày")],
)
def test_waiting_times_in_words(seconds: int, words: str) -> None:
    assert duration(timedelta(seconds=seconds)) == words


def test_sizes_and_ends_as_people_read_them() -> None:
    assert [size(n) for n in (12, 84_123, 1_400_000)] == ["1 KB", "84 KB", "1,4 MB"]
    assert closing(datetime(2025, 6, 20, 17, tzinfo=UTC)) == "hết ngày 20/06/2025"
    assert closing(datetime(2025, 6, 20, 10, tzinfo=UTC)) == "17:00 ngày 20/06/2025"


@pytest.mark.parametrize("path", ["https://x.example", "//x.example", "/khac", "/bao-cao\\x", "/bao-cao/dang-nhap"])
def test_the_login_never_leads_elsewhere(path: str) -> None:
    assert DOOR.safe_return(path) == "/bao-cao"
