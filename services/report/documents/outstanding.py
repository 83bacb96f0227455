"""Part III of the report: what is not in the totals and why, and what is handed over with the report. Procedure only."""

from services.report.documents import stance_tables, unread_files
from services.report.documents.blocks import Block, Heading, Para
from services.report.documents.printable import printable
from services.report.documents.typography import number
from services.report.model import Report
from shared.events import Outcome


def outstanding(report: Report) -> tuple[Block, ...]:
    """III- SỐ LIỆU CHƯA TỔNG HỢP VÀ TÀI LIỆU KÈM THEO."""
    total = report.cumulative
    again = sum(row.outcome is Outcome.DUPLICATE for row in report.annex)
    elsewhere = _elsewhere(report)
    unread = unread_files.listed(report, section=3 if elsewhere else 2)
    facts = (
        ("đang xử lý, chuyển sang kỳ sau", total.pending),
        ("không đọc được", total.unreadable),
        ("chuyển cơ quan khác", total.referred),
        ("trùng lặp với lượt góp ý đã được tổng hợp", total.duplicate),
        ("gửi ngoài thời hạn lấy ý kiến (được lưu và đánh dấu trong Phụ lục)", report.outside_window),
        ("do cơ quan khác thống kê, không cộng vào tổng số của báo cáo này", report.not_included),
    )
    return (
        Heading(1, "III- SỐ LIỆU CHƯA TỔNG HỢP VÀ TÀI LIỆU KÈM THEO"),
        Heading(2, "1. Số liệu cần theo dõi (lũy kế)"),
        *(Para(f"- Lượt góp ý {what}: {number(count)}.") for what, count in facts),
        *_petitions(report),
        *_unread(report),
        *_withdrawn(report),
        *_silent_units(report),
        *elsewhere,
        *unread,
        Heading(2, f"{2 + bool(elsewhere) + bool(unread)}. Tài liệu kèm theo"),
        Para(
            f"Phụ lục (tệp annex.xlsx) liệt kê {number(len(report.annex))} ý kiến, mỗi ý kiến một dòng kèm mã lượt góp ý "
            f"(trong đó {number(again)} ý kiến của các lượt góp ý trùng lặp, không tính vào tổng số), "
            f"và {number(len(report.left_over))} lượt góp ý không có ý kiến tách riêng. "
            "Phụ lục không chứa thông tin nhận biết người góp ý."
        ),
    )


def _petitions(report: Report) -> list[Block]:
    if not report.petitions:
        return []
    return [
        Para(
            "- Ý kiến nghi có nội dung khiếu nại, tố cáo, cần cán bộ xem xét (vẫn được tính trong tổng số ý kiến): "
            f"{number(report.petitions)}."
        )
    ]


def _unread(report: Report) -> list[Block]:
    if not report.unread_files:
        return []
    return [
        Para(
            "- Lượt góp ý có tệp kèm theo chưa đọc được (đã nằm trong các tình trạng của số liệu đối soát): "
            f"{number(len(report.unread_files))}."
        )
    ]


def _withdrawn(report: Report) -> list[Block]:
    if not report.withdrawn:
        return []
    return [
        Para(
            "- Lượt góp ý đã được người gửi rút lại (nội dung đã xóa, số lượt và số ý kiến giữ nguyên để đối soát): "
            f"{number(report.withdrawn)}."
        )
    ]


def _elsewhere(report: Report) -> list[Block]:
    if not report.aggregates:
        return []
    blocks: list[Block] = [
        Heading(2, "2. Số liệu do cơ quan khác tổng hợp"),
        Para(
            "Số liệu dưới đây do cơ quan khác tự thống kê và gửi kèm chữ ký số; được trình bày để tham khảo, không cộng "
            "vào bất kỳ tổng số nào của báo cáo này nên không lượt góp ý nào bị tính hai lần."
        ),
    ]
    blocks += [
        Para(
            f"- {printable(found.counted_by)}, kênh {printable(found.channel)}: {number(found.submissions)} lượt, "
            f"{number(found.batches)} đợt số liệu; kỳ số liệu {stance_tables.periods(found, report.zone)}."
        )
        for found in report.aggregates
    ]
    return [*blocks, *stance_tables.elsewhere(report)]


def _silent_units(report: Report) -> list[Block]:
    silent = [printable(unit.label) for unit in report.units if not unit.submissions_cumulative]
    if not silent:
        return []
    return [
        Para(
            f"- Đơn vị chưa có lượt góp ý: {number(len(silent))}/{number(len(report.units))}, gồm: {'; '.join(silent)}."
        )
    ]
