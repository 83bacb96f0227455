"""The Vietnamese of both mails, word for word."""

from datetime import UTC, datetime

import pytest

from services.notify import digest, receipt
from services.notify.wording import instant, number
from shared.errors import Permanent
from shared.events import ReportFile, WindowMark
from tests.support.notify_app import CODE, WORDS, report
from tests.support.report_events import definition, received

URL = "https://gop-y.example/"
TITLE = (
    "Lấy ý kiến tham gia của cán bộ, đảng viên và các tầng lớp Nhân dân vào dự thảo Báo cáo chính trị của Ban Chấp hành "
    "Đảng bộ tỉnh khóa XIV trình Đại hội đại biểu Đảng bộ tỉnh Điện Biên lần thứ XV, nhiệm kỳ 2025-2030."
)
FOOT = """\
TỈNH ỦY ĐIỆN BIÊN
BAN TUYÊN GIÁO VÀ DÂN VẬN

--\x20
Thư được gửi tự động, xin vui lòng không trả lời thư này.
Cần hỗ trợ, xin liên hệ số điện thoại 0215 3000 000.
"""
DIGEST = f"""\
Kính gửi: Thường trực Tỉnh ủy

Xin trân trọng gửi Báo cáo định kỳ (kỳ 1) của đợt:
{TITLE}

Kỳ số liệu: từ 14 giờ 00 phút, ngày 11/6/2025 đến trước 14 giờ 00 phút, ngày 18/6/2025.
Trong kỳ: 234 lượt góp ý, 301 ý kiến.
Lũy kế từ đầu đợt: 1.234 lượt góp ý, 1.788 ý kiến.

Ý kiến theo nhóm vấn đề (trong kỳ / lũy kế):
  1. Chủ đề Đại hội: 10 / 40
  2. Kinh tế: 0 / 0
  Ngoài các nhóm vấn đề: 1 / 2

Thái độ đối với dự thảo (trong kỳ / lũy kế):
  Tán thành: 5 / 1.500

Đối soát lũy kế (lượt góp ý):
  1.234 tiếp nhận = 1.200 được tổng hợp + 20 trùng lặp + 10 đang xử lý + 3 không đọc được + 1 chuyển cơ quan khác.

Gửi kèm thư này: báo cáo (tệp Word) và phụ lục toàn bộ ý kiến (tệp Excel).
Theo dõi số liệu và tải các tệp báo cáo trực tuyến (cần đăng nhập):
https://gop-y.example/bao-cao/dien-bien-2025

Trân trọng,

{FOOT}"""
RECEIPT = f"""\
Kính gửi: Ông/Bà Nguyễn Văn Ví Dụ

Chúng tôi đã tiếp nhận ý kiến góp ý của Ông/Bà trong đợt:
{TITLE}

Mã tra cứu: {CODE}
Thời điểm tiếp nhận: 09 giờ 01 phút, ngày 11/6/2025
Tra cứu tình trạng xử lý tại:
https://gop-y.example/tra-cuu/{CODE}

Ý kiến sẽ được phân loại theo nhóm vấn đề, tổng hợp đầy đủ, trung thực và báo cáo cơ quan soạn thảo.
Xin Ông/Bà giữ mã tra cứu.
Người có mã này xem được tình trạng xử lý, không xem được họ tên và thông tin liên hệ.

Trân trọng cảm ơn ý kiến đóng góp của Ông/Bà.

{FOOT}"""


def test_the_digest_word_for_word() -> None:
    consultation = definition()
    mail = digest.compose(report(), consultation, consultation.recipients[0], {}, URL)
    assert digest.text(report(), consultation, consultation.recipients[0], URL) == DIGEST
    assert mail.subject == (
        "Báo cáo định kỳ (kỳ 1): Góp ý dự thảo Báo cáo chính trị trình Đại hội Đảng bộ tỉnh Điện Biên lần thứ XV"
    )
    assert "xin tải tại địa chỉ dưới đây" in mail.text, "nothing attached: the text must not say so"


@pytest.mark.parametrize(
    ("kind", "period", "title"),
    [
        ("weekly", 3, "Báo cáo định kỳ (kỳ 3)"),
        ("weekly", None, "Báo cáo định kỳ"),
        ("final", 4, "Báo cáo tổng kết"),
        ("adhoc", None, "Báo cáo theo yêu cầu"),
    ],
)
def test_reports_are_called_as_their_readers_call_them(kind: str, period: int | None, title: str) -> None:
    assert digest.title(report(kind=kind, period=period)) == title


def test_a_digest_without_opinions_says_so() -> None:
    consultation = definition()
    text = digest.text(report(topics=(), stances=()), consultation, consultation.recipients[0], URL)
    assert text.count("  Chưa có ý kiến.\n") == 2


@pytest.mark.parametrize(
    ("limit", "names"), [(30, ("report.docx", "annex.xlsx")), (29, ("report.docx",)), (9, ())], ids=str
)
def test_files_are_attached_while_they_fit_the_report_first(limit: int, names: tuple[str, ...]) -> None:
    sizes = {"annex.xlsx": 20, "report.docx": 10, "report.pdf": 1}
    files = tuple(ReportFile(name=n, media_type="a/b", sha256="0" * 64, size=size) for n, size in sizes.items())
    assert tuple(f.name for f in digest.attached(report(files=files), limit)) == names


def test_a_report_without_its_annex_is_not_announced_as_if_it_had_one() -> None:
    docx = ReportFile(name="report.docx", media_type="a/b", sha256="0" * 64, size=1)
    with pytest.raises(Permanent, match=r"annex\.xlsx"):
        digest.attached(report(files=(docx,)), 100)


def test_the_receipt_word_for_word() -> None:
    who = receipt.Identity(name="Nguyễn Văn Ví Dụ", tracking_code=CODE)
    mail = receipt.compose(received(1, text=WORDS), who, "a@nha.example", definition(), URL)
    assert mail.text == RECEIPT
    assert mail.subject == "Giấy tiếp nhận ý kiến góp ý"


def test_who_gave_no_name_is_addressed_politely_all_the_same() -> None:
    mail = receipt.compose(received(1), receipt.Identity(tracking_code=CODE), "a@nha.example", definition(), URL)
    assert mail.text.startswith("Kính gửi: Ông/Bà\n")
    assert mail.to_name == ""


def test_a_name_with_line_breaks_cannot_write_into_the_letter() -> None:
    who = receipt.Identity(name="Ông A\r\n\r\nThư giả: chuyển tiền", tracking_code=CODE)
    mail = receipt.compose(received(1), who, "a@nha.example", definition(), URL)
    assert mail.text.startswith("Kính gửi: Ông/Bà Ông A Thư giả: chuyển tiền\n\nChúng tôi")


@pytest.mark.parametrize(("mark", "word"), [(WindowMark.BEFORE, "gửi trước"), (WindowMark.AFTER, "gửi sau")])
def test_a_submission_outside_the_window_is_told_so(mark: WindowMark, word: str) -> None:
    event = received(1).model_copy(update={"window": mark})
    mail = receipt.compose(event, receipt.Identity(tracking_code=CODE), "a@nha.example", definition(), URL)
    assert f"Ý kiến được {word} thời gian lấy ý kiến" in mail.text


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2025, 9, 3, 9, 5, tzinfo=UTC), "16 giờ 05 phút, ngày 03/9/2025"),
        (datetime(2025, 1, 31, 17, 0, tzinfo=UTC), "00 giờ 00 phút, ngày 01/02/2025"),
        (datetime(2025, 11, 21, 0, 0, tzinfo=UTC), "07 giờ 00 phút, ngày 21/11/2025"),
    ],
)
def test_instants_are_written_in_the_consultations_zone(at: datetime, text: str) -> None:
    assert instant(at, "Asia/Ho_Chi_Minh") == text


def test_numbers_have_dots_between_thousands() -> None:
    assert [number(n) for n in (0, 999, 1000, 2131376)] == ["0", "999", "1.000", "2.131.376"]


@pytest.mark.parametrize(
    ("typed", "greeted"),
    [
        ("Nguyễn Thị Mẫu", "Nguyễn Thị Mẫu"),
        ("Chi bộ 3, bản Mẫu", "Chi bộ 3, bản Mẫu"),
        ("Trúng thưởng! xem http://xau.example/qua", ""),
        ("xem www.xau.example", ""),
        ("xau.example/qua", ""),
        ("gọi 0900 000 123", ""),
        ("x" * 61, ""),
    ],
)
def test_a_receipt_greets_names_and_carries_nobodys_message(typed: str, greeted: str) -> None:
    assert receipt.addressed(typed) == greeted
