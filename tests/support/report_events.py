"""Invented events and definitions for tests of the report service; no citizen, no real address."""

import hashlib
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path

from shared import consultation_yaml
from shared import events as ev
from shared.consultation import Channel, Consultation, ReportCalendar, Window
from shared.delivery import Delivery

ROOT = Path(__file__).parents[2]
BASE = datetime(2025, 6, 11, 2, tzinfo=UTC)  # 09:00 in Vietnam, the window's first day
ID = "dien-bien-2025"


@cache
def _shipped() -> Consultation:
    return consultation_yaml.load(ROOT / "consultations" / f"{ID}.yaml")


def definition(**changes: object) -> Consultation:
    """The shipped definition of Điện Biên, with changes."""
    return _shipped().model_copy(update=changes)


def around(cut_off: datetime, *, before: timedelta, after: timedelta) -> Consultation:
    """A consultation whose window is around a weekly cut-off at that instant; the zone makes it noon, far from midnight."""
    offset = 12 - cut_off.hour
    local = cut_off + timedelta(hours=offset)
    calendar = ReportCalendar(
        weekday=local.strftime("%A").lower(),
        cut_off=time(local.hour, local.minute, local.second),
        due=time(23, 59),
        zone=f"Etc/GMT{-offset:+d}",  # named by the way back to Greenwich
    )
    return definition(window=Window(opens=cut_off - before, closes=cut_off + after), report=calendar)


def with_uncounted(consultation: Consultation, channel: str) -> Consultation:
    """The definition with one more channel, which another body counts."""
    extra = Channel(id=channel, name="Kênh do cơ quan khác tổng hợp", included=False, counted_by="Cơ quan khác")
    return consultation.model_copy(update={"channels": (*consultation.channels, extra)})


def sid(n: int) -> str:
    """The id of the n-th submission."""
    return f"{n:032x}"


def received(
    n: int, *, channel: str = "web", text: str = "Nhất trí với dự thảo.", at: datetime | None = None, **respondent: str
) -> ev.SubmissionReceived:
    """The n-th submission; the same n is the same fact."""
    return ev.SubmissionReceived(
        consultation=ID,
        submission_id=sid(n),
        channel=channel,
        received_at=at or BASE + timedelta(minutes=n),
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        respondent=ev.Respondent.model_validate(respondent),
    )


def opinion(n: int, k: int = 0, *, topic: int = 1, stance: ev.Stance = ev.Stance.AGREE, **more: object) -> ev.Opinion:
    """The k-th opinion of submission n."""
    text = str(more.pop("text", "Nhất trí với dự thảo."))
    fields = {"start": 0, "end": len(text), "topics": (topic,), "confidence": 0.8} | more
    return ev.Opinion.model_validate({"opinion_id": f"{sid(n)}-{k}", "text": text, "stance": stance, **fields})


def classified(
    n: int,
    *opinions: ev.Opinion,
    outcome: ev.Outcome = ev.Outcome.COUNTED,
    revision: int = 1,
    channel: str = "web",
    at: datetime | None = None,
    **more: object,
) -> ev.SubmissionClassified:
    """What classify made of submission n; one agreeing opinion unless others are given."""
    if not opinions and outcome is ev.Outcome.COUNTED:
        opinions = (opinion(n),)
    fields = {
        "consultation": ID,
        "submission_id": sid(n),
        "revision": revision,
        "outcome": outcome,
        "classifier": "test 1",
        "channel": channel,
        "received_at": at or BASE + timedelta(minutes=n),
        "window": ev.WindowMark.INSIDE,
        "opinions": opinions,
    }
    return ev.SubmissionClassified.model_validate(fields | more)


def bare(n: int, stance: ev.Stance = ev.Stance.AGREE, **more: object) -> ev.SubmissionClassified:
    """Submission n was only a stance, given by button."""
    event = classified(n, channel=str(more.pop("channel", "vneid")), stance=stance, **more)  # type: ignore[arg-type]
    return event.model_copy(update={"opinions": ()})


def withdrawn(n: int) -> ev.SubmissionWithdrawn:
    """Submission n was taken back."""
    return ev.SubmissionWithdrawn(
        consultation=ID, submission_id=sid(n), withdrawn_at=BASE, legal_basis="rút theo yêu cầu của người gửi"
    )


def aggregate(batch: str = "a", revision: int = 1, *, day: int = 0, **counts: int) -> ev.AggregateReceived:
    """Counts of another body for one day; `agree=5` is a row without a draft."""
    rows = [
        ev.AggregateCount(stance=ev.Stance(stance), submissions=n) for stance, n in (counts or {"agree": 1}).items()
    ]
    return ev.AggregateReceived(
        consultation=ID,
        issuer="bca",
        batch_id=batch,
        revision=revision,
        channel="vneid-tong-hop",
        counted_by="Bộ Công an",
        period_start=BASE + timedelta(days=day),
        period_end=BASE + timedelta(days=day + 1),
        received_at=BASE,
        counts=tuple(rows),
        evidence_sha256="0" * 64,
    )


def deliver(event: ev.Event, seq: int, stored_at: datetime | None = None) -> Delivery[ev.Event]:
    """The event as the stream's message `seq`, stored one second per message after BASE unless told."""
    return Delivery(event, seq, stored_at or BASE + timedelta(seconds=seq))
