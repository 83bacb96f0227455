"""The way to a login and back, the operator's token, and passwords of accounts."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from shared.accounts import Account, AccountError, decode, password_matches
from shared.login import Door, read_session_key
from shared.operator import token_matches
from shared.settings import SettingsError

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
