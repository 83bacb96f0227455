"""Tables of stances given by button, and of the figures that other bodies counted by themselves."""

from collections.abc import Sequence

from services.report.documents.blocks import Cell, Column, Table
from services.report.documents.printable import printable
from services.report.documents.typography import STANCES, capital, instant
from services.report.model import Aggregate, AggregateLine, Report
from shared.events import Stance

BARE = "Lượt bày tỏ mức độ tán thành (không kèm nội dung góp ý)"
ELSEWHERE = "Số liệu do cơ quan khác tổng hợp (không cộng vào tổng số của báo cáo)"
NOT_CHOSEN = "không chọn mức độ"
_PLACE = Column("Dự thảo, mục", 6, figures=False)
_UPRIGHT = 7  # more columns than these need a landscape page


def bare_stances(report: Report) -> list[Table]:
    """Submissions by draft or section and stance; none when there are none."""
    rows = report.bare_stances
    if not rows:
        return []
    body: list[tuple[Cell, ...]] = [
        (
            printable(row.label),
            *(s.submissions_cumulative for s in row.stances),
            row.submissions_cumulative,
            row.submissions,
        )
        for row in rows
    ]
    stances = [s.stance for s in rows[0].stances]
    columns = (
        _PLACE,
        *(Column(capital(STANCES[stance]), 1.8) for stance in stances),
        Column("Cộng lũy kế", 1.8),
        Column("Trong kỳ", 1.8),
    )
    return [_table(f"{BARE}, lũy kế", columns, body)]


def elsewhere(report: Report) -> list[Table]:
    """One table for each body and channel; none when nobody sent any."""
    return [_elsewhere(found, report.zone) for found in report.aggregates]


def periods(found: Aggregate, zone: str) -> str:
    """`từ ... đến trước ...; từ ... đến trước ...`."""
    spans = (f"từ {instant(span.start, zone)} đến trước {instant(span.end, zone)}" for span in found.periods)
    return "; ".join(spans)


def _elsewhere(found: Aggregate, zone: str) -> Table:
    given = {line.stance for line in found.lines}
    stances: list[Stance | None] = [stance for stance in Stance if stance in given]
    if None in given:
        stances.append(None)
    places: dict[str, list[AggregateLine]] = {}
    for line in found.lines:
        places.setdefault(line.label, []).append(line)
    body: list[tuple[Cell, ...]] = [
        (printable(label), *_counts(lines, stances), sum(line.submissions for line in lines), _with_text(lines))
        for label, lines in places.items()
    ]
    columns = (
        _PLACE,
        *(Column(capital(STANCES[s] if s else NOT_CHOSEN), 2) for s in stances),
        Column("Cộng", 2),
        Column("Trong đó có nội dung", 2),
    )
    # The paragraph above it tells every period; the sheet of figures has only this.
    span = f"từ {instant(found.periods[0].start, zone)} đến trước {instant(found.periods[-1].end, zone)}"
    caption = f"{ELSEWHERE}: {printable(found.counted_by)}, {span}"
    return _table(caption, columns, body)


def _counts(lines: Sequence[AggregateLine], stances: Sequence[Stance | None]) -> list[int]:
    return [sum(line.submissions for line in lines if line.stance is stance) for stance in stances]


def _with_text(lines: Sequence[AggregateLine]) -> int | None:
    told = [line.with_text for line in lines if line.with_text is not None]
    return sum(told) if len(told) == len(lines) else None


def _table(caption: str, columns: tuple[Column, ...], body: list[tuple[Cell, ...]]) -> Table:
    sums: list[Cell] = ["Cộng"]
    for cells in zip(*(row[1:] for row in body), strict=True):
        counts = [cell for cell in cells if isinstance(cell, int)]
        sums.append(sum(counts) if len(counts) == len(cells) else None)
    return Table(caption, columns, (*body, tuple(sums)), total=True, wide=len(columns) > _UPRIGHT)
