"""Reconcile or do not publish."""

import pytest

from services.report.documents import render_all
from services.report.documents.balance import UnbalancedReport, check
from shared.errors import Permanent
from tests.support.sample_report import empty_report, sample_report


def test_the_sample_and_the_empty_report_balance() -> None:
    check(sample_report())
    check(empty_report())


def test_a_lost_submission_stops_the_report_for_good() -> None:
    report = sample_report()
    lost = report.cumulative.model_copy(update={"counted": report.cumulative.counted - 1})
    with pytest.raises(UnbalancedReport, match="cumulative reconciliation"):
        render_all(report.model_copy(update={"cumulative": lost}))
    assert issubclass(UnbalancedReport, Permanent)


@pytest.mark.parametrize(
    ("field", "name"),
    [("opinions", "opinions by topic group in the period"), ("opinions_cumulative", "opinions by stance")],
)
def test_parts_that_do_not_sum_to_their_total_are_named(field: str, name: str) -> None:
    report = sample_report()
    with pytest.raises(UnbalancedReport, match=name):
        check(report.model_copy(update={field: getattr(report, field) + 1}))


def test_no_more_is_carried_over_than_there_is() -> None:
    report = sample_report()
    with pytest.raises(UnbalancedReport, match="carried over"):
        check(report.model_copy(update={"carried_over": report.in_period.received + 1}))
