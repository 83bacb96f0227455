"""The signature exactly as Zalo documents it."""

import hashlib

import pytest

from services.ingest.channels.zalo.signature import is_signed, mac

BODY, SECRET = b'{"a":1}\n', b"khoa"


def signed(header: str | None, *timestamps: str | None, body: bytes = BODY) -> bool:
    return is_signed(header, body, timestamps, app_id="12", secret=SECRET)


def test_it_is_plain_sha256_over_app_body_timestamp_and_secret() -> None:
    assert mac("12", BODY, "34", SECRET) == hashlib.sha256(b'12{"a":1}\n34khoa').hexdigest()


@pytest.mark.parametrize("form", ["mac={}", "{}", " mac={} "])
def test_the_forms_of_the_header(form: str) -> None:
    assert signed(form.format(mac("12", BODY, "34", SECRET)), "34")
    assert signed(form.format(mac("12", BODY, "34", SECRET).upper()), "34")


def test_any_of_the_timestamps_may_be_the_signed_one() -> None:
    header = mac("12", BODY, "34", SECRET)
    assert signed(header, "1", "34")
    assert signed(header, None, "34")
    assert not signed(header, "1", None)
    assert not signed(header)


def test_only_digits_are_a_timestamp() -> None:
    """Else the newline behind the body could move into the header, and the body would be another one."""
    header = mac("12", BODY, "34", SECRET)
    assert header == mac("12", BODY[:-1], "\n34", SECRET)
    assert not signed(header, "\n34", body=BODY[:-1])
    assert not signed(mac("12", BODY, "", SECRET), "")
    assert not signed(mac("12", BODY, "\u0663", SECRET), "\u0663")


@pytest.mark.parametrize("header", [None, "", "mac=", "mac=" + "0" * 63, "mac=" + "g" * 64, "sha=" + "0" * 64])
def test_what_is_no_signature_signs_nothing(header: str | None) -> None:
    assert not signed(header, "34")
