"""A mail as a submission: nothing is dropped, the sender's clock decides nothing, the same mail has the same key."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.ingest import respondent
from services.ingest.channels.email.to_submission import apart, origin, to_submission, unread
from services.ingest.idempotency import check_key
from services.ingest.mail.content import MailContent, MailFile
from services.ingest.submission import MAX_TEXT
from shared.events import Automatic, Reading

NOW = datetime(2025, 6, 12, 3, tzinfo=UTC)
RAW = b"From: a\r\n\r\nx\r\n"


def content(**changes: Any) -> MailContent:
    plain: dict[str, Any] = {
        "message_id": "<thu-1@example.vn>",
        "references": "<cu@example.vn> <thu-1@example.vn>",
        "subject": "Góp ý",
        "from_name": "Người Gửi Bịa Ra",
        "from_address": "Nguoi.Dan@Example.vn",
        "reply_address": "Nguoi.Dan@Example.vn",
        "recipients": (),
        "date": datetime(2031, 1, 1, tzinfo=UTC),
        "text": "Đề nghị bổ sung.",
        "files": (),
        "automatic": None,
        "answerable": True,
        "damage": None,
        "fingerprint": "ab" * 32,
    }
    return MailContent(**(plain | changes))


def made(**changes: Any) -> Any:
    return to_submission(content(**changes), RAW, arrived=None, now=NOW)


def test_the_writer_is_kept_with_what_an_answer_in_the_thread_needs() -> None:
    person = made().person
    assert (person.name, person.email, person.answered) == ("Người Gửi Bịa Ra", "nguoi.dan@example.vn", True)
    assert person.reply_to == respondent.ReplyTo(
        message_id="<thu-1@example.vn>", references="<cu@example.vn> <thu-1@example.vn>", subject="Góp ý"
    )


def test_an_address_that_cannot_be_one_is_no_reason_to_drop_the_mail() -> None:
    submission = made(from_address="khong phai dia chi", reply_address=None)
    assert submission.person.email is None
    assert submission.text == "Đề nghị bổ sung."


def test_who_writes_through_a_list_is_known_by_the_own_address_not_by_the_lists() -> None:
    assert made(answerable=False, reply_address="nhom@example.vn").person.email == "nguoi.dan@example.vn"
    assert made(answerable=True, reply_address="khac@example.vn").person.email == "khac@example.vn"
    assert not made(answerable=False).person.answered


def test_the_whole_mail_is_sealed_beside_its_files_whatever_their_type() -> None:
    files = (
        MailFile(filename="../bí mật.exe", content_type="application/x-msdownload", data=b"MZ"),
        MailFile(filename="", content_type='image/jpeg; name="a"', data=b"\xff"),
        MailFile(filename="a.bin", content_type="không/đúng", data=b""),
        MailFile(filename="b.bin", content_type="x/" + "y" * 300, data=b"1"),
    )
    original, *rest = made(files=files).files
    assert (original.role, original.sealed, original.data, original.content_type) == (
        "original",
        True,
        RAW,
        "message/rfc822",
    )
    assert original.reading is Reading.NO_TEXT, "its words are the submission's text: it is not read a second time"
    assert [(f.filename, f.content_type) for f in rest] == [
        ("bí mật.exe", "application/x-msdownload"),
        ("tep-dinh-kem", "image/jpeg"),
        ("a.bin", "application/octet-stream"),
        ("b.bin", "application/octet-stream"),
    ]
    assert not any(f.sealed or f.reading for f in rest)


def test_a_damaged_mail_says_so_on_its_original() -> None:
    assert made(damage="malformed", text="").files[0].reading is Reading.MALFORMED
    assert made(damage="encrypted", text="").files[0].reading is Reading.ENCRYPTED
    kept = unread(content(files=(MailFile(filename="a", content_type="a/b", data=b"1"),)), RAW, arrived=None, now=NOW)
    assert (kept.text, [f.role for f in kept.files]) == ("", ["original"])
    assert kept.files[0].reading is Reading.MALFORMED


def test_a_hundred_files_are_all_kept() -> None:
    files = tuple(MailFile(filename=f"{n}.txt", content_type="text/plain", data=b"x") for n in range(100))
    assert len(made(files=files).files) == 101


def test_a_text_too_long_for_the_bus_is_kept_as_a_file() -> None:
    submission = made(text="Dài. " * MAX_TEXT)
    assert submission.text == ""
    assert Reading.TOO_LONG in {f.reading for f in submission.files}


def test_the_time_is_the_mail_servers_never_the_senders() -> None:
    def at(arrived: datetime | None) -> datetime | None:
        return to_submission(content(), RAW, arrived=arrived, now=NOW).submitted_at

    assert at(None) is None
    assert at(NOW - timedelta(days=3)) == NOW - timedelta(days=3)
    assert at(NOW + timedelta(days=3)) == NOW, "a wrong clock of a server refuses no letter"
    assert at(datetime(1970, 1, 1, tzinfo=UTC)) is None


def test_automatic_mail_is_kept_and_named() -> None:
    assert made(automatic=Automatic.BOUNCE).automatic is Automatic.BOUNCE


def test_the_key_is_the_message_id_and_a_second_content_under_it_has_a_key_of_its_own() -> None:
    first = origin(content(), RAW)
    assert (first.channel, first.verified) == ("email", True)
    assert first == origin(content(text="khác"), RAW + b"X-Received: b")
    assert first != origin(content(message_id="<thu-2@example.vn>"), RAW)
    other = apart(origin(content(fingerprint="cd" * 32), RAW))
    assert other.idempotency_key not in {first.idempotency_key, apart(first).idempotency_key}
    assert other.fingerprint == "cd" * 32


def test_without_a_message_id_the_bytes_are_the_key() -> None:
    assert origin(content(message_id=None), RAW) == origin(content(message_id=None, fingerprint="cd" * 32), RAW)
    assert origin(content(message_id=None), RAW) != origin(content(message_id=None), RAW + b".")


@given(st.none() | st.text(st.characters(max_codepoint=0x17F), max_size=500), st.binary(max_size=50))
def test_whatever_the_message_id_the_keys_are_usable_and_differ(message_id: str | None, raw: bytes) -> None:
    first = origin(content(message_id=message_id), raw)
    second = apart(first)
    assert first.idempotency_key is not None
    assert second.idempotency_key is not None
    assert check_key(first.idempotency_key) != check_key(second.idempotency_key)


@given(
    st.text(st.characters(max_codepoint=0x17F), max_size=120), st.text(st.characters(max_codepoint=0x17F), max_size=120)
)
def test_two_message_ids_never_share_a_key(one: str, two: str) -> None:
    same = origin(content(message_id=one), RAW).idempotency_key == origin(content(message_id=two), RAW).idempotency_key
    assert same == (one == two)
