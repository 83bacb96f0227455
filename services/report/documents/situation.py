"""Part I of the report: what was asked, of whom, when and through which channels."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from services.report.documents import tables
from services.report.documents.blocks import Block, Heading, Para
from services.report.documents.printable import printable
from services.report.documents.typography import instant, number, short_date
from services.report.model import Report, Tally


def situation(report: Report) -> tuple[Block, ...]:
    """I- TÌNH HÌNH TRIỂN KHAI."""
    drafts = [
        Para(f"- {printable(title).rstrip('.;')}{'.' if last else ';'}") for title, last in _marked(report.drafts)
    ]
    blocks: list[Block] = [
        Heading(1, "I- TÌNH HÌNH TRIỂN KHAI"),
        Heading(2, "1. Thời gian và văn bản lấy ý kiến"),
        Para(f"Thời gian lấy ý kiến: {_window(report)}."),
        Para(f"Văn bản lấy ý kiến: {number(len(report.drafts))} dự thảo{', gồm:' if drafts else '.'}"),
        *drafts,
        Heading(2, "2. Kênh tiếp nhận"),
        Para(
            "Lượt góp ý là một lần gửi của một tổ chức hoặc cá nhân. Ý kiến là một nội dung góp ý trong lượt đó; "
            "một lượt góp ý có thể có nhiều ý kiến. Lượt góp ý và ý kiến được đếm riêng."
        ),
        tables.tally("Lượt góp ý và ý kiến theo kênh tiếp nhận", "Kênh tiếp nhận", report.channels),
    ]
    parts = (
        ("Đối tượng góp ý", "đối tượng góp ý", report.groups),
        ("Đơn vị", "đơn vị", report.units),
        ("Địa bàn", "địa bàn", report.localities),
    )
    for n, (title, what, rows) in enumerate(parts, start=3):
        blocks.append(Heading(2, f"{n}. {title}"))
        blocks += _part(title, what, rows)
    return tuple(blocks)


def _part(title: str, what: str, rows: tuple[Tally, ...]) -> list[Block]:
    if not rows:
        return [Para(f"Không có lượt góp ý nào khai {what}.")]
    return [tables.tally(f"Lượt góp ý và ý kiến theo {what}", title, rows)]


def _window(report: Report) -> str:
    zone = ZoneInfo(report.zone)
    opens, closes = report.window_opens.astimezone(zone), report.window_closes.astimezone(zone)
    midnight = (closes.hour, closes.minute, closes.second) == (0, 0, 0)
    # The window is [opens, closes): midnight is the end of the day before.
    last_day = short_date(closes.date() - timedelta(days=1))
    end = f"hết ngày {last_day}" if midnight else f"trước {instant(closes, report.zone)}"
    if (opens.hour, opens.minute) == (0, 0):
        return f"từ ngày {short_date(opens.date())} đến {end}"
    return f"từ {instant(opens, report.zone)} đến {end}"


def _marked(items: tuple[str, ...]) -> list[tuple[str, bool]]:
    return [(item, i == len(items)) for i, item in enumerate(items, start=1)]
