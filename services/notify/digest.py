"""The digest (bản tin tổng hợp) of a published report: counts only, no commentary. Pure."""

from services.notify.message import File, Mail
from services.notify.wording import instant, number
from shared.consultation import Consultation, Recipient
from shared.events import Count, Reconciliation, ReportPublished

ATTACHED = ("report.docx", "annex.xlsx")
ATTACHED_AS = {"report.docx": "bao-cao", "annex.xlsx": "phu-luc"}


def notification_id(report_id: str, recipient_id: str) -> str:
    """One per recipient and report, however often the event comes."""
    return f"digest:{report_id}:{recipient_id}"


def compose(
    report: ReportPublished, consultation: Consultation, recipient: Recipient, files: dict[str, bytes], public_url: str
) -> Mail:
    """The mail for one recipient. `files` holds the bytes of the files named in ATTACHED, by name."""
    media = {file.name: file.media_type for file in report.files}
    return Mail(
        notification_id=notification_id(report.report_id, recipient.id),
        to_name=recipient.post,
        to_address=recipient.email,
        subject=f"{title(report)}: {consultation.short_title}",
        text=text(report, consultation, recipient, public_url),
        files=tuple(
            File(
                name=f"{ATTACHED_AS[name]}-{_file_stem(report)}.{name.rpartition('.')[2]}",
                media_type=media[name],
                content=content,
            )
            for name, content in files.items()
        ),
    )


def title(report: ReportPublished) -> str:
    """What kind of report it is, as its reader calls it."""
    if report.kind == "weekly" and report.period is not None:
        return f"Báo cáo định kỳ (kỳ {report.period})"
    return {"final": "Báo cáo tổng kết", "weekly": "Báo cáo định kỳ", "adhoc": "Báo cáo nhanh"}[report.kind]


def text(report: ReportPublished, consultation: Consultation, recipient: Recipient, public_url: str) -> str:
    """The body: where the figures stand, period beside cumulative, the reconciliation, the link."""
    zone, r = consultation.report.zone, report.reconciliation
    lines = [
        f"Kính gửi: {recipient.post}",
        "",
        f"{consultation.issuer.name} kính gửi {title(report).lower()} về {consultation.title}.",
        f"Số liệu chốt lúc {instant(report.as_of, zone)}.",
        "",
        f"Trong kỳ: {number(report.submissions_in_period)} lượt góp ý, {number(report.opinions_in_period)} ý kiến.",
        f"Lũy kế: {number(r.received)} lượt góp ý đã tiếp nhận, {number(report.opinions_cumulative)} ý kiến.",
        "",
        "Ý kiến theo nhóm vấn đề (trong kỳ / lũy kế):",
        *_rows(report.topics, numbered=True),
        "",
        "Thái độ đối với dự thảo (trong kỳ / lũy kế):",
        *_rows(report.stances, numbered=False),
        "",
        "Đối soát (lũy kế, lượt góp ý):",
        f"  {_equation(r)}",
        "",
        "Báo cáo và phụ lục toàn bộ ý kiến được gửi kèm thư này.",
        f"Theo dõi số liệu trực tuyến (cần đăng nhập): {public_url}/bao-cao/{consultation.id}",
        "",
        "Trân trọng,",
        consultation.issuer.name,
        "",
        "-- ",
        "Thư được gửi tự động, vui lòng không trả lời thư này.",
        f"Cần hỗ trợ, xin liên hệ số điện thoại {consultation.support_phone}.",
    ]
    return "\n".join(lines) + "\n"


def _equation(r: Reconciliation) -> str:
    return (
        f"tiếp nhận {number(r.received)} = đã tổng hợp {number(r.counted)} + trùng lặp {number(r.duplicate)}"
        f" + đang xử lý {number(r.pending)} + không đọc được {number(r.unreadable)} + chuyển cơ quan khác {number(r.referred)}"
    )


def _rows(counts: tuple[Count, ...], *, numbered: bool) -> list[str]:
    if not counts:
        return ["  Chưa có ý kiến."]
    return [
        f"  {f'{c.key}. ' if numbered and c.key != '0' else ''}{c.label}: {number(c.period)} / {number(c.cumulative)}"
        for c in counts
    ]


def _file_stem(report: ReportPublished) -> str:
    return "".join(ch if ch.isalnum() or ch in "-." else "-" for ch in report.report_id)
