"""The rules a submission must keep, without HTTP."""

import base64
import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest import attachments, decode, faults, submission
from services.ingest.channels import form
from services.ingest.channels.form import Filled
from services.ingest.faults import Fault, Faults, TooLarge
from shared.consultation_yaml import load
from tests.support.ingest_app import CONSULTATION, ROOT

DEFINITION = load(ROOT / "consultations" / f"{CONSULTATION}.yaml")


def check(**data: object) -> submission.Submission:
    return submission.check(submission.read(data), DEFINITION)


def tried(**data: object) -> tuple[submission.Submission | None, dict[str, str]]:
    """What was kept, or what was named."""
    try:
        return check(**data), {}
    except faults.Refused as error:
        return None, {fault.field: fault.reason for fault in error.faults}


def refused(**data: object) -> dict[str, str]:
    with pytest.raises(Faults) as caught:
        check(**data)
    return {fault.field: fault.reason for fault in caught.value.faults}


def test_every_wrong_field_is_named_at_once() -> None:
    found = refused(text=" ", section_ref="X\0", respondent={"phone": "1", "email": "?", "unit": "\0"})
    assert set(found) == {"text", "section_ref", "respondent.phone", "respondent.email", "respondent.unit"}


def test_a_unit_may_be_named_by_its_name_as_offices_write_it() -> None:
    unit = DEFINITION.units[0]
    assert check(text="x", respondent={"unit": unit.name.upper()}).person.unit == unit.id


def test_a_unit_nobody_knows_is_kept_to_be_sealed_and_noted() -> None:
    kept = check(text="x", section_ref="XCIX", respondent={"unit": "Không có"})
    assert kept.person.unit is None
    assert kept.person.unknown == (("unit", "Không có"),)
    assert {note.field for note in kept.notes} == {"section_ref", "respondent.unit"}


def test_the_text_is_kept_in_nfc_with_plain_line_ends() -> None:
    assert check(text="Nha\u0302\u0301t tri\u0301\r\nHai").text == "Nhất trí\nHai"


def test_the_limit_of_the_text_counts_bytes() -> None:
    assert check(text="ý" * (submission.MAX_TEXT // 2)).text
    with pytest.raises(TooLarge) as caught:
        check(text="ý" * (submission.MAX_TEXT // 2 + 1))
    assert [fault.field for fault in caught.value.faults] == ["text"]


def test_section_may_be_named_with_or_without_its_draft() -> None:
    assert check(text="x", section_ref="VII.3").section_ref == "VII.3"
    assert check(text="x", section_ref=f"{DEFINITION.drafts[0].id}:VII.3").section_ref


@given(st.text())
def test_any_text_is_either_kept_or_refused_by_name(text: str) -> None:
    kept, named = tried(text=text)
    if kept is None:
        assert set(named) == {"text"}
    else:
        assert kept.text.strip()
        assert kept.text.encode()


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*submission.SubmissionRequest.model_fields, "khac"]), json_like))
def test_any_json_object_is_accepted_or_refused_with_fields_and_reasons(data: dict[str, object]) -> None:
    kept, named = tried(**data)
    assert (kept is None) == bool(named)
    assert all(field and reason for field, reason in named.items())


@given(st.binary(max_size=200))
def test_any_bytes_as_a_body_are_an_object_or_malformed(body: bytes) -> None:
    try:
        found: object = decode.json_object(body)
    except decode.Malformed as error:
        found = {fault.field: fault.reason for fault in error.faults}
    assert isinstance(found, dict)


def office_file(member: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(member, "<x/>")
    return made.getvalue()


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("content_type", "data", "good"),
    [
        ("application/pdf", b"%PDF-1.4\n", True),
        ("Application/PDF; name=x", b"%PDF-1.4\n", True),
        ("application/pdf", b"<html>", False),
        ("image/jpeg", b"\xff\xd8\xff\xe0", True),
        ("image/png", b"\xff\xd8\xff\xe0", False),
        (DOCX, office_file("word/document.xml"), True),
        (DOCX, office_file("xl/workbook.xml"), False),
        (DOCX, b"PK\x03\x04 cut off", False),
        ("text/plain", "Ghi chú".encode(), True),
        ("text/plain", b"\x00\x01\x02", False),
        ("text/plain", "Ghi chú".encode("utf-16"), True),  # Notepad's "Unicode"
        ("text/plain", "Ghi ch\xf3".encode("latin-1"), True),
        ("application/zip", b"PK\x03\x04", True),
        ("application/zip", b"Rar!", False),
        ("message/rfc822", b"From: a@example.vn\n\nx", True),
        ("message/rfc822", b"x", False),
        ("application/x-msdownload", b"MZ", False),
        ("image/png", b"", False),
    ],
)
def test_a_file_must_be_what_it_says(content_type: str, data: bytes, good: bool) -> None:
    noted: list[Fault] = []
    file = attachments.File(filename="a", content_type=content_type, data=data)
    assert len(attachments.read((), (file,), noted)) == good
    assert bool(noted) != good


def test_base64_is_decoded_strictly() -> None:
    sloppy = base64.b64encode(b"%PDF-1.4").decode().rstrip("=") + "\n"
    found = refused(
        text="x", attachments=[{"filename": "a", "content_type": "application/pdf", "content_base64": sloppy}]
    )
    assert list(found) == ["attachments[0].content_base64"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\góp ý.docx", "góp ý.docx"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("...", "tep-dinh-kem"),
        ("", "tep-dinh-kem"),
    ],
)
def test_file_names_are_made_harmless(name: str, safe: str) -> None:
    assert attachments.safe_name(name) == safe


@given(st.text())
def test_a_safe_name_is_always_one_short_printable_name(name: str) -> None:
    safe = attachments.safe_name(name)
    assert 0 < len(safe) <= 150
    assert not set(safe) & set('/\\<>:"|?*\0\n')


def test_identity_in_the_form_needs_consent_and_declared_group_does_not() -> None:
    assert [fault.field for fault in form.consent_faults(Filled({"name": "Người Góp Ý"}))] == ["consent"]
    assert form.consent_faults(Filled({"name": "Người Góp Ý", "consent": "1"})) == []
    assert form.consent_faults(Filled({"group": "nong-dan"})) == []


def test_faults_link_to_the_inputs_of_the_form() -> None:
    found = form.for_page([Fault("respondent.email", "a"), Fault("attachments[2]", "b"), Fault("Idempotency-Key", "c")])
    assert [fault.field for fault in found] == ["email", "attachments", "text"]


@pytest.mark.parametrize(
    "body",
    [
        b"{" + b",".join(b'"%d":1' % n for n in range(decode.MAX_NAMES + 1)) + b"}",
        b'{"respondent":{' + b",".join(b'"%d":1' % n for n in range(decode.MAX_NAMES + 1)) + b"}}",
        b'{"attachments":[' + b"{}," * decode.MAX_MARKS + b"{}]}",
    ],
    ids=["many fields", "many fields below", "many items"],
)
def test_json_that_would_cost_far_more_memory_than_it_is_long_is_refused_unread(body: bytes) -> None:
    with pytest.raises(decode.Malformed, match="quá nhiều"):
        decode.json_object(body)


def test_a_longest_text_of_commas_and_brackets_is_still_read() -> None:
    text = ",[" * (submission.MAX_TEXT // 2)
    assert submission.read(decode.json_object(json.dumps({"text": text}).encode())).text == text


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_an_instant_that_utc_cannot_tell_is_a_fault_and_no_crash(at: str) -> None:
    assert refused(text="x", submitted_at=at) == {"submitted_at": "Thời điểm nằm ngoài lịch."}


def test_the_faults_of_too_many_attachments_are_not_even_looked_for() -> None:
    assert refused(text="x", attachments=[{}] * 100_000) == {"attachments": "Mục này có quá 10 phần tử."}


@pytest.mark.parametrize(
    ("body", "why"),
    [(b'{"text":' + b"1" * 5000 + b"}", "số quá dài"), (b'{"a":1,"a":2}', "hai lần"), (b'{"a":NaN}', "NaN")],
)
def test_json_that_is_not_taken_is_refused_in_vietnamese(body: bytes, why: str) -> None:
    with pytest.raises(decode.Malformed, match=rf"\(body\): Phần thân yêu cầu có .*{why}"):
        decode.json_object(body)
