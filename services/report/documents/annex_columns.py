"""The columns of the annex: which cell an opinion, or a submission without one, has under each heading."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeVar
from zoneinfo import ZoneInfo

from services.report.documents import unread_files
from services.report.documents.typography import OUTCOMES, REASONS, STANCES, STATES, WINDOWS
from services.report.model import AnnexRow, LeftOver, UnreadFiles

Row = TypeVar("Row", AnnexRow, LeftOver, UnreadFiles)
Kind = Literal["text", "wrapped", "code", "share", "instant"]
PRINTED = 11  # columns of the opinions on paper
Value = str | int | float | datetime | None


@dataclass(frozen=True)
class AnnexColumn(Generic[Row]):
    """A heading, the width in characters, how the cell is written and where its value comes from."""

    label: str
    width: float
    kind: Kind
    value: Callable[[Row], Value]


def _local(at: datetime, zone: str) -> datetime:
    """Excel knows no zones: the time on the clocks of the consultation's zone."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def opinion_columns(zone: str) -> tuple[AnnexColumn[AnnexRow], ...]:
    """One row per opinion. The first `PRINTED` columns go on paper; the others are for tracing and filtering on screen."""
    return (
        AnnexColumn("TT", 6, "code", lambda r: r.number),
        AnnexColumn("Mã lượt góp ý", 18, "wrapped", lambda r: r.submission_id),
        AnnexColumn("Thời điểm tiếp nhận", 17, "instant", lambda r: _local(r.received_at, zone)),
        AnnexColumn("Kênh tiếp nhận", 16, "wrapped", lambda r: r.channel),
        AnnexColumn("Đối tượng góp ý", 14, "wrapped", lambda r: r.group),
        AnnexColumn("Đơn vị", 20, "wrapped", lambda r: r.unit),
        AnnexColumn("Địa bàn", 13, "wrapped", lambda r: r.locality),
        AnnexColumn("Nhóm vấn đề", 8, "code", lambda r: r.topic_code),
        AnnexColumn("Thái độ", 13, "wrapped", lambda r: STANCES[r.stance]),
        AnnexColumn("Vị trí được dẫn", 14, "wrapped", lambda r: "; ".join(r.places)),
        AnnexColumn("Nội dung ý kiến (nguyên văn)", 60, "wrapped", lambda r: r.text),
        AnnexColumn("Trong kỳ", 8, "text", lambda r: "có" if r.in_period else "không"),
        AnnexColumn("Tình trạng lượt góp ý", 13, "wrapped", lambda r: OUTCOMES[r.outcome]),
        AnnexColumn("Trùng với lượt góp ý", 18, "wrapped", lambda r: r.duplicate_of),
        AnnexColumn("Thời hạn", 11, "wrapped", lambda r: WINDOWS[r.window]),
        AnnexColumn("Tên nhóm vấn đề", 40, "wrapped", lambda r: r.topic_title),
        AnnexColumn("Nhóm thứ hai", 8, "code", lambda r: r.second_topic_code),
        AnnexColumn("Độ tin cậy phân loại", 9, "share", lambda r: r.confidence),
        AnnexColumn(
            "Nghi là đơn thư, cần cán bộ xem xét", 12, "wrapped", lambda r: "có" if r.petition_suspected else None
        ),
        AnnexColumn("Mã ý kiến", 36, "text", lambda r: r.opinion_id),
    )


def left_over_columns(zone: str) -> tuple[AnnexColumn[LeftOver], ...]:
    """One row per submission of which no opinion stands in the annex."""
    return (
        AnnexColumn("Mã lượt góp ý", 36, "text", lambda r: r.submission_id),
        AnnexColumn("Thời điểm tiếp nhận", 18, "instant", lambda r: _local(r.received_at, zone)),
        AnnexColumn("Kênh tiếp nhận", 40, "wrapped", lambda r: r.channel),
        AnnexColumn("Tình trạng", 22, "wrapped", lambda r: STATES.get(r.state, r.state)),
        AnnexColumn("Trùng với lượt góp ý", 36, "text", lambda r: r.duplicate_of),
        AnnexColumn("Lý do", 40, "wrapped", lambda r: REASONS.get(r.reason, r.reason) if r.reason else None),
    )


def unread_files_columns(zone: str) -> tuple[AnnexColumn[UnreadFiles], ...]:
    """One row per submission with files that wait to be read by people."""
    return (
        AnnexColumn("Mã lượt góp ý", 36, "text", lambda r: r.submission_id),
        AnnexColumn("Thời điểm tiếp nhận", 18, "instant", lambda r: _local(r.received_at, zone)),
        AnnexColumn("Kênh tiếp nhận", 40, "wrapped", lambda r: r.channel),
        AnnexColumn("Tình trạng", 22, "wrapped", lambda r: STATES.get(r.state, r.state)),
        AnnexColumn("Số tệp", 8, "code", lambda r: len(r.files)),
        AnnexColumn("Lý do", 60, "wrapped", lambda r: unread_files.reasons(r.files)),
    )
