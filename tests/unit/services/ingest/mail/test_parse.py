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
