"""The way to a login and back, the operator's token, and passwords of accounts."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from shared.accounts import Account, AccountError, decode, password_matches
from shared.login import Door, read_session_key, refused
from shared.operator import token_matches
from shared.settings import SettingsError
from shared.shared_throttle import SharedThrottle
from shared.throttle import FAILURES
from tests.support.kv import MemoryBucket, bus_with

DOOR = Door("/tham-dinh", "/tham-dinh/dang-nhap")
AT = datetime(2025, 6, 12, tzinfo=UTC)


@pytest.mark.parametrize("path", ["/tham-dinh", "/tham-dinh/x", "/tham-dinh/x/y-kien/1:1", "/tham-dinh?het=1"])
def test_the_way_back_leads_to_the_page_that_was_asked_for(path: str) -> None:
    assert DOOR.safe_return(path) == path


@given(
    st.one_of(st.text(), st.sampled_from(["//x.example", "/tham-dinh-khac", "/tham-dinh/dang-nhap", "/tham-dinh\\x"]))
)
def test_the_way_back_never_leads_elsewhere(path: str) -> None:
    back = DOOR.safe_return(path)
    assert back == "/tham-dinh" or back.startswith(("/tham-dinh/", "/tham-dinh?"))
    assert "\\" not in back


def test_only_the_right_bearer_token_matches() -> None:
    digest = sha256(b"dung").hexdigest()
    assert token_matches("Bearer dung", digest)
    assert not token_matches("Bearer sai", digest)
    assert not token_matches("Basic dung", digest)
    assert not token_matches("Bearer dung", ""), "no token set: nobody matches"


@pytest.mark.parametrize("content", ["khong phai hex", "00" * 7])
def test_a_session_key_that_cannot_be_used_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "key").write_text(content)
    with pytest.raises(SettingsError, match="key"):
        read_session_key(tmp_path / "key")


def test_a_password_opens_its_account_and_no_other_and_no_revoked_one() -> None:
    hash_ = PasswordHasher(time_cost=1, memory_cost=1024).hash("dung")
    account = Account(id="tham-dinh-1", roles=("reviewer",), password_hash=hash_, created_at=AT)
    assert password_matches(account, "dung")
    assert not password_matches(account, "sai")
    assert not password_matches(account.model_copy(update={"revoked": True}), "dung")
    assert not password_matches(None, "dung")


def test_a_record_of_no_known_form_says_so_without_quoting_it() -> None:
    with pytest.raises(AccountError) as raised:
        decode(b'{"id": "Nguy\\u1ec5n", "password_hash": "bi-mat"}')
    assert "bi-mat" not in str(raised.value)


def _from(host: str) -> Any:
    return cast("Any", SimpleNamespace(client=SimpleNamespace(host=host)))


async def test_guesses_from_one_subscribers_many_addresses_are_counted_together() -> None:
    """Who has IPv6 has 2**64 addresses: each would bring a few guesses more."""
    throttle = SharedThrottle(bus_with(MemoryBucket()), "review", b"k" * 32)
    found = [await refused(throttle, _from(f"2001:db8::{n:x}"), AT, lambda: False) for n in range(1, 30)]
    assert [one.status for one in found if one is not None] == [401] * FAILURES + [429] * (29 - FAILURES)
    assert await refused(throttle, _from("2001:db8:0:1::1"), AT, lambda: True) is None
    assert await refused(throttle, _from("2001:db8::ffff"), AT, lambda: True) is not None


async def test_a_right_password_opens_the_door_and_forgets_the_slips_before_it() -> None:
    throttle = SharedThrottle(bus_with(MemoryBucket()), "review", b"k" * 32)
    for host in ("203.0.113.7", "?", "2001:db8::1"):
        for right in [False] * (FAILURES - 1) + [True] + [False] * FAILURES:
            fault = await refused(throttle, _from(host), AT, lambda right=right: right)  # type: ignore[misc]
            assert (fault is None) is right
        assert await refused(throttle, _from(host), AT, lambda: True) is not None
