"""Settings of the report service."""

from pathlib import Path

from shared.settings import ServiceSettings


class ReportSettings(ServiceSettings):
    """Secrets of the login; see deploy/secrets.py for how they are made."""

    session_key_file: Path = Path("secrets/session.key")
    operator_password_hash_file: Path = Path("secrets/operator-password.hash")
    operator_token_sha256_file: Path = Path("secrets/operator-token.sha256")
