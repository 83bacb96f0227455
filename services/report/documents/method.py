"""Part IV of the report, its method page: how opinions were read, by what, and how far that can be trusted."""

from services.report.documents.blocks import Block, Column, Heading, Para, Table
from services.report.documents.printable import printable
from services.report.documents.typography import number, percent
from services.report.model import Accuracy, Agreement, Method, Report
from shared.events import ReviewReason

NOT_YET = "Chưa đủ số liệu"
NO_WIDTH = "không tính được"
REASONS: dict[ReviewReason, str] = {
    ReviewReason.LOW_CONFIDENCE: "Phần mềm chưa đủ căn cứ để xếp nhóm",
    ReviewReason.OUTSIDE: "Có thể nằm ngoài các nhóm vấn đề",
    ReviewReason.CONFLICT: "Căn cứ hoặc kết quả thẩm định chưa thống nhất",
    ReviewReason.LANGUAGE: "Không viết bằng tiếng Việt",
    ReviewReason.SAMPLE: "Chọn ngẫu nhiên để đánh giá chất lượng",
}


def method(report: Report) -> tuple[Block, ...]:
    """IV- PHƯƠNG PHÁP TỔNG HỢP VÀ ĐỘ TIN CẬY."""
    if not report.classifier:
        return ()  # nothing has been classified yet
    m = report.method
    return (
        Heading(1, "IV- PHƯƠNG PHÁP TỔNG HỢP VÀ ĐỘ TIN CẬY"),
        Heading(2, "1. Cách phân loại ý kiến"),
        Para(
            "Phần mềm tách mỗi lượt góp ý thành các ý kiến (mỗi ý kiến là một đoạn nguyên văn), xếp nhóm vấn đề và ghi nhận "
            "thái độ; thái độ do người góp ý tự chọn được giữ nguyên. Phần chào hỏi, ký tên được để riêng, không xóa bỏ."
        ),
        Para(
            f"Cán bộ thẩm định xem xét các ý kiến có độ tin cậy dưới {percent(m.accept_from)}, ý kiến có thể nằm ngoài các nhóm "
            "vấn đề, có căn cứ chưa thống nhất hoặc không viết bằng tiếng Việt. Ngoài ra, "
            f"{percent(m.sample_rate)} số ý kiến được chọn ngẫu nhiên để hai cán bộ đọc độc lập, không thấy kết quả của phần mềm "
            "và của nhau; cán bộ thứ ba quyết định khi hai kết quả khác nhau."
        ),
        *_classifiers(m),
        Para(
            f"Số ý kiến được xếp theo quyết định của cán bộ thẩm định (kể cả ý kiến cùng nội dung): {number(m.by_people)}."
        ),
        Heading(2, "2. Kết quả xử lý các lượt góp ý (lũy kế)"),
        *_faithfulness(m),
        Heading(2, "3. Thẩm định (lũy kế)"),
        *_reviews(m),
        Heading(2, "4. Mức độ thống nhất và độ chính xác trên mẫu ngẫu nhiên"),
        *_quality(m),
    )


def _classifiers(m: Method) -> list[Block]:
    if not m.classifiers:
        return []
    return [
        Table(
            "Phiên bản phân loại đang áp dụng cho các ý kiến",
            (
                Column("Cách phân loại", 6, figures=False),
                Column("Phiên bản", 6, figures=False),
                Column("Số ý kiến", 2.6),
            ),
            tuple((_kind(c.version), printable(c.version), c.opinions) for c in m.classifiers),
            whole=True,
        )
    ]


def _kind(version: str) -> str:
    """What a version is, in words: before and after it has learned from readers (prefixes as classify gives them)."""
    if version.startswith("day0-"):
        return "Theo từ ngữ của dự thảo và của đợt lấy ý kiến"
    return "Đã học từ kết quả thẩm định" if version.startswith("learned-") else "–"


def _faithfulness(m: Method) -> list[Block]:
    f = m.faithfulness
    return [
        Para(
            f"Trong {number(f.decided)} lượt góp ý đã xử lý: {number(f.classified)} lượt đã phân loại xong; "
            f"{number(f.review)} lượt có ý kiến đang chờ thẩm định; {number(f.unreadable)} lượt không đọc được; "
            f"{number(f.referred)} lượt chuyển cơ quan khác."
        ),
        Para(
            "Đã kiểm tra: mọi lượt góp ý có nội dung và đọc được đều có ít nhất một ý kiến; không lượt nào bị bỏ qua."
        ),
    ]


def _reviews(m: Method) -> list[Block]:
    blocks: list[Block] = [
        Para(
            f"Đã thẩm định {number(m.reviewed)} ý kiến, trong đó điều chỉnh {number(m.corrected)} ý kiến; còn "
            f"{number(m.waiting)} ý kiến đang chờ thẩm định (vẫn được tính trong số liệu)."
        )
    ]
    if m.reasons:
        blocks.append(
            Table(
                "Ý kiến chờ thẩm định theo lý do (một ý kiến có thể có nhiều lý do)",
                (Column("Lý do", 10, figures=False), Column("Số ý kiến", 3)),
                tuple((REASONS[w.reason], w.opinions) for w in m.reasons),
                whole=True,
            )
        )
    return blocks


def _quality(m: Method) -> list[Block]:
    once = m.sample_begun - m.sample_read
    return [
        Para(
            f"Mẫu ngẫu nhiên: {number(m.sample_read)} ý kiến đã được hai cán bộ đọc, trong đó {number(m.sample_open)} ý kiến chờ "
            f"quyết định của cán bộ thứ ba; {number(once)} ý kiến mới được một cán bộ đọc."
        ),
        Table(
            "Hệ số kappa của Cohen và tỷ lệ đúng, kèm khoảng tin cậy 95%",
            (
                Column("Chỉ số", 9, figures=False),
                Column("Số ý kiến", 2.6),
                Column("Giá trị", 3, figures=False),
                Column("Khoảng tin cậy 95%", 4, figures=False),
            ),
            (
                _kappa("Thống nhất giữa hai cán bộ về nhóm vấn đề (kappa)", m.topic_agreement),
                _kappa("Thống nhất giữa hai cán bộ về thái độ (kappa)", m.stance_agreement),
                _share("Tỷ lệ đúng của phần mềm về nhóm vấn đề", m.topic_accuracy),
                _share("Tỷ lệ đúng của phần mềm về thái độ", m.stance_accuracy),
            ),
            whole=True,
        ),
        Para(
            "Kappa bằng 1 là thống nhất hoàn toàn, bằng 0 là như ngẫu nhiên. Khoảng tin cậy của tỷ lệ tính theo phương pháp Wilson. "
            "Các chỉ số chỉ tính trên mẫu ngẫu nhiên, không tính trên các ý kiến được chọn vì phần mềm chưa chắc chắn."
        ),
    ]


def _kappa(label: str, a: Agreement) -> tuple[str, int, str, str]:
    if a.kappa is None or a.low is None or a.high is None:
        return label, a.items, NOT_YET, "–"
    # Where all readings agree the formula gives an interval without width, which would claim certainty after six opinions.
    between = f"{_decimal(a.low)} đến {_decimal(a.high)}" if a.low < a.high else NO_WIDTH
    return label, a.items, _decimal(a.kappa), between


def _share(label: str, a: Accuracy) -> tuple[str, int, str, str]:
    if a.share is None or a.low is None or a.high is None:
        return label, a.judged, NOT_YET, "–"
    return label, a.judged, percent(a.share), f"{percent(a.low)} đến {percent(a.high)}"


def _decimal(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")
