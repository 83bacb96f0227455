"""Report -> the event that tells of it. Pure."""

from collections.abc import Sequence

from services.report.figures.labels import STANCES
from services.report.model import Report
from shared.events import Count, ReportFile, ReportPublished


def publication(report: Report, files: Sequence[ReportFile]) -> ReportPublished:
    """Everything the digest needs, counts only."""
    return ReportPublished(
        consultation=report.consultation,
        report_id=report.report_id,
        kind=report.kind,
        period=report.period,
        period_start=report.period_start,
        as_of=report.as_of,
        cutoff_seq=report.cutoff_seq,
        reconciliation=report.cumulative,
        submissions_in_period=report.in_period.received - report.carried_over,
        opinions_in_period=report.opinions,
        opinions_cumulative=report.opinions_cumulative,
        topics=tuple(
            Count(key=str(t.code), label=t.title, period=t.opinions, cumulative=t.opinions_cumulative)
            for t in report.topics
        ),
        stances=tuple(
            Count(key=s.stance.value, label=STANCES[s.stance], period=s.opinions, cumulative=s.opinions_cumulative)
            for s in report.stances
        ),
        files=tuple(files),
    )
