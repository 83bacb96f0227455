"""The method page tells what is measured, and says so where nothing is."""

from services.report.documents.blocks import Table
from services.report.documents.method import NO_WIDTH, NOT_YET, REASONS, method
from services.report.model import Agreement
from shared.events import ReviewReason
from tests.support.sample_report import empty_report, sample_report


def quality() -> Table:
    return next(b for b in method(sample_report()) if isinstance(b, Table) and "kappa" in b.caption)


def test_kappa_and_accuracy_stand_with_their_intervals() -> None:
    rows = {row[0]: row[1:] for row in quality().rows}
    assert rows["Thống nhất giữa hai cán bộ về nhóm vấn đề (kappa)"] == (52, "0,83", "0,72 đến 0,95")
    assert rows["Tỷ lệ đúng của phần mềm về nhóm vấn đề"] == (50, "90,0%", "78,6% đến 95,7%")


def test_what_cannot_be_told_is_said_so_and_not_shown_as_zero() -> None:
    rows = {row[0]: row[1:] for row in quality().rows}
    assert rows["Tỷ lệ đúng của phần mềm về thái độ"] == (0, NOT_YET, "–")
    assert rows["Thống nhất giữa hai cán bộ về thái độ (kappa)"] == (52, NOT_YET, "–")


def test_complete_agreement_of_few_opinions_claims_no_certainty() -> None:
    full = sample_report()
    agreed = Agreement(items=6, same=6, kappa=1.0, low=1.0, high=1.0)
    report = full.model_copy(update={"method": full.method.model_copy(update={"topic_agreement": agreed})})
    (table,) = (b for b in method(report) if isinstance(b, Table) and "kappa" in b.caption)
    assert table.rows[0][1:] == (6, "1,00", NO_WIDTH)


def test_every_version_is_told_in_words_beside_its_name() -> None:
    (table,) = (b for b in method(sample_report()) if isinstance(b, Table) and "Phiên bản" in b.caption)
    assert {row[0] for row in table.rows} <= {
        "Theo từ ngữ của dự thảo và của đợt lấy ý kiến",
        "Đã học từ kết quả thẩm định",
    }


def test_there_is_no_method_page_before_anything_was_classified() -> None:
    assert method(empty_report()) == ()


def test_every_reason_for_review_has_words() -> None:
    assert set(REASONS) == set(ReviewReason)
