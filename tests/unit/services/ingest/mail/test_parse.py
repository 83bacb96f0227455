"""Who may be answered, what a machine wrote, and which parts of a mail are files."""

import struct

import pytest

from services.ingest.mail.parse import parse
from shared.events import Automatic

_OWN = frozenset({"GopY@tinhuy.example"})


def _head(**fields: str) -> bytes:
    lines = {"From": "Lò A <a@thu.example>", "Subject": "Gop y"} | {
        name.replace("_", "-"): value for name, value in fields.items()
    }
    return "".join(f"{name}: {value}\n" for name, value in lines.items()).encode() + b"\nBody.\n"


@pytest.mark.parametrize(
    ("fields", "automatic", "answerable"),
    [
        ({}, None, True),
        ({"Auto_Submitted": "no"}, None, True),
        ({"Auto_Submitted": "auto-replied (vacation); x=y"}, Automatic.AUTO_REPLY, False),
        ({"Precedence": "bulk"}, None, False),
        ({"Precedence": "auto_reply"}, Automatic.AUTO_REPLY, False),
        ({"List_Id": "<x.example>"}, None, False),
        ({"X_Auto_Response_Suppress": "All"}, None, True),
        ({"X_Auto_Response_Suppress": "All", "Subject": "Trả lời tự động: Góp ý"}, Automatic.AUTO_REPLY, False),
        ({"Subject": "Tự động hoá thủ tục"}, None, True),
        ({"From": "no-reply@x.example"}, None, False),
        ({"From": "noreplyanh@x.example"}, None, True),
        ({"From": "gopy@tinhuy.example"}, None, False),
        ({"X_Ykien": "receipt"}, Automatic.LOOP, False),
        ({"Message_ID": f"<{'0a' * 20}@tinhuy.example>"}, Automatic.LOOP, False),
        ({"Message_ID": "<abc.123@tinhuy.example>"}, None, True),
        ({"Return_Path": "<>"}, None, False),
        ({"Return_Path": "<>", "From": "MAILER-DAEMON@x.example"}, Automatic.BOUNCE, False),
        ({"Reply_To": "b@thu.example, c@thu.example"}, None, True),
        ({"Reply_To": "gopy@tinhuy.example"}, None, False),
        ({"From": "nobody"}, None, False),
    ],
)
def test_only_a_persons_own_mail_is_answered(
    fields: dict[str, str], automatic: Automatic | None, answerable: bool
) -> None:
    content = parse(_head(**fields), own_addresses=_OWN)
    assert (content.automatic, content.answerable) == (automatic, answerable)
    assert content.text == "Body."


def test_the_null_sender_of_the_envelope_beats_the_header() -> None:
    assert not parse(_head(Return_Path="<a@thu.example>"), return_path="").answerable
    assert parse(_head(Return_Path="<>"), return_path="a@thu.example").answerable


def test_references_keep_the_first_and_the_last_ids_within_bounds() -> None:
    ids = [f"<{n:0100}@thu.example>" for n in range(60)]
    content = parse(_head(Message_ID="<own@thu.example>", References=" ".join(ids)))
    assert content.references is not None
    found = content.references.split()
    assert (found[0], found[-1]) == (ids[0], "<own@thu.example>")
    assert found[-2] == ids[-1]
    assert len(content.references) <= 2000


def _tnef(*files: tuple[str, bytes]) -> bytes:
    def attribute(ident: int, value: bytes) -> bytes:
        return struct.pack("<BII", 2, ident, len(value)) + value + b"\0\0"

    inner = b"".join(
        attribute(0x69002, b"") + attribute(0x18010, name.encode() + b"\0") + attribute(0x6800F, data)
        for name, data in files
    )
    return struct.pack("<IH", 0x223E9F78, 1) + attribute(0x89006, b"\0\0\1\0") + inner


def test_files_in_an_outlook_envelope_come_out_and_what_is_none_stays() -> None:
    def mail(envelope: bytes) -> bytes:
        head = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nBody.\n--b\nContent-Type: application/ms-tnef; name=winmail.dat\n"
        return head + b"Content-Transfer-Encoding: binary\n\n" + envelope + b"\n--b--\n"

    content = parse(mail(_tnef(("góp ý.docx", b"PK"), ("b.pdf", b"%PDF"))))
    assert [(file.filename, file.data) for file in content.files] == [("góp ý.docx", b"PK"), ("b.pdf", b"%PDF")]
    assert parse(mail(_tnef())).files == ()
    assert [file.filename for file in parse(mail(b"no TNEF")).files] == ["winmail.dat"]


def test_more_parts_than_we_read_are_told() -> None:
    content = parse(b"Content-Type: multipart/mixed; boundary=b\n" + b"\n--b\n\nwords" * 1500 + b"\n--b--\n")
    assert content.damage == "too_complex"
    assert content.text.count("words") == 999


def _letter(body: str, kind: str) -> bytes:
    head = f"From: a@dan.example\nSubject: Gop y\nContent-Type: text/{kind}; charset=utf-8\n\n"
    return (head + body).encode()


@pytest.mark.parametrize("words", ["Phản đối mục 2.", "Tôi không đồng ý.", "Đề nghị bỏ phí.", "Kien nghi giu truong."])
def test_a_short_stand_typed_into_the_signature_box_stays(words: str) -> None:
    body = f'<p>Đồng ý mục 1.</p><div class="gmail_signature">Nguyễn Văn A<br>{words}</div>'
    assert words in parse(_letter(body, "html")).text
    assert words in parse(_letter(f"Đồng ý mục 1.\n-- \nNguyễn Văn A\n{words}", "plain")).text


def test_a_signature_with_a_motto_still_goes() -> None:
    text = parse(_letter("Đồng ý mục 1.\n-- \nNguyễn Văn A\nCần, kiệm, liêm, chính\nPhòng Tiếp dân", "plain")).text
    assert text == "Đồng ý mục 1."


@pytest.mark.parametrize(
    "pointer",
    [
        "Ý kiến của tôi ghi màu đỏ bên dưới.",
        "Kính gửi quý cơ quan, tôi góp ý trực tiếp trong thư dưới (bôi vàng).",
        "Em trả lời xen ở dưới ạ.",
        "Y kien cua toi to do ben duoi.",
    ],
)
def test_an_opinion_in_colour_among_the_quoted_text_stays(pointer: str) -> None:
    quoted = 'Mục 1. Sáp nhập trường.<div style="color:red">Tôi không đồng ý!</div>'
    gmail = f'<div>{pointer}</div><blockquote type="cite">{quoted}</blockquote>'
    outlook = f'<p>{pointer}</p><div id="divRplyFwdMsg"><b>Từ:</b> Ban &lt;b@x.example&gt;<br></div><div>{quoted}</div>'
    for body in (gmail, outlook):
        text = parse(_letter(body, "html")).text
        assert "Tôi không đồng ý!" in text
        assert pointer in text
