"""The webhook's entry: only what Zalo signed gets in, whole and unaltered; what it signed gets in whatever its shape."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.channels.zalo.admission import MAX_BODY, Admitted, Ping, Refused, admit
from services.ingest.channels.zalo.settings import Account, Accounts, AccountSettings, ZaloSettings
from tests.support import zalo_events as zalo

NOW = datetime(2025, 10, 20, 3, tzinfo=UTC)
SETTINGS = AccountSettings(
    oa_id=zalo.OA, app_id=zalo.APP, consultation="dien-bien-2025", secret_file=Path("zalo-oa.secret")
)
ACCOUNTS = Accounts(ZaloSettings(accounts=(SETTINGS,)), {zalo.OA: Account(SETTINGS, zalo.SECRET.encode())})
TEXT = zalo.text("m1", "Đề nghị bổ sung chỉ tiêu.", NOW)


def ask(body: bytes, headers: dict[str, str]) -> Ping | Refused | Admitted:
    return admit(body, {name.lower(): value for name, value in headers.items()}, ACCOUNTS, NOW)


def test_an_event_signed_over_the_bodys_timestamp_is_admitted() -> None:
    found = ask(*zalo.signed(TEXT))
    assert isinstance(found, Admitted)
    assert (found.account.settings.oa_id, found.event_name) == (zalo.OA, "user_send_text")


def test_an_event_signed_over_the_headers_timestamp_is_admitted() -> None:
    assert isinstance(ask(*zalo.signed(TEXT, timestamp="1760929200000")), Admitted)


def test_the_prefix_of_the_signature_may_be_missing() -> None:
    body, headers = zalo.signed(TEXT)
    assert isinstance(ask(body, {"X-ZEvent-Signature": headers["X-ZEvent-Signature"].removeprefix("mac=")}), Admitted)


@pytest.mark.parametrize("body", [b"{}", b" {}\n", b""])
def test_saving_the_address_is_answered_and_nothing_is_kept(body: bytes) -> None:
    assert ask(body, {}) == Ping()


def test_an_unsigned_event_is_refused() -> None:
    assert ask(zalo.signed(TEXT)[0], {}) == Refused("unsigned")


def test_another_secret_is_refused() -> None:
    assert ask(*zalo.signed(TEXT, secret="khoa-khac")) == Refused("wrong-signature")


def test_bytes_cannot_move_from_the_body_into_the_header_under_one_signature() -> None:
    """Plain SHA-256 over a concatenation: only digits as a timestamp keep the border where Zalo put it."""
    body, headers = zalo.signed(TEXT)
    stamp = TEXT["timestamp"]
    for cut in range(len(body)):
        moved = {**headers, "X-ZEvent-Timestamp": body[cut:].decode("utf-8", "replace") + stamp}
        assert isinstance(ask(body[:cut], moved), Refused | Ping)
    for cut in range(1, len(stamp) + 1):
        assert isinstance(ask(body + stamp[:cut].encode(), {**headers, "X-ZEvent-Timestamp": stamp[cut:]}), Refused)


def test_an_account_we_do_not_answer_for_is_refused_though_signed() -> None:
    assert ask(*zalo.signed({**TEXT, "recipient": {"id": "999"}})) == Refused("unknown-account")


def test_a_repetition_two_hours_late_is_admitted_and_is_the_same_message() -> None:
    old = zalo.text("m1", "Đề nghị bổ sung chỉ tiêu.", NOW - timedelta(minutes=111))
    late, first = ask(*zalo.signed(old)), ask(*zalo.signed(TEXT))
    assert isinstance(late, Admitted)
    assert isinstance(first, Admitted)
    assert late.message_id == first.message_id


def test_an_event_older_than_every_repetition_is_refused() -> None:
    assert ask(*zalo.signed(zalo.text("m1", "Cũ.", NOW - timedelta(hours=3)))) == Refused("too-old")


@pytest.mark.parametrize("stamp", ["154390853474", "0", "99999999999999999999", 154390853474])
def test_a_timestamp_that_is_no_time_does_not_cost_the_message(stamp: object) -> None:
    assert isinstance(ask(*zalo.signed({**TEXT, "timestamp": stamp})), Admitted)


def test_a_clock_that_is_behind_does_not_cost_the_message() -> None:
    assert isinstance(ask(*zalo.signed(zalo.text("m1", "Sớm.", NOW + timedelta(days=2)))), Admitted)


def test_a_body_beyond_every_message_is_refused_before_it_is_read() -> None:
    assert ask(b"[" * (MAX_BODY + 1), {"X-ZEvent-Signature": "mac=" + "0" * 64}) == Refused("too-large")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from(["app_id", "sender", "recipient", "event_name", "message", "timestamp", "oa_id"]), JSON
    )
)
def test_whatever_shape_a_signed_event_has_the_answer_is_one_of_three(shape: dict[str, Any]) -> None:
    body = json.dumps(shape).encode()
    assert isinstance(ask(*zalo.signed(body)), Ping | Refused | Admitted)


@given(st.integers(min_value=0), st.integers(1, 255))
def test_one_altered_byte_is_refused(position: int, change: int) -> None:
    body, headers = zalo.signed(TEXT)
    at = position % len(body)
    altered = body[:at] + bytes([body[at] ^ change]) + body[at + 1 :]
    assert isinstance(ask(altered, headers), Refused)


@given(st.integers(min_value=0))
def test_a_truncated_event_is_refused(cut: int) -> None:
    body, headers = zalo.signed(TEXT)
    assert isinstance(ask(body[: cut % len(body)], headers), Refused)
