"""How Vietnamese official documents write numbers, shares, dates and our closed vocabularies. Pure text, no layout."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from shared.events import Outcome, Reading, Stance, WindowMark

STANCES: Final[dict[Stance, str]] = {
    Stance.AGREE: "tán thành",
    Stance.PARTLY_AGREE: "đồng ý một phần",
    Stance.DISAGREE: "không tán thành",
    Stance.AMEND: "đề nghị sửa đổi",
    Stance.SUPPLEMENT: "đề nghị bổ sung",
    Stance.DELETE: "đề nghị lược bỏ",
    Stance.QUESTION: "nêu câu hỏi",
    Stance.NONE: "ý kiến khác",
}
OUTCOMES: Final[dict[Outcome, str]] = {
    Outcome.COUNTED: "được tổng hợp",
    Outcome.DUPLICATE: "trùng lặp",
    Outcome.UNREADABLE: "không đọc được",
    Outcome.REFERRED: "chuyển cơ quan khác",
}
WINDOWS: Final[dict[WindowMark, str]] = {
    WindowMark.INSIDE: "trong thời hạn",
    WindowMark.BEFORE: "trước thời hạn",
    WindowMark.AFTER: "sau thời hạn",
}
# The states of a submission in the order in which the reconciliation adds them up: field of `Reconciliation` -> words.
STATES: Final[dict[str, str]] = {
    "counted": OUTCOMES[Outcome.COUNTED],
    "duplicate": OUTCOMES[Outcome.DUPLICATE],
    "pending": "đang xử lý",
    "unreadable": OUTCOMES[Outcome.UNREADABLE],
    "referred": OUTCOMES[Outcome.REFERRED],
}
# Why a submission is not read (`classify`); a code that is not here is shown as it is.
REASONS: Final[dict[str, str]] = {
    "empty": "Không có nội dung",
    "no_letters": "Nội dung không có chữ",
    "broken_characters": "Phần lớn là ký tự hỏng",
    "noise": "Nội dung không phải là văn bản",
    "wrong_font": "Văn bản dùng phông chữ cũ (TCVN3, VNI), cần chuyển mã sang Unicode",
    "wrong_encoding": "Văn bản sai bảng mã nên chữ hiển thị sai, cần cán bộ khôi phục",
    "ocr_noise": "Văn bản nhận dạng từ bản quét có quá nhiều lỗi, cần cán bộ đọc lại bản gốc",
    "automatic_mail": "Thư tự động của hệ thống thư điện tử, không phải ý kiến góp ý",
    "needs_transcription": "Ý kiến ở dạng ảnh hoặc bản quét, cần cán bộ chép lại",
    "attachment_encrypted": "Tệp đính kèm có mật khẩu",
    "attachment_too_long": "Tệp đính kèm quá dài, cần cán bộ đọc trực tiếp",
    "attachment_timeout": "Tệp đính kèm chưa đọc được trong thời gian cho phép",
    "attachment_malformed": "Tệp đính kèm bị hỏng",
    "attachment_bomb": "Tệp đính kèm nén quá mức an toàn nên không được mở",
    "attachment_unsupported": "Tệp đính kèm thuộc loại chưa đọc được (âm thanh, hình động, chương trình...)",
    "attachment_no_text": "Tệp đính kèm không có nội dung",
    "attachment_only": "Chỉ có tệp đính kèm, cần cán bộ đọc trực tiếp",
}
# Why a file is not read; beside a text a picture need not be the opinion.
READINGS: Final[dict[Reading, str]] = {
    Reading.TRANSCRIBE: "Ảnh hoặc bản quét, cần cán bộ xem và ghi lại",
    Reading.ENCRYPTED: REASONS["attachment_encrypted"],
    Reading.TOO_LONG: REASONS["attachment_too_long"],
    Reading.TIMEOUT: REASONS["attachment_timeout"],
    Reading.MALFORMED: REASONS["attachment_malformed"],
    Reading.BOMB: REASONS["attachment_bomb"],
    Reading.UNSUPPORTED: REASONS["attachment_unsupported"],
}


def number(value: int) -> str:
    """`2.131.376`: dots between thousands."""
    return f"{value:,}".replace(",", ".")


def percent(share: float) -> str:
    """`12,3%` for 0.123; one decimal, comma."""
    return f"{share * 100:.1f}%".replace(".", ",")


def share(part: int, whole: int) -> float | None:
    """part / whole, or None when there is no whole to be a part of."""
    return part / whole if whole else None


def capital(text: str) -> str:
    """The first letter made a capital, the rest untouched."""
    return text[:1].upper() + text[1:]


def _padded(day: date) -> tuple[str, str]:
    """Days below 10 and months 1 and 2 take a zero, as the instruction asks, so that no digit can be added by hand."""
    return f"{day.day:02d}", f"{day.month:02d}" if day.month < 3 else str(day.month)


def long_date(day: date) -> str:
    """`ngày 05 tháng 02 năm 2026`."""
    d, m = _padded(day)
    return f"ngày {d} tháng {m} năm {day.year}"


def short_date(day: date) -> str:
    """`11/6/2025`, `05/02/2026`."""
    d, m = _padded(day)
    return f"{d}/{m}/{day.year}"


def instant(at: datetime, zone: str) -> str:
    """`14 giờ 00 phút ngày 18/6/2025`, on the clocks of `zone`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%H} giờ {local:%M} phút ngày {short_date(local.date())}"
