"""What the report says: counted and quoted material, zeros stated, no commentary."""

from services.report.documents.blocks import Heading, Para, Quote, Table, cell_text
from services.report.documents.letterhead import letterhead
from services.report.documents.outline import outline
from services.report.model import Report
from tests.support.sample_report import empty_report, heading, sample_report


def words(report: Report) -> str:
    return "\n".join(b.text for b in outline(report) if isinstance(b, Heading | Para | Quote))


def test_the_parts_stand_in_order_and_the_last_sentence_ends_with_a_full_stop() -> None:
    blocks = outline(sample_report())
    assert [b.text.split("-")[0] for b in blocks if isinstance(b, Heading) and b.level == 1] == ["I", "II", "III", "IV"]
    last = blocks[-1]
    assert isinstance(last, Para)
    assert last.text.endswith(".")
    assert "./." not in words(sample_report())


def test_the_opening_names_the_period_and_the_instant_of_the_figures() -> None:
    text = words(sample_report()).splitlines()[0]
    assert "kỳ số liệu từ 14 giờ 00 phút ngày 11/6/2025 đến trước 14 giờ 00 phút ngày 18/6/2025" in text
    assert "chốt lúc 14 giờ 00 phút ngày 18/6/2025" in text


def test_the_reconciliation_stands_as_an_equation_of_submissions() -> None:
    report = sample_report()
    line = report.cumulative
    assert (
        f"Đối soát lũy kế (lượt góp ý): {line.received} tiếp nhận = {line.counted} được tổng hợp + "
        f"{line.duplicate} trùng lặp + {line.pending} đang xử lý + {line.unreadable} không đọc được + "
        f"{line.referred} chuyển cơ quan khác = {line.received}."
    ) in words(report)
    assert f"+ {report.carried_over} kỳ trước chuyển sang = " in words(report)


def test_quotes_are_verbatim_with_stance_places_and_submission_id() -> None:
    report = sample_report()
    quotes = [q for t in report.topics for q in t.quotes]
    drawn = [b for b in outline(report) if isinstance(b, Quote)]
    assert [b.text for b in drawn] == [q.text for q in quotes]
    for block, quote in zip(drawn, quotes, strict=True):
        assert f"lượt góp ý {quote.submission_id}" in block.source
        assert all(place in block.source for place in quote.places)


def test_a_form_letter_is_quoted_once_with_its_number() -> None:
    report = sample_report()
    first = report.topics[0].quotes[0].model_copy(update={"times": 1200})
    topics = (report.topics[0].model_copy(update={"quotes": (first,)}), *report.topics[1:])
    drawn = [b for b in outline(report.model_copy(update={"topics": topics})) if isinstance(b, Quote)]
    assert drawn[0].source.endswith("1.200 ý kiến cùng nguyên văn")


def test_what_is_left_out_is_said() -> None:
    report = sample_report()
    for topic in report.topics:
        assert f"Còn {topic.quotes_left_out} ý kiến trong Phụ lục." in words(report)


def test_nothing_is_stated_plainly_as_nothing() -> None:
    text = words(empty_report())
    assert "Trong kỳ: không có lượt góp ý nào được tiếp nhận; không có ý kiến." in text
    assert "Trong kỳ: không có ý kiến. Lũy kế: không có ý kiến." in text
    assert "Lượt góp ý đang xử lý, chuyển sang kỳ sau: 0." in text


def test_a_channel_that_another_body_counts_is_named_outside_the_totals() -> None:
    assert "Có 1.500 lượt góp ý (lũy kế) qua kênh do cơ quan khác thống kê" in words(sample_report(not_included=1500))


def test_a_channel_outside_the_totals_is_listed_and_not_summed() -> None:
    report = sample_report()
    first, *rest = report.channels
    channels = (first.model_copy(update={"included": False, "submissions": 9_999}), *rest)
    blocks = outline(report.model_copy(update={"channels": channels}))
    table = next(b for b in blocks if isinstance(b, Table) and "kênh" in b.caption)
    assert table.rows[0][2] == 9_999
    assert table.rows[-1][2] == sum(c.submissions for c in rest)


def test_every_row_of_a_table_fits_its_columns_and_sums_agree() -> None:
    for block in outline(sample_report()):
        if isinstance(block, Table):
            assert {len(row) for row in block.rows} == {len(block.columns)}, block.caption
    matrix = [b for b in outline(sample_report()) if isinstance(b, Table) and "thái độ và nhóm" in b.caption]
    for table in matrix:
        figures = [[c for c in row if isinstance(c, int)] for row in table.rows]
        assert figures[-1] == [sum(column) for column in zip(*figures[:-1], strict=True)]


def test_an_absent_figure_is_a_dash_and_a_zero_a_zero() -> None:
    assert (cell_text(None), cell_text(0), cell_text(0.5), cell_text(1234)) == ("–", "0", "50,0%", "1.234")


def test_the_party_number_has_no_colon_and_the_state_number_has() -> None:
    party, state = letterhead(sample_report()), letterhead(sample_report(style="state"))
    assert party.number.replace("\u00a0", "") == "Số-BC/BTGDVTU"
    assert state.number.replace("\u00a0", "") == "Số:/BC-SGDĐT"
    assert party.place_and_date.replace("\u00a0", "") == "Điện Biên, ngàythángnăm 2025"


def test_the_abstract_reads_on_from_the_title() -> None:
    for title, start in (
        (
            "Lấy ý kiến tham gia của cán bộ vào dự thảo X",
            "kết quả lấy ý kiến tham gia của cán bộ vào dự thảo X (kỳ thứ 1)",
        ),
        ("Dự thảo Báo cáo chính trị", "kết quả lấy ý kiến góp ý vào dự thảo Báo cáo chính trị (kỳ thứ 1)"),
        ("Đại hội XV", "kết quả lấy ý kiến – Đại hội XV (kỳ thứ 1)"),
    ):
        assert letterhead(sample_report(4, title=title)).abstract == start
    assert letterhead(sample_report(4, kind="final")).abstract.endswith("(báo cáo tổng kết)")


def test_the_copy_kept_is_the_last_of_the_distribution_list() -> None:
    assert letterhead(sample_report()).distribution == ("- Như trên,", "- Văn phòng Tỉnh ủy,", "- Lưu Văn phòng Ban.")
    without = heading().model_copy(update={"distribution_list": ("Như trên",)})
    assert letterhead(sample_report(heading=without)).distribution[-1] == "- Lưu Văn phòng."
