"""Where a submission comes from, and whether its channel takes it from there. Pure."""

from dataclasses import dataclass

from services.ingest.faults import Fault, Faults, NotAllowed
from shared.consultation import Consultation


@dataclass(frozen=True)
class Origin:
    """Through which channel it came; `verified`: an operator or partner proved itself and vouches for channel and time."""

    channel: str
    verified: bool = False
    idempotency_key: str | None = None
    fingerprint: str | None = (
        None  # stands for the whole content where it is read from something (a mail): hex SHA-256 of that
    )


def check_channel(consultation: Consultation, origin: Origin) -> None:
    """Raises Faults for a channel that is unknown or closed, NotAllowed for one that only an operator may name."""
    channel = consultation.channel(origin.channel)
    if channel is None or not channel.enabled:
        raise Faults([Fault("X-Ykien-Channel", "Đợt lấy ý kiến này không mở kênh tiếp nhận đã nêu.")])
    if not channel.self_service and not origin.verified:
        reason = "Kênh này do cơ quan tiếp nhận nhập; cần mã truy cập của người vận hành (Authorization: Bearer ...)."
        raise NotAllowed([Fault("X-Ykien-Channel", reason)])
