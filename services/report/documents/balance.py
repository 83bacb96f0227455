"""Reconcile or do not publish: a report whose sums disagree is never drawn."""

from services.report.model import Report
from shared.errors import Permanent
from shared.events import Reconciliation


class UnbalancedReport(Permanent):
    """The figures of a report contradict one another; the text names which."""


def accounted(line: Reconciliation) -> int:
    """The right side of the reconciliation line, in submissions."""
    return line.counted + line.duplicate + line.pending + line.unreadable + line.referred


def check(report: Report) -> None:
    """Every submission stands on the line once, and the opinions by topic and by stance sum to their total.

    Raises `UnbalancedReport`.
    """
    sums = {
        "cumulative reconciliation": (report.cumulative.received, accounted(report.cumulative)),
        "reconciliation of the period": (report.in_period.received, accounted(report.in_period)),
        "opinions by topic group in the period": (report.opinions, sum(t.opinions for t in report.topics)),
        "opinions by topic group": (report.opinions_cumulative, sum(t.opinions_cumulative for t in report.topics)),
        "opinions by stance in the period": (report.opinions, sum(s.opinions for s in report.stances)),
        "opinions by stance": (report.opinions_cumulative, sum(s.opinions_cumulative for s in report.stances)),
    }
    for n, place in enumerate(report.bare_stances, start=1):
        now, total = sum(s.submissions for s in place.stances), sum(s.submissions_cumulative for s in place.stances)
        sums[f"stances without a text in the period, row {n}"] = (place.submissions, now)
        sums[f"stances without a text, row {n}"] = (place.submissions_cumulative, total)
    faith = report.method.faithfulness
    sums["submissions read"] = (faith.decided, faith.classified + faith.review + faith.unreadable + faith.referred)
    if faith.without_opinion:
        missing = ", ".join(faith.without_opinion[:10])
        raise UnbalancedReport(
            f"{report.report_id}: submissions with words whose opinions are not all there: {missing}"
        )
    bare = sum(place.submissions_cumulative for place in report.bare_stances)
    if bare > report.cumulative.counted:
        raise UnbalancedReport(f"{report.report_id}: more stances without a text than counted submissions")
    if report.carried_over > report.in_period.received:
        raise UnbalancedReport(f"{report.report_id}: more was carried over than there was to account for")
    wrong = [f"{name}: {total} is not {parts}" for name, (total, parts) in sums.items() if total != parts]
    if wrong:
        raise UnbalancedReport(f"{report.report_id}: " + "; ".join(wrong))
