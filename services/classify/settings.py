"""Settings of classify."""

from pathlib import Path

from pydantic import Field

from shared.settings import ServiceSettings


class ClassifySettings(ServiceSettings):
    """`duplicate_key_file` holds the key that turns person and text into a duplicate key nobody can guess from outside."""

    duplicate_key_file: Path = Field(Path("secrets/duplicate.key"), description="hex text")
    review_session_key_file: Path | None = Field(
        None, description="hex text; encrypts the readers' session cookie. Unset: no review pages and no review API"
    )
    operator_token_sha256_file: Path | None = Field(None, description="who else may ask for the size of the queue")
