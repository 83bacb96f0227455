"""Every secret the services need, made once at first start, each in a file of its own that only its owner reads."""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher

from shared import sealing

# Raw key files: name -> bytes of randomness, stored as hex text.
RANDOM_KEYS = {
    "receipt-signing.key": 32,  # Ed25519 seed: ingest signs receipts
    "tracking.key": 32,  # tracking codes from submission ids
    "pepper.key": 32,  # "the same person?" hash
    "duplicate.key": 32,  # classify: person and text
    "session.key": 32,  # report: login cookie
    "review-session.key": 32,  # classify: login cookie of the reviewers
    "spool.key": 32,  # ingest: encrypts what waits in a spool or a conversation
    "partner.key": 32,  # ingest and the `ykien partner` command: encrypts the partners' signing secrets
    "challenge.key": 32,  # ingest: proof-of-work challenges of the web form
    "zalo-token.key": 32,  # notify: encrypts the OA's access and refresh tokens
    "nats.password": 24,
}


@dataclass(frozen=True)
class FirstStart:
    """What was made just now and is shown once; None when it was there already."""

    operator_password: str | None


def ensure_secrets(folder: Path, token_file: Path) -> FirstStart:
    """Makes what is missing in `folder`, never touching what is there; the operator token in clear goes to `token_file`.

    The password is kept only as an argon2 hash. Raises OSError when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, size in RANDOM_KEYS.items():
        _write_new(folder / name, secrets.token_hex(size))
    if not (folder / "sealing.key").exists():
        private, public = sealing.generate()
        _write_new(folder / "sealing.pub", public)
        _write_new(folder / "sealing.key", private)
    if not (folder / "operator-token.sha256").exists() or not token_file.exists():
        rotate_token(folder, token_file)
    if (folder / "operator-password.hash").exists():
        return FirstStart(None)
    return FirstStart(reset_password(folder))


def rotate_token(folder: Path, token_file: Path) -> None:
    """A new operator token; the old one stops working when the services start again."""
    token = secrets.token_urlsafe(32)
    _replace(token_file, token)
    _replace(folder / "operator-token.sha256", hashlib.sha256(token.encode()).hexdigest())


def easy_password() -> str:
    """A random password of some 99 bits, in groups that are easy to copy by hand."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(4))


def reset_password(folder: Path) -> str:
    """A new operator password; only its hash is kept."""
    password = easy_password()
    _replace(folder / "operator-password.hash", PasswordHasher().hash(password))
    return password


def secret_environment(folder: Path) -> dict[str, str]:
    """The `YKIEN_*_FILE` variables that point the services at these files."""
    names = {
        "SEALING_PUB": "sealing.pub",
        "SEALING_KEY": "sealing.key",
        "RECEIPT_SIGNING_KEY": "receipt-signing.key",
        "TRACKING_KEY": "tracking.key",
        "PEPPER_KEY": "pepper.key",
        "DUPLICATE_KEY": "duplicate.key",
        "SESSION_KEY": "session.key",
        "REVIEW_SESSION_KEY": "review-session.key",
        "SPOOL_KEY": "spool.key",
        "PARTNER_KEY": "partner.key",
        "CHALLENGE_KEY": "challenge.key",
        "ZALO_TOKEN_KEY": "zalo-token.key",
        "OPERATOR_PASSWORD_HASH": "operator-password.hash",
        "OPERATOR_TOKEN_SHA256": "operator-token.sha256",
    }
    return {f"YKIEN_{variable}_FILE": str(folder / name) for variable, name in names.items()}


def _write_new(path: Path, text: str) -> None:
    if not path.exists():
        _replace(path, text)


def _replace(path: Path, text: str) -> None:
    """Whole or not at all: a crash must not leave half a key behind."""
    partial = path.with_name(path.name + ".new")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
