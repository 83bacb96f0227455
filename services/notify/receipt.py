"""The receipt (giấy tiếp nhận) by mail, when the respondent gave an address. Pure. It repeats none of the citizen's words."""

from services.notify.message import Mail
from services.notify.wording import instant
from shared.consultation import Consultation
from shared.events import Frozen, SubmissionReceived, WindowMark
from shared.tracking_code import display

WINDOW_NOTES = {
    WindowMark.INSIDE: "",
    WindowMark.BEFORE: "Ý kiến được gửi trước thời gian lấy ý kiến; chúng tôi đã tiếp nhận và ghi chú rõ thời điểm gửi.",
    WindowMark.AFTER: "Ý kiến được gửi sau thời gian lấy ý kiến; chúng tôi vẫn tiếp nhận và ghi chú rõ thời điểm gửi.",
}


class Identity(Frozen):
    """What the sealed box of a submission holds, as far as a receipt needs it."""

    name: str | None = None
    email: str | None = None
    tracking_code: str


def notification_id(submission_id: str) -> str:
    """One receipt per submission."""
    return f"receipt:{submission_id}"


def compose(
    event: SubmissionReceived, identity: Identity, email: str, consultation: Consultation, public_url: str
) -> Mail:
    """The mail to the respondent."""
    code = display(identity.tracking_code)
    note = WINDOW_NOTES[event.window]
    lines = [
        f"Kính gửi: {identity.name or 'Ông/Bà'}",
        "",
        f"{consultation.issuer.name} đã tiếp nhận ý kiến góp ý của Ông/Bà đối với {consultation.title}.",
        "",
        f"Mã tra cứu: {code}",
        f"Thời điểm tiếp nhận: {instant(event.received_at, consultation.report.zone)}",
        f"Tra cứu tình trạng xử lý: {public_url}/tra-cuu/{identity.tracking_code}",
        *(["", note] if note else []),
        "",
        "Ý kiến sẽ được phân loại theo nhóm vấn đề, tổng hợp đầy đủ, trung thực và báo cáo cơ quan soạn thảo.",
        "Xin giữ mã tra cứu; người có mã này xem được tình trạng xử lý (không xem được họ tên và thông tin liên hệ).",
        "",
        "Trân trọng cảm ơn ý kiến đóng góp của Ông/Bà.",
        consultation.issuer.name,
        "",
        "-- ",
        "Thư được gửi tự động, vui lòng không trả lời thư này.",
        f"Cần hỗ trợ, xin liên hệ số điện thoại {consultation.support_phone}.",
    ]
    return Mail(
        notification_id=notification_id(event.submission_id),
        to_name=identity.name or "",
        to_address=email,
        subject=f"Giấy tiếp nhận ý kiến góp ý, mã tra cứu {code}",
        text="\n".join(lines) + "\n",
    )
