"""Submissions with attached files that no program could read: how many, which, and why, for the people who read them."""

from collections import Counter
from collections.abc import Iterable

from services.report.documents.blocks import Block, Column, Heading, Para, Table
from services.report.documents.printable import printable
from services.report.documents.typography import READINGS, STATES, instant, number
from services.report.model import Report
from shared.events import Reading

TITLE = "Lượt góp ý có tệp kèm theo chưa đọc được (chờ ghi lại hoặc xem xét)"
MOST_LISTED = 200  # rows in the document; the annex has them all


def reasons(files: Iterable[Reading]) -> str:
    """`Ảnh hoặc bản quét, cần cán bộ xem và ghi lại (2 tệp); Tệp đính kèm có mật khẩu (1 tệp)`."""
    counts = Counter(files)
    return "; ".join(f"{READINGS.get(reading, reading.value)} ({number(n)} tệp)" for reading, n in counts.items())


def in_short(report: Report) -> list[Block]:
    """That there are any, beside the totals; nothing when there are none."""
    if not report.unread_files:
        return []
    return [
        Para(
            f"Có {number(len(report.unread_files))} lượt góp ý (lũy kế) có tệp kèm theo chưa đọc được, chờ ghi lại hoặc xem xét: "
            "vẫn nằm trong số liệu đối soát; nội dung các tệp đó chưa được tổng hợp (danh sách ở Phần III)."
        )
    ]


def listed(report: Report, section: int) -> list[Block]:
    """The section of part III with the list; nothing when there are none."""
    rows = report.unread_files
    if not rows:
        return []
    shown = rows[:MOST_LISTED]
    files = sum(len(row.files) for row in rows)
    left_out = len(rows) - len(shown)
    more = f" Bảng dưới đây nêu {number(len(shown))} lượt đầu tiên theo thời điểm tiếp nhận." if left_out else ""
    return [
        Heading(2, f"{section}. {TITLE}"),
        Para(
            f"Lũy kế {number(len(rows))} lượt góp ý, {number(files)} tệp. Các lượt này vẫn nằm trong số liệu đối soát theo tình "
            "trạng của từng lượt; nội dung của các tệp chưa được tổng hợp. Danh sách đầy đủ ở Phụ lục (tệp annex.xlsx)."
            + more
        ),
        Table(
            TITLE,
            (
                Column("Mã lượt góp ý", 7.6, figures=False),
                Column("Thời điểm tiếp nhận", 4.2, figures=False),
                Column("Kênh tiếp nhận", 4.6, figures=False),
                Column("Tình trạng", 3, figures=False),
                Column("Lý do", 6.6, figures=False),
            ),
            tuple(
                (
                    row.submission_id,
                    instant(row.received_at, report.zone),
                    printable(row.channel),
                    STATES.get(row.state, row.state),
                    reasons(row.files),
                )
                for row in shown
            ),
            wide=True,  # an id is one long word
        ),
    ]
