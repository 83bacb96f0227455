"""A rich, balanced `Report` with invented content; the same arguments give the same report."""

import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from services.report.model import (
    Accuracy,
    Agreement,
    AnnexRow,
    Campaign,
    Classifier,
    Day,
    Faithfulness,
    Heading,
    LeftOver,
    Method,
    Proposal,
    Quote,
    Report,
    StanceCount,
    Tally,
    TopicSection,
    Uniqueness,
    Waiting,
    WordingPlace,
)
from shared.events import Outcome, Reconciliation, ReviewReason, Stance, WindowMark
from tests.support.sample_texts import CHANNELS, GROUPS, LOCALITIES, TEXTS, TOPICS, UNITS

ZONE = "Asia/Ho_Chi_Minh"
OPENS = datetime(2025, 6, 11, tzinfo=ZoneInfo(ZONE))
CLOSES = datetime(2025, 6, 21, tzinfo=ZoneInfo(ZONE))
START = datetime(2025, 6, 11, 14, tzinfo=ZoneInfo(ZONE))
AS_OF = datetime(2025, 6, 18, 14, tzinfo=ZoneInfo(ZONE))
_STANCES = tuple(Stance)


def heading(style: Literal["party", "state"] = "party") -> Heading:
    """An invented issuer of either style."""
    if style == "state":
        return Heading(
            style="state",
            parent="ỦY BAN NHÂN DÂN TỈNH ĐIỆN BIÊN",
            issuer="SỞ GIÁO DỤC VÀ ĐÀO TẠO",
            symbol="BC-SGDĐT",
            place="Điện Biên",
            authority=None,
            post="GIÁM ĐỐC",
            addressees=("Ủy ban nhân dân tỉnh",),
            distribution_list=("Như trên", "Lưu: VT"),
        )
    return Heading(
        style="party",
        parent="TỈNH ỦY ĐIỆN BIÊN",
        issuer="BAN TUYÊN GIÁO VÀ DÂN VẬN",
        symbol="BC/BTGDVTU",
        place="Điện Biên",
        authority=None,
        post="TRƯỞNG BAN",
        addressees=("Ban Thường vụ Tỉnh ủy", "Tiểu ban Văn kiện Đại hội"),
        distribution_list=("Như trên", "Văn phòng Tỉnh ủy", "Lưu Văn phòng Ban"),
    )


def annex_row(
    number: int, text: str, *, opinions_per_letter: int = 2, every: timedelta = timedelta(minutes=83)
) -> AnnexRow:
    """Row `number` (from 1); every seventh belongs to a duplicate, the first third came before the period."""
    submission = (number - 1) // opinions_per_letter
    pick = submission * 7 + number
    code, title = TOPICS[pick % len(TOPICS)]
    duplicate = submission % 7 == 6
    return AnnexRow(
        number=number,
        opinion_id=f"{_id(submission)}-{number % opinions_per_letter + 1}",
        submission_id=_id(submission),
        received_at=(OPENS + every * submission).astimezone(UTC),
        window=WindowMark.AFTER if submission % 29 == 28 else WindowMark.INSIDE,
        outcome=Outcome.DUPLICATE if duplicate else Outcome.COUNTED,
        duplicate_of=_id(submission - 1) if duplicate else None,
        in_period=submission % 5 != 0,
        channel=CHANNELS[submission % len(CHANNELS)][1],
        group=GROUPS[submission % len(GROUPS)][1],
        unit=UNITS[submission % len(UNITS)][1],
        locality=LOCALITIES[submission % len(LOCALITIES)][1],
        topic_code=code,
        topic_title=title,
        second_topic_code=4 if code == 5 else None,
        stance=_STANCES[(number * number + submission // 3) % len(_STANCES)],
        confidence=round(0.35 + (number % 60) / 100, 2),
        places=("trang 12", "mục II.3") if number % 4 == 0 else (),
        petition_suspected=number % 53 == 0,
        text=text,
    )


def sample_report(
    rows: int = 240, *, texts: tuple[str, ...] = TEXTS, style: Literal["party", "state"] = "party", **changes: object
) -> Report:
    """A weekly report over `rows` opinions, consistent in itself; `changes` replace whole fields at the end."""
    every = timedelta(minutes=2 * 10_000 / max(rows, 1))
    annex = tuple(annex_row(n, texts[n % len(texts)], every=every) for n in range(1, rows + 1))
    counted = [row for row in annex if row.outcome is Outcome.COUNTED]
    new = [row for row in counted if row.in_period]
    states = {row.submission_id: row for row in annex}
    outcomes = Counter(row.outcome for row in states.values())
    new_outcomes = Counter(row.outcome for row in states.values() if row.in_period)
    left = _left_over()
    pending, unreadable, referred = (sum(x.state == s for x in left) for s in ("pending", "unreadable", "referred"))
    rest = {"pending": pending, "unreadable": unreadable, "referred": referred}
    empty = Reconciliation(**rest)
    total = empty.model_copy(update={"counted": outcomes[Outcome.COUNTED], "duplicate": outcomes[Outcome.DUPLICATE]})
    period = empty.model_copy(
        update={"counted": new_outcomes[Outcome.COUNTED], "duplicate": new_outcomes[Outcome.DUPLICATE]}
    )
    report = Report(
        report_id="dien-bien-2025-weekly-1",
        consultation="dien-bien-2025",
        title="Lấy ý kiến góp ý vào dự thảo Báo cáo chính trị của Ban Chấp hành Đảng bộ tỉnh khóa XIV trình Đại hội "
        "đại biểu Đảng bộ tỉnh lần thứ XV, nhiệm kỳ 2025-2030",
        short_title="Góp ý dự thảo Báo cáo chính trị Đại hội XV",
        heading=heading(style),
        kind="weekly",
        period=1,
        period_start=START,
        as_of=AS_OF,
        zone=ZONE,
        cutoff_seq=4321,
        window_opens=OPENS,
        window_closes=CLOSES,
        drafts=("Dự thảo Báo cáo chính trị trình Đại hội đại biểu Đảng bộ tỉnh lần thứ XV, nhiệm kỳ 2025-2030",),
        cumulative=_received(total),
        carried_over=min(2, _received(period).received),
        in_period=_received(period),
        opinions=len(new),
        opinions_cumulative=len(counted),
        not_included=0,
        outside_window=len({row.submission_id for row in annex if row.window is not WindowMark.INSIDE}),
        channels=_tally(CHANNELS, counted, "channel"),
        groups=_tally(GROUPS, counted, "group"),
        units=_tally(UNITS, counted, "unit"),
        localities=_tally(LOCALITIES, counted, "locality"),
        days=_days(counted),
        stances=_stances(counted),
        topics=tuple(_topic(code, title, counted) for code, title in TOPICS),
        annex=annex,
        left_over=left,
        classifier="lexicon-bm25 0.1",
        method=_method(len(counted)),
        uniqueness=Uniqueness(
            submissions=len(states),
            people=len(states) // 2,
            unknown=3,
            opinions=len(counted),
            unique_texts=31,
            unique_or_near=29,
        ),
        campaigns=_CAMPAIGNS if rows else (),
        wording=_WORDING if rows else (),
        petitions=sum(row.petition_suspected for row in counted),
    )
    return report.model_copy(update=changes)


_CAMPAIGNS = (
    Campaign(
        campaign="0" * 31 + "a",
        submissions=128,
        people=97,
        unknown=30,
        opinions=141,
        own_opinions=13,
        text="Đề nghị sớm nâng cấp tuyến đường liên xã và bảo đảm nước sinh hoạt cho các bản vùng cao trong nhiệm kỳ tới. "
        * 4,
    ),
)
_WORDING = (
    WordingPlace(
        draft="Dự thảo Báo cáo chính trị",
        section="VI",
        located=True,
        proposals=tuple(
            Proposal(
                op="replace",
                old="khoảng 70%",
                new=new,
                place="trang 6, dòng 6",
                opinions=n,
                first_opinion_id="0" * 31 + "b-1",
                submission_id="0" * 31 + "b",
            )
            for new, n in (("trên 75%", 12), ("tối thiểu 72%", 3))
        ),
    ),
    WordingPlace(
        draft=None,
        section=None,
        located=False,
        proposals=(
            Proposal(
                op="delete",
                old="từng bước",
                new=None,
                place=None,
                opinions=1,
                first_opinion_id="0" * 31 + "c-1",
                submission_id="0" * 31 + "c",
            ),
        ),
    ),
)


def _method(opinions: int) -> Method:
    return Method(
        classifiers=(
            Classifier(version="day0-6-0123456789ab", opinions=opinions - opinions // 3),
            Classifier(version="learned-6-0123456789ab-ba9876543210", opinions=opinions // 3),
        ),
        by_people=17,
        accept_from=0.5,
        sample_rate=0.02,
        waiting=41,
        reasons=(
            Waiting(reason=ReviewReason.LOW_CONFIDENCE, opinions=33),
            Waiting(reason=ReviewReason.OUTSIDE, opinions=12),
        ),
        reviewed=96,
        corrected=21,
        sample_begun=60,
        sample_read=52,
        sample_open=2,
        topic_agreement=Agreement(items=52, same=45, kappa=0.8341, low=0.7217, high=0.9465),
        stance_agreement=Agreement(items=52, same=48),
        topic_accuracy=Accuracy(judged=50, right=45, share=0.9, low=0.7864, high=0.9565),
        stance_accuracy=Accuracy(judged=0, right=0),
        faithfulness=Faithfulness(classified=90, review=20, unreadable=1, referred=1, decided=112),
    )


def empty_report(style: Literal["party", "state"] = "party") -> Report:
    """A report of a period in which nothing came."""
    nothing = Reconciliation()
    return sample_report(
        0, style=style, left_over=(), cumulative=nothing, in_period=nothing, carried_over=0, days=(), classifier=""
    )


def _id(n: int) -> str:
    return hashlib.sha256(f"submission {n}".encode()).hexdigest()[:32]


def _received(line: Reconciliation) -> Reconciliation:
    received = line.counted + line.duplicate + line.pending + line.unreadable + line.referred
    return line.model_copy(update={"received": received})


def _left_over() -> tuple[LeftOver, ...]:
    states = ("pending", "unreadable", "referred", "pending")
    return tuple(
        LeftOver(
            submission_id=_id(10_000 + n),
            received_at=OPENS + timedelta(hours=5 * n),
            channel=CHANNELS[n][1],
            state=state,
            reason="binary" if state == "unreadable" else None,
        )
        for n, state in enumerate(states)
    )


def _tally(keys: tuple[tuple[str, str], ...], rows: list[AnnexRow], field: str) -> tuple[Tally, ...]:
    def row(key: str, label: str) -> Tally:
        total = [r for r in rows if getattr(r, field) == label]
        new = [r for r in total if r.in_period]
        return Tally(
            key=key,
            label=label,
            submissions=len({r.submission_id for r in new}),
            opinions=len(new),
            submissions_cumulative=len({r.submission_id for r in total}),
            opinions_cumulative=len(total),
        )

    return tuple(row(key, label) for key, label in keys)


def _days(rows: list[AnnexRow]) -> tuple[Day, ...]:
    zone = ZoneInfo(ZONE)
    opinions = Counter(r.received_at.astimezone(zone).date() for r in rows)
    letters = Counter({r.submission_id: r.received_at.astimezone(zone).date() for r in rows}.values())
    return tuple(Day(day=day, submissions=letters[day], opinions=opinions[day]) for day in sorted(opinions))


def _stances(rows: list[AnnexRow]) -> tuple[StanceCount, ...]:
    total = Counter(r.stance for r in rows)
    new = Counter(r.stance for r in rows if r.in_period)
    return tuple(StanceCount(stance=s, opinions=new[s], opinions_cumulative=total[s]) for s in Stance)


def _topic(code: int, title: str, rows: list[AnnexRow]) -> TopicSection:
    mine = [r for r in rows if r.topic_code == code]
    new = [r for r in mine if r.in_period]
    quotes = tuple(
        Quote(opinion_id=r.opinion_id, submission_id=r.submission_id, text=r.text, stance=r.stance, places=r.places)
        for r in new[:6]
    )
    return TopicSection(
        code=code,
        title=title,
        opinions=len(new),
        opinions_cumulative=len(mine),
        also_mentioned=sum(r.second_topic_code == code for r in rows),
        stances=_stances(mine),
        quotes=quotes,
        quotes_left_out=len(new) - len(quotes),
    )
