"""The digest (bản tin tổng hợp) of a published report: counts only, no commentary. Pure."""

from collections.abc import Mapping
from functools import partial

from services.notify.message import File, Mail
from services.notify.wording import footer, instant, number
from shared.consultation import Consultation, Recipient
from shared.errors import Permanent
from shared.events import Count, Reconciliation, ReportFile, ReportPublished

ATTACHED = ("report.docx", "annex.xlsx")  # in order of importance
ATTACHED_AS = {"report.docx": "bao-cao", "annex.xlsx": "phu-luc"}


def notification_id(report_id: str, recipient_id: str) -> str:
    """One per recipient and report, however often the event comes."""
    return f"digest:{report_id}:{recipient_id}"


def attached(report: ReportPublished, limit_bytes: int) -> tuple[ReportFile, ...]:
    """The files to attach, while they fit: a mail that is too big for every server would inform nobody.

    Raises Permanent when the report lacks one of them.
    """
    by_name = {file.name: file for file in report.files}
    if missing := [name for name in ATTACHED if name not in by_name]:
        raise Permanent(f"{report.report_id} has no {', '.join(missing)}")
    chosen: list[ReportFile] = []
    for name in ATTACHED:
        if sum(file.size for file in chosen) + by_name[name].size > limit_bytes:
            break
        chosen.append(by_name[name])
    return tuple(chosen)


def compose(
    report: ReportPublished,
    consultation: Consultation,
    recipient: Recipient,
    files: Mapping[str, bytes],
    public_url: str,
) -> Mail:
    """The mail for one recipient. `files` holds the bytes of the files to attach, by their name in the report."""
    media = {file.name: file.media_type for file in report.files}
    return Mail(
        notification_id=notification_id(report.report_id, recipient.id),
        from_name=consultation.issuer.name,
        to_name=recipient.post,
        to_address=recipient.email,
        subject=f"{title(report)}: {consultation.short_title}",
        text=text(report, consultation, recipient, public_url, frozenset(files)),
        files=tuple(
            File(name=_file_name(report, name), media_type=media[name], content=content)
            for name, content in files.items()
        ),
    )


def title(report: ReportPublished) -> str:
    """What kind of report it is, as its reader calls it."""
    if report.kind == "weekly" and report.period is not None:
        return f"Báo cáo định kỳ (kỳ {report.period})"
    return {"final": "Báo cáo tổng kết", "weekly": "Báo cáo định kỳ", "adhoc": "Báo cáo theo yêu cầu"}[report.kind]


def text(
    report: ReportPublished,
    consultation: Consultation,
    recipient: Recipient,
    public_url: str,
    files: frozenset[str] = frozenset(ATTACHED),
) -> str:
    """The body: where the figures stand, period beside cumulative, the reconciliation, the link."""
    r, when = report.reconciliation, partial(instant, zone=consultation.report.zone)
    lines = [
        f"Kính gửi: {recipient.post}",
        "",
        f"Xin trân trọng gửi {title(report)} của đợt:",
        f"{consultation.title}.",
        "",
        f"Kỳ số liệu: từ {when(report.period_start)} đến trước {when(report.as_of)}.",
        f"Trong kỳ: {number(report.submissions_in_period)} lượt góp ý, {number(report.opinions_in_period)} ý kiến.",
        f"Lũy kế từ đầu đợt: {number(r.received)} lượt góp ý, {number(report.opinions_cumulative)} ý kiến.",
        "",
        "Ý kiến theo nhóm vấn đề (trong kỳ / lũy kế):",
        *_rows(report.topics, numbered=True),
        "",
        "Thái độ đối với dự thảo (trong kỳ / lũy kế):",
        *_rows(report.stances, numbered=False),
        "",
        "Đối soát lũy kế (lượt góp ý):",
        f"  {_equation(r)}.",
        "",
        *_attachments(files),
        "Theo dõi số liệu và tải các tệp báo cáo trực tuyến (cần đăng nhập):",
        f"{public_url.rstrip('/')}/bao-cao/{consultation.id}",
        "",
        "Trân trọng,",
        "",
        consultation.issuer.parent,
        consultation.issuer.name,
        "",
        *footer(consultation.support_phone),
    ]
    return "\n".join(lines) + "\n"


def _attachments(files: frozenset[str]) -> list[str]:
    if files >= set(ATTACHED):
        return ["Gửi kèm thư này: báo cáo (tệp Word) và phụ lục toàn bộ ý kiến (tệp Excel)."]
    if "report.docx" in files:
        return [
            "Gửi kèm thư này: báo cáo (tệp Word).",
            "Phụ lục toàn bộ ý kiến có dung lượng lớn, không gửi kèm được; xin tải tại địa chỉ dưới đây.",
        ]
    return ["Báo cáo và phụ lục có dung lượng lớn, không gửi kèm được; xin tải tại địa chỉ dưới đây."]


def _equation(r: Reconciliation) -> str:
    return (
        f"{number(r.received)} tiếp nhận = {number(r.counted)} được tổng hợp + {number(r.duplicate)} trùng lặp"
        f" + {number(r.pending)} đang xử lý + {number(r.unreadable)} không đọc được"
        f" + {number(r.referred)} chuyển cơ quan khác"
    )


def _rows(counts: tuple[Count, ...], *, numbered: bool) -> list[str]:
    """Every numbered topic group, for that nobody spoke of one is news too; of the others only those that were used."""
    if not any(c.cumulative for c in counts):
        return ["  Chưa có ý kiến."]
    return [
        f"  {f'{c.key}. ' if numbered and c.key != '0' else ''}{c.label}: {number(c.period)} / {number(c.cumulative)}"
        for c in counts
        if c.cumulative or (numbered and c.key != "0")
    ]


def _file_name(report: ReportPublished, name: str) -> str:
    stem = "".join(ch if ch.isalnum() or ch in "-." else "-" for ch in report.report_id)
    return f"{ATTACHED_AS[name]}-{stem}.{name.rpartition('.')[2]}"
