"""The columns of the annex: which cell an opinion, or a submission without one, has under each heading."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeVar
from zoneinfo import ZoneInfo

from services.report.documents import unread_files
from services.report.documents.method import REASONS as METHOD_REASONS
from services.report.documents.typography import OUTCOMES, REASONS, STANCES, STATES, WINDOWS
from services.report.documents.wording import OPS, place_name
from services.report.model import AnnexRow, Campaign, LeftOver, Proposal, UnreadFiles, WordingPlace


@dataclass(frozen=True)
class Wish:
    """One wording asked for, and where."""

    place: WordingPlace
    proposal: Proposal


Row = TypeVar("Row", AnnexRow, LeftOver, UnreadFiles, Wish, Campaign)
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
        AnnexColumn("Góp ý chung", 8, "text", lambda r: "có" if r.general else None),
        AnnexColumn("Cùng nội dung với ý kiến", 36, "text", lambda r: r.same_as),
        AnnexColumn(
            "Chờ thẩm định vì", 24, "wrapped", lambda r: "; ".join(METHOD_REASONS[x] for x in r.review) or None
        ),
        AnnexColumn("Cán bộ đã quyết định", 10, "text", lambda r: "có" if r.by_people else None),
        AnnexColumn("Căn cứ xếp nhóm", 40, "wrapped", lambda r: "; ".join(r.reasons) or None),
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


def wording_columns() -> tuple[AnnexColumn[Wish], ...]:
    """One row per wording that is asked for; those of one place stand together."""
    return (
        AnnexColumn("Vị trí", 40, "wrapped", lambda r: place_name(r.place)),
        AnnexColumn("Số phương án tại vị trí", 10, "code", lambda r: len(r.place.proposals)),
        AnnexColumn("Đề nghị", 12, "text", lambda r: OPS[r.proposal.op]),
        AnnexColumn("Câu, chữ hiện tại", 50, "wrapped", lambda r: r.proposal.old),
        AnnexColumn("Câu, chữ đề nghị", 50, "wrapped", lambda r: r.proposal.new),
        AnnexColumn("Vị trí theo lời người góp ý", 30, "wrapped", lambda r: r.proposal.place),
        AnnexColumn("Số ý kiến", 8, "code", lambda r: r.proposal.opinions),
        AnnexColumn("Mã ý kiến đầu tiên", 36, "text", lambda r: r.proposal.first_opinion_id),
    )


def campaign_columns() -> tuple[AnnexColumn[Campaign], ...]:
    """One row per form letter."""
    return (
        AnnexColumn("Mã lượt góp ý đầu tiên", 36, "text", lambda r: r.campaign),
        AnnexColumn("Nội dung (ý kiến dài nhất của thư đầu tiên)", 80, "wrapped", lambda r: r.text),
        AnnexColumn("Số lượt góp ý", 10, "code", lambda r: r.submissions),
        AnnexColumn("Số người góp ý", 10, "code", lambda r: r.people),
        AnnexColumn("Số lượt không rõ người gửi", 12, "code", lambda r: r.unknown),
        AnnexColumn("Số ý kiến", 10, "code", lambda r: r.opinions),
        AnnexColumn("Ý kiến viết thêm ngoài mẫu", 12, "code", lambda r: r.own_opinions),
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
