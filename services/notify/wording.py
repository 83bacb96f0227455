"""Numbers, dates and instants as official Vietnamese writes them, and what stands under every mail."""

from datetime import datetime
from zoneinfo import ZoneInfo


def number(value: int) -> str:
    """2131376 -> 2.131.376."""
    return f"{value:,}".replace(",", ".")


def instant(at: datetime, zone: str) -> str:
    """16 giờ 05 phút, ngày 03/9/2025 (days under 10 and months 1-2 are padded, formats.md §1)."""
    local = at.astimezone(ZoneInfo(zone))
    month = f"{local.month:02d}" if local.month <= 2 else str(local.month)
    return f"{local:%H} giờ {local:%M} phút, ngày {local.day:02d}/{month}/{local.year}"


def footer(support_phone: str) -> tuple[str, ...]:
    """The signature part; mail programs know it by `-- `."""
    return (
        "-- ",
        "Thư được gửi tự động, xin vui lòng không trả lời thư này.",
        f"Cần hỗ trợ, xin liên hệ số điện thoại {support_phone}.",
    )
