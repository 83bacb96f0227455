"""The frame of an official report as text: heading block, title, addressees, signature block (formats.md §1)."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from services.report.documents.printable import printable
from services.report.model import Report

PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"
STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
# No-break spaces: the clerk writes the number and the date there, and no writer may swallow the room.
_NUMBER_ROOM = "\u00a0" * 7
_DATE_ROOM = "\u00a0" * 5


@dataclass(frozen=True)
class Letterhead:
    """Every line of the frame, ready to set."""

    party: bool
    parent: str
    issuer: str
    number: str
    place_and_date: str
    abstract: str
    addressees: tuple[str, ...]
    authority: str | None
    post: str
    distribution: tuple[str, ...]


def letterhead(report: Report) -> Letterhead:
    """The frame of this report; number, day and month stay blank for the clerk, the name for who signs."""
    head = report.heading
    party = head.style == "party"
    year = report.as_of.astimezone(ZoneInfo(report.zone)).year
    symbol = printable(head.symbol)
    return Letterhead(
        party=party,
        parent=printable(head.parent),
        issuer=printable(head.issuer),
        number=f"Số{_NUMBER_ROOM}-{symbol}" if party else f"Số:{_NUMBER_ROOM}/{symbol}",
        place_and_date=f"{printable(head.place)}, ngày{_DATE_ROOM}tháng{_DATE_ROOM}năm {year}",
        abstract=abstract(report),
        addressees=tuple(_bare(a) for a in head.addressees),
        authority=printable(head.authority) if head.authority else None,
        post=printable(head.post),
        distribution=_distribution(head.distribution_list),
    )


def abstract(report: Report) -> str:
    """The trích yếu: what the report is about and which period it covers."""
    which = "báo cáo tổng kết" if report.kind == "final" else "báo cáo theo yêu cầu"
    if report.kind == "weekly":
        which = f"kỳ thứ {report.period}" if report.period is not None else "kỳ báo cáo tuần"
    return f"kết quả {_subject(report.title)} ({which})"


def _subject(title: str) -> str:
    """The title as it reads after "kết quả": `Lấy ý kiến …` gives `lấy ý kiến …`, a bare draft gets the verb it lacks."""
    text = printable(title).strip().rstrip(".")
    small = f"{text[:1].lower()}{text[1:]}"
    if small.startswith(("lấy ý kiến", "đợt lấy ý kiến", "tổng hợp", "góp ý", "tham gia")):
        return small
    if small.startswith(("dự thảo ", "các dự thảo ")):
        return f"lấy ý kiến góp ý vào {small}"
    return f"lấy ý kiến – {text}"


def _bare(line: str) -> str:
    return printable(line).strip().lstrip("-–").strip().rstrip(".,;")


def _distribution(lines: tuple[str, ...]) -> tuple[str, ...]:
    """`- …,` for each and a full stop after the last, which is the copy kept (`- Lưu …`)."""
    bare = [_bare(line) for line in lines]
    if not bare or not bare[-1].startswith("Lưu"):
        bare.append("Lưu Văn phòng")
    return tuple(f"- {line}{'.' if line is bare[-1] else ','}" for line in bare)
