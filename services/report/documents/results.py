"""Part II of the report: the figures and the respondents' own words. Counted and quoted material, no commentary."""

from services.report.documents import stance_tables, tables, twins, unread_files, wording
from services.report.documents.balance import accounted
from services.report.documents.blocks import Block, Chart, Heading, Para, Quote
from services.report.documents.printable import printable
from services.report.documents.typography import STANCES, STATES, number, short_date
from services.report.model import Quote as OpinionQuote
from services.report.model import Report, TopicSection
from shared.events import Reconciliation


def results(report: Report) -> tuple[Block, ...]:
    """II- KẾT QUẢ TIẾP NHẬN, TỔNG HỢP."""
    blocks: list[Block] = [
        Heading(1, "II- KẾT QUẢ TIẾP NHẬN, TỔNG HỢP"),
        Heading(2, "1. Tổng số"),
        Para(_totals("Trong kỳ", report.in_period, report.carried_over, report.opinions)),
        Para(_totals("Lũy kế từ đầu đợt", report.cumulative, 0, report.opinions_cumulative)),
        *_not_included(report),
        *unread_files.in_short(report),
        Chart("Số lượt góp ý và ý kiến theo ngày tiếp nhận", _trend(report)),
        Heading(2, "2. Đối soát số liệu"),
        tables.reconciliation(report),
        Para(f"Đối soát trong kỳ (lượt góp ý): {_equation(report.in_period, report.carried_over)}"),
        Para(f"Đối soát lũy kế (lượt góp ý): {_equation(report.cumulative, 0)}"),
        Heading(2, "3. Ý kiến theo thái độ"),
        tables.stances(report),
        *_bare_stances(report),
        Heading(2, "4. Ý kiến theo nhóm vấn đề"),
        Para("Mỗi ý kiến được tính vào một nhóm vấn đề duy nhất; các nhóm cộng lại bằng tổng số ý kiến."),
        tables.topics(report),
        tables.stance_by_topic(report, cumulative=False),
        tables.stance_by_topic(report, cumulative=True),
        Heading(2, "5. Nội dung ý kiến trong kỳ"),
        Para("Ý kiến được trích nguyên văn; dữ liệu cá nhân, nếu có, đã được che."),
    ]
    for n, topic in enumerate(report.topics, start=1):
        blocks += _topic(n, topic)
    asked = wording.wording(report, section=6)
    return (*blocks, *asked, *twins.twins(report, section=7 if asked else 6))


def _topic(n: int, topic: TopicSection) -> list[Block]:
    title = printable(topic.title).rstrip(".")
    name = f"Nhóm {topic.code}: {title}" if topic.code else title
    blocks: list[Block] = [Heading(3, f"5.{n}. {name}"), Para(_topic_counts(topic))]
    blocks += [quoted(quote) for quote in topic.quotes]
    if topic.quotes_left_out:
        blocks.append(Para(f"Còn {number(topic.quotes_left_out)} ý kiến trong Phụ lục."))
    return blocks


def quoted(quote: OpinionQuote) -> Quote:
    """The words as they are, then stance, cited places and the submission they can be found under."""
    source = [STANCES[quote.stance], *(printable(place) for place in quote.places), f"lượt góp ý {quote.submission_id}"]
    if quote.times > 1:
        source.append(f"{number(quote.times)} ý kiến cùng nguyên văn")
    return Quote(printable(quote.text), "; ".join(source))


def _topic_counts(topic: TopicSection) -> str:
    period = [(STANCES[s.stance], s.opinions) for s in topic.stances]
    cumulative = [(STANCES[s.stance], s.opinions_cumulative) for s in topic.stances]
    text = f"Trong kỳ: {_listed(topic.opinions, period)}. Lũy kế: {_listed(topic.opinions_cumulative, cumulative)}."
    if topic.also_mentioned:
        text += f" Có {number(topic.also_mentioned)} ý kiến thuộc nhóm khác cũng đề cập nhóm này (lũy kế)."
    return text


def _listed(total: int, parts: list[tuple[str, int]]) -> str:
    if not total:
        return "không có ý kiến"
    named = "; ".join(f"{label}: {number(count)}" for label, count in parts if count)
    return f"{number(total)} ý kiến ({named})"


def _not_included(report: Report) -> list[Block]:
    if not report.not_included:
        return []
    return [
        Para(
            f"Có {number(report.not_included)} lượt góp ý (lũy kế) qua kênh do cơ quan khác thống kê: được đối soát và "
            "liệt kê trong Phụ lục, ý kiến không cộng vào tổng số."
        )
    ]


def _bare_stances(report: Report) -> list[Block]:
    shown = stance_tables.bare_stances(report)
    if not shown:
        return []
    total = sum(row.submissions_cumulative for row in report.bare_stances)
    return [
        Para(
            f"Có {number(total)} lượt (lũy kế) chỉ bày tỏ mức độ tán thành, không kèm nội dung góp ý: nằm trong số lượt "
            "góp ý được tổng hợp, không tính là ý kiến và không có trong bảng trên."
        ),
        *shown,
    ]


def _totals(when: str, line: Reconciliation, carried_over: int, opinions: int) -> str:
    received = line.received - carried_over
    before = f", kỳ trước chuyển sang {number(carried_over)} lượt" if carried_over else ""
    if not line.received:
        return f"{when}: không có lượt góp ý nào được tiếp nhận; không có ý kiến."
    return (
        f"{when}: tiếp nhận {number(received)} lượt góp ý{before}; tổng hợp {number(line.counted)} lượt góp ý, "
        f"gồm {number(opinions)} ý kiến."
    )


def _equation(line: Reconciliation, carried_over: int) -> str:
    left = f"{number(line.received - carried_over)} tiếp nhận"
    if carried_over:
        left += f" + {number(carried_over)} kỳ trước chuyển sang"
    right = " + ".join(f"{number(getattr(line, state))} {words}" for state, words in STATES.items())
    return f"{left} = {right} = {number(accounted(line))}."


def _trend(report: Report) -> str:
    if not report.days:
        return "Chưa có số liệu theo ngày."
    most = max(report.days, key=lambda d: d.submissions)
    return (
        f"Từ ngày {short_date(report.days[0].day)} đến ngày {short_date(report.days[-1].day)}: "
        f"{number(sum(d.submissions for d in report.days))} lượt góp ý, "
        f"{number(sum(d.opinions for d in report.days))} ý kiến; ngày nhiều lượt góp ý nhất là "
        f"{short_date(most.day)} với {number(most.submissions)} lượt."
    )
