"""Where now is against a consultation's window, in words. Pure."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Literal

from shared.consultation import Consultation, Window
from shared.events import WindowMark
from shared.web import ZONE, ngay, ngay_gio

State = Literal["open", "upcoming", "closed"]
_STATES: dict[WindowMark, State] = {
    WindowMark.INSIDE: "open",
    WindowMark.BEFORE: "upcoming",
    WindowMark.AFTER: "closed",
}
_ORDER: dict[State, int] = {"open": 0, "upcoming": 1, "closed": 2}


def state(consultation: Consultation, now: datetime) -> State:
    """Whether the window is open now."""
    return _STATES[consultation.window.mark(now)]


def open_first(consultations: Iterable[Consultation], now: datetime) -> list[Consultation]:
    """Open ones first (the one that closes soonest on top), then those to come, then the past ones, newest first."""

    def rank(one: Consultation) -> tuple[int, float, str]:
        mark = state(one, now)
        until = one.window.opens if mark == "upcoming" else one.window.closes
        return (_ORDER[mark], -until.timestamp() if mark == "closed" else until.timestamp(), one.id)

    return sorted(consultations, key=rank)


def period(window: Window) -> str:
    """`từ ngày 11/06/2025 đến hết ngày 20/06/2025`; the hour is told only where a bound is not midnight in Vietnam."""
    opens, closes = window.opens.astimezone(ZONE), window.closes.astimezone(ZONE)
    start = f"ngày {ngay(opens)}" if opens.time() == time.min else ngay_gio(opens)
    end = f"hết ngày {ngay(closes - timedelta(days=1))}" if closes.time() == time.min else ngay_gio(closes)
    return f"từ {start} đến {end}"
