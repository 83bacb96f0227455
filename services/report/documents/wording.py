"""Wording changes asked for, place by place: what is to be replaced, inserted or deleted, and by how many opinions."""

from services.report.documents.blocks import Block, Column, Heading, Para, Table
from services.report.documents.printable import printable
from services.report.documents.typography import number
from services.report.model import Proposal, Report, WordingPlace

MOST_LISTED = 60  # places in the document; the annex has them all
OPS = {"replace": "Thay thế", "insert": "Bổ sung", "delete": "Lược bỏ"}
NOT_FOUND = "Chưa xác định được vị trí trong dự thảo"


def place_name(place: WordingPlace, *, one_draft: bool = False) -> str:
    """`Mục II.1 - Dự thảo Báo cáo chính trị`, or that it was not found; the section is enough where there is but one draft."""
    if not place.located:
        return NOT_FOUND
    if one_draft and place.section:
        return f"Mục {place.section}"
    parts = [f"Mục {place.section}" if place.section else "", printable(place.draft or "")]
    return " - ".join(part for part in parts if part)


def wish(proposal: Proposal) -> str:
    """The change in the citizen's own words: `“A” thành “B”`; of a passage that is to go, the place as it was named."""
    old, new = _quoted(proposal.old), _quoted(proposal.new)
    if proposal.op == "replace":
        return f"{old} thành {new}"
    if proposal.op == "delete":
        return old if proposal.old is not None else printable(proposal.place or "")
    return f"{new} ({printable(proposal.place)})" if proposal.place else new


def _quoted(words: str | None) -> str:
    return f"“{printable(words or '')}”"


def wording(report: Report, section: int) -> tuple[Block, ...]:
    """The section of part II; nothing when nobody asked for a wording."""
    places = report.wording
    if not places:
        return ()
    located = [place for place in places if place.located]
    competing = sum(len(place.proposals) > 1 for place in located)
    elsewhere = sum(len(place.proposals) for place in places if not place.located)
    shown = sorted(enumerate(places), key=lambda p: (-sum(q.opinions for q in p[1].proposals), p[0]))[:MOST_LISTED]
    one_draft = len(report.drafts) == 1
    rows = [
        (place_name(place, one_draft=one_draft), OPS[proposal.op], wish(proposal), proposal.opinions)
        for _, place in sorted(shown, key=lambda p: p[0])
        for proposal in place.proposals
    ]
    more = (
        f" Bảng dưới đây nêu {number(MOST_LISTED)} vị trí có nhiều ý kiến nhất; danh sách đầy đủ ở Phụ lục."
        if len(places) > MOST_LISTED
        else ""
    )
    return (
        Heading(2, f"{section}. Đề nghị sửa đổi câu, chữ cụ thể (lũy kế)"),
        Para(
            f"Có {number(sum(len(place.proposals) for place in places))} đề nghị sửa đổi câu, chữ: {number(len(located))} vị trí đã xác "
            f"định được trong dự thảo, trong đó {number(competing)} vị trí có từ hai phương án trở lên; "
            f"{number(elsewhere)} đề nghị chưa xác định được vị trí. Câu, chữ được trích nguyên văn ý kiến.{more}"
        ),
        Table(
            "Đề nghị sửa đổi câu, chữ theo vị trí trong dự thảo",
            (
                Column("Vị trí", 6, figures=False),
                Column("Đề nghị", 2.6, figures=False),
                Column("Câu, chữ", 10, figures=False),
                Column("Số ý kiến", 2.2),
            ),
            tuple(rows),
        ),
    )
