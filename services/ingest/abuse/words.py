"""What a refused sender is told: why, and when to come again. Nothing was accepted in any of these cases."""

from dataclasses import dataclass
from typing import Literal

from shared import metrics
from shared.problem import RETRY_AFTER_S, Problem

Reason = Literal["network", "channel", "busy"]
_NOT_TAKEN = "Lượt gửi này chưa được tiếp nhận."


@dataclass(frozen=True)
class Pressure:
    """Why a post cannot be taken now, and in how many seconds it can."""

    reason: Reason
    retry_after_s: int

    @property
    def status(self) -> int:
        """429: this sender or channel sends too much; 503: the service has too much to do."""
        return 503 if self.reason == "busy" else 429


BUSY = Pressure("busy", RETRY_AFTER_S)


def told(pressure: Pressure) -> str:
    """The reason in Vietnamese, with the time to wait."""
    again = f"xin gửi lại sau {wait(pressure.retry_after_s)}."
    if pressure.reason == "network":
        return f"{_NOT_TAKEN} Hệ thống nhận quá nhiều lượt gửi từ cùng một mạng; {again}"
    if pressure.reason == "channel":
        return f"{_NOT_TAKEN} Kênh tiếp nhận này đang có quá nhiều lượt gửi; {again}"
    return f"{_NOT_TAKEN} Hệ thống đang xử lý quá nhiều lượt gửi cùng lúc; {again}"


def told_on_page(pressure: Pressure, *, provable: bool) -> str:
    """The same for a page, where a proof of work may spare the wait."""
    if not provable:
        return f"{told(pressure)} Nội dung đã viết còn nguyên."
    return (
        f"{_NOT_TAKEN} Hệ thống nhận quá nhiều lượt gửi từ cùng một mạng. Nội dung đã viết còn nguyên; xin đợi phép tính "
        f"ở cuối phiếu hoàn tất rồi bấm gửi lại, hoặc gửi lại sau {wait(pressure.retry_after_s)}."
    )


def wait(seconds: int) -> str:
    """A time as people say it: "45 giây", "3 phút", "2 giờ"; rounded up."""
    if seconds < 120:
        return f"{seconds} giây"
    return f"{-(-seconds // 60)} phút" if seconds < 7200 else f"{-(-seconds // 3600)} giờ"


def problem(pressure: Pressure) -> Problem:
    """The answer to a program, counted."""
    count(pressure)
    kind, title = (
        ("busy", "Hệ thống đang quá tải") if pressure.reason == "busy" else ("too-many-requests", "Gửi quá nhanh")
    )
    return Problem(pressure.status, kind, title, told(pressure), headers={"Retry-After": str(pressure.retry_after_s)})


def count(pressure: Pressure) -> None:
    """One more refusal in the figures."""
    metrics.REFUSED.labels("busy" if pressure.reason == "busy" else "too-many-requests").inc()


def too_slow() -> Problem:
    """408; the connection is closed, for the rest of the body may never come."""
    metrics.REFUSED.labels("too-slow").inc()
    detail = f"{_NOT_TAKEN} Dữ liệu gửi lên đến quá chậm. Xin kiểm tra kết nối mạng rồi gửi lại; nếu có tệp lớn, xin gửi tệp nhỏ hơn."
    return Problem(408, "too-slow", "Kết nối quá chậm", detail, headers={"Connection": "close"})


def overrun() -> Problem:
    """503 without the page that keeps what was typed: more bytes or more people than that could be done for."""
    metrics.REFUSED.labels("busy").inc()
    detail = f"{told(BUSY)} Nội dung đã viết vẫn còn ở trang trước."
    headers = {"Retry-After": str(RETRY_AFTER_S), "Connection": "close"}
    return Problem(503, "busy", "Hệ thống đang quá tải", detail, headers=headers)
