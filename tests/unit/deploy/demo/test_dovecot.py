"""The demo's mailbox cleans up after itself and after nobody else."""

from pathlib import Path

import pytest

from deploy.demo.dovecot import Dovecot
from shared.errors import Permanent


def test_stopping_what_never_started_removes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Dovecot: the current folder was once taken for the one to remove, and was the project itself."""
    kept = tmp_path / "cong-viec.txt"
    kept.write_text("giữ lại")
    monkeypatch.chdir(tmp_path)
    Dovecot().stop()
    assert kept.read_text() == "giữ lại"
    with pytest.raises(Permanent):
        _ = Dovecot().maildir


def test_it_removes_its_own_folder_and_can_be_stopped_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ben-canh").mkdir()
    dovecot = Dovecot()
    if not dovecot.installed:
        pytest.skip("Dovecot is not installed, or we are not root")
    assert dovecot.start()
    folder = dovecot.maildir.parent
    dovecot.deliver(b"Subject: thu\r\n\r\nchao")
    assert len(list((folder / "mail" / "new").iterdir())) == 1
    dovecot.stop()
    dovecot.stop()
    assert not folder.exists()
    assert (tmp_path / "ben-canh").exists()
