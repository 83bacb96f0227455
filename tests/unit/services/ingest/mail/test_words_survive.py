"""No word that a writer typed is lost: whatever stands above, between and below, their own lines come out, in order."""

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.mail.parse import parse

_SYLLABLES = ["Tôi", "đề", "nghị", "bổ", "sung", "mục", "4", "sửa", "đất", "rừng", "không", "đồng", "ý", "với", "dự", "thảo",
    "viết:", "gửi", "từ", "thư",
              "Từ", "Ngày", "12/6:", "—", "(a)", "1.", "-", "+", "email", "này", "Vào", "lúc", "Trân", "trọng", "@", "virus",
              "<b>", "--x", "iPhone"]  # fmt: skip
_line = st.lists(st.sampled_from(_SYLLABLES), min_size=3, max_size=14).map(" ".join).map("Ý {}.".format)
_lines = st.lists(st.one_of(_line, st.just("")), min_size=1, max_size=8).filter(any)
_ATTRIBUTIONS = [
    "Vào Th 4, 10 thg 6, 2026 vào lúc 09:12 Ban Soạn thảo <gopy@tinhuy.example>\nđã viết:",
    "On Wed, 10 Jun 2026 at 09:12, Ban <gopy@tinhuy.example> wrote:",
    "Vào 10/06/2026 09:12, Ban Soạn thảo viết:",
]
_HISTORY = [
    "-----Original Message-----\nFrom: Ban\nSent: Wednesday, June 10, 2026 9:12 AM\nTo: A\nSubject: x\n\nCũ.",
    "________________________________\nTừ: Ban <gopy@tinhuy.example>\nĐã gửi: Thứ Tư, 10 tháng 6, 2026 9:12 SA\nTới: A\nChủ đề: x\n\nCũ.",
    "-----Thư gốc-----\nCũ.",
]
_SIGNATURES = ["", "-- \nLò Văn A\n0912 345 678", "Gửi từ iPhone của tôi", "Sent from my Samsung Galaxy smartphone."]


def _mail(body: str, kind: str = "plain", subject: str = "Gop y") -> bytes:
    return f"From: a@thu.example\nSubject: {subject}\nContent-Type: text/{kind}; charset=utf-8\n\n{body}\n".encode()


def _flat(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@given(_lines, st.sampled_from(_HISTORY), st.sampled_from(_SIGNATURES))
def test_lines_above_an_older_mail_survive_and_nothing_else_does(
    lines: list[str], history: str, signature: str
) -> None:
    own = "\n".join(lines)
    content = parse(_mail(f"{own}\n\n{signature}\n\n{history}"))
    assert _flat(content.text) == _flat(own)


@given(st.lists(_lines, min_size=2, max_size=4), st.sampled_from(_ATTRIBUTIONS))
def test_answers_between_quoted_lines_survive_in_order(answers: list[list[str]], attribution: str) -> None:
    body = attribution + "".join("\n> Cũ một.\n> Cũ hai.\n" + "\n".join(lines) for lines in answers)
    assert _flat(parse(_mail(body)).text) == [line for lines in answers for line in _flat("\n".join(lines))]


@given(_lines)
def test_a_mail_without_any_mark_is_kept_line_by_line(lines: list[str]) -> None:
    assert _flat(parse(_mail("\n".join(lines))).text) == _flat("\n".join(lines))


@given(_lines)
def test_paragraphs_of_html_survive(lines: list[str]) -> None:
    shown = [line.replace("<b>", "") for line in lines]
    body = "".join(f"<p>{line}</p>" for line in lines)
    quoted = "<div class=gmail_quote><div class=gmail_attr>Vào 09:12, A đã viết:</div><blockquote class=gmail_quote>Cũ.</blockquote></div>"
    expected = [" ".join(line.split()) for line in _flat("\n".join(shown))]
    assert _flat(parse(_mail(body + quoted, "html")).text) == expected


@given(st.lists(_line, min_size=25, max_size=30))
def test_a_letter_behind_two_dashes_is_no_signature(lines: list[str]) -> None:
    assert _flat(parse(_mail("Mở đầu.\n--\n" + "\n".join(lines))).text) == ["Mở đầu.", "--", *_flat("\n".join(lines))]


def test_a_wish_for_secrecy_is_no_disclaimer() -> None:
    text = "Thư này tôi gửi riêng, đề nghị bảo mật tên tôi. Mục 5 cần sửa."
    assert parse(_mail(text)).text == text


def test_a_citizens_report_of_what_was_said_and_when_is_no_older_mail() -> None:
    text = "Họp bản.\nLúc 8h30 ngày 12/5/2026 đồng chí Chủ tịch trả lời:\nSẽ xem xét.\n"
    text += "Từ: 8h00\nĐến: 11h30\nNgày: 12/5/2026\nMục 5 cần sửa."
    assert parse(_mail(text)).text == text
