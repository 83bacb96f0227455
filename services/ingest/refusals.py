"""Refusals as RFC 9457 problems: one status, one stable type and one Vietnamese title each."""

from dataclasses import dataclass

from services.ingest.decode import Malformed
from services.ingest.faults import Faults, KeyReused, NotAllowed, Refused, TooLarge
from shared import metrics
from shared.errors import Transient
from shared.problem import RETRY_AFTER_S, FieldError, Problem


@dataclass(frozen=True)
class _Kind:
    status: int
    slug: str
    title: str
    detail: str


_NOTHING = "Chưa có nội dung nào được tiếp nhận."
_KINDS: dict[type[Refused], _Kind] = {
    Faults: _Kind(
        422, "invalid-submission", "Ý kiến góp ý chưa hợp lệ", f"{_NOTHING} Xin sửa các mục nêu dưới đây rồi gửi lại."
    ),
    TooLarge: _Kind(413, "too-large", "Nội dung gửi quá lớn", f"{_NOTHING} Xin giảm dung lượng rồi gửi lại."),
    KeyReused: _Kind(
        409, "idempotency-key-reused", "Khóa chống gửi trùng đã được dùng", f"{_NOTHING} Nội dung gửi trước giữ nguyên."
    ),
    Malformed: _Kind(400, "malformed-json", "Dữ liệu gửi không đọc được", _NOTHING),
    NotAllowed: _Kind(403, "operator-only", "Kênh này cần quyền của người vận hành", _NOTHING),
}


def problem(refused: Refused) -> Problem:
    """The answer to a refused submission; counts it."""
    kind = _KINDS.get(type(refused), _KINDS[Faults])
    metrics.REFUSED.labels(kind.slug).inc()
    return Problem(
        kind.status, kind.slug, kind.title, kind.detail, [FieldError(f.field, f.reason) for f in refused.faults]
    )


def status_of(refused: Refused) -> int:
    """The HTTP status of a refusal."""
    return _KINDS.get(type(refused), _KINDS[Faults]).status


def unavailable(_error: Transient) -> Problem:
    """The answer while the bus or the database is away."""
    metrics.REFUSED.labels("unavailable").inc()
    detail = "Ý kiến chưa được tiếp nhận. Xin gửi lại sau ít giây; gửi lại với cùng khóa chống gửi trùng sẽ không bị tính hai lần."
    return Problem(
        503, "unavailable", "Hệ thống tạm thời gián đoạn", detail, headers={"Retry-After": str(RETRY_AFTER_S)}
    )
