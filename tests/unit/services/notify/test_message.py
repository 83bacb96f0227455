"""Mail as MIME: what is put in comes out at the other end, and nothing else can be put in."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.message import AddressError, File, Mail, envelope_address, message_id, one_line, to_mime

AT = datetime(2025, 6, 18, 9, 0, 5, tzinfo=UTC)
LONG = (
    "Góp ý dự thảo Báo cáo chính trị trình Đại hội đại biểu Đảng bộ tỉnh Điện Biên lần thứ XV, nhiệm kỳ 2025-2030 " * 3
)


def mail(**changes: object) -> Mail:
    fields: dict[str, object] = {
        "notification_id": "digest:r:1",
        "from_name": "BAN TUYÊN GIÁO VÀ DÂN VẬN",
        "to_name": "Thường trực Tỉnh ủy",
        "to_address": "thuong-truc@tinh.example",
        "subject": "Báo cáo",
        "text": "Kính gửi: ...\n",
    }
    return Mail.model_validate(fields | changes)


def sent(one: Mail) -> EmailMessage:
    """As the other end reads it."""
    raw = to_mime(one, from_address="ykien@tinh.example", at=AT)
    assert max(map(len, raw.decode("ascii").split("\r\n"))) <= 78
    return message_from_bytes(raw, policy=default)


def test_long_vietnamese_subjects_names_and_texts_survive() -> None:
    name = "Ban Thường trực Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh, Tổ Biên tập (Tiểu ban Văn kiện); «Đường»"
    one = mail(subject=LONG.strip(), to_name=name, text=LONG + "\n.\nFrom đây\n")
    got = sent(one)
    assert got["Subject"] == LONG.strip()
    # The newer parser puts spaces between encoded words of a name; the older one reads them as RFC 2047 says.
    older = message_from_bytes(to_mime(one, from_address="ykien@tinh.example", at=AT))["To"]
    shown = "".join(
        str(part, charset or "ascii") if isinstance(part, bytes) else part for part, charset in decode_header(older)
    )
    assert shown.partition("<")[0].strip() == name
    assert got["From"].addresses[0].display_name == "BAN TUYÊN GIÁO VÀ DÂN VẬN"
    assert got.get_content().replace("\r\n", "\n") == LONG + "\n.\nFrom đây\n"


def test_attachments_keep_name_type_and_bytes() -> None:
    file = File(name="báo-cáo.docx", media_type="application/vnd.ms-word", content=bytes(range(256)) * 10)
    (part,) = sent(mail(files=(file,))).iter_attachments()
    assert (part.get_filename(), part.get_content_type(), part.get_content()) == (
        file.name,
        file.media_type,
        file.content,
    )


def test_the_date_and_the_marks_against_robots_are_there() -> None:
    got = sent(mail())
    assert got["Date"].datetime == AT
    assert (got["Auto-Submitted"], got["X-Auto-Response-Suppress"]) == ("auto-generated", "OOF, AutoReply")


def test_the_message_id_is_stable_and_tells_nothing() -> None:
    assert message_id("receipt:1", "a@x.example") == message_id("receipt:1", "a@x.example")
    assert message_id("receipt:1", "a@x.example") != message_id("receipt:2", "a@x.example")
    assert "receipt" not in message_id("receipt:1", "a@x.example")
    assert message_id("receipt:1", "a@x.example").endswith("@x.example>")


@given(name=st.text(), subject=st.text())
def test_no_name_and_no_subject_can_add_a_header(name: str, subject: str) -> None:
    plain = set(sent(mail()).keys())
    got = sent(mail(to_name=name, from_name=name, subject=subject))
    assert set(got.keys()) == plain
    assert [a.addr_spec for a in got["To"].addresses] == ["thuong-truc@tinh.example"]
    assert [a.addr_spec for a in got["From"].addresses] == ["ykien@tinh.example"]


@pytest.mark.parametrize(
    "name",
    ['Tổ "Biên tập"', "a@b.vn", "<ai@nha.example>", "Ủy ban, Mặt trận; Tổ quốc", "=?utf-8?q?gia?=", "\\", "Đ" * 500],
)
def test_odd_names_change_no_address(name: str) -> None:
    assert [a.addr_spec for a in sent(mail(to_name=name))["To"].addresses] == ["thuong-truc@tinh.example"]


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("Người\r\nBcc: ai@nha.example", "Người Bcc: ai@nha.example"),
        ("  Nguyễn \t Văn  Ví Dụ\u2028\x85", "Nguyễn Văn Ví Dụ"),
        ("\u202egnart\x00\x1b", "gnart"),
        ("\ud800", ""),
        ("Đ" * 300, "Đ" * 200),
    ],
)
def test_a_name_becomes_one_printable_line(typed: str, clean: str) -> None:
    assert one_line(typed) == clean


@pytest.mark.parametrize(
    ("address", "envelope"),
    [
        ("nguoi@nha.example", "nguoi@nha.example"),
        ("o'neil+gop_y@nha.example", "o'neil+gop_y@nha.example"),
        ("nguoi@nhà.example", "nguoi@xn--nh-kia.example"),
        ("người@nhà.example", "người@xn--nh-kia.example"),
    ],
)
def test_the_domain_is_sent_in_ascii(address: str, envelope: str) -> None:
    assert envelope_address(address) == envelope


@pytest.mark.parametrize(
    "address", ["", "x", "a b@nha.example", "a@", "@b.vn", "a@nha.example\r\nRCPT TO:<b@c.vn>", "a@b@c.vn"]
)
def test_what_is_no_address_is_refused_without_being_quoted(address: str) -> None:
    with pytest.raises(AddressError) as error:
        envelope_address(address)
    assert str(error.value) == "the address is not one that mail can be sent to"
