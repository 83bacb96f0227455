"""The same text from many people: counted both ways, form letters named by their text, never by who signed."""

from services.report.documents.blocks import Block, Column, Heading, Para, Table
from services.report.documents.printable import printable
from services.report.documents.typography import number
from services.report.model import Campaign, Report

MOST_LISTED = 20  # form letters in the document; the annex has them all
_SHOWN = 300  # code points of a form letter's text


def excerpt(campaign: Campaign) -> str:
    """The beginning of the letter's longest opinion, verbatim."""
    text = printable(campaign.text)
    return text if len(text) <= _SHOWN else text[:_SHOWN].rstrip() + " …"


def twins(report: Report, section: int) -> tuple[Block, ...]:
    """The section of part II; nothing when nothing has been counted."""
    u = report.uniqueness
    if not u.opinions:
        return ()
    blocks: list[Block] = [
        Heading(2, f"{section}. Ý kiến cùng nội dung (lũy kế)"),
        Para(
            f"{number(u.submissions)} lượt góp ý được tổng hợp là của {number(u.people)} người góp ý đã xác định được bằng mã hóa và "
            f"{number(u.unknown)} lượt không rõ người gửi. {number(u.opinions)} ý kiến có {number(u.unique_texts)} nội dung "
            f"khác nhau ({number(u.unique_or_near)} nội dung nếu tính các nội dung gần giống nhau là một). "
            "Mọi ý kiến đều được tính; không ý kiến nào bị gộp hoặc loại bỏ vì trùng nội dung với ý kiến của người khác."
        ),
    ]
    if report.campaigns:
        blocks.append(
            Table(
                "Thư góp ý theo mẫu chung"
                + (f" ({number(MOST_LISTED)} mẫu có nhiều lượt nhất)" if len(report.campaigns) > MOST_LISTED else ""),
                (
                    Column("Nội dung (trích)", 10, figures=False),
                    Column("Lượt góp ý", 2.4),
                    Column("Người góp ý", 2.4),
                    Column("Ý kiến", 2.2),
                    Column("Ý kiến viết thêm", 2.4),
                ),
                tuple(
                    (excerpt(c), c.submissions, c.people, c.opinions, c.own_opinions)
                    for c in report.campaigns[:MOST_LISTED]
                ),
            )
        )
    return tuple(blocks)
