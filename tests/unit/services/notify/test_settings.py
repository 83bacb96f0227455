"""Wrong settings are refused at start, by name."""

from pathlib import Path

import pytest

from services.notify.settings import NotifySettings
from shared.settings import SettingsError

KEY = {"YKIEN_SEALING_KEY_FILE": "/run/secrets/sealing.key"}


def test_without_a_mail_server_the_service_may_start() -> None:
    settings = NotifySettings.from_env(KEY)
    assert (settings.smtp_host, settings.sealing_key_file) == (None, Path("/run/secrets/sealing.key"))


@pytest.mark.parametrize("address", ["ykien@localhost", "gop-y@tinh.example"])
def test_the_sender_is_an_address(address: str) -> None:
    assert NotifySettings.from_env(KEY | {"YKIEN_SMTP_FROM": address}).smtp_from == address


@pytest.mark.parametrize("address", ["ykien", "Ý kiến <a@tinh.example>", "a b@localhost", "a@b@localhost"])
def test_a_sender_that_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="YKIEN_SMTP_FROM"):
        NotifySettings.from_env(KEY | {"YKIEN_SMTP_FROM": address})
