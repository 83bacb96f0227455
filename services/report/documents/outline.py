"""The whole report as blocks, the same for DOCX, PDF and HTML: opening, parts I to IV."""

from services.report.documents import typography
from services.report.documents.blocks import Block, Para
from services.report.documents.letterhead import abstract
from services.report.documents.method import method
from services.report.documents.outstanding import outstanding
from services.report.documents.results import results
from services.report.documents.situation import situation
from services.report.model import Report


def outline(report: Report) -> tuple[Block, ...]:
    """The body, from the opening sentence to the last, which ends with a plain full stop."""
    return (Para(opening(report)), *situation(report), *results(report), *outstanding(report), *method(report))


def opening(report: Report) -> str:
    """What the report covers: the period `[start, as of)` and the instant the data were frozen."""
    start = typography.instant(report.period_start, report.zone)
    end = typography.instant(report.as_of, report.zone)
    which = {"weekly": "Kỳ báo cáo", "final": "Báo cáo tổng kết", "adhoc": "Báo cáo theo yêu cầu"}[report.kind]
    nth = f" thứ {typography.number(report.period)}" if report.kind == "weekly" and report.period is not None else ""
    subject = abstract(report).rsplit(" (", 1)[0]
    return (
        f"{which}{nth} về {subject}: kỳ số liệu từ {start} đến trước {end}; "
        f"số liệu lũy kế tính từ đầu đợt, chốt lúc {end}. Kết quả như sau:"
    )
