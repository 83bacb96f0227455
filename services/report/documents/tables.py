"""The tables of a report. Cells are figures, not texts, so that the annex can hold them as numbers."""

from collections.abc import Sequence

from services.report.documents.balance import accounted
from services.report.documents.blocks import Cell, Column, Table
from services.report.documents.printable import printable
from services.report.documents.typography import STANCES, STATES, capital, share
from services.report.model import Report, Tally, TopicSection
from shared.events import Stance

PERIOD, CUMULATIVE = "Trong kỳ", "Lũy kế"
_MOST_TOPICS_UPRIGHT = 9  # more columns than these need a landscape page


def tally(caption: str, label: str, rows: Sequence[Tally]) -> Table:
    """Submissions and opinions side by side, in the period and cumulative, with the sum of those that count."""
    body: list[tuple[Cell, ...]] = [
        (
            i,
            printable(row.label),
            row.submissions,
            row.opinions,
            row.submissions_cumulative,
            row.opinions_cumulative,
        )
        for i, row in enumerate(rows, start=1)
    ]
    summed = [row for row in rows if row.included]
    total: tuple[Cell, ...] = (
        "",
        "Cộng",
        sum(r.submissions for r in summed),
        sum(r.opinions for r in summed),
        sum(r.submissions_cumulative for r in summed),
        sum(r.opinions_cumulative for r in summed),
    )
    columns = (
        Column("TT", 1),
        Column(label, 7.4, figures=False),
        Column("Lượt góp ý trong kỳ", 2.2),
        Column("Ý kiến trong kỳ", 1.8),
        Column("Lượt góp ý lũy kế", 2.2),
        Column("Ý kiến lũy kế", 1.8),
    )
    return Table(caption, columns, (*body, total), total=True)


def reconciliation(report: Report) -> Table:
    """Where every received submission is; the last row is the sum of those above it and equals what was received."""
    period, cumulative = report.in_period, report.cumulative
    rows: tuple[tuple[Cell, ...], ...] = (
        ("Tiếp nhận", period.received - report.carried_over, cumulative.received),
        ("Kỳ trước chuyển sang (chưa xử lý xong)", report.carried_over, None),
        ("Tổng số phải đối soát", period.received, cumulative.received),
        *((capital(words), getattr(period, state), getattr(cumulative, state)) for state, words in STATES.items()),
        ("Cộng các trạng thái", accounted(period), accounted(cumulative)),
    )
    columns = (Column("Lượt góp ý", 8, figures=False), Column(PERIOD, 2.5), Column(CUMULATIVE, 2.5))
    return Table("Đối soát số lượt góp ý", columns, rows, total=True, whole=True)


def stances(report: Report) -> Table:
    """Opinions by stance, with shares of the total."""
    rows: list[tuple[Cell, ...]] = [
        (
            capital(STANCES[s.stance]),
            s.opinions,
            share(s.opinions, report.opinions),
            s.opinions_cumulative,
            share(s.opinions_cumulative, report.opinions_cumulative),
        )
        for s in report.stances
    ]
    rows.append(("Cộng", *_whole(report.opinions), *_whole(report.opinions_cumulative)))
    columns = (Column("Thái độ đối với dự thảo", 6, figures=False), *_shares())
    return Table("Ý kiến theo thái độ", columns, tuple(rows), total=True, whole=True)


def topics(report: Report) -> Table:
    """Opinions by topic group, with shares, and how often a group is touched by opinions of another."""
    rows: list[tuple[Cell, ...]] = [
        (
            topic_number(t),
            printable(t.title),
            t.opinions,
            share(t.opinions, report.opinions),
            t.opinions_cumulative,
            share(t.opinions_cumulative, report.opinions_cumulative),
            t.also_mentioned,
        )
        for t in report.topics
    ]
    also = sum(t.also_mentioned for t in report.topics)
    rows.append(("", "Cộng", *_whole(report.opinions), *_whole(report.opinions_cumulative), also))
    columns = (
        Column("Nhóm", 1.4, figures=False),
        Column("Nội dung", 6.6, figures=False),
        *_shares(),
        Column("Nhóm khác có đề cập", 1.8),
    )
    return Table("Ý kiến theo nhóm vấn đề", columns, tuple(rows), total=True)


def stance_by_topic(report: Report, *, cumulative: bool) -> Table:
    """Stances down, topic groups across, sums on both sides."""

    def count(topic: TopicSection, stance: Stance) -> int:
        return sum(s.opinions_cumulative if cumulative else s.opinions for s in topic.stances if s.stance is stance)

    rows: list[tuple[Cell, ...]] = []
    for stance, label in STANCES.items():
        counts = [count(t, stance) for t in report.topics]
        rows.append((capital(label), *counts, sum(counts)))
    sums = [t.opinions_cumulative if cumulative else t.opinions for t in report.topics]
    rows.append(("Cộng", *sums, sum(sums)))
    columns = (
        Column("Thái độ", 3.8, figures=False),
        *(Column(f"Nhóm {topic_number(t)}", 1.3) for t in report.topics),
        Column("Cộng", 1.5),
    )
    when = "lũy kế" if cumulative else "trong kỳ"
    caption = f"Ý kiến theo thái độ và nhóm vấn đề, {when}"
    wide = len(report.topics) > _MOST_TOPICS_UPRIGHT
    return Table(caption, columns, tuple(rows), total=True, wide=wide, whole=True)


def topic_number(topic: TopicSection) -> str:
    """The group's number; outside the groups it is named, not numbered."""
    return str(topic.code) if topic.code else "khác"


def _shares() -> tuple[Column, ...]:
    return Column(PERIOD, 1.8), Column("Tỉ lệ", 1.7), Column(CUMULATIVE, 1.8), Column("Tỉ lệ", 1.7)


def _whole(count: int) -> tuple[Cell, Cell]:
    return count, share(count, count)
