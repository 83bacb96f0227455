"""Secrets: made once, never overwritten, readable by their owner alone."""

import hashlib
from pathlib import Path

from argon2 import PasswordHasher

from deploy.compose.secrets import OWNERS, hand_out
from deploy.secrets import ensure_secrets, reset_password
from shared import sealing


def test_a_second_start_changes_nothing_and_shows_no_password(tmp_path: Path) -> None:
    first = ensure_secrets(tmp_path / "secrets", tmp_path / "token")
    before = {p.name: p.read_bytes() for p in (tmp_path / "secrets").iterdir()}
    second = ensure_secrets(tmp_path / "secrets", tmp_path / "token")
    assert first.operator_password
    assert second.operator_password is None
    assert before == {p.name: p.read_bytes() for p in (tmp_path / "secrets").iterdir()}


def test_password_and_token_are_kept_only_as_hashes(tmp_path: Path) -> None:
    password = ensure_secrets(tmp_path / "secrets", tmp_path / "token").operator_password or ""
    stored = b"".join(p.read_bytes() for p in (tmp_path / "secrets").iterdir())
    assert password.encode() not in stored
    assert PasswordHasher().verify((tmp_path / "secrets" / "operator-password.hash").read_text().strip(), password)
    token = (tmp_path / "token").read_text().strip()
    assert (tmp_path / "secrets" / "operator-token.sha256").read_text().strip() == hashlib.sha256(
        token.encode()
    ).hexdigest()


def test_a_reset_password_replaces_the_old_one(tmp_path: Path) -> None:
    old = ensure_secrets(tmp_path / "secrets", tmp_path / "token").operator_password
    new = reset_password(tmp_path / "secrets")
    assert new != old
    assert PasswordHasher().verify((tmp_path / "secrets" / "operator-password.hash").read_text().strip(), new)


def test_files_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    ensure_secrets(tmp_path / "secrets", tmp_path / "token")
    assert {p.stat().st_mode & 0o077 for p in [*(tmp_path / "secrets").iterdir(), tmp_path / "token"]} == {0}


def test_the_sealing_pair_belongs_together(tmp_path: Path) -> None:
    ensure_secrets(tmp_path / "secrets", tmp_path / "token")
    public, private = ((tmp_path / "secrets" / f"sealing.{half}").read_text().strip() for half in ("pub", "key"))
    assert sealing.open_sealed(private, sealing.seal(public, b"x")) == b"x"


def test_in_compose_only_notify_holds_the_private_half(tmp_path: Path) -> None:
    for service in (*OWNERS, "operator", "nats"):
        (tmp_path / service).mkdir()
    hand_out(tmp_path, ["nats"])
    assert [s for s in OWNERS if (tmp_path / s / "sealing.key").exists()] == ["notify"]
    assert (tmp_path / "nats" / "auth.conf").read_text().startswith("authorization {")
