"""`channels/zalo-replies.yaml`: the Official Accounts through which receipts go out.

No file: what would need one ends among the dead letters, to be replayed later.
"""

from pathlib import Path

from pydantic import Field, HttpUrl, field_validator, model_validator

from shared.consultation import Strict

FILE = "zalo-replies.yaml"


class Account(Strict):
    """One OA. Files are relative to the settings file."""

    oa_id: str = Field(min_length=1, max_length=64)
    app_id: str = Field(min_length=1, max_length=64)
    app_secret_file: Path = Field(description="the app's secret key (not the OA's)")
    refresh_token_file: Path = Field(
        description="the refresh token as an administrator got it; read when it is new, afterwards the rotated ones are used"
    )


class ZaloReplies(Strict):
    """All accounts, and where Zalo answers (changed only in tests)."""

    accounts: tuple[Account, ...] = Field(min_length=1)
    api: HttpUrl = HttpUrl("https://openapi.zalo.me")
    oauth: HttpUrl = HttpUrl("https://oauth.zaloapp.com")
    timeout_s: float = Field(10.0, gt=0, le=60)

    @field_validator("api", "oauth")
    @classmethod
    def _secure(cls, url: HttpUrl) -> HttpUrl:
        if url.scheme != "https" and url.host not in {"127.0.0.1", "localhost"}:
            raise ValueError("tokens travel over https only")
        return url

    @model_validator(mode="after")
    def _once_each(self) -> "ZaloReplies":
        ids = [account.oa_id for account in self.accounts]
        if len(ids) != len(set(ids)):
            raise ValueError("accounts: an oa_id stands there twice")
        return self
