"""The secrets of the login, read once at start."""

import hashlib
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.report.settings import ReportSettings
from shared.login import read_session_key
from shared.operator import token_matches
from shared.settings import read_secret

OPERATOR = "vanphong"


@dataclass(frozen=True)
class Secrets:
    """`session_key` encrypts the session cookie; password and token are kept as hashes only."""

    session_key: bytes
    password_hash: str
    token_sha256: str

    def password_matches(self, password: str) -> bool:
        """Costs some 50 ms and 64 MB on purpose; call it off the event loop. Raises InvalidHashError for a broken file."""
        try:
            return PasswordHasher().verify(self.password_hash, password)
        except InvalidHashError:
            raise
        except VerificationError:
            return False

    def token_matches(self, authorization: str) -> bool:
        """Whether `Bearer <token>` holds the operator's token."""
        return token_matches(authorization, self.token_sha256)

    @property
    def stamp(self) -> str:
        """Stands in every session: a new password ends the sessions of the old one."""
        return hashlib.sha256(self.password_hash.encode()).hexdigest()[:16]


def read_secrets(settings: ReportSettings) -> Secrets:
    """Raises SettingsError naming the file that cannot be used."""
    return Secrets(
        session_key=read_session_key(settings.session_key_file),
        password_hash=read_secret(settings.operator_password_hash_file).decode("ascii", "replace"),
        token_sha256=read_secret(settings.operator_token_sha256_file).decode("ascii", "replace").strip().lower(),
    )
