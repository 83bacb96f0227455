"""The receipt (giấy tiếp nhận) by mail, when the respondent gave an address. Pure. It repeats none of the citizen's words.

Code and consultation stand in the body only: subjects show on locked screens and in mail servers' logs.
"""

import re
from typing import Annotated

from pydantic import AfterValidator

from services.notify.message import Mail, one_line
from services.notify.wording import footer, instant
from shared.consultation import Consultation
from shared.events import Frozen, SubmissionReceived, WindowMark
from shared.tracking_code import display, parse

WINDOW_NOTES = {
    WindowMark.INSIDE: "",
    WindowMark.BEFORE: "Ý kiến được gửi trước thời gian lấy ý kiến; chúng tôi đã tiếp nhận và ghi chú rõ thời điểm gửi.",
    WindowMark.AFTER: "Ý kiến được gửi sau thời gian lấy ý kiến; chúng tôi vẫn tiếp nhận và ghi chú rõ thời điểm gửi.",
}


_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,400}>")  # RFC 5322 §3.6.4, taken generously


def _message_ids(value: str | None) -> str | None:
    """Only what are Message-IDs, at most the last ten: whatever else a stranger wrote there enters no header of ours."""
    found = _MESSAGE_ID.findall(value or "")
    return " ".join(found[-10:]) or None


class ReplyTo(Frozen):
    """Where the receipt goes and in which thread."""

    message_id: Annotated[str | None, AfterValidator(_message_ids)] = None
    references: Annotated[str | None, AfterValidator(_message_ids)] = None
    subject: str | None = None
    zalo_oa: str | None = None
    zalo_user: str | None = None


class Identity(Frozen):
    """What the sealed box of a submission holds, as far as a receipt needs it."""

    name: str | None = None
    email: str | None = None
    reply_to: ReplyTo = ReplyTo()
    tracking_code: Annotated[str, AfterValidator(parse)]


LONGEST_NAME = 60  # characters; enough for every real one
_NO_NAME = re.compile(r"://|www\.|@|\d{4}|\w\.\w{2,}/", re.IGNORECASE)


def addressed(name: str) -> str:
    """The name to greet; "" for what is no name.

    Anybody can type any address into the form: without this, a stranger's message could go out under the office's name.
    """
    line = one_line(name)
    return "" if len(line) > LONGEST_NAME or _NO_NAME.search(line) else line


SUBJECT = "Giấy tiếp nhận ý kiến góp ý"
_STRANGE = re.compile(
    r"://|www\.|@|(\d[\s.-]?){8,}|\w\.\w{2,}/|\b[\w-]+\.(vn|com|net|org|info|xyz|top|io|me|ly)\b", re.IGNORECASE
)


def answered_subject(subject: str | None) -> str:
    """`Re: ` and their own subject, which mail programs keep threads by; ours where theirs holds an address, a link or a number.

    Senders of mail can be forged: nobody shall use our answer to carry a message to somebody else.
    """
    line = re.sub(r"(?i)^((re|fw|fwd|tr|trả lời|chuyển tiếp)\s*:\s*)+", "", one_line(subject or "", 150)).strip()
    return f"Re: {line}" if line and not _STRANGE.search(line) else SUBJECT


def notification_id(submission_id: str) -> str:
    """One receipt per submission."""
    return f"receipt:{submission_id}"


def compose(
    event: SubmissionReceived, identity: Identity, email: str, consultation: Consultation, public_url: str
) -> Mail:
    """The mail to the respondent."""
    code = display(identity.tracking_code)
    name = addressed(identity.name or "")
    note = WINDOW_NOTES[event.window]
    thread = identity.reply_to
    lines = [
        f"Kính gửi: Ông/Bà {name}".rstrip(),
        "",
        "Chúng tôi đã tiếp nhận ý kiến góp ý của Ông/Bà trong đợt:",
        f"{consultation.title}.",
        "",
        f"Mã tra cứu: {code}",
        f"Thời điểm tiếp nhận: {instant(event.received_at, consultation.report.zone)}",
        "Tra cứu tình trạng xử lý tại:",
        f"{public_url.rstrip('/')}/tra-cuu/{code}",
        *(["", note] if note else []),
        "",
        "Ý kiến sẽ được phân loại theo nhóm vấn đề, tổng hợp đầy đủ, trung thực và báo cáo cơ quan soạn thảo.",
        "Xin Ông/Bà giữ mã tra cứu.",
        "Người có mã này xem được tình trạng xử lý, không xem được họ tên và thông tin liên hệ.",
        "",
        "Trân trọng cảm ơn ý kiến đóng góp của Ông/Bà.",
        "",
        consultation.issuer.parent,
        consultation.issuer.name,
        "",
        *footer(consultation.support_phone),
    ]
    return Mail(
        notification_id=notification_id(event.submission_id),
        from_name=consultation.issuer.name,
        to_name=name,
        to_address=email,
        subject=answered_subject(thread.subject) if thread.message_id else SUBJECT,
        text="\n".join(lines) + "\n",
        in_reply_to=thread.message_id,
        references=thread.references,
    )
