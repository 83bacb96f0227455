"""The method page tells what is measured, and says so where nothing is."""

from services.report.documents.blocks import Table
from services.report.documents.method import NOT_YET, REASONS, method
from shared.events import ReviewReason
from tests.support.sample_report import empty_report, sample_report


def quality() -> Table:
    return next(b for b in method(sample_report()) if isinstance(b, Table) and "kappa" in b.caption)


def test_kappa_and_accuracy_stand_with_their_intervals() -> None:
    rows = {row[0]: row[1:] for row in quality().rows}
    assert rows["Thống nhất giữa hai cán bộ về nhóm vấn đề (kappa)"] == (52, "0,83", "0,72 đến 0,95")
    assert rows["Tỷ lệ đúng của phần mềm về nhóm vấn đề"] == (50, "90,0%", "78,6% đến 95,7%")


def test_what_cannot_be_told_is_said_so_and_not_shown_as_zero() -> None:
    rows = {row[0]: row[1:] for row in quality().rows}
    assert rows["Tỷ lệ đúng của phần mềm về thái độ"] == (0, NOT_YET, "–")
    assert rows["Thống nhất giữa hai cán bộ về thái độ (kappa)"] == (52, NOT_YET, "–")


def test_there_is_no_method_page_before_anything_was_classified() -> None:
    assert method(empty_report()) == ()


def test_every_reason_for_review_has_words() -> None:
    assert set(REASONS) == set(ReviewReason)
