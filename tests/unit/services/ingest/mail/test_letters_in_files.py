"""Where the opinion is in a file, nothing beside it may pass for the opinion, and the file is never overlooked."""

import base64
from email.message import EmailMessage

import pytest

from services.ingest.mail.parse import parse
from shared.events import Automatic

PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100


def _mail(subject: str, text: str = "", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Người Ví Dụ <nguoi@nha.example>", "gopy@tinhuy.example", subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def _with_photo(mail: EmailMessage) -> bytes:
    mail.add_attachment(PHOTO, "image", "png", filename="scan.png")
    return mail.as_bytes()


@pytest.mark.parametrize("subject", ["Scan 001", "Thư viết tay của chi hội", "IMG_2025"])
def test_a_subject_that_only_names_the_scan_is_no_opinion(subject: str) -> None:
    found = parse(_with_photo(_mail(subject)))
    assert found.text == ""
    assert [file.filename for file in found.files] == ["scan.png"]


def test_a_subject_with_an_opinion_counts_beside_a_file_too() -> None:
    found = parse(_with_photo(_mail("Đề nghị bỏ chỉ tiêu mắc ca", "Như tiêu đề")))
    assert found.text.startswith("Đề nghị bỏ chỉ tiêu mắc ca")


def test_without_a_file_the_subject_is_all_there_is() -> None:
    assert parse(_mail("Đường về bản quá xấu").as_bytes()).text == "Đường về bản quá xấu"


def test_a_copier_that_mails_a_scan_brings_a_letter_and_is_not_answered() -> None:
    found = parse(_with_photo(_mail("Message from KM_C250", Auto_Submitted="auto-generated")))
    assert found.automatic is None
    assert not found.answerable


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Auto_Submitted": "auto-generated", "In_Reply_To": "<a@b.example>"}],
)
def test_an_absence_note_stays_one_whatever_picture_its_signature_has(headers: dict[str, str]) -> None:
    assert parse(_with_photo(_mail("Vắng mặt", "Tôi đi công tác.", **headers))).automatic is Automatic.AUTO_REPLY


def test_an_exchange_absence_note_is_known_by_its_subject() -> None:
    mail = _mail("Automatic reply: Giấy tiếp nhận", "Tôi đi công tác.", Auto_Submitted="auto-generated")
    assert parse(_with_photo(mail)).automatic is Automatic.AUTO_REPLY


def test_a_photo_pasted_into_the_html_is_a_file() -> None:
    mail = _mail("Góp ý", "Ý kiến của tôi trong ảnh dưới đây.")
    data = base64.b64encode(PHOTO).decode()
    mail.add_alternative(
        f'<p>Ý kiến của tôi trong ảnh dưới đây.</p><img src="data:image/png;base64,{data}">', subtype="html"
    )
    (file,) = parse(mail.as_bytes()).files
    assert (file.content_type, file.data) == ("image/png", PHOTO)


def test_a_small_picture_in_the_html_is_decoration() -> None:
    mail = _mail("Góp ý", "Tôi nhất trí.")
    data = base64.b64encode(PHOTO[:3000]).decode()
    mail.add_alternative(f'<p>Tôi nhất trí.</p><img src="data:image/png;base64,{data}">', subtype="html")
    assert parse(mail.as_bytes()).files == ()
