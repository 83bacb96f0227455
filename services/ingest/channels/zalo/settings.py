"""What the operator tells the Zalo channel: `zalo.yaml` in the folder of the channels' settings. No file: the channel is off."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.events import ConsultationId
from shared.settings import SettingsError, read_secret
from shared.yaml_model import DefinitionError, load_model

FILE = "zalo.yaml"
Id = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,64}$")]  # a token of a subject: no dots
Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]{1,253}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class AccountSettings(_Strict):
    """One Official Account; times in seconds, sizes in bytes."""

    oa_id: Id = Field(description="id of the Official Account, in quotes")
    app_id: Id = Field(description="id of the Zalo app whose webhook this is, in quotes")
    consultation: ConsultationId = Field(description="to which consultation its messages go")
    channel: str = Field("zalo", max_length=64, description="id of the channel in that consultation")
    secret_file: Path = Field(description="OA secret key (not the app's), relative to this file")
    quiet_period_s: float = Field(60.0, ge=1, le=3600, description="silence that ends a conversation")
    max_wait_s: float = Field(600.0, ge=1, le=86_400, description="one that never falls silent ends after this")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max_wait_s < self.quiet_period_s:
            raise ValueError("max_wait_s: must not be shorter than quiet_period_s")
        return self


class MediaSettings(_Strict):
    """From where files are fetched, and how much."""

    hosts: tuple[Host, ...] = Field(
        ("zdn.vn", "zadn.vn", "zaloapp.com", "zalo.me"), description="these hosts and what lies below them, https only"
    )
    max_bytes: int = Field(10_000_000, ge=1, le=10_000_000)
    timeout_s: float = Field(20.0, gt=0, le=120, description="for one file, everything included")
    retry_after_s: tuple[float, ...] = Field((10.0, 60.0, 300.0, 900.0), description="pauses after failed attempts")
    allow_http_hosts: tuple[str, ...] = Field((), description="tests only: host:port that may be asked without TLS")


class ZaloSettings(_Strict):
    """The whole file."""

    accounts: tuple[AccountSettings, ...] = Field(min_length=1)
    media: MediaSettings = MediaSettings()
    replay_window_s: int = Field(7200, ge=600, description="Zalo repeats an event for 1 h 51 min")
    sweep_s: float = Field(15.0, ge=0.2, le=300, description="how often overdue conversations are looked for")

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        ids = [account.oa_id for account in self.accounts]
        if len(set(ids)) != len(ids):
            raise ValueError("accounts: the same oa_id stands there twice")
        return self


@dataclass(frozen=True)
class Account:
    """An Official Account with its key. `repr` does not show the key."""

    settings: AccountSettings
    secret: bytes

    def __repr__(self) -> str:
        return f"Account({self.settings.oa_id})"


@dataclass(frozen=True)
class Accounts:
    """Every Official Account we answer for."""

    settings: ZaloSettings
    by_oa: dict[str, Account]


def load(folder: Path) -> Accounts | None:
    """The accounts; None when there is no file. Raises DefinitionError for a wrong file or a secret that cannot be read."""
    path = folder / FILE
    if not path.exists():
        return None
    settings = load_model(path, ZaloSettings)
    found = {}
    for index, account in enumerate(settings.accounts):
        try:
            found[account.oa_id] = Account(account, read_secret(folder / account.secret_file))
        except SettingsError as error:
            raise DefinitionError(f"{path}: accounts.{index}.secret_file: {error}") from error
    return Accounts(settings, found)
