"""Counts that an issuer made itself, as the event that tells of them. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from services.ingest.channels.vneid.payload import UNKNOWN_STANCE, draft_of, renamed, section_of, stance_of
from services.ingest.channels.vneid.settings import Issuer
from services.ingest.faults import Fault, Faults, from_validation
from shared.consultation import Channel, Consultation
from shared.events import AggregateCount
from shared.text import reject_reason

MAX_ROWS = 5000
MAX_COUNT = 10**9
_NO_SECTION = "Dự thảo hiện hành không có mục này; số liệu vẫn được tiếp nhận, mục được giữ như đã ghi."
_TWICE = "Có hai dòng cùng dự thảo, mục và mức độ tán thành; mỗi lượt bày tỏ chỉ được đếm ở một dòng."
_MORE_TEXTS = "Số lượt có nội dung không thể lớn hơn số lượt."
_POLICY = (
    "Kênh đã cấu hình cho số liệu tổng hợp phải do cơ quan khác thống kê và không cộng vào tổng số "
    "(counted_by có giá trị, included: false), để không lượt nào bị tính hai lần."
)
_OTHER_BODY = "Đợt lấy ý kiến này ghi một cơ quan thống kê khác cho kênh này."
_NO_CHANNEL = "Đợt lấy ý kiến này không mở kênh nhận số liệu tổng hợp đã cấu hình cho bên phát hành."


def _as_text(value: object) -> object:
    if value is not None and not isinstance(value, str):
        raise ValueError("Thời điểm phải theo ISO 8601, ví dụ 2025-06-11T08:00:00+07:00.")
    return value


def _of_our_time(at: datetime) -> datetime:
    """The first and the last hours of the calendar have no time in UTC, by which instants are kept."""
    if not 2000 <= at.year <= 2200:
        raise ValueError("Thời điểm nằm ngoài khoảng được chấp nhận.")
    return at


Instant = Annotated[AwareDatetime, BeforeValidator(_as_text), AfterValidator(_of_our_time)]


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, hide_input_in_errors=True)


class Row(_Told):
    """One row. Rows are disjoint: each act of each person stands in exactly one."""

    draft_id: str | None = Field(None, max_length=64)
    section_ref: str | None = Field(None, max_length=200)
    stance: str | None = Field(None, max_length=64, description="absent: no stance was chosen")
    submissions: Annotated[int, Field(strict=True, ge=0, le=MAX_COUNT)]
    with_text: Annotated[int, Field(strict=True, ge=0, le=MAX_COUNT)] | None = None


class Batch(_Told):
    """The payload. `[period_start, period_end)`; a higher revision takes the place of the former ones."""

    consultation_id: str = Field(min_length=1, max_length=64)
    batch_id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")  # part of a message id
    revision: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = 1
    period_start: Instant
    period_end: Instant
    counts: tuple[Row, ...]  # how many is looked at apart: pydantic adds a fault about it to those of the rows


def read(fields: Mapping[str, Any], issuer: Issuer) -> Batch:
    """Raises Faults naming each wrong field as the issuer calls it."""
    counts = fields.get("counts")
    if isinstance(counts, list) and not 1 <= len(counts) <= MAX_ROWS:
        raise renamed(Faults([Fault("counts", f"Mục này phải có từ 1 đến {MAX_ROWS} dòng.")]), issuer)
    try:
        return Batch.model_validate(fields)
    except ValidationError as error:
        raise renamed(Faults(from_validation(error)[:50]), issuer) from error


def channel_of(issuer: Issuer, consultation: Consultation) -> Channel:
    """The channel the counts are listed under, which must not be one that we count ourselves. Raises Faults."""
    if issuer.aggregates is None:
        raise Faults([Fault("iss", "Bên phát hành này chưa được cấu hình để gửi số liệu tổng hợp.")])
    found = consultation.channel(issuer.aggregates.channel)
    if found is None or not found.enabled:
        raise Faults([Fault("consultation_id", _NO_CHANNEL)])
    if found.included or not found.counted_by:
        raise Faults([Fault("consultation_id", _POLICY)])
    if issuer.aggregates.counted_by not in (None, found.counted_by):
        raise Faults([Fault("consultation_id", _OTHER_BODY)])
    return found


def rows(
    batch: Batch, consultation: Consultation, issuer: Issuer, now: datetime
) -> tuple[tuple[AggregateCount, ...], tuple[Fault, ...]]:
    """The counts, and what the sender should know though nothing was refused. Raises Faults."""
    faults: list[Fault] = []
    notes: list[Fault] = []
    if batch.period_end <= batch.period_start:
        faults.append(Fault("period_end", "Thời điểm kết thúc phải sau thời điểm bắt đầu."))
    if batch.period_end > now + timedelta(seconds=issuer.clock_skew_s):
        faults.append(Fault("period_end", "Kỳ số liệu chưa kết thúc; xin gửi khi kỳ đã kết thúc."))
    counts = [_row(row, f"counts[{n}]", consultation, issuer, faults, notes) for n, row in enumerate(batch.counts)]
    seen: set[tuple[str | None, str | None, str | None]] = set()
    for n, count in enumerate(counts):
        key = (*_place(count), count.stance)
        if key in seen:
            faults.append(Fault(f"counts[{n}]", _TWICE))
        seen.add(key)
    if faults:
        raise renamed(Faults(faults[:50]), issuer)
    return tuple(counts), tuple(notes[:50])


def _place(count: AggregateCount) -> tuple[str | None, str | None]:
    """The draft and the section, also where the section is named `draft:section`."""
    draft, _, section = (count.section_ref or "").rpartition(":")
    return draft or count.draft_id, section or None


def _row(
    row: Row, path: str, consultation: Consultation, issuer: Issuer, faults: list[Fault], notes: list[Fault]
) -> AggregateCount:
    stance = stance_of(row.stance, issuer)
    if row.stance and row.stance.strip() and stance is None:
        faults.append(Fault(f"{path}.stance", UNKNOWN_STANCE))
    draft_id = draft_of(row.draft_id, consultation, faults, notes, f"{path}.draft_id")
    ref = section_of(row.section_ref, draft_id, consultation)
    if ref is not None and (reason := reject_reason(ref)):
        faults.append(Fault(f"{path}.section_ref", reason))
    elif ref is not None and ref not in consultation.section_refs():
        notes.append(Fault(f"{path}.section_ref", _NO_SECTION))
    if row.with_text is not None and row.with_text > row.submissions:
        faults.append(Fault(f"{path}.with_text", _MORE_TEXTS))
    return AggregateCount(
        draft_id=draft_id, section_ref=ref, stance=stance, submissions=row.submissions, with_text=row.with_text
    )
