"""The receipt (giấy tiếp nhận) as a Zalo message. Pure. It repeats none of the citizen's words."""

from services.notify.receipt import WINDOW_NOTES, Identity
from services.notify.wording import instant
from shared.consultation import Consultation
from shared.events import Frozen, SubmissionReceived
from shared.tracking_code import display


class ZaloMessage(Frozen):
    """To one user of one Official Account."""

    oa_id: str
    user_id: str
    text: str


def compose(
    event: SubmissionReceived, identity: Identity, oa_id: str, user_id: str, consultation: Consultation, public_url: str
) -> ZaloMessage:
    """Short enough for one message (Zalo takes 2,000 characters)."""
    code = display(identity.tracking_code)
    note = WINDOW_NOTES[event.window]
    lines = [
        f"{consultation.issuer.name} trân trọng cảm ơn Ông/Bà đã gửi ý kiến góp ý.",
        f"Đợt lấy ý kiến: {consultation.short_title[:300]}.",
        f"Mã tra cứu: {code}",
        f"Thời điểm tiếp nhận: {instant(event.received_at, consultation.report.zone)}.",
        *([note] if note else []),
        f"Tra cứu tình trạng xử lý: {public_url.rstrip('/')}/tra-cuu/{code}",
        f"Cần hỗ trợ, xin liên hệ số điện thoại {consultation.support_phone}.",
    ]
    return ZaloMessage(oa_id=oa_id, user_id=user_id, text="\n".join(lines))
