"""`zalo.yaml`: absent is off; wrong is refused with the line, for a channel that silently stays off loses letters."""

from pathlib import Path

import pytest

from services.ingest.channels.zalo.settings import load
from shared.yaml_model import DefinitionError
from tests.support import zalo_events as zalo


def folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "zalo.yaml").write_text(text)
    (tmp_path / "zalo-oa.secret").write_text("khoa\n")
    return tmp_path


def test_no_file_is_no_channel(tmp_path: Path) -> None:
    assert load(tmp_path) is None


def test_an_account_brings_its_secret_and_the_defaults_and_shows_no_secret(tmp_path: Path) -> None:
    found = load(folder(tmp_path, zalo.settings_yaml(quiet_s=30)))
    assert found is not None
    account = found.by_oa[zalo.OA]
    assert (account.secret, account.settings.channel, account.settings.max_wait_s) == (b"khoa", "zalo", 600)
    assert "khoa" not in repr(found)
    assert found.settings.replay_window_s >= 111 * 60, "shorter than Zalo's repetitions"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (zalo.settings_yaml().replace(f'"{zalo.OA}"', '"a.b"'), ":3: accounts.0.oa_id"),
        (zalo.settings_yaml().replace("consultation:", "konsultation:"), "konsultation"),
        (zalo.settings_yaml(quiet_s=700), "max_wait_s"),
        (zalo.settings_yaml().replace("zalo-oa.secret", "khong-co"), "secret_file"),
        ("accounts: []", "accounts"),
        (zalo.settings_yaml().replace("sweep_s", "sweeps"), "sweeps"),
    ],
    ids=["oa with a dot", "misspelt", "waits", "no secret", "no account", "misspelt outside"],
)
def test_a_wrong_file_is_refused_with_its_reason(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(DefinitionError, match=reason):
        load(folder(tmp_path, text))


def test_one_account_twice_is_refused(tmp_path: Path) -> None:
    text = zalo.settings_yaml()
    account = text[text.index("  - oa_id") : text.index("sweep_s")]
    with pytest.raises(DefinitionError, match="oa_id"):
        load(folder(tmp_path, text.replace("sweep_s", account + "sweep_s", 1)))
